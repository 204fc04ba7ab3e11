"""What every test shares: a database of its own, staff of each role, and a way to read the security log.

The application connects as its own role, never as the owner or an administrator: a superuser would pass
row security and grants unseen. Each worker clones a template database that migrations built once.
"""

import fcntl
import functools
import hashlib
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections
from django.test import Client
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from secal.access.models import Office, User, UserPlane, UserRole
from secal.access.roles import PLANE_OF_ROLE, Role
from secal.access.unit_of_work import acting_as
from secal.config.services import roles
from secal.config.settings.sites import MIDDLEWARE_AFTER, MIDDLEWARE_BEFORE, SITES

ROOT = Path(__file__).resolve().parents[1]
ALIASES = ("default", "owner", "door", "eraser", "watch")

LOG_READER = """
CREATE FUNCTION public.test_security_log() RETURNS SETOF seclog.event
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS 'SELECT * FROM seclog.event ORDER BY at';
GRANT EXECUTE ON FUNCTION public.test_security_log() TO secal_app;
"""


LONGEST_FIRST = (
    "tests/e2e/test_pages.py",
    "tests/faults/test_faults.py",
    "tests/e2e/test_recovery_story.py",
    "tests/e2e/test_main_job.py",
    "tests/advances/test_runs_killed.py",
    "tests/config/test_demo_check.py",
    "tests/consistency/test_quality.py",
)
"""Whoever takes a long file last leaves the other worker idle."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first; all others in their random order."""
    places = {name: place for place, name in enumerate(LONGEST_FIRST)}
    items.sort(key=lambda item: places.get(item.nodeid.partition("::")[0], len(places)))


def _administrator(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=database), autocommit=True)


@functools.cache
def _template_name() -> str:
    """Named after what built it: a changed migration makes a new template."""
    digest = hashlib.sha256()
    built_by = [
        path
        for part in ("secal", "recovery", "audit")
        for kind in ("migrations/*.py", "sql/*.sql")
        for path in (ROOT / part).rglob(kind)
    ]
    for path in sorted(built_by):
        digest.update(path.read_bytes())
    digest.update((ROOT / "secal/config/services/roles.py").read_bytes())
    digest.update(LOG_READER.encode())
    return f"test_template_{digest.hexdigest()[:16]}"


def _point_at(database: str) -> None:
    for alias in ALIASES:
        connections[alias].close()
        connections[alias].settings_dict["NAME"] = database


def _build_template(name: str) -> None:
    admin_url = os.environ["ADMIN_DATABASE_URL"]
    with _administrator("postgres") as admin:
        old = "SELECT datname FROM pg_database WHERE datname ~ %s ORDER BY oid DESC OFFSET 3"
        for (name_before,) in admin.execute(old, ["^test_(template|draft)"]).fetchall():
            drop_database(name_before)
        roles.install_roles(admin, {})
    draft = f"test_draft_{os.getpid()}"
    roles.prepare_database(admin_url, draft)
    with _administrator(draft) as admin:
        admin.execute(LOG_READER)
    _point_at(draft)
    call_command("migrate", verbosity=0, interactive=False)
    _point_at("postgres")
    with _administrator("postgres") as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )


def clone_template() -> str:
    """A fresh database with the whole schema; the caller drops it."""
    template = _template_name()
    name = f"test_{uuid.uuid4().hex[:12]}"
    lock_path = Path(os.environ.get("SECAL_STATE_DIR", ROOT / "var")) / "test-template.lock"
    lock_path.parent.mkdir(parents=True, exist_ok=True)
    with lock_path.open("w") as lock, _administrator("postgres") as admin:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _build_template(template)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    # A clone carries the tables and their grants, not the rights on the database itself.
    roles.prepare_database(os.environ["ADMIN_DATABASE_URL"], name)
    return name


def drop_database(name: str) -> None:
    roles.drop_database(os.environ["ADMIN_DATABASE_URL"], name)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = clone_template()
        _point_at(name)
    yield
    with django_db_blocker.unblock():
        _point_at("postgres")
        drop_database(name)


@pytest.fixture
def committed_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own in which commits are real: for other processes, races, live servers."""
    usual = connections["default"].settings_dict["NAME"]
    with django_db_blocker.unblock():
        name = clone_template()
        _point_at(name)
        try:
            yield name
        finally:
            _point_at(usual)
            drop_database(name)


@pytest.fixture
def at_portal(committed_database: str, settings: Any) -> Callable[[], AbstractContextManager[None]]:
    """`with at_portal(): client.get("/")`: this process serves the portal, under its database user."""

    @contextmanager
    def open_site() -> Iterator[None]:
        site = SITES["portal"]
        usual = {name: getattr(settings, name) for name in PORTAL_SETTINGS}
        login = conninfo_to_dict(os.environ["PORTAL_DATABASE_URL"])
        values = (
            site,
            site.urls,
            [*MIDDLEWARE_BEFORE, *site.middleware, *MIDDLEWARE_AFTER],
            site.home,
            site.session_engine,
            site.session_seconds,
            site.cookie("session"),
            site.cookie("seat"),
        )
        default = connections["default"]
        office = {name: default.settings_dict[name] for name in ("USER", "PASSWORD")}
        default.close()
        default.settings_dict.update(USER=login["user"], PASSWORD=login.get("password", ""))
        for name, value in zip(PORTAL_SETTINGS, values, strict=True):
            setattr(settings, name, value)
        try:
            yield
        finally:
            default.close()
            default.settings_dict.update(office)
            for name, value in usual.items():
                setattr(settings, name, value)

    return open_site


PORTAL_SETTINGS = (
    "SITE",
    "ROOT_URLCONF",
    "MIDDLEWARE",
    "LOGIN_REDIRECT_URL",
    "SESSION_ENGINE",
    "SESSION_COOKIE_AGE",
    "SESSION_COOKIE_NAME",
    "SEAT_COOKIE_NAME",
)


@pytest.fixture
def make_user(request: pytest.FixtureRequest) -> Callable[..., User]:
    """Make a member of staff with one role: make_user(Role.CASE_OFFICER, given_name="Luc")."""
    if "committed_database" not in request.fixturenames:
        request.getfixturevalue("db")

    def make(
        *roles: Role,
        given_name: str = "Anne",
        family_name: str = "Dubois",
        section: str = "Bruxelles",
        office: Office | None = None,
    ) -> User:
        user = User.objects.create(
            subject=f"test-{uuid.uuid4()}",
            given_name=given_name,
            family_name=family_name,
            section=section,
            office=office,
        )
        UserPlane.objects.create(user=user, plane=PLANE_OF_ROLE[roles[0]])
        for role in roles:
            UserRole.objects.create(
                user=user, role=role, plane=PLANE_OF_ROLE[role], valid_from=date(2020, 1, 1)
            )
        return user

    return make


@pytest.fixture
def registrar(make_user: Callable[..., User]) -> User:
    return make_user(Role.REGISTRAR, given_name="Rita", family_name="Claes")


@pytest.fixture
def officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER, given_name="Luc", family_name="Dubois")


@pytest.fixture
def other_officer(make_user: Callable[..., User]) -> User:
    return make_user(Role.CASE_OFFICER, given_name="Mia", family_name="Peeters")


@pytest.fixture
def approver(make_user: Callable[..., User]) -> User:
    return make_user(Role.APPROVER, given_name="Nadia", family_name="Lambert")


@pytest.fixture
def client_for() -> Callable[[User], Client]:
    """A browser of Django's test client, logged in as this person."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return make


@pytest.fixture
def as_user() -> Callable[[User], Any]:
    """`with as_user(officer): service(...)`: a unit of work as this person."""
    return lambda user: acting_as(user.pk)


@pytest.fixture
def security_log() -> Callable[..., list[dict[str, Any]]]:
    """The security log's rows, oldest first; keyword arguments filter by column."""

    def read(**wanted: Any) -> list[dict[str, Any]]:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT * FROM public.test_security_log()")
            columns = [column.name for column in cursor.description or []]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
        return [row for row in rows if all(row[key] == value for key, value in wanted.items())]

    return read
