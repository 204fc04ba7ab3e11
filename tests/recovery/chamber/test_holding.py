"""Too many at once: held, and carried out when two watchers said so. Measured against the last full list."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from recovery.chamber.errors import ChamberError
from recovery.chamber.models import (
    Alarm,
    AlarmKind,
    Departure,
    HoldDecision,
    Member,
    ReceivedList,
    ReceivedOutcome,
    Release,
)
from recovery.chamber.polling import poll
from recovery.chamber.rules import too_many
from recovery.chamber.services.deciding import release, set_aside
from recovery.chamber.wording import MASS
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import NOW, Sender, change, member, niss
from tests.recovery.chamber.test_feed import only, serving

Users = Callable[..., User]
Bailiffs = Callable[[int], list[User]]


@pytest.mark.parametrize(
    ("leaving", "before", "users", "held"),
    [
        (9, 0, 100, False),
        (10, 0, 100, False),
        (11, 0, 100, True),
        (24, 0, 1000, False),
        (25, 0, 1000, True),
        (1, 10, 100, True),
        (1, 9, 100, False),
        (0, 50, 100, False),
        (1, 0, 10, False),
        (1, 0, 9, True),
        (1, 0, 0, True),
        (15, 10, 1000, True),
    ],
)
def test_more_than_a_tenth_or_twenty_five_people_at_once_are_held(
    leaving: int, before: int, users: int, held: bool
) -> None:
    assert too_many(leaving=leaving, before=before, users=users) is held


@pytest.mark.obligation("17/006 §21")
@pytest.mark.parametrize(("leaving", "held"), [(9, False), (10, False), (11, True)])
@pytest.mark.parametrize("as_full", [False, True], ids=["delta", "full"])
def test_nine_and_ten_of_a_hundred_go_and_eleven_are_held(
    bailiffs: Bailiffs, sender: Sender, receive: Take, leaving: int, held: bool, as_full: bool
) -> None:
    users = bailiffs(100)
    receive(sender.full(*nisses(100)))
    gone = nisses(leaving)
    row = receive(sender.full(*nisses(100)[leaving:]) if as_full else sender.left(*gone))
    assert (row.outcome, row.reason) == (
        (ReceivedOutcome.HELD, MASS) if held else (ReceivedOutcome.ACCEPTED, "")
    )
    assert active(users) == (100 if held else 100 - leaving)
    assert Member.objects.count() == (100 if held else 100 - leaving)
    assert Departure.objects.filter(carried_out_at=None).count() == (leaving if held else 0)


@pytest.mark.obligation("17/006 §21")
def test_users_who_never_stood_on_a_list_let_no_empty_one_pass(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(40)
    assert receive(sender.full(*nisses(2))).active_users == 2
    row = receive(sender.full())
    assert (row.outcome, row.reason) == (ReceivedOutcome.HELD, MASS)
    assert active(users) == 40


@pytest.mark.obligation("17/006 §21")
def test_small_steps_since_the_last_full_list_add_up(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(40)
    receive(sender.full(*nisses(40)))
    outcomes = [receive(sender.left(niss(number))).outcome for number in range(1, 6)]
    assert outcomes == [ReceivedOutcome.ACCEPTED] * 4 + [ReceivedOutcome.HELD]
    assert active(users) == 36


def test_a_full_list_that_was_accepted_begins_the_count_anew(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(40)
    receive(sender.full(*nisses(40)))
    receive(sender.left(*nisses(4)))
    assert receive(sender.full(*nisses(40)[4:]), at=NOW + timedelta(minutes=1)).active_users == 36
    later = NOW + timedelta(minutes=2)
    assert receive(sender.left(niss(5), niss(6), niss(7)), at=later).outcome == ReceivedOutcome.ACCEPTED
    assert active(users) == 33


@pytest.mark.obligation("17/006 §21")
def test_whoever_is_named_individually_leaves_at_once_whatever_their_number(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(20)
    receive(sender.full(*nisses(20)))
    assert receive(sender.left(*nisses(8), individual=True)).outcome == ReceivedOutcome.ACCEPTED
    assert active(users) == 12
    # They count for nothing in what is held, and leave out of a list that is.
    mixed = [change("left", niss(9), individual=True)]
    mixed += [change("left", niss(number)) for number in range(10, 14)]
    assert receive(sender.delta(*mixed)).outcome == ReceivedOutcome.HELD
    assert active(users) == 11
    assert active(users[8:9]) == 0


@pytest.fixture
def watchers(make_user: Users) -> tuple[User, User]:
    return make_user(Role.SECURITY_COORDINATOR), make_user(Role.DATA_PROTECTION_OFFICER)


@pytest.fixture
def held(bailiffs: Bailiffs, sender: Sender, receive: Take) -> tuple[Any, list[User]]:
    """Ten users, of whom a list that is held says that five left."""
    users = bailiffs(10)
    receive(sender.full(*nisses(10)))
    row = receive(sender.full(*nisses(10)[5:]), at=NOW + timedelta(minutes=1))
    assert Alarm.objects.filter(kind=AlarmKind.HELD, ended_at=None).exists()
    return row, users


def agree(user: User, row: Any) -> None:
    with acting_as(user.pk):
        release(list_id=row.pk, at=NOW + timedelta(minutes=2))


@pytest.mark.obligation("17/006 §21")
def test_two_watchers_release_a_list_and_the_feed_carries_it_out(
    watchers: tuple[User, User], held: tuple[Any, list[User]]
) -> None:
    row, users = held
    coordinator, dpo = watchers
    agree(coordinator, row)
    poll(clock=lambda: NOW + timedelta(minutes=3))
    assert active(users) == 10
    agree(dpo, row)
    poll(clock=lambda: NOW + timedelta(minutes=4))
    assert active(users) == 5
    row.refresh_from_db()
    assert row.decision == HoldDecision.RELEASED
    assert not Alarm.objects.filter(kind=AlarmKind.HELD, ended_at=None).exists()


def test_one_person_or_one_role_never_releases(
    watchers: tuple[User, User], held: tuple[Any, list[User]], make_user: Users
) -> None:
    row, users = held
    coordinator, _dpo = watchers
    agree(coordinator, row)
    for user, code in ((coordinator, "same_person"), (make_user(Role.SECURITY_COORDINATOR), "same_role")):
        with pytest.raises(ChamberError) as refusal:
            agree(user, row)
        assert refusal.value.code == f"chamber.{code}"
    poll(clock=lambda: NOW + timedelta(minutes=3))
    assert active(users) == 10


def test_nobody_else_decides_about_a_held_list(
    held: tuple[Any, list[User]], make_user: Users, security_log: Callable[..., list[Any]]
) -> None:
    row, users = held
    for role in set(Role) - {Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER}:
        user = make_user(role)
        for decide in (release, set_aside):
            with pytest.raises(Refused), acting_as(user.pk):
                decide(list_id=row.pk, at=NOW)
    assert len(security_log(kind="DENY", act="chamber.release")) == 2 * (len(Role) - 2)
    with pytest.raises(Refused), service_work("chamber"):
        release(list_id=row.pk, at=NOW)
    assert not Release.objects.exists()
    assert active(users) == 10


def test_a_list_set_aside_is_never_carried_out(
    watchers: tuple[User, User], held: tuple[Any, list[User]]
) -> None:
    row, users = held
    coordinator, dpo = watchers
    with acting_as(dpo.pk):
        set_aside(list_id=row.pk, at=NOW + timedelta(minutes=2))
    with pytest.raises(ChamberError) as refusal:
        agree(coordinator, row)
    assert refusal.value.code == "chamber.not_held"
    poll(clock=lambda: NOW + timedelta(minutes=3))
    assert active(users) == 10


def test_a_newer_full_list_takes_the_place_of_the_one_that_waits(
    held: tuple[Any, list[User]], sender: Sender, receive: Take
) -> None:
    row, users = held
    assert (
        receive(sender.full(*nisses(10)), at=NOW + timedelta(minutes=5)).outcome == ReceivedOutcome.ACCEPTED
    )
    row.refresh_from_db()
    assert row.decision == HoldDecision.SUPERSEDED
    assert active(users) == 10
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_what_two_persons_released_does_not_hold_the_next_list(
    watchers: tuple[User, User], held: tuple[Any, list[User]], sender: Sender, receive: Take
) -> None:
    row, users = held
    for watcher in watchers:
        agree(watcher, row)
    poll(clock=lambda: NOW + timedelta(minutes=3))
    later = NOW + timedelta(minutes=4)
    assert receive(sender.full(*nisses(10)[5:]), at=later).outcome == ReceivedOutcome.ACCEPTED
    assert (active(users), Member.objects.count()) == (5, 5)


@pytest.mark.obligation("17/006 §21")
def test_what_two_persons_released_is_not_held_again_when_a_full_list_is_fetched_first(
    watchers: tuple[User, User], held: tuple[Any, list[User]], sender: Sender, settings: Any
) -> None:
    row, users = held
    for watcher in watchers:
        agree(watcher, row)
    whole = sender.full(*nisses(10)[5:])
    with serving(only({"/list/full": whole})) as (settings.CHAMBER_URL, asked):
        counts = poll(clock=lambda: NOW + timedelta(minutes=3))
    assert asked == ["/list/after/2", "/list/full"]
    assert counts == {ReceivedOutcome.ACCEPTED: 1}
    assert (active(users), Member.objects.count()) == (5, 5)
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_many_periods_that_end_together_wait_too(bailiffs: Bailiffs, sender: Sender, receive: Take) -> None:
    users = bailiffs(20)
    ends = [member(one, valid_until="2026-11-22") for one in nisses(20)]
    receive(sender.full_of(*ends))
    poll(clock=lambda: NOW + timedelta(days=1))
    assert active(users) == 20
    assert Alarm.objects.filter(kind=AlarmKind.LAPSE, ended_at=None).exists()


@pytest.mark.obligation("17/006 §21")
@pytest.mark.parametrize("renewed", [False, True])
def test_periods_that_end_together_are_settled_by_a_full_list(
    bailiffs: Bailiffs,
    sender: Sender,
    receive: Take,
    settings: Any,
    watchers: tuple[User, User],
    renewed: bool,
) -> None:
    users = bailiffs(20)
    ends = [member(one, valid_until="2026-11-22") for one in nisses(20)]
    receive(sender.full_of(*ends))
    later = NOW + timedelta(days=1)
    poll(clock=lambda: later)
    sender.made_at = later
    whole = sender.full(*nisses(20)) if renewed else sender.full_of(*ends)
    with serving(only({"/list/full": whole})) as (settings.CHAMBER_URL, asked):
        for minutes in (1, 2):
            poll(clock=lambda minutes=minutes: later + timedelta(minutes=minutes))  # type: ignore[misc]
    assert asked.count("/list/full") == 1
    if not renewed:
        row = ReceivedList.objects.get(outcome=ReceivedOutcome.HELD)
        assert active(users) == 20
        for watcher in watchers:
            with acting_as(watcher.pk):
                release(list_id=row.pk, at=later + timedelta(minutes=3))
        settings.CHAMBER_URL = ""
        poll(clock=lambda: later + timedelta(minutes=4))
    assert active(users) == (20 if renewed else 0)
    assert not Alarm.objects.filter(ended_at=None).exists()


# The database


def refused_by_database(statement: str, *values: object) -> None:
    with (
        pytest.raises((IntegrityError, ProgrammingError)),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement, values)


def test_the_database_releases_nothing_without_two_persons_in_two_roles(
    watchers: tuple[User, User], held: tuple[Any, list[User]], make_user: Users
) -> None:
    row, users = held
    coordinator, _dpo = watchers
    other = make_user(Role.SECURITY_COORDINATOR)
    released = "UPDATE chamber_receivedlist SET decision = 'released', decided_at = now() WHERE id = %s"
    gone = "UPDATE chamber_departure SET carried_out_at = noted_at WHERE list_id = %s"
    refused_by_database(released, row.pk)
    refused_by_database(gone, row.pk)
    agree(coordinator, row)
    refused_by_database(released, row.pk)
    second = (
        "UPDATE chamber_release SET second_by_id = %s, second_role = %s, second_at = now() WHERE list_id = %s"
    )
    refused_by_database(second, coordinator.pk, "dpo", row.pk)
    refused_by_database(second, other.pk, "security_coordinator", row.pk)
    refused_by_database(second, other.pk, "bailiff", row.pk)
    refused_by_database("UPDATE chamber_departure SET individual = true WHERE list_id = %s", row.pk)
    refused_by_database("UPDATE chamber_receivedlist SET outcome = 'accepted' WHERE id = %s", row.pk)
    refused_by_database("DELETE FROM chamber_receivedlist WHERE id = %s", row.pk)
    refused_by_database(
        "INSERT INTO chamber_departure (id, list_id, user_id, cause, individual, noted_at, carried_out_at)"
        " VALUES (gen_random_uuid(), %s, %s, 'left', false, now(), now())",
        row.pk,
        users[9].pk,
    )
    assert active(users) == 10
