"""What every test shares: a database of its own, staff of each role, and a way to read the security log.

The application connects as its own role, never as the owner or an administrator: a superuser would pass
row security and grants unseen. Each worker clones a template database that migrations built once.
"""

import fcntl
import functools
import hashlib
import os
import secrets
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from typing import Any, TextIO

import hypothesis
import psycopg
import pytest
from auditlog.context import disable_auditlog
from django.conf import settings
from django.core.management import call_command
from django.db import connections
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from secal.access import seats
from secal.access.actors import service_actor
from secal.access.commitments.texts import library
from secal.access.models import (
    Appointment,
    Charge,
    Commitment,
    CommitmentKind,
    Office,
    User,
    UserRole,
)
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role
from secal.access.unit_of_work import UnitOfWorkMiddleware, acting_as
from secal.config.services import roles
from secal.config.settings.sites import SITES
from tests.committed import Spare
from tests.drawing import few_models_drawn

ROOT = Path(__file__).resolve().parents[1]
ALIASES = ("default", "owner", "door", "eraser", "watch")

LENIENT = ROOT / "tests" / "lenient_seats.sql"
"""What test databases have beside the schema: tests may write rows themselves, and read the log."""


hypothesis.settings.register_profile(
    "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("suite")
"""A machine that does other things as well is slow, and no fault of what is tested."""

LONGEST_FIRST = (
    "tests/e2e/test_pages.py",
    "tests/consistency/test_quality.py",
    "tests/faults/test_faults.py",
    "tests/e2e/test_recovery_story.py",
    "tests/e2e/test_main_job.py",
    "tests/matrix/test_requests.py",
    "tests/config/test_demo_check.py",
    "tests/advances/test_runs_killed.py",
)
"""Whoever takes a long file last leaves the other process idle; the second needs no database while the first
builds it."""


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
    _point_at(draft)
    with few_models_drawn():
        call_command("migrate", verbosity=0, interactive=False)
    _point_at("postgres")
    with _administrator("postgres") as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(name))
        )


def clone_template(*, lenient: bool = True) -> str:
    """A fresh database with the whole schema; the caller drops it.

    Lenient: a test may write rows of its own outside any unit of work. Else exactly what an office has.
    """
    template = _template_name()
    with template_lock("template") as lock, _administrator("postgres") as admin:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [template]).fetchone():
            _build_template(template)
        name = copy_database(template)
    if lenient:
        be_lenient(name)
    return name


def be_lenient(database: str) -> None:
    with _administrator(database) as admin:
        admin.execute(LENIENT.read_text(encoding="utf-8"))


def template_lock(name: str) -> TextIO:
    """The file on which the processes of a run wait for one another."""
    path = Path(os.environ.get("SECAL_STATE_DIR", ROOT / "var")) / f"test-{name}.lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("w")


def copy_database(template: str) -> str:
    """Another that is the same; the caller drops it. Nobody may be connected to the first."""
    name = f"test_{uuid.uuid4().hex[:12]}"
    with _administrator("postgres") as admin:
        copied = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        admin.execute(copied.format(sql.Identifier(name), sql.Identifier(template)))
    # A copy carries the tables and their grants, not the rights on the database itself.
    roles.prepare_database(os.environ["ADMIN_DATABASE_URL"], name)
    return name


def broker_at(number: int) -> str:
    """The broker of the run, and there the logical database of this number."""
    return f"{os.environ['REDIS_URL'].rpartition('/')[0]}/{number}"


@pytest.fixture(scope="session")
def process_number(worker_id: str) -> int:
    """Which of the processes of the run this is, from 0."""
    return int(worker_id.removeprefix("gw")) if worker_id.startswith("gw") else 0


def drop_database(name: str) -> None:
    roles.drop_database(os.environ["ADMIN_DATABASE_URL"], name)


@contextmanager
def _at_work(identity: uuid.UUID | None) -> Iterator[None]:
    """Take the place in the transaction of a test, and give it back afterwards."""
    before = _sit(identity)
    try:
        yield
    finally:
        if not connections["default"].needs_rollback:
            _sit(before)


def _sit(identity: uuid.UUID | None) -> uuid.UUID | None:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT public.test_sit(%s)", [identity])
        before: uuid.UUID | None = cursor.fetchone()[0]
    return before


def sit_where_they_like(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests begin their units of work without a token."""
    monkeypatch.setattr(seats, "at_work_as", _at_work)
    monkeypatch.setattr(seats, "at_work_as_service", lambda name: _at_work(service_actor(name).id))


@pytest.fixture(autouse=True)
def places_change_hands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Several units of work and requests in the one transaction of a test: each leaves its place as it was.

    Whom only that transaction knows, the door would not see: there the seat is opened inside it.
    """
    if "committed_database" not in request.fixturenames:
        monkeypatch.setattr(seats, "DOOR", "default")
    sit_where_they_like(monkeypatch)
    plain = UnitOfWorkMiddleware.__call__

    def called(middleware: UnitOfWorkMiddleware, request: HttpRequest) -> HttpResponse:
        if not connections["default"].in_atomic_block or request.path.startswith(seats.OUTSIDE):
            return plain(middleware, request)
        before = _sit(None)
        try:
            return plain(middleware, request)
        finally:
            _sit(before)

    monkeypatch.setattr(UnitOfWorkMiddleware, "__call__", called)


@contextmanager
def working_as(variable: str, *, database: str) -> Iterator[None]:
    """This process works in that database as the user of that address (for instance WORKER_DATABASE_URL)."""
    login = conninfo_to_dict(os.environ[variable])
    usual = {name: connections["default"].settings_dict[name] for name in ("NAME", "USER", "PASSWORD")}
    _point_at(database)
    connections["default"].settings_dict.update(USER=login["user"], PASSWORD=login.get("password", ""))
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"].settings_dict.update(usual)
        _point_at(usual["NAME"])


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock():
        name = clone_template()
        _point_at(name)
    yield
    with django_db_blocker.unblock():
        _point_at("postgres")
        drop_database(name)


@pytest.fixture(scope="session")
def spare_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[Spare]:
    spare = Spare(clone_template, drop_database)
    yield spare
    with django_db_blocker.unblock():
        spare.end()


@pytest.fixture
def committed_database(spare_database: Spare, django_db_blocker: Any) -> Iterator[str]:
    """A database of its own in which commits are real: for other processes, races, live servers."""
    with django_db_blocker.unblock(), spare_database.taken() as name, pointing_at(name):
        yield name


@contextmanager
def pointing_at(database: str) -> Iterator[None]:
    """Every connection of this process leads there meanwhile."""
    usual = connections["default"].settings_dict["NAME"]
    _point_at(database)
    try:
        yield
    finally:
        _point_at(usual)


@pytest.fixture
def portal_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal is open, whether or not the National Chamber ever sent a list."""
    monkeypatch.setattr("recovery.chamber.middleware.portal_is_open", lambda: True)


@pytest.fixture
def at_portal(
    committed_database: str, settings: Any, portal_open: None
) -> Callable[[], AbstractContextManager[None]]:
    """`with at_portal(): client.get("/")`: this process serves the portal, under its database user."""

    @contextmanager
    def open_site() -> Iterator[None]:
        site = SITES["portal"]
        usual = {name: getattr(settings, name) for name in PORTAL_SETTINGS}
        login = conninfo_to_dict(os.environ["PORTAL_DATABASE_URL"])
        values = (
            site,
            site.urls,
            site.home,
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
    "LOGIN_REDIRECT_URL",
    "SESSION_COOKIE_AGE",
    "SESSION_COOKIE_NAME",
    "SEAT_COOKIE_NAME",
)


SINCE = date(2020, 1, 1)


def also(user: User, role: Role, *, since: date = SINCE) -> UserRole:
    """Give one more role of their plane to somebody who is appointed."""
    made: UserRole = UserRole.objects.create(
        user=user,
        appointment=user.appointments.get(),
        role=role,
        plane=PLANE_OF_ROLE[role],
        valid_from=since,
    )
    return made


def appoint(user: User, *roles: Role, since: date = SINCE) -> Appointment:
    """Give these roles of one plane, and every mission, to a person without an appointment."""
    plane = PLANE_OF_ROLE[roles[0]]
    appointment = Appointment.objects.create(
        user=user, plane=plane, section=user.section, office=user.office, valid_from=since
    )
    for role in roles:
        UserRole.objects.create(
            user=user, appointment=appointment, role=role, plane=PLANE_OF_ROLE[role], valid_from=since
        )
    for mission in Mission if plane is Plane.CASEWORK else ():
        Charge.objects.create(user=user, mission=mission, decision="2020/1", valid_from=since)
    return appointment


@pytest.fixture
def make_user(request: pytest.FixtureRequest) -> Callable[..., User]:
    """Make a member of staff with one role: make_user(Role.CASE_OFFICER, given_name="Luc")."""
    if "committed_database" not in request.fixturenames:
        request.getfixturevalue("db")
    return made_user


def made_user(
    *roles: Role,
    given_name: str = "Anne",
    family_name: str = "Dubois",
    section: str = "Bruxelles",
    office: Office | None = None,
    committed: bool = True,
) -> User:
    """Appointed since years; `committed`: who accepted the texts in force."""
    # Nobody reads what the configuration log has to say of those who stand ready.
    with disable_auditlog():
        if Role.BAILIFF in roles and office is None:
            office = Office.objects.create(name=f"Étude {uuid.uuid4()}", arrondissement="bruxelles")
        user = User.objects.create(
            subject=f"test-{uuid.uuid4()}",
            given_name=given_name,
            family_name=family_name,
            section=section,
            office=office,
        )
        appoint(user, *roles)
        if committed:
            commit(user)
    return user


def commit(user: User) -> None:
    """This person has accepted the texts in force, in French."""
    texts, on = library(), timezone.localdate()
    given = [texts.texts[kind, texts.in_force(kind, on), "fr"] for kind in CommitmentKind]
    Commitment.objects.bulk_create(
        Commitment(user=user, kind=text.kind, version=text.version, language="fr", text_digest=text.digest)
        for text in given
    )


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
def keeper(make_user: Callable[..., User]) -> User:
    """The user registrar."""
    return make_user(Role.USER_REGISTRAR, given_name="Bart", family_name="Goossens")


@pytest.fixture
def coordinator(make_user: Callable[..., User]) -> User:
    return make_user(Role.SECURITY_COORDINATOR, given_name="An", family_name="Willems")


@pytest.fixture
def dpo(make_user: Callable[..., User]) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Paul", family_name="Renard")


@pytest.fixture
def client_for() -> Callable[..., Client]:
    """A browser of Django's test client, logged in as this person."""

    def make(user: User, **options: Any) -> Client:
        client = Client(**options)
        token = secrets.token_urlsafe(32)
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT public.test_open_seat(%s, %s)", [user.pk, seats.digest(token)])
        client.cookies[settings.SEAT_COOKIE_NAME] = token
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
