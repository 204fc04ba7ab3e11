"""What watchers and the user registrar see of the feed, and who does not."""

import secrets
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from recovery.chamber import selectors
from recovery.chamber.errors import ChamberError
from recovery.chamber.models import WATCHING, Alarm, AlarmKind, Channel, Proposal, ProposalOutcome
from recovery.chamber.polling import take
from recovery.chamber.services.deciding import close_proposal, note_alarm
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from tests.conftest import _administrator, appoint
from tests.recovery.chamber.conftest import Take, nisses
from tests.recovery.chamber.sender import NOW, STRANGER, Sender, change, niss

Users = Callable[..., User]
Bailiffs = Callable[[int], list[User]]
TODAY = date(2026, 11, 22)


def came(database: str, user: User, at: datetime) -> None:
    """They had a seat on that day."""
    with _administrator(database) as administrator:
        administrator.execute(
            "INSERT INTO seat.session"
            " (token_digest, user_id, plane, authenticated_at, opened_at, ends_at, idle)"
            " VALUES (%s, %s, 'portal', %s, %s, %s, '15 minutes')",
            [secrets.token_bytes(32), user.pk, at, at, at + timedelta(hours=4)],
        )


@pytest.mark.obligation("17/006 §21")
def test_the_report_names_every_difference_between_list_and_register(
    committed_database: str,
    bailiffs: Bailiffs,
    sender: Sender,
    make_user: Users,
    security_log: Callable[..., list[Any]],
) -> None:
    users = bailiffs(4)
    for user, days in zip(users, (1, 60, 61, None), strict=True):
        if days:
            came(committed_database, user, NOW - timedelta(days=days))
    take(sender.full(*nisses(3), niss(50)), channel=Channel.FETCHED, at=NOW)
    with acting_as(make_user(Role.SECURITY_COORDINATOR).pk):
        found = selectors.difference(on=TODAY)
    assert [member.number for member in found.not_registered] == [f"NK-{niss(50)[-6:]}"]
    assert [user.id for user in found.not_listed] == [users[3].pk]
    assert [user.id for user in found.dormant] == [users[2].pk, users[3].pk]
    read = {row["subject"] for row in security_log(kind="READ", act="chamber.view")}
    assert read == {users[2].pk, users[3].pk}


def test_who_left_is_no_difference_any_more(
    bailiffs: Bailiffs, sender: Sender, receive: Take, make_user: Users
) -> None:
    bailiffs(2)
    receive(sender.full(*nisses(2)))
    receive(sender.left(niss(1), individual=True))
    with acting_as(make_user(Role.DATA_PROTECTION_OFFICER).pk):
        found = selectors.difference(on=TODAY)
    assert (list(found.not_registered), list(found.not_listed)) == ([], [])


def test_the_watchers_see_what_came_and_what_is_wrong(
    bailiffs: Bailiffs, sender: Sender, receive: Take, make_user: Users
) -> None:
    users = bailiffs(10)
    receive(sender.full(*nisses(10)))
    receive(Sender(key=STRANGER).full())
    held = receive(sender.full(*nisses(10)[4:]), at=NOW + timedelta(minutes=1))
    with acting_as(make_user(Role.SECURITY_COORDINATOR).pk):
        assert selectors.list_freshness(now=NOW + timedelta(hours=2)).age == timedelta(hours=2)
        assert [row.outcome for row in selectors.received_lists()] == ["held", "accepted", "refused"]
        (waiting,) = selectors.held_lists()
        assert (waiting.pk, waiting.waiting) == (held.pk, 4)  # type: ignore[attr-defined]
        assert {row.user_id for row in selectors.departures_of(waiting)} == {user.pk for user in users[:4]}
        assert {alarm.kind for alarm in selectors.open_alarms()} == {AlarmKind.REFUSED, AlarmKind.HELD}


def open_alarms() -> set[str]:
    return set(Alarm.objects.filter(ended_at=None).values_list("kind", flat=True))


@pytest.mark.obligation("17/006 §21")
def test_a_refused_message_stays_an_alarm_until_a_watcher_notes_it(
    sender: Sender, receive: Take, make_user: Users, security_log: Callable[..., list[Any]]
) -> None:
    forged = Sender(key=STRANGER).full()
    receive(forged)
    receive(sender.full(niss(1)), at=NOW + timedelta(minutes=1))
    assert open_alarms() == {AlarmKind.REFUSED}
    alarm = Alarm.objects.get()
    for role in set(Role) - set(WATCHING):
        with pytest.raises(Refused), acting_as(make_user(role).pk):
            note_alarm(alarm_id=alarm.pk, at=NOW)
    watcher = make_user(Role.SECURITY_COORDINATOR)
    with acting_as(watcher.pk):
        note_alarm(alarm_id=alarm.pk, at=NOW + timedelta(minutes=2))
        note_alarm(alarm_id=alarm.pk, at=NOW + timedelta(minutes=3))
    alarm.refresh_from_db()
    assert (alarm.ended_at, alarm.noted_by) == (NOW + timedelta(minutes=2), watcher.pk)
    assert [row["actor"] for row in security_log(kind="WRITE", act="alarm.note")] == [watcher.pk]
    # The very same message again is another alarm.
    assert receive(forged, at=NOW + timedelta(minutes=4)).times == 2
    assert open_alarms() == {AlarmKind.REFUSED}


def test_messages_that_are_missing_are_an_alarm_until_the_list_is_whole(
    sender: Sender, receive: Take, make_user: Users
) -> None:
    receive(sender.full(niss(1), niss(2)))
    sender.left(niss(1))
    assert receive(sender.left(niss(2))).reason == "gap"
    assert open_alarms() == {AlarmKind.GAP}
    with pytest.raises(ChamberError) as refusal, acting_as(make_user(Role.SECURITY_COORDINATOR).pk):
        note_alarm(alarm_id=Alarm.objects.get().pk, at=NOW)
    assert refusal.value.code == "chamber.ends_by_itself"
    receive(sender.full(niss(1), niss(2)), at=NOW + timedelta(minutes=1))
    assert open_alarms() == set()


def test_the_database_ends_no_refusal_that_nobody_noted(receive: Take) -> None:
    receive(Sender(key=STRANGER).full())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE chamber_alarm SET ended_at = raised_at")
    others_name = "UPDATE chamber_alarm SET ended_at = raised_at, noted_by = gen_random_uuid()"
    with (
        service_work("chamber"),
        pytest.raises(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(others_name)


def test_who_is_appointed_anew_is_not_dormant_from_before(
    bailiffs: Bailiffs, sender: Sender, receive: Take, make_user: Users
) -> None:
    (user,) = bailiffs(1)
    receive(sender.full(*nisses(1)))
    receive(sender.left(niss(1), individual=True))
    user.is_active = True
    user.save()
    appoint(user, Role.BAILIFF, since=TODAY)
    with acting_as(make_user(Role.SECURITY_COORDINATOR).pk):
        found = selectors.difference(on=TODAY)
    assert [(one.id, one.since) for one in found.not_listed] == [(user.pk, TODAY)]
    assert not found.dormant


@pytest.mark.parametrize(
    "read",
    [
        selectors.received_lists,
        selectors.held_lists,
        selectors.open_alarms,
        selectors.open_proposals,
        lambda: selectors.difference(on=TODAY),
        lambda: selectors.list_freshness(now=NOW),
    ],
)
def test_nobody_else_reads_the_list(
    read: Callable[[], object], make_user: Users, security_log: Callable[..., list[Any]]
) -> None:
    for role in set(Role) - {Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER, Role.USER_REGISTRAR}:
        with pytest.raises(Refused), acting_as(make_user(role).pk):
            read()
    assert len(security_log(kind="DENY", act="chamber.view")) == len(Role) - 3


def test_the_user_registrar_closes_a_proposal_once_and_nobody_else_does(
    sender: Sender, receive: Take, make_user: Users
) -> None:
    receive(sender.full(niss(1)))
    receive(sender.delta(change("joined", niss(2))))
    proposal = Proposal.objects.get()
    for role in set(Role) - {Role.USER_REGISTRAR}:
        with pytest.raises(Refused), acting_as(make_user(role).pk):
            close_proposal(proposal_id=proposal.pk, outcome=ProposalOutcome.DONE, at=NOW)
    registrar = make_user(Role.USER_REGISTRAR)
    with acting_as(registrar.pk):
        assert [row.pk for row in selectors.open_proposals()] == [proposal.pk]
        close_proposal(proposal_id=proposal.pk, outcome=ProposalOutcome.DECLINED, at=NOW)
        with pytest.raises(ChamberError):
            close_proposal(proposal_id=proposal.pk, outcome=ProposalOutcome.DONE, at=NOW)
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.closed_by) == (ProposalOutcome.DECLINED, registrar.pk)


@pytest.mark.parametrize("count", [1, 10, 40])
def test_the_report_costs_the_same_whatever_its_length(
    count: int,
    bailiffs: Bailiffs,
    sender: Sender,
    receive: Take,
    make_user: Users,
    django_assert_num_queries: Any,
) -> None:
    bailiffs(count)
    receive(sender.full(niss(900)))
    watcher = make_user(Role.SECURITY_COORDINATOR)
    with acting_as(watcher.pk), django_assert_num_queries(5):
        found = selectors.difference(on=TODAY)
        assert (len(found.not_listed), len(found.not_registered[:25])) == (count, 1)
