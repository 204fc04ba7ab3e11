"""Reading the security log: by two functions for one user of the database, and never without a trace."""

import os
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connections, transaction
from psycopg.conninfo import make_conninfo

from audit.log import events, reading
from audit.log.reading import Criteria, NobodyAsks, Why
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as

Log = Callable[..., list[dict[str, Any]]]
MakeUser = Callable[..., User]
WHY = Why("complaint", "DPO-2026-014")
ASK = (
    "SELECT seclog.ask(%s::uuid, 'rows', %s::uuid, 'dpo', '', 'r', 'complaint', '', '{}', '{}', NULL,"
    " NULL, NULL, '', '', '', NULL, NULL, 10)"
)


@pytest.fixture
def dpo(committed_database: str, make_user: MakeUser) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dirk", family_name="Pauwels", section="")


@pytest.fixture
def told(committed_database: str, make_user: MakeUser) -> tuple[uuid.UUID, uuid.UUID, User]:
    """A person, a file, and the officer who read 12 rows about them and was refused once."""
    officer = make_user(Role.CASE_OFFICER)
    subject, file = uuid.uuid4(), uuid.uuid4()
    for _time in range(6):
        with acting_as(officer.pk):
            events.record_read("file.open", purpose="recovery", file=file, fields=["parties"])
            events.record_read("person.identify", purpose="identification", subject=subject, fields=["niss"])
    with acting_as(officer.pk):
        events.record_refusal("file.open", reason="not_assigned", file=file)
        events.record_read("worklist.view", purpose="worklist", subject=uuid.uuid4())
    return subject, file, officer


@pytest.fixture
def watch(committed_database: str) -> Iterator[Any]:
    yield connections["watch"]
    connections["watch"].close()


@pytest.mark.obligation("12/057 §25", "17/006 §16.2")
def test_the_log_is_searched_by_person_officer_period_and_purpose(
    dpo: User, told: tuple[uuid.UUID, uuid.UUID, User]
) -> None:
    subject, file, officer = told
    now = datetime.now(UTC)
    with acting_as(dpo.pk):
        about = reading.search(Criteria(subjects=(subject,), files=(file,), officer=officer.pk), why=WHY).rows
        assert {(row.act, row.kind) for row in about} == {
            ("file.open", "READ"),
            ("person.identify", "READ"),
            ("file.open", "DENY"),
        }
        assert len(about) == 13
        assert [row.at for row in about] == sorted((row.at for row in about), reverse=True)
        purpose = reading.search(Criteria(officer=officer.pk, purpose="identification"), why=WHY).rows
        assert {row.subject for row in purpose} == {subject}
        refusals = reading.search(Criteria(files=(file,), kind="DENY"), why=WHY).rows
        assert [row.reason for row in refusals] == ["not_assigned"]
        before = reading.search(Criteria(files=(file,), until=now - timedelta(hours=1)), why=WHY).rows
        after = reading.search(Criteria(files=(file,), since=now + timedelta(hours=1)), why=WHY).rows
        assert not before and not after


def test_pages_follow_one_another_without_gap_or_repetition(
    dpo: User, told: tuple[uuid.UUID, uuid.UUID, User]
) -> None:
    _subject, _file, officer = told
    criteria, after, seen = Criteria(officer=officer.pk), None, []
    with acting_as(dpo.pk):
        while True:
            page = reading.search(criteria, why=WHY, after=after, most=4)
            seen += [row.id for row in page.rows]
            after = page.after
            if after is None:
                break
        whole = [row.id for row in reading.search(criteria, why=WHY, most=50).rows]
    assert seen == whole and len(set(seen)) == len(seen) == 14


@pytest.mark.obligation("12/057 §25")
def test_each_look_leaves_its_own_row_with_its_reason_about_the_same_person(
    dpo: User, told: tuple[uuid.UUID, uuid.UUID, User], security_log: Log
) -> None:
    subject, file, _officer = told
    with acting_as(dpo.pk):
        reading.search(Criteria(subjects=(subject,), files=(file,)), why=WHY)
        reading.summary(
            since=datetime(2026, 1, 1, tzinfo=UTC), until=datetime(2027, 1, 1, tzinfo=UTC), why=WHY
        )
    looks = security_log(act="log.search", actor=dpo.pk)
    assert {(row["subject"], row["file"]) for row in looks} == {(subject, None), (None, file)}
    assert {(row["purpose"], row["reason"], row["kind"]) for row in looks} == {
        ("complaint", "DPO-2026-014", "READ")
    }
    assert {row["database_user"] for row in looks} == {"secal_watch"}
    assert len(security_log(act="log.summary", actor=dpo.pk)) == 1


@pytest.mark.obligation("12/057 §25", "forbidden 5")
def test_who_asks_and_rolls_back_has_read_nothing(dpo: User, watch: Any, security_log: Log) -> None:
    question = uuid.uuid4()
    with (
        pytest.raises(DatabaseError, match="ask first"),
        transaction.atomic(using="watch"),
        watch.cursor() as cursor,
    ):
        cursor.execute(ASK, [question, dpo.pk])
        cursor.execute("SELECT * FROM seclog.answer(%s::uuid)", [question])
    assert security_log(act="log.search") == []


def test_there_is_no_answer_without_a_question_or_to_an_old_one(dpo: User, watch: Any) -> None:
    with pytest.raises(DatabaseError, match="ask first"), watch.cursor() as cursor:
        cursor.execute("SELECT * FROM seclog.answer(%s::uuid)", [uuid.uuid4()])


def test_nobody_asks_without_a_name_and_a_reason(dpo: User) -> None:
    with pytest.raises(NobodyAsks):
        reading.search(Criteria(), why=WHY)
    with acting_as(dpo.pk), pytest.raises(NobodyAsks):
        reading.search(Criteria(), why=Why(""))


def test_the_database_refuses_a_question_of_nobody(watch: Any) -> None:
    with pytest.raises(DatabaseError, match="their name"), watch.cursor() as cursor:
        cursor.execute(ASK, [uuid.uuid4(), None])


@pytest.mark.obligation("17/006 §16.2", "forbidden 4")
@pytest.mark.parametrize("alias", ["default", "owner", "eraser", "door"])
@pytest.mark.parametrize(
    "statement",
    [
        ASK.replace("%s", "gen_random_uuid()"),
        "SELECT * FROM seclog.answer(gen_random_uuid())",
        "SELECT * FROM seclog.summary(gen_random_uuid())",
        "SELECT * FROM seclog.committed_question(gen_random_uuid(), 'rows')",
        "SELECT * FROM seclog.question",
        "SET ROLE secal_watch",
    ],
)
@pytest.mark.django_db(databases=["default", "owner", "eraser", "door"])
def test_only_the_watch_may_ask(alias: str, statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(using=alias),
        connections[alias].cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.obligation("17/006 §16.2", "forbidden 4")
def test_the_watch_sees_no_table_and_changes_nothing(watch: Any) -> None:
    for statement in (
        "SELECT * FROM seclog.event",
        "SELECT * FROM seclog.question",
        "DELETE FROM seclog.event",
        "UPDATE seclog.question SET officer = NULL",
        "SELECT * FROM public.people_person",
        "SELECT * FROM public.access_user",
        "SELECT * FROM keystore.data_key",
        "SELECT seclog.prepare_partitions(now()::date, 1)",
        "SET ROLE secal_log",
        "CREATE TEMP TABLE event (id int)",
    ):
        with (
            pytest.raises(DatabaseError, match=r"permission denied"),
            transaction.atomic(using="watch"),
            watch.cursor() as cursor,
        ):
            cursor.execute(statement)


def test_the_portal_cannot_ask(committed_database: str) -> None:
    address = make_conninfo(os.environ["PORTAL_DATABASE_URL"], dbname=committed_database)
    with psycopg.connect(address) as portal, pytest.raises(psycopg.errors.InsufficientPrivilege):
        portal.execute("SELECT * FROM seclog.answer(gen_random_uuid())")


def test_the_summary_counts_rows_by_day_hour_and_kind(
    dpo: User, told: tuple[uuid.UUID, uuid.UUID, User]
) -> None:
    now = datetime.now(UTC)
    with acting_as(dpo.pk):
        counts = reading.summary(since=now - timedelta(days=1), until=now + timedelta(days=1), why=WHY)
    by_kind = {kind: sum(count.number for count in counts if count.kind == kind) for kind in ("READ", "DENY")}
    assert by_kind == {"READ": 14, "DENY": 1}
