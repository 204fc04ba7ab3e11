"""The register of users by its days: what has passed, what runs, and what is still to come."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.models.rights import Right
from secal.access.roles import Mission, Plane, Role
from secal.access.selectors import actor_or_none
from secal.access.services import users
from secal.access.services.users import RegisterError
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import AlimonyFile, Assignment
from tests.access.test_register import RIGHTS, TODAY, Log, MakeUser, appoint_to, newcomer, refused
from tests.changing import change
from tests.stories import register_file

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)
LONG_AGO = date(2019, 1, 1)
ENDED = {"ended_at": None, "ended_by": None, "end_reason": ""}


def lapsed(user: User, role: Role, plane: Plane, *, last: date = date(2019, 12, 31)) -> list[Right]:
    """What this person once did, with a mission, until its own last day."""
    days: dict[str, Any] = {"valid_from": LONG_AGO, "valid_until": last}
    appointment = Appointment.objects.create(user=user, plane=plane, section="Namur", **days)
    return [
        appointment,
        UserRole.objects.create(user=user, appointment=appointment, role=role, plane=plane, **days),
        Charge.objects.create(user=user, mission=Mission.ADVANCES, decision="2019/1", **days),
    ]


def to_come(user: User, role: Role, plane: Plane, *, since: date = TOMORROW) -> Appointment:
    """What this person is to do, entered by somebody before."""
    appointment = Appointment.objects.create(user=user, plane=plane, section=user.section, valid_from=since)
    UserRole.objects.create(user=user, appointment=appointment, role=role, plane=plane, valid_from=since)
    return appointment


def untouched(rights: list[Right]) -> bool:
    return all(
        type(right)._default_manager.filter(pk=right.pk, valid_until=right.valid_until, **ENDED).exists()
        for right in rights
    )


def night() -> int:
    with service_work("appointments"):
        return users.place_staff(on=TODAY)


# --- what has passed -----------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §21")
def test_the_chamber_suspends_a_bailiff_who_once_worked_on_files(make_user: MakeUser) -> None:
    bailiff = make_user(Role.BAILIFF)
    passed = lapsed(bailiff, Role.CASE_OFFICER, Plane.CASEWORK)
    with service_work("chamber"):
        users.suspend(bailiff.pk, reason="chamber.left")
    assert not User.objects.get(pk=bailiff.pk).is_active
    assert actor_or_none(bailiff.pk) is None
    assert untouched(passed)


@pytest.mark.obligation("17/006 §21")
def test_the_keeper_suspends_an_officer_who_once_kept_the_register(keeper: User, officer: User) -> None:
    passed = lapsed(officer, Role.USER_REGISTRAR, Plane.USER_ADMINISTRATION)
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="left")
    assert actor_or_none(officer.pk) is None
    assert untouched(passed), "what ended by its last day was ended by nobody"


def test_the_entry_of_who_kept_the_register_last_stays_with_the_watchers(
    keeper: User, coordinator: User, security_log: Log
) -> None:
    """What the database refuses the service refuses, in words."""
    retired = newcomer()
    lapsed(retired, Role.USER_REGISTRAR, Plane.USER_ADMINISTRATION)
    with refused("plane_not_theirs", security_log), acting_as(keeper.pk):
        users.suspend(retired.pk, reason="left")
    with acting_as(coordinator.pk):
        users.suspend(retired.pk, reason="left")
    assert not User.objects.get(pk=retired.pk).is_active


def test_what_ended_by_its_own_last_day_is_not_ended_again(keeper: User, officer: User) -> None:
    passed = lapsed(officer, Role.CASE_OFFICER, Plane.CASEWORK)
    with acting_as(keeper.pk):
        for right in passed:
            with pytest.raises(RegisterError) as error:
                users.end_right(right, reason="left")
            assert error.value.code == "right.ended"
        users.end_right(officer.appointments.get(section=officer.section), reason="left")
    assert untouched(passed)


# --- what is still to come -----------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[uuid.UUID]:
    """Whom the rooms above were told of as having left."""
    left: list[uuid.UUID] = []
    monkeypatch.setattr(users, "tell_left", left.append)
    return left


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return register_file(registrar=registrar, officer=officer)


def in_charge(officer: User) -> int:
    return Assignment.objects.filter(officer=officer, until_at=None).count()


def test_an_appointment_to_come_is_taken_back_alone(
    keeper: User,
    officer: User,
    file: AlimonyFile,
    client_for: Callable[[User], Client],
    told: list[uuid.UUID],
) -> None:
    browser, now = client_for(officer), officer.appointments.get()
    change(now, valid_until=TODAY)
    held = [now, *officer.roles.all(), *officer.charges.all()]
    later = to_come(officer, Role.REGISTRAR, Plane.REGISTRATION)
    with acting_as(keeper.pk):
        users.end_right(later, reason="moved")
    assert [later.end_reason, later.roles.get().end_reason] == ["moved", "moved"]
    for right in held:
        right.refresh_from_db()
    assert untouched(held)
    assert browser.get(reverse("office:law")).status_code == 200, "nobody is logged out"
    assert (told, in_charge(officer)) == ([], 1)


def test_with_an_appointment_to_come_its_own_missions_are_taken_back(keeper: User, officer: User) -> None:
    missions = officer.charges.count()
    change([officer.appointments.get(), *officer.charges.all()], valid_until=TODAY)
    with acting_as(keeper.pk):
        later = users.appoint(user_id=officer.pk, plane=Plane.CASEWORK, section="Namur", valid_from=TOMORROW)
        users.charge(user_id=officer.pk, mission=Mission.ARREARS, decision="1", valid_from=TOMORROW)
        users.end_right(later, reason="moved")
    assert officer.charges.get(ended_at__isnull=False).valid_from == TOMORROW
    assert len(actor_or_none(officer.pk).missions) == missions  # type: ignore[union-attr]


def test_an_appointment_that_ends_leaves_the_missions_of_the_next(keeper: User, officer: User) -> None:
    change([officer.appointments.get(), *officer.charges.all()], valid_until=TOMORROW)
    after = TOMORROW + timedelta(days=1)
    with acting_as(keeper.pk):
        users.appoint(user_id=officer.pk, plane=Plane.CASEWORK, section="Namur", valid_from=after)
        users.charge(user_id=officer.pk, mission=Mission.ARREARS, decision="1", valid_from=after)
        users.end_right(officer.appointments.get(valid_until=TOMORROW), reason="moved")
    assert officer.charges.get(ended_at=None).valid_from == after


@pytest.mark.obligation("12/057 §22")
def test_an_appointment_taken_back_leaves_its_days_free(keeper: User, officer: User) -> None:
    change(officer.appointments.get(), valid_until=TODAY)
    with acting_as(keeper.pk):
        wrong = users.appoint(
            user_id=officer.pk, plane=Plane.REGISTRATION, section="Liège", valid_from=TOMORROW
        )
        users.end_right(wrong, reason="moved")
        right = users.appoint(user_id=officer.pk, plane=Plane.CASEWORK, section="Liège", valid_from=TOMORROW)
    assert officer.appointments.get(ended_at=None, valid_from=TOMORROW) == right


def test_who_is_to_keep_the_register_is_appointed_to_other_work_until_then(keeper: User) -> None:
    promoted = newcomer()
    to_come(promoted, Role.USER_REGISTRAR, Plane.USER_ADMINISTRATION, since=TODAY + timedelta(days=40))
    with acting_as(keeper.pk):
        users.appoint(
            user_id=promoted.pk,
            plane=Plane.CASEWORK,
            section="Liège",
            valid_from=TODAY,
            valid_until=TODAY + timedelta(days=39),
        )
    promoted.refresh_from_db()
    assert promoted.section == "Liège"


# --- missions ------------------------------------------------------------------------------------------


@pytest.mark.obligation("12/057 §7")
def test_a_mission_stays_inside_the_days_of_an_appointment_to_casework(
    keeper: User, officer: User, registrar: User
) -> None:
    last = TODAY + timedelta(days=30)
    change(officer.appointments.get(), valid_until=last)
    change(officer.charges.all(), valid_until=YESTERDAY)
    with acting_as(keeper.pk):
        for user, first, until in (
            (officer, TODAY, None),
            (officer, TODAY, last + timedelta(days=1)),
            (officer, date(2019, 12, 31), last),
            (registrar, TODAY, TODAY),
        ):
            with pytest.raises(RegisterError) as error:
                users.charge(
                    user_id=user.pk,
                    mission=Mission.ADVANCES,
                    decision="1",
                    valid_from=first,
                    valid_until=until,
                )
            assert error.value.code == "charge.outside_appointment"
        users.charge(
            user_id=officer.pk, mission=Mission.ADVANCES, decision="1", valid_from=TODAY, valid_until=last
        )


# --- two at once ---------------------------------------------------------------------------------------


def test_what_another_ended_meanwhile_has_ended(keeper: User, officer: User) -> None:
    """The page was read before: the second click finds what the first one did."""
    mine, theirs = officer.roles.get(), officer.roles.get()
    with acting_as(keeper.pk):
        users.end_right(theirs, reason="moved")
        with pytest.raises(RegisterError) as error:
            users.end_right(mine, reason="left")
    assert error.value.code == "right.ended"
    assert officer.roles.get().end_reason == "moved"


# --- the night -----------------------------------------------------------------------------------------


@pytest.mark.obligation("12/057 §21", "17/006 §21")
@pytest.mark.parametrize(
    ("plane", "section", "after", "kept"),
    [
        (Plane.CASEWORK, "Bruxelles", 1, 1),
        (Plane.CASEWORK, "Namur", 1, 0),
        (Plane.CASEWORK, "Bruxelles", 2, 0),
        (Plane.REGISTRATION, "Bruxelles", 1, 0),
    ],
)
def test_files_are_given_back_on_the_day_on_which_other_work_begins(
    plane: Plane,
    section: str,
    after: int,
    kept: int,
    keeper: User,
    officer: User,
    file: AlimonyFile,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not when it is entered; and not at all when the same work goes on, in the same section."""
    Assignment.objects.all().delete()
    with monkeypatch.context() as earlier:
        earlier.setattr(timezone, "now", lambda: datetime(2026, 1, 1, tzinfo=UTC))
        Assignment.objects.create(file=file, officer=officer, granted_by=keeper.pk)
    change(officer.appointments.get(), valid_until=TODAY)
    with acting_as(keeper.pk):
        next_one = users.appoint(
            user_id=officer.pk, plane=plane, section=section, valid_from=TODAY + timedelta(days=after)
        )
    night()
    assert in_charge(officer) == 1, "their work of today goes on"
    # The day has come.
    change(officer.appointments.get(valid_until=TODAY), valid_until=TODAY - timedelta(days=after))
    change(next_one, valid_from=TODAY)
    night()
    assert in_charge(officer) == kept


@pytest.mark.obligation("17/006 §21")
def test_whose_last_day_passed_gives_their_files_back_and_the_rooms_are_told(
    officer: User, other_officer: User, file: AlimonyFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(officer.appointments.get(), valid_until=YESTERDAY)
    night()
    assert in_charge(officer) == 0
    told: list[uuid.UUID] = []
    monkeypatch.setattr(users, "tell_left", told.append)
    night()
    assert told == [officer.pk]


def test_a_night_without_the_service_is_made_good(officer: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever began meanwhile is told of at the next."""
    change(officer.roles.get(), valid_from=YESTERDAY)
    told: list[uuid.UUID] = []
    monkeypatch.setattr(users, "tell_joined", lambda user, on: told.append(user))
    night()
    assert told == [officer.pk]


@pytest.mark.obligation("12/057 §22")
def test_a_mover_is_not_appointed_to_another_plane_while_the_first_lasts(keeper: User, officer: User) -> None:
    with acting_as(keeper.pk), pytest.raises(RegisterError) as error:
        users.appoint(user_id=officer.pk, plane=Plane.REGISTRATION, section="Liège", valid_from=TODAY)
    assert error.value.code == "right.overlaps"


@pytest.mark.obligation("12/057 §22")
def test_a_mover_begins_in_the_other_plane_on_another_day_and_keeps_nothing(
    keeper: User, officer: User
) -> None:
    tomorrow = TODAY + timedelta(days=1)
    with acting_as(keeper.pk):
        users.end_right(officer.appointments.get(), reason="moved")
        with pytest.raises(RegisterError):
            users.appoint(user_id=officer.pk, plane=Plane.REGISTRATION, section="Liège", valid_from=TODAY)
        appoint_to(officer, Plane.REGISTRATION, Role.REGISTRAR, since=tomorrow)
    assert actor_or_none(officer.pk) is None
    assert {row.end_reason for model in RIGHTS for row in model.objects.filter(user=officer)} == {"moved", ""}


@pytest.mark.obligation("17/006 §16.1")
def test_a_move_to_another_section_waits_for_its_day(keeper: User, officer: User, security_log: Log) -> None:
    tomorrow = TODAY + timedelta(days=1)
    change(officer.appointments.get(), valid_until=TODAY)
    with acting_as(keeper.pk):
        moved = users.appoint(user_id=officer.pk, plane=Plane.CASEWORK, section="Namur", valid_from=tomorrow)
    here = officer.section
    assert here != "Namur"
    with service_work("appointments"):
        assert users.place_staff(on=TODAY) == 0
    officer.refresh_from_db()
    assert (officer.section, actor_or_none(officer.pk).section) == (here, here)  # type: ignore[union-attr]
    # The day has come.
    change(
        officer.appointments.get(section=here), valid_from=date(2020, 1, 1), valid_until=date(2020, 12, 31)
    )
    change(moved, valid_from=TODAY)
    with service_work("appointments"):
        assert users.place_staff(on=TODAY) == 1
        assert users.place_staff(on=TODAY) == 0
    officer.refresh_from_db()
    assert officer.section == "Namur"
    assert security_log(kind="WRITE", act="user.place", subject=officer.pk)[0]["reason"] == str(moved.pk)


def test_only_the_service_of_the_night_puts_staff_in_their_place(
    keeper: User, officer: User, security_log: Log
) -> None:
    change(officer, section="Elsewhere")
    with refused("no_such_act", security_log), acting_as(keeper.pk):
        users.place_staff(on=TODAY)
