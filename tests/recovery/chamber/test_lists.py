"""What a list does to our register: it takes away and proposes, and never gives."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from recovery.cases.models import MandatePermission
from recovery.chamber.models import (
    Cause,
    Channel,
    Departure,
    Member,
    Proposal,
    ProposalKind,
    ProposalOutcome,
    ReceivedOutcome,
)
from recovery.chamber.polling import poll, take
from secal.access.actors import service_actor
from secal.access.models import Office, User, UserRole
from secal.access.roles import Role
from secal.access.selectors import actor_or_none
from secal.people.identifiers import niss_index
from tests.conftest import appoint
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import NOW, Sender, change, member, niss

Bailiffs = Callable[[int], list[User]]
Log = Callable[..., list[dict[str, Any]]]


@pytest.mark.obligation("17/006 §21")
def test_who_leaves_the_list_loses_account_and_mandated_files_in_the_same_transaction(
    bailiff: User, sender: Sender, receive: Take, security_log: Log
) -> None:
    receive(sender.full(niss(1), niss(2)))
    assert MandatePermission.objects.filter(user=bailiff).exists()
    row = receive(sender.left(niss(1), individual=True))
    assert row.outcome == ReceivedOutcome.ACCEPTED
    assert actor_or_none(bailiff.pk) is None
    assert not MandatePermission.objects.filter(user=bailiff).exists()
    departure = Departure.objects.get()
    assert (departure.user_id, departure.cause, departure.carried_out_at) == (
        bailiff.pk,
        Cause.LEFT,
        NOW,
    )
    (written,) = security_log(kind="WRITE", act="user.suspend")
    assert (written["subject"], written["reason"]) == (bailiff.pk, "chamber.left")
    for right in (bailiff.appointments.get(), bailiff.roles.get()):
        assert (right.ended_by, right.end_reason) == (service_actor("chamber").id, "chamber.left")
    assert [entry["reason"] for entry in security_log(kind="JOB", act="chamber.receive")] == ["accepted"] * 2


@pytest.mark.obligation("17/006 §21")
def test_who_is_missing_from_the_next_full_list_has_left(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(20)
    receive(sender.full(*nisses(20)))
    receive(sender.full(*nisses(19)))
    assert active(users) == 19
    assert Member.objects.count() == 19


@pytest.mark.parametrize(
    ("what", "changes", "cause", "proposed"),
    [
        ("office_changed", {"office": "ET-9"}, Cause.OFFICE, ProposalKind.MOVED),
        ("function_changed", {"capacity": "staff"}, Cause.FUNCTION, ProposalKind.CHANGED),
    ],
)
@pytest.mark.parametrize("as_full", [False, True])
def test_who_changes_office_or_function_loses_what_was_given_for_the_old_one(
    bailiffs: Bailiffs,
    sender: Sender,
    receive: Take,
    what: str,
    changes: dict[str, str],
    cause: Cause,
    proposed: ProposalKind,
    as_full: bool,
) -> None:
    users = bailiffs(12)
    receive(sender.full(*nisses(12)))
    if as_full:
        receive(sender.full_of(member(niss(1), **changes), *(member(one) for one in nisses(12)[1:])))
    else:
        receive(sender.delta(change(what, niss(1), **changes)))
    assert active(users[:1]) == 0
    assert active(users[1:]) == 11
    assert Departure.objects.get().cause == cause
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.user_id, proposal.outcome) == (proposed, users[0].pk, "")


@pytest.mark.obligation("17/006 §21")
def test_who_comes_back_in_another_office_regains_nothing(
    bailiff: User, sender: Sender, receive: Take
) -> None:
    receive(sender.full(niss(1)))
    receive(sender.left(niss(1), individual=True))
    roles = UserRole.objects.count()
    receive(sender.delta(change("joined", niss(1), office="ET-7")))
    assert actor_or_none(bailiff.pk) is None
    assert not User.objects.get(pk=bailiff.pk).is_active
    assert not MandatePermission.objects.filter(user=bailiff).exists()
    assert UserRole.objects.count() == roles
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.user_id) == (ProposalKind.RETURNED, bailiff.pk)


def test_who_joins_is_proposed_and_no_user_is_made(bailiffs: Bailiffs, sender: Sender, receive: Take) -> None:
    bailiffs(2)
    users = User.objects.count()
    receive(sender.full(*nisses(2)))
    receive(sender.delta(change("joined", niss(3))))
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.user_id) == (ProposalKind.JOINED, None)
    assert User.objects.count() == users
    receive(sender.left(niss(3)))
    proposal.refresh_from_db()
    assert proposal.outcome == ProposalOutcome.WITHDRAWN


def test_the_first_list_proposes_nobody(bailiffs: Bailiffs, sender: Sender, receive: Take) -> None:
    users = bailiffs(2)
    receive(sender.full(*nisses(8)))
    assert not Proposal.objects.exists()
    assert active(users) == 2


def test_a_period_that_ran_out_ends_access_without_a_message(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(12)
    others = [member(one) for one in nisses(12)[1:]]
    receive(sender.full_of(member(niss(1), valid_until="2026-11-23"), *others))
    poll(clock=lambda: NOW + timedelta(days=1))
    assert active(users) == 12
    poll(clock=lambda: NOW + timedelta(days=2))
    assert active(users[:1]) == 0
    assert active(users) == 11
    assert Departure.objects.get().cause == Cause.LAPSED


def test_the_feed_ends_no_access_outside_the_portal(officer: User, sender: Sender, receive: Take) -> None:
    officer.niss_bi = niss_index(niss(1))
    officer.save()
    receive(sender.full(niss(1)))
    receive(sender.left(niss(1), individual=True))
    assert actor_or_none(officer.pk) is not None
    assert not Departure.objects.exists()


def test_who_is_appointed_for_a_later_day_loses_that_too(sender: Sender, receive: Take) -> None:
    office = Office.objects.create(name="Étude", arrondissement="bruxelles")
    user = User.objects.create(subject="later", section="", office=office, niss_bi=niss_index(niss(1)))
    appoint(user, Role.BAILIFF, since=timezone.localdate() + timedelta(days=10))
    receive(sender.full(niss(1)))
    receive(sender.left(niss(1), individual=True))
    assert not UserRole.objects.filter(user=user, ended_at=None).exists()
    assert not User.objects.get(pk=user.pk).is_active


@pytest.mark.obligation("17/006 §21")
def test_who_is_appointed_for_the_day_on_which_their_period_begins_stays(
    sender: Sender, receive: Take
) -> None:
    begins = timezone.localdate() + timedelta(days=10)
    office = Office.objects.create(name="Étude", arrondissement="bruxelles")
    user = User.objects.create(subject="later", section="", office=office, niss_bi=niss_index(niss(1)))
    appoint(user, Role.BAILIFF, since=begins)
    row = receive(sender.full_of(member(niss(1), valid_from=begins.isoformat())))
    assert (row.outcome, row.active_users) == (ReceivedOutcome.ACCEPTED, 1)
    poll(clock=lambda: NOW + timedelta(minutes=1))
    receive(sender.full_of(member(niss(1), valid_from=begins.isoformat())), at=NOW + timedelta(minutes=2))
    assert active([user]) == 1
    assert UserRole.objects.filter(user=user, ended_at=None).exists()
    assert not Departure.objects.exists()
    assert not Proposal.objects.exists()


def test_a_period_to_come_takes_away_today_and_nothing_later(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(12)
    begins = timezone.localdate() + timedelta(days=40)
    last = begins - timedelta(days=1)
    for right in (*users[0].roles.all(), users[0].appointments.get()):
        right.valid_until = last
        right.save()
    later = appoint(users[0], Role.BAILIFF, since=begins)
    others = [member(one) for one in nisses(12)[1:]]
    receive(sender.full_of(member(niss(1), valid_from=begins.isoformat()), *others))
    assert actor_or_none(users[0].pk) is None
    later.refresh_from_db()
    assert (later.ended_at, active(users)) == (None, 12)
    assert Departure.objects.get().cause == Cause.LAPSED


def test_who_changes_office_for_a_later_day_loses_what_was_given_for_the_old_one(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(12)
    begins = (timezone.localdate() + timedelta(days=10)).isoformat()
    receive(sender.full(*nisses(12)))
    receive(sender.delta(change("office_changed", niss(1), office="ET-9", valid_from=begins)))
    assert (active(users[:1]), Departure.objects.get().cause) == (0, Cause.OFFICE)
    assert Proposal.objects.get().kind == ProposalKind.MOVED


def test_who_begins_on_a_later_day_is_proposed_when_it_is_said(
    make_user: Callable[..., User], sender: Sender, receive: Take
) -> None:
    former = make_user(Role.BAILIFF)
    former.is_active, former.niss_bi = False, niss_index(niss(2))
    former.save()
    begins = (timezone.localdate() + timedelta(days=10)).isoformat()
    receive(sender.full(niss(1)))
    receive(sender.delta(*(change("joined", niss(number), valid_from=begins) for number in (2, 3))))
    found = Proposal.objects.order_by("kind").values_list("kind", "user_id")
    assert list(found) == [(ProposalKind.JOINED, None), (ProposalKind.RETURNED, former.pk)]
    again = [member(niss(1)), *(member(niss(number), valid_from=begins) for number in (2, 3))]
    receive(sender.full_of(*again), at=NOW + timedelta(minutes=1))
    assert Proposal.objects.count() == 2


@pytest.mark.parametrize("by_day", [0, 10])
def test_who_lapsed_and_is_renewed_is_proposed(
    by_day: int, bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(12)
    others = [member(one) for one in nisses(12)[1:]]
    receive(sender.full_of(member(niss(1), valid_until="2026-11-22"), *others))
    later = NOW + timedelta(days=1)
    poll(clock=lambda: later)
    assert active(users[:1]) == 0
    sender.made_at = later
    begins = (later + timedelta(days=by_day)).date().isoformat()
    receive(sender.full_of(member(niss(1), valid_from=begins), *others), at=later)
    proposal = Proposal.objects.get()
    assert (proposal.kind, proposal.user_id) == (ProposalKind.RETURNED, users[0].pk)
    assert active(users[:1]) == 0


def test_a_member_without_account_leaves_no_row_behind(sender: Sender, receive: Take) -> None:
    receive(sender.full(niss(1), niss(2)))
    receive(sender.left(niss(1)))
    assert list(Member.objects.values_list("niss_bi", flat=True)) == [niss_index(niss(2))]


@pytest.mark.obligation("17/006 §20")
def test_no_niss_is_kept_anywhere(
    bailiffs: Bailiffs, sender: Sender, caplog: pytest.LogCaptureFixture
) -> None:
    bailiffs(3)
    for raw in (sender.full(*nisses(3)), sender.left(niss(1), individual=True), b"\x00broken"):
        take(raw, channel=Channel.FETCHED, at=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_name LIKE 'chamber_%'")
        tables = [name for (name,) in cursor.fetchall()]
        assert len(tables) == 6
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            kept = cursor.fetchone()[0] or ""
            assert not [one for one in nisses(3) if one in kept], table
    assert not [one for one in nisses(3) if one in caplog.text]
