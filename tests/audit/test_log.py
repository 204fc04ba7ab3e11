"""The security log: written before the answer leaves, readable and changeable by nobody who works here."""

import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, connections, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from audit.log import events
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import UnitOfWorkMiddleware, acting_as
from secal.office.models import Job

pytestmark = pytest.mark.django_db
Log = Callable[..., list[dict[str, Any]]]


@pytest.mark.obligation("12/057 §23", "12/057 §24", "12/057 §25")
def test_a_row_says_who_what_kind_about_whom_when_and_why(officer: User, security_log: Log) -> None:
    subject, file = uuid.uuid4(), uuid.uuid4()
    with acting_as(officer.pk):
        events.record_read(
            "file.open", purpose="recovery", subject=subject, file=file, fields=["name", "niss"]
        )
    (row,) = security_log(act="file.open")
    assert row["actor"] == officer.pk
    assert row["capacity"] == "case_officer"
    assert row["section"] == "Bruxelles"
    assert (row["subject"], row["file"], row["purpose"]) == (subject, file, "recovery")
    assert row["fields"] == ["name", "niss"]
    assert row["at"] is not None
    assert row["database_user"] == "secal_app"


def test_a_list_leaves_a_row_a_line_in_one_statement(
    officer: User, security_log: Log, django_assert_num_queries: Any
) -> None:
    lines = [(uuid.uuid4(), uuid.uuid4()) for _ in range(50)]
    with acting_as(officer.pk), django_assert_num_queries(1):
        events.record_list_read("worklist.view", purpose="casework", lines=lines, fields=["name"])
    assert len(security_log(act="worklist.view")) == 50


def test_a_refusal_is_logged_and_everything_else_undone(officer: User, security_log: Log) -> None:
    with pytest.raises(Refused), acting_as(officer.pk):
        events.record_write("something.written")
        raise Refused("file.open", "not_assigned", "no", file=uuid.uuid4())
    assert [row["act"] for row in security_log(kind="DENY")] == ["file.open"]
    assert security_log(act="something.written") == []


def test_a_refusal_that_the_policy_did_not_word_is_logged_too(
    officer: User, client_for: Callable[[User], Client], security_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    def denied() -> None:
        raise PermissionDenied

    monkeypatch.setattr("secal.ledger.selectors.statements", denied)
    assert client_for(officer).get(reverse("ledger:statements")).status_code == 403
    assert [row["reason"] for row in security_log(kind="DENY", actor=officer.pk)] == ["permission_denied"]


def test_a_refusal_after_a_write_that_failed_is_logged_all_the_same(
    officer: User, client_for: Callable[[User], Client], security_log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A save that breaks a constraint marks Django's transaction as broken; the refusal needs it whole."""

    def refused() -> None:
        events.record_write("something.written")
        try:
            for _twice in range(2):
                Job.objects.create(kind="test", period="2026-11")
        except IntegrityError as error:
            raise Refused("receipt.view", "taken", "no") from error

    monkeypatch.setattr("secal.ledger.selectors.statements", refused)
    assert client_for(officer).get(reverse("ledger:statements")).status_code == 403
    assert [row["reason"] for row in security_log(kind="DENY", actor=officer.pk)] == ["taken"]
    assert not security_log(act="something.written")


@pytest.mark.obligation("12/057 §25", "17/006 §16.2", "forbidden 4")
@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM seclog.event",
        "SELECT * FROM seclog.event_default",
        "INSERT INTO seclog.event (id, kind, act, capacity, section, purpose, fields, reason, request)"
        " VALUES (gen_random_uuid(), 'READ', 'x', '', '', '', '{}', '', '')",
        "UPDATE seclog.event SET act = 'x'",
        "DELETE FROM seclog.event",
        "TRUNCATE seclog.event",
        "DROP TABLE seclog.event",
        "ALTER TABLE seclog.event DISABLE TRIGGER ALL",
        "SET ROLE secal_log",
        "CREATE TABLE public.mine (id int)",
        "CREATE TEMP TABLE event (id int)",
        "ALTER FUNCTION seclog.record(uuid[], text, text, uuid, text, text, uuid[], uuid[], text, text[],"
        " text, text) OWNER TO secal_app",
    ],
)
@pytest.mark.parametrize("alias", ["default", "owner"])
@pytest.mark.django_db(databases=["default", "owner"])
def test_neither_application_nor_owner_can_read_or_change_the_log(statement: str, alias: str) -> None:
    if alias == "owner" and statement.startswith("CREATE TABLE"):
        return  # the owner makes tables: that is its work
    with pytest.raises(DatabaseError), transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.obligation("forbidden 5")
def test_an_answer_is_rendered_inside_the_transaction_that_logged_its_read() -> None:
    """The bytes exist before the commit, and leave after it: the middleware returns only then."""
    seen: list[bool] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(connection.in_atomic_block)
        return HttpResponse(b"done")

    UnitOfWorkMiddleware(view)(RequestFactory().get("/"))
    assert seen == [True]


def test_partitions_are_made_ahead_once(officer: User) -> None:
    with acting_as(officer.pk):
        assert events.prepare_partitions(first=date(2031, 1, 1), months=3) == 3
        assert events.prepare_partitions(first=date(2031, 1, 1), months=3) == 0
