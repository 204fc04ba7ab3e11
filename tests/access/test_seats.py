"""The portal's sessions: who sits there is known to the database, and only from a token it gave out."""

import hashlib
import os
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from psycopg.conninfo import make_conninfo

from secal.access import seats, selectors
from secal.access.identities import niss_index
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.config.demo.personas import PERSONAS
from secal.config.settings.sites import SITES
from tests.access.test_login import log_in
from tests.changing import change
from tests.conftest import appoint, commit

AtPortal = Callable[[], AbstractContextManager[None]]
MakeUser = Callable[..., User]
Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def moreau(committed_database: str) -> Office:
    return Office.objects.create(name="Étude Moreau", arrondissement="bruxelles")


@pytest.fixture
def bailiff(moreau: Office, make_user: MakeUser) -> User:
    return make_user(Role.BAILIFF, given_name="Sophie", family_name="Moreau", office=moreau)


@pytest.fixture
def other_bailiff(committed_database: str, make_user: MakeUser) -> User:
    office = Office.objects.create(name="Kantoor De Clercq", arrondissement="gent")
    return make_user(Role.BAILIFF, given_name="Jan", family_name="De Clercq", office=office)


def seated(person: User, at_portal: AtPortal) -> seats.Seat:
    with at_portal():
        return seats.open_seat(person.subject, niss_bi=person.niss_bi, authenticated_at=timezone.now())


def names_seen() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT family_name FROM access_user")
        return {name for (name,) in cursor.fetchall()}


def count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        found: int = cursor.fetchone()[0]
    return found


@pytest.mark.obligation("17/006 §16.2")
def test_without_a_token_the_portals_database_user_sees_nobody(
    bailiff: User, other_bailiff: User, at_portal: AtPortal
) -> None:
    assert names_seen() == {"Moreau", "De Clercq"}
    with at_portal(), transaction.atomic():
        assert names_seen() == set()
        assert [count(table) for table in ("access_userrole", "access_appointment", "access_office")] == [
            0,
            0,
            0,
        ]


def test_with_a_token_it_sees_its_holder_only_and_only_in_that_transaction(
    bailiff: User, other_bailiff: User, at_portal: AtPortal
) -> None:
    seat = seated(bailiff, at_portal)
    with at_portal():
        with transaction.atomic():
            assert seats.enter(seat.token).user_id == bailiff.pk
            assert names_seen() == {"Moreau"}
            assert count("access_office") == 1
        with transaction.atomic():
            assert names_seen() == set()


def test_two_persons_never_work_in_one_transaction(
    bailiff: User, other_bailiff: User, at_portal: AtPortal
) -> None:
    mine, theirs = seated(bailiff, at_portal), seated(other_bailiff, at_portal)
    with at_portal(), transaction.atomic():
        seats.enter(mine.token)
        with pytest.raises(ProgrammingError, match="another person"), transaction.atomic():
            seats.enter(theirs.token)
        assert names_seen() == {"Moreau"}


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM seat.session",
        "SELECT * FROM seat.at_work",
        "INSERT INTO seat.at_work VALUES (pg_backend_pid(), pg_current_xact_id(), %(other)s)",
        "UPDATE seat.session SET user_id = %(other)s",
        "SELECT seat.open(%(subject)s, NULL, %(digest)s, 'portal', now(), 60, 60)",
        "CREATE OR REPLACE FUNCTION seat.me() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
        "ALTER TABLE access_user DISABLE ROW LEVEL SECURITY",
        "SET ROLE secal_app",
        "SELECT * FROM people_person",
        "SELECT * FROM cases_alimonyfile",
        "SELECT * FROM seclog.event",
    ],
)
def test_the_portals_database_user_can_neither_forge_nor_read(
    statement: str, bailiff: User, other_bailiff: User, at_portal: AtPortal
) -> None:
    seat = seated(bailiff, at_portal)
    values = {
        "other": other_bailiff.pk,
        "subject": other_bailiff.subject,
        "digest": hashlib.sha256(b"x").digest(),
    }
    with at_portal(), transaction.atomic():
        seats.enter(seat.token)
        with (
            pytest.raises(ProgrammingError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, values)
        assert names_seen() == {"Moreau"}


def test_the_door_opens_seats_and_sees_nothing_else(bailiff: User) -> None:
    for table in ("access_user", "seat.session", "keystore.data_key"):
        with (
            pytest.raises(ProgrammingError, match=r"denied|does not exist"),
            connections["door"].cursor() as cursor,
        ):
            cursor.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize("token", ["", "x" * seats.LENGTH, "é" * seats.LENGTH])
def test_a_guessed_token_seats_nobody(token: str, bailiff: User, at_portal: AtPortal) -> None:
    with at_portal(), transaction.atomic():
        assert seats.enter(token) == seats.Entered(None, "unknown", None, None, False)
        assert names_seen() == set()


def test_a_second_login_ends_the_first_seat(bailiff: User, at_portal: AtPortal) -> None:
    first = seated(bailiff, at_portal)
    second = seated(bailiff, at_portal)
    with at_portal():
        with transaction.atomic():
            assert seats.enter(first.token).ended == "elsewhere"
        with transaction.atomic():
            assert seats.enter(second.token).user_id == bailiff.pk


def _leaves(user: User) -> None:
    change(user, is_active=False)


def _loses_the_role(user: User) -> None:
    for role in user.roles.all():
        change(role, valid_until=date(2025, 1, 1))


@pytest.mark.obligation("17/006 §21")
@pytest.mark.parametrize("leaving", [_leaves, _loses_the_role])
def test_who_leaves_is_out_at_the_next_request(
    leaving: Callable[[User], None], bailiff: User, at_portal: AtPortal, security_log: Log
) -> None:
    seat, browser = seated(bailiff, at_portal), Client()
    with at_portal():
        browser.cookies["portal-seat"] = seat.token
        assert browser.get(reverse("portal:home")).status_code == 200
    leaving(bailiff)
    with at_portal():
        answer = browser.get(reverse("portal:home"))
        assert (answer.status_code, answer["Location"][:11]) == (302, "/connexion/")
    assert [row["act"] for row in security_log(kind="LOGOUT")] == ["access.session_leaver"]
    change(bailiff, is_active=True)
    for role in bailiff.roles.all():
        change(role, valid_until=None)
    with at_portal(), transaction.atomic():
        assert seats.enter(seat.token).ended == "leaver"


@pytest.mark.parametrize(
    ("ageing", "why"),
    [
        ("seen_at = now() - interval '16 minutes'", "idle"),
        ("opened_at = now() - interval '5 hours', ends_at = now() - interval '1 second'", "whole"),
    ],
)
def test_a_seat_ends_when_idle_and_after_its_whole_time(
    ageing: str, why: str, bailiff: User, at_portal: AtPortal, committed_database: str
) -> None:
    seat = seated(bailiff, at_portal)
    with psycopg.connect(_administrator_of(committed_database), autocommit=True) as administrator:
        administrator.execute(f"UPDATE seat.session SET {ageing}")
    with at_portal(), transaction.atomic():
        assert seats.enter(seat.token) == seats.Entered(None, why, None, bailiff.pk, True)


def _administrator_of(database: str) -> str:
    return make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=database)


def test_staff_of_the_office_get_no_seat_at_the_portal(officer_committed: User, at_portal: AtPortal) -> None:
    with pytest.raises(seats.SeatRefused) as refused:
        seated(officer_committed, at_portal)
    assert refused.value.code == "login.other_site"


@pytest.fixture
def officer_committed(committed_database: str, make_user: MakeUser) -> User:
    return make_user(Role.CASE_OFFICER)


def test_a_bailiff_logs_in_at_the_portal_and_out_again(
    moreau: Office, real_provider: str, at_portal: AtPortal, security_log: Log
) -> None:
    bailiff = _enrolled("demo-sophie-moreau", moreau)
    browser = Client()
    with at_portal():
        answer = log_in(browser, "demo-sophie-moreau")
        assert (answer.status_code, answer["Location"]) == (302, "/")
        assert browser.cookies["portal-seat"]["httponly"]
        page = browser.get("/")
        assert page.status_code == 200
        assert "Étude Moreau" in page.content.decode()
        token = browser.cookies["portal-seat"].value
        browser.post(reverse("access:logout"))
        assert browser.get("/").status_code == 302
        browser.cookies["portal-seat"] = token
        assert browser.get("/").status_code == 302
    acts = [
        (row["kind"], row["actor"], row["database_user"]) for row in security_log() if row["kind"] != "DENY"
    ]
    assert acts[:2] == [("LOGIN", bailiff.pk, "secal_portal"), ("LOGOUT", bailiff.pk, "secal_portal")]


def test_a_bailiff_is_refused_at_the_office_and_the_refusal_is_logged(
    moreau: Office, real_provider: str, security_log: Log
) -> None:
    bailiff = _enrolled("demo-sophie-moreau", moreau)
    browser = Client()
    answer = log_in(browser, "demo-sophie-moreau")
    assert answer.status_code == 403
    assert "_auth_user_id" not in browser.session
    (row,) = security_log(kind="DENY")
    assert (row["subject"], row["reason"]) == (bailiff.pk, "login.other_site")


def test_each_site_admits_its_own_people_whatever_the_database_gave_them(
    bailiff: User, make_user: MakeUser, settings: Any
) -> None:
    """The database gives nobody a seat at the other site; the program would not take it either."""
    ours, theirs = (selectors.actor_or_none(one.pk) for one in (make_user(Role.CASE_OFFICER), bailiff))
    assert ours is not None
    assert theirs is not None
    assert [selectors.admitted(one) for one in (ours, theirs, None)] == [ours, None, None]
    settings.SITE = SITES["portal"]
    assert [selectors.admitted(one) for one in (ours, theirs, None)] == [None, theirs, None]


def test_an_officer_is_refused_at_the_portal_and_the_refusal_is_logged(
    moreau: Office, make_user: MakeUser, real_provider: str, at_portal: AtPortal, security_log: Log
) -> None:
    officer = make_user(Role.CASE_OFFICER)
    luc = next(persona for persona in PERSONAS if persona.subject == "demo-luc-dubois")
    change(officer, subject=luc.subject, niss_bi=niss_index(luc.niss))
    browser = Client()
    with at_portal():
        assert log_in(browser, "demo-luc-dubois").status_code == 403
        assert "portal-seat" not in browser.cookies
    (row,) = security_log(kind="DENY")
    assert (row["subject"], row["reason"], row["database_user"]) == (
        officer.pk,
        "login.other_site",
        "secal_portal",
    )


def test_a_bailiffs_session_at_the_office_opens_nothing(
    bailiff: User, client_for: Callable[[User], Client]
) -> None:
    """Even a session forced into the office's store: the plane is asked at every request."""
    assert client_for(bailiff).get(reverse("office:law")).status_code == 302


def _enrolled(subject: str, office: Office) -> User:
    user = User.objects.create(
        id=uuid.uuid4(),
        subject=subject,
        given_name="Sophie",
        family_name="Moreau",
        section="",
        office=office,
        niss_bi=niss_index(next(persona.niss for persona in PERSONAS if persona.subject == subject)),
    )
    appoint(user, Role.BAILIFF)
    commit(user)
    return user
