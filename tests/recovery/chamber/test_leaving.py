"""What a departure ends, and what it leaves alone; one that fails; one that was overtaken while it waited."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from recovery.cases.models import MandatePermission
from recovery.chamber import wire
from recovery.chamber.leaving import REASON
from recovery.chamber.models import Alarm, AlarmKind, Departure
from recovery.chamber.polling import poll
from recovery.chamber.services import departures
from recovery.chamber.services.deciding import release
from secal.access.models import Appointment, Charge, Office, User, UserRole
from secal.access.roles import Mission, Plane, Role
from secal.access.selectors import actor_or_none
from secal.access.unit_of_work import acting_as
from secal.people.identifiers import niss_index
from secal.register.wording import reason_text
from tests.conftest import appoint
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import NOW, Sender, member, niss

Bailiffs = Callable[[int], list[User]]
MINUTE, MONTH = timedelta(minutes=1), timedelta(days=30)


def in_casework(user: User, first: date, last: date | None) -> Charge:
    """They work, worked or will work in the office, charged with a mission."""
    days = {"valid_from": first, "valid_until": last}
    appointment = Appointment.objects.create(user=user, plane=Plane.CASEWORK, section="Bruxelles", **days)
    UserRole.objects.create(
        user=user, appointment=appointment, role=Role.CASE_OFFICER, plane=Plane.CASEWORK, **days
    )
    charged: Charge = Charge.objects.create(user=user, mission=Mission.ADVANCES, decision="2018/1", **days)
    return charged


def until(user: User, last: date) -> None:
    """What they may do has a last day."""
    for right in (*user.roles.all(), *user.charges.all(), *user.appointments.all()):
        right.valid_until = last
        right.save()


@pytest.mark.obligation("17/006 §21")
def test_who_worked_elsewhere_before_leaves_like_everybody(
    bailiffs: Bailiffs, sender: Sender, receive: Take
) -> None:
    users = bailiffs(3)
    charge = in_casework(users[0], date(2018, 1, 1), date(2019, 6, 30))
    receive(sender.full(*nisses(3)))
    receive(sender.left(niss(1), niss(2), individual=True))
    assert active(users) == 1
    before, after = users[0].appointments.order_by("valid_from")
    charge.refresh_from_db()
    assert (before.ended_at, charge.ended_at) == (None, None)
    assert (charge.valid_until, after.end_reason) == (date(2019, 6, 30), REASON)
    assert after.ended_at is not None
    assert not Alarm.objects.filter(kind=AlarmKind.FAILED).exists()


@pytest.mark.obligation("17/006 §21")
def test_who_works_in_the_office_until_then_keeps_that_work_and_its_session(
    officer: User, sender: Sender, receive: Take, client_for: Callable[[User], Client], security_log: Any
) -> None:
    """Appointed in the portal for a later day: the Chamber takes that, and nothing of today."""
    last = timezone.localdate() + MONTH
    until(officer, last)
    officer.niss_bi = niss_index(niss(1))
    officer.office = Office.objects.create(name="Étude", arrondissement="bruxelles")
    officer.save()
    appoint(officer, Role.BAILIFF, since=last + timedelta(days=1))
    browser = client_for(officer)
    assert browser.get("/dossiers/a-faire/").status_code == 200
    receive(sender.full(niss(1)))
    receive(sender.left(niss(1), individual=True))
    officer.refresh_from_db()
    assert officer.is_active
    assert not officer.roles.filter(role=Role.BAILIFF, ended_at=None).exists()
    assert officer.charges.filter(ended_at=None).count() == len(Mission)
    assert actor_or_none(officer.pk) is not None
    assert browser.get("/dossiers/a-faire/").status_code == 200
    assert Departure.objects.get().carried_out_at == NOW
    assert [row["subject"] for row in security_log(kind="WRITE", act="user.end")] == [officer.pk]
    assert not security_log(kind="WRITE", act="user.suspend")


@pytest.mark.obligation("17/006 §21")
def test_who_goes_to_the_office_later_loses_the_portal_and_its_files_at_once(
    bailiff: User, sender: Sender, receive: Take
) -> None:
    last = timezone.localdate() + MONTH
    until(bailiff, last)
    charge = in_casework(bailiff, last + timedelta(days=1), None)
    receive(sender.full(niss(1), niss(2)))
    assert MandatePermission.objects.filter(user=bailiff).exists()
    receive(sender.left(niss(1), individual=True))
    assert actor_or_none(bailiff.pk) is None
    assert not MandatePermission.objects.filter(user=bailiff).exists()
    charge.refresh_from_db()
    assert charge.ended_at is None
    assert User.objects.get(pk=bailiff.pk).is_active


def failing_for(user: User) -> Callable[..., bool]:
    """The database refuses to end their access."""
    plain = departures.end_access

    def end_access(departure: Any, **when: Any) -> bool:
        if departure.user_id == user.pk:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1 / 0")
        return plain(departure, **when)

    return end_access


@pytest.mark.obligation("17/006 §21")
def test_a_departure_that_fails_keeps_nobody_else_in_and_is_an_alarm(
    bailiffs: Bailiffs, sender: Sender, receive: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = bailiffs(3)
    receive(sender.full(*nisses(3)))
    with monkeypatch.context() as failing:
        failing.setattr(departures, "end_access", failing_for(users[0]))
        receive(sender.left(niss(1), niss(2), individual=True))
        poll(clock=lambda: NOW + MINUTE)
        assert (active(users[:1]), active(users[1:2]), active(users[2:])) == (1, 0, 1)
        assert Departure.objects.filter(carried_out_at=None).get().user_id == users[0].pk
        assert Alarm.objects.get(ended_at=None).kind == AlarmKind.FAILED
    poll(clock=lambda: NOW + 2 * MINUTE)
    assert active(users) == 1
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_a_lapse_that_fails_is_noted_once(
    bailiffs: Bailiffs, sender: Sender, receive: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = bailiffs(12)
    others = [member(one) for one in nisses(12)[1:]]
    receive(sender.full_of(member(niss(1), valid_until="2026-11-22"), *others))
    monkeypatch.setattr(departures, "end_access", failing_for(users[0]))
    for minutes in range(3):
        poll(clock=lambda minutes=minutes: NOW + timedelta(days=1, minutes=minutes))  # type: ignore[misc]
    assert Departure.objects.count() == 1


def test_whatever_goes_wrong_with_fetching_who_leaves_does_so(
    bailiffs: Bailiffs, sender: Sender, receive: Take, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    (user,) = bailiffs(1)
    receive(sender.full(niss(1)))
    Departure.objects.create(user=user, cause="left", individual=True, noted_at=NOW)
    settings.CHAMBER_URL = "http://127.0.0.1:1/list"

    def broken(_sequence: int) -> bytes:
        raise RuntimeError("broken")

    monkeypatch.setattr(wire, "fetch_next", broken)
    with pytest.raises(RuntimeError, match="broken"):
        poll(clock=lambda: NOW + timedelta(hours=30))
    assert active([user]) == 0
    assert Alarm.objects.get(ended_at=None).kind == AlarmKind.SILENCE


@pytest.mark.obligation("17/006 §21")
def test_who_was_appointed_anew_while_a_list_waited_stays_until_a_newer_list_says_otherwise(
    bailiffs: Bailiffs, sender: Sender, receive: Take, make_user: Callable[..., User], keeper: User
) -> None:
    users = bailiffs(10)
    receive(sender.full(*nisses(10)))
    held = receive(sender.full(*nisses(10)[5:]), at=NOW + MINUTE)
    appointment = users[0].appointments.get()
    for right in (*users[0].roles.all(), appointment):
        right.ended_at, right.ended_by, right.end_reason = NOW + 2 * MINUTE, keeper.pk, "moved"
        right.valid_until = NOW.date()
        right.save()
    with time_machine.travel(NOW + 3 * MINUTE):
        appoint(users[0], Role.BAILIFF, since=NOW.date() + timedelta(days=1))
    for role in (Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER):
        with acting_as(make_user(role).pk):
            release(list_id=held.pk, at=NOW + 4 * MINUTE)
    poll(clock=lambda: NOW + 5 * MINUTE)
    assert (active(users[:1]), active(users[1:5])) == (1, 0)
    assert Departure.objects.get(user=users[0]).overtaken
    assert not Departure.objects.filter(overtaken=True).exclude(user=users[0]).exists()
    receive(sender.full(*nisses(10)[5:]), at=NOW + 6 * MINUTE)
    assert active(users[:1]) == 0


def test_the_reason_of_a_departure_has_words() -> None:
    assert reason_text(REASON) == "Liste de la Chambre nationale"
