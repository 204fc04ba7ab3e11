"""The whole office, running: database, web server, worker, identity provider and bank, and a real browser."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser, StorageState, sync_playwright
from psycopg import sql
from psycopg.conninfo import make_conninfo
from psycopg.rows import dict_row

from secal.access.roles import Plane
from secal.config.demo.office import Open, open_office
from secal.config.demo.personas import PERSONAS
from secal.config.services.environment import ADDRESS_OF_ROLE
from tests.conftest import broker_at, drop_database, working_as
from tests.e2e.browsing import Person, log_in
from tests.sown import clone_sown

FREE_PORTS_FROM = 8300
PLANES = {persona.subject: persona.plane for persona in PERSONAS}
BROKERS_FROM = 5
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def _at(address: str, database: str) -> str:
    """The same server and login, another database."""
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}"))


@pytest.fixture(scope="session")
def office_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The name of the office's own database, exactly as an office has it, seeded small."""
    with django_db_blocker.unblock():
        database = clone_sown()
    yield database
    with django_db_blocker.unblock():
        drop_database(database)


@pytest.fixture(scope="session")
def office(
    office_database: str,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
    process_number: int,
) -> Iterator[Open]:
    """The demonstration's programs over a database of their own; each test process has its own office."""
    before = {name: os.environ.get(name) for name in (*ADDRESS_OF_ROLE, "REDIS_URL")}
    state = settings.STATE_DIR
    for name in ADDRESS_OF_ROLE:
        os.environ[name] = _at(os.environ[name], office_database)
    os.environ["REDIS_URL"] = broker_at(BROKERS_FROM + process_number)
    settings.STATE_DIR = tmp_path_factory.mktemp("office")
    try:
        with ExitStack() as until_served, ExitStack() as running:
            until_served.enter_context(django_db_blocker.unblock())
            until_served.enter_context(working_as("WORKER_DATABASE_URL", database=office_database))
            port = FREE_PORTS_FROM + 100 * process_number
            opened = running.enter_context(open_office(port=port, beat=False, to_keep=False))
            until_served.close()
            yield opened
    finally:
        settings.STATE_DIR = state
        for name, value in before.items():
            os.environ[name] = value or ""


@pytest.fixture
def security_rows(office_database: str) -> Callable[..., list[dict[str, Any]]]:
    """`security_rows("demo-luc-dubois", kind="READ")`: that person's rows of the office's security log with
    these values. Read as the administrator, outside Django, which keeps still while a browser runs.
    """

    def read(login: str, **wanted: Any) -> list[dict[str, Any]]:
        values = [
            sql.SQL(" AND {} = {}").format(sql.Identifier(name), value) for name, value in wanted.items()
        ]
        query = sql.SQL(
            "SELECT * FROM seclog.event WHERE actor = (SELECT id FROM access_user WHERE subject = {})"
        ).format(login) + sql.SQL("").join(values)
        address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=office_database)
        with psycopg.connect(address, row_factory=dict_row) as connection:
            return connection.execute(query + sql.SQL(" ORDER BY at")).fetchall()

    return read


@pytest.fixture(scope="module")
def browser(office: Open) -> Iterator[Browser]:
    """Module by module: while Playwright's loop runs, Django refuses the database to other tests."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=os.environ.get("CHROMIUM"), args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def known_people() -> dict[str, StorageState]:
    """What the browser of each person held after the login: nobody logs in twice."""
    return {}


@pytest.fixture
def person(
    office: Open, browser: Browser, known_people: dict[str, StorageState]
) -> Iterator[Callable[..., Person]]:
    """`person("demo-luc-dubois", dark=True, width=320)`: somebody logged in, at the portal who belongs there.
    No page may have complained."""
    people: list[Person] = []

    def make(subject: str, **options: Any) -> Person:
        site = office.portal if PLANES.get(subject) is Plane.PORTAL else office.web
        one = log_in(browser, site, subject, known=known_people.get(subject), **options)
        known_people[subject] = one.context.storage_state()
        people.append(one)
        return one

    yield make
    complaints = [complaint for one in people for complaint in one.complaints]
    for one in people:
        known_people[one.subject] = _remembered(known_people[one.subject], one.context.storage_state())
        one.context.close()
    assert not complaints, complaints[:10]


def _remembered(first: StorageState, last: StorageState) -> StorageState:
    """The session as it is now, since a card used again gives another one; the language as at the login."""
    language = settings.LANGUAGE_COOKIE_NAME
    cookies = [one for one in last["cookies"] if one["name"] != language]
    cookies += [one for one in first["cookies"] if one["name"] == language]
    return {**last, "cookies": cookies}
