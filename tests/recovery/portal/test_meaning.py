"""Raw SQL on one's own title: it says nothing that a bailiff's acts would not, and reaches no other file."""

import hashlib
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from recovery.cases.models import Act, ActKind, Mandate, Title
from recovery.portal.models import CollectedPayment, FollowUp
from secal.access.models import Office
from secal.access.unit_of_work import acting_as
from secal.vault.sealing import Place, seal
from tests.recovery import stories
from tests.recovery.portal.conftest import AtPortal, World, sitting
from tests.recovery.portal.test_row_security import counts, of_files, readable


def insert(table: str, **values: str) -> str:
    return f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(values.values())})"


NEW = "gen_random_uuid()"
PLACE = {"file_id": "%(file)s", "title_id": "%(title)s"}
UNDER = {**PLACE, "mandate_id": "%(mandate)s"}
MINE = {"recorded_by": "%(me)s", "recorded_at": "%(recorded_at)s"}
ACT = insert(
    "recovery_cases_act", id=f"coalesce(%(act)s, {NEW})", **UNDER, kind="%(kind)s", acted_at="%(acted_at)s",
    place="'bruxelles'", mode="'in_person'", costs="0", note="%(note)s", rectifies_id="%(rectifies)s", **MINE,
)  # fmt: skip
PAYMENT = insert(
    "portal_collectedpayment", id=NEW, **UNDER, amount="1", received_on="%(day)s", way="'cash'", **MINE
)
FOLLOW_UP = insert(
    "portal_followup",
    id=NEW,
    title_id="%(title)s",
    mandate_id="%(mandate)s",
    act_id="%(act)s",
    asked_at="now()",
)
LEAVE = insert("portal_judgeleave", act_id="%(act)s", title_id="%(title)s", given_on="current_date")
DEED = insert(
    "recovery_cases_document", id="%(paper)s", **PLACE, act_id="%(act)s", kind="'deed'", name="%(name)s",
    content="%(content)s", media_type="%(media_type)s", sha256="%(digest)s", size="1", made_on="%(day)s",
    by="%(me)s",
)  # fmt: skip
LINE = insert(
    "recovery_cases_fileevent", id=NEW, file_id="%(file)s", kind="%(kind)s", code="%(code)s",
    params="%(params)s", happened_on="current_date", at="%(recorded_at)s", actor="%(me)s",
    actor_name="%(name)s",
)  # fmt: skip
SERVE = (
    "UPDATE recovery_cases_title SET state = 'served', served_at = %(served_at)s,"
    " opposition_until = %(until)s WHERE id = %(title)s"
)
END = (
    "UPDATE recovery_cases_mandate SET state = %(state)s, ended_at = %(ended_at)s, end_reason = %(reason)s"
    " WHERE id = %(mandate)s"
)
AS_IT_IS = "id, number, kind, roll, issued_on, issued_by, sums, court, served_at, opposition_until, file_id"
PAST = (
    f"INSERT INTO recovery_cases_historicaltitle ({AS_IT_IS}, state, history_user_id, history_date,"
    f" history_type) SELECT {AS_IT_IS}, %(state)s, %(me)s, %(recorded_at)s, '~'"
    " FROM recovery_cases_title WHERE id = %(title)s"
)


def told(world: World, **changes: Any) -> dict[str, Any]:
    """Values of a row that would pass: each test spoils one."""
    bailiff, paper, now = world.staff.bailiff, uuid.uuid4(), timezone.now()
    key = world.file.key_id
    return {
        "me": bailiff.pk,
        "name": bailiff.display_name,
        "file": world.file_id,
        "title": world.mandate.title_id,
        "mandate": world.mandate.pk,
        "kind": "other",
        "act": None,
        "acted_at": now,
        "recorded_at": now,
        "note": None,
        "rectifies": None,
        "day": timezone.localdate(),
        "paper": paper,
        "content": bytes(seal(b"x", key_id=key, place=Place("recovery_cases_document", "content", paper))),
        "media_type": "application/pdf",
        "digest": hashlib.sha256(b"x").hexdigest(),
        "code": "act_recorded",
        "params": "{}",
        **changes,
    }


def refused(cursor: Any, statement: str, values: dict[str, Any], why: str = "") -> None:
    """The database says no, at once or when the transaction would be committed."""
    with pytest.raises((DatabaseError, psycopg.Error), match=why), transaction.atomic():
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def accepted(cursor: Any, statement: str, values: dict[str, Any]) -> None:
    with transaction.atomic():
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert cursor.rowcount in (1, -1)


@pytest.fixture
def theirs(world: World) -> Act:
    """An act of the sibling office, on its own title."""
    staff = world.staff
    with acting_as(world.sibling.pk):
        return stories.record_act(
            replace(staff, bailiff=world.sibling),
            world.sibling_mandate,
            ActKind.OTHER,
            at=stories.SERVED_AT,
        )


@pytest.mark.obligation("17/006 §16.2", "forbidden 3")
def test_a_row_on_ones_own_title_reaches_into_no_other_file(
    world: World, at_portal: AtPortal, theirs: Act
) -> None:
    """A payment booked, an act followed or rectified, a deed pinned: in the file of the title, or nowhere."""
    other = world.sibling_mandate
    with sitting(at_portal, world.staff.bailiff) as cursor:
        mine = uuid.uuid4()
        accepted(cursor, ACT, told(world, act=mine))
        accepted(cursor, PAYMENT, told(world))
        accepted(cursor, FOLLOW_UP, told(world, act=mine))
        refused(cursor, PAYMENT, told(world, file=other.file_id), "payment_title_of_its_file")
        refused(cursor, PAYMENT, told(world, mandate=other.pk), "payment_mandate_of_its_title")
        refused(cursor, FOLLOW_UP, told(world, act=theirs.pk), "follow_up_act_of_its_title")
        refused(cursor, FOLLOW_UP, told(world, mandate=other.pk, act=None), "follow_up_mandate_of_its_title")
        refused(cursor, LEAVE, told(world, act=theirs.pk), "leave_act_of_its_title")
        refused(cursor, ACT, told(world, rectifies=theirs.pk), "rectified_act_is_alike")
        refused(cursor, ACT, told(world, rectifies=mine, kind="sale"), "rectified_act_is_alike")
        named = _sealed_name(world)
        refused(cursor, DEED, {**named, "act": theirs.pk}, "deed_act_of_its_title")
        accepted(cursor, DEED, {**named, "act": mine})
    assert not CollectedPayment.objects.exists() and not FollowUp.objects.exists()


def _sealed_name(world: World) -> dict[str, Any]:
    values = told(world)
    place = Place("recovery_cases_document", "name", values["paper"])
    return {**values, "name": bytes(seal(b"x.pdf", key_id=world.file.key_id, place=place))}


def test_nothing_is_dated_back_kept_in_clear_or_said_by_another(world: World, at_portal: AtPortal) -> None:
    early = timezone.now() - timedelta(days=3)
    late = timezone.now() + timedelta(days=3)
    spoiled: dict[str, Any]
    with sitting(at_portal, world.staff.bailiff) as cursor:
        mine = uuid.uuid4()
        accepted(cursor, ACT, told(world, act=mine))
        for spoiled in (
            {"recorded_at": early},
            {"acted_at": late},
            {"kind": "favour"},
            {"note": b"Zebulon Quetzaele was not at home, so we rang"},
        ):
            refused(cursor, ACT, told(world, **spoiled), "portal_adds_truly")
        for spoiled in ({"recorded_at": early}, {"day": late.date()}):
            refused(cursor, PAYMENT, told(world, **spoiled), "portal_adds_truly")
        accepted(cursor, LINE, told(world, kind="act"))
        for spoiled in (
            {"recorded_at": early},
            {"code": "file_irrecoverable"},
            {"name": "Claire Renard"},
            {"params": '{"who": "Zebulon Quetzaele"}'},
        ):
            refused(cursor, LINE, told(world, **{"kind": "act", **spoiled}), "portal_adds_truly")
        named = {**_sealed_name(world), "act": mine}
        for spoiled in (
            {"content": b"%PDF-1.7 in clear"},
            {"name": b"in clear.pdf"},
            {"act": None},
            {"media_type": "text/html"},
            {"day": early.date()},
        ):
            refused(cursor, DEED, {**named, **spoiled}, "portal_adds_truly")


@pytest.mark.obligation("17/006 §4")
def test_a_title_is_served_once_by_a_recorded_act_and_never_dated_otherwise(
    world: World, at_portal: AtPortal
) -> None:
    at = timezone.now() - timedelta(days=2)
    until = (at + timedelta(days=40)).date()
    served = {"served_at": at, "until": until, "title": world.mandate.title_id}
    why = "served by a recorded act"
    with sitting(at_portal, world.staff.bailiff) as cursor:
        refused(cursor, SERVE, served, why)
        act = told(world, act=uuid.uuid4(), kind="service", acted_at=at)
        accepted(cursor, ACT, act)
        refused(cursor, SERVE, {**served, "served_at": at - timedelta(days=30)}, why)
        refused(cursor, SERVE, {**served, "until": at.date()}, why)
        accepted(cursor, SERVE, served)
        # Once served: neither again, nor another last day, nor back.
        refused(cursor, SERVE, {**served, "until": until + timedelta(days=9)}, why)
        refused(cursor, SERVE, {**served, "until": at.date() + timedelta(days=1)}, why)
        again = at - timedelta(days=1)
        accepted(cursor, ACT, told(world, kind="service", acted_at=again))
        refused(cursor, SERVE, {**served, "served_at": again}, why)
        back = "UPDATE recovery_cases_title SET state = %(state)s, served_at = NULL, opposition_until = NULL"
        for state in ("issued", "transmitted", "mandated"):
            refused(cursor, back, {"state": state}, "does not move a title so")
        right = at - timedelta(hours=3)
        accepted(cursor, ACT, told(world, kind="service", acted_at=right, rectifies=act["act"]))
        accepted(cursor, SERVE, {**served, "served_at": right})


def test_a_title_and_its_mandate_end_together_and_now(world: World, at_portal: AtPortal) -> None:
    now = timezone.now()
    end = {"state": "closed", "ended_at": now, "reason": "no_goods", "mandate": world.mandate.pk}
    title = {"title": world.mandate.title_id}
    close = "UPDATE recovery_cases_title SET state = 'closed' WHERE id = %(title)s"
    with sitting(at_portal, world.staff.bailiff) as cursor:
        refused(cursor, close, title, "end together")
        refused(cursor, END, end, "end together")
        refused(cursor, END, {**end, "state": "handed_back"}, "end together")
        refused(cursor, END, {**end, "state": "paused"}, "ends a mandate now")
        refused(cursor, END, {**end, "ended_at": now - timedelta(days=9)}, "ends a mandate now")
        refused(cursor, END, {**end, "reason": "Zebulon moved to Rome"}, "ends a mandate now")
        refused(cursor, FOLLOW_UP, told(world), "this mandate goes on")
    assert {mandate.state for mandate in Mandate.objects.all()} == {"running"}
    assert {one.state for one in Title.objects.all()} == {"mandated"}


def test_history_tells_what_the_row_became(world: World, at_portal: AtPortal) -> None:
    early = timezone.now() - timedelta(days=3)
    with sitting(at_portal, world.staff.bailiff) as cursor:
        accepted(cursor, PAST, told(world, state="mandated"))
        refused(cursor, PAST, told(world, state="served"), "what the row became")
        refused(cursor, PAST, told(world, state="mandated", recorded_at=early), "portal_adds_truly")


@pytest.mark.obligation("17/006 §21")
def test_an_office_that_is_closed_sees_nothing_although_its_mandates_run(
    world: World, at_portal: AtPortal, committed_database: str
) -> None:
    office = Office.objects.get(pk=world.staff.office.pk)
    office.is_active = False
    office.save()
    tables = readable(committed_database)
    left = of_files(counts(at_portal, world.staff.bailiff, tables))
    assert set(left) <= {"public.recovery_cases_mandatepermission"}, "which shows no file without its mandate"
    assert of_files(counts(at_portal, world.sibling, tables))


@pytest.mark.obligation("17/006 §16.3")
def test_the_portal_writes_no_line_of_the_log_in_the_name_of_another(
    world: World, at_portal: AtPortal
) -> None:
    write = (
        "SELECT seclog.record(ARRAY[gen_random_uuid()], %(log_kind)s, 'portal.open', %(who)s, 'bailiff', '',"
        " ARRAY[NULL]::uuid[], ARRAY[NULL]::uuid[], '', '{}', '', '')"
    )
    with sitting(at_portal, world.staff.bailiff) as cursor:
        accepted(cursor, write, {"log_kind": "READ", "who": world.staff.bailiff.pk})
        accepted(cursor, write, {"log_kind": "DENY", "who": None})
        for kind in ("READ", "WRITE", "DENY", "EXPORT"):
            for who in (world.sibling.pk, world.staff.directorate.pk):
                refused(cursor, write, {"log_kind": kind, "who": who}, "in the name of another")
        refused(cursor, write, {"log_kind": "JOB", "who": world.staff.bailiff.pk}, "in the name of another")


def test_the_portals_user_keeps_nothing_aside(world: World, at_portal: AtPortal) -> None:
    """No table of its own, no large object, no file: nowhere that row security and erasure do not reach."""
    with sitting(at_portal, world.staff.bailiff) as cursor:
        for statement in (
            "CREATE TEMPORARY TABLE recovery_cases_title (id uuid)",
            "CREATE TABLE aside (told text)",
            "CREATE FUNCTION aside() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "SELECT lo_from_bytea(0, 'aside')",
            "SELECT lo_create(0)",
            "SELECT lo_creat(0)",
            "COPY recovery_cases_title TO '/tmp/aside'",
            "COPY recovery_cases_title TO PROGRAM 'cat'",
            "SELECT pg_read_file('PG_VERSION')",
            "SET SESSION AUTHORIZATION secal_app",
            "SET ROLE secal_owner",
            "SET session_replication_role = replica",
            "SET track_activities = on",
        ):
            refused(cursor, statement, {}, "denied|must be")
        cursor.execute("SELECT count(*) FROM pg_stats WHERE schemaname IN ('public', 'keystore', 'seat')")
        assert cursor.fetchone() == (0,)
