"""The law of a bailiff's act at its moment, and the clocks of a title."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from recovery.cases.models import ActKind
from recovery.portal.errors import PortalError
from recovery.portal.rules import (
    Deadline,
    DeadlineKind,
    Standstill,
    TitleFacts,
    check_act,
    check_execution,
    deadlines,
    next_deadline,
    next_step,
)
from secal.law.onss import execution_parameters

BRUSSELS = ZoneInfo("Europe/Brussels")
HOURS = execution_parameters(on=date(2025, 3, 14))


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BRUSSELS)


def acted(when: datetime, **told: Any) -> None:
    known: dict[str, Any] = {
        "kind": ActKind.ATTACHMENT,
        "place": "bruxelles",
        "allowed_place": "bruxelles",
        "allowed_place_name": "Bruxelles",
        "given_on": date(2025, 1, 2),
        "now": at(2025, 12, 31),
        "leave_on": None,
        "parameters": HOURS,
    }
    check_act(at=when, **{**known, **told})


@pytest.mark.obligation("17/006 §4")
@pytest.mark.parametrize(
    ("when", "allowed"),
    [
        (at(2025, 3, 14, 6, 0), True),
        (at(2025, 3, 14, 5, 59), False),
        (at(2025, 3, 14, 20, 59), True),
        (at(2025, 3, 14, 21, 0), False),
        (at(2025, 3, 15, 10, 0), False),  # Saturday
        (at(2025, 3, 16, 10, 0), False),  # Sunday
        (at(2025, 4, 21, 10, 0), False),  # Easter Monday
    ],
)
def test_nothing_is_served_or_executed_at_night_or_on_a_free_day(when: datetime, allowed: bool) -> None:
    if allowed:
        acted(when)
        return
    with pytest.raises(PortalError) as refused:
        acted(when)
    assert refused.value.code == "act.hours"
    acted(when, leave_on=date(2025, 3, 13))
    acted(when, kind=ActKind.OTHER)


def test_leave_of_the_judge_comes_before_the_act() -> None:
    with pytest.raises(PortalError) as refused:
        acted(at(2025, 3, 15), leave_on=date(2025, 3, 16))
    assert refused.value.code == "act.leave_late"


def test_a_bailiff_of_liege_does_nothing_in_namur() -> None:
    with pytest.raises(PortalError) as refused:
        acted(at(2025, 3, 14), place="namur", allowed_place="liege")
    assert refused.value.code == "act.place"


@pytest.mark.parametrize(
    ("when", "code"), [(at(2026, 1, 5), "act.future"), (at(2024, 12, 31), "act.before_mandate")]
)
def test_an_act_lies_between_the_mandate_and_now(when: datetime, code: str) -> None:
    with pytest.raises(PortalError) as refused:
        acted(when)
    assert refused.value.code == code


def executed(when: datetime, title: TitleFacts, **told: Any) -> None:
    known: dict[str, Any] = {"kind": ActKind.MOVABLE_SEIZURE, "leave_on": None}
    check_execution(title=title, at=when, parameters=HOURS, **{**known, **told})


FRIDAY = TitleFacts(served_at=at(2025, 3, 14, 16), opposition_until=date(2025, 4, 14))


@pytest.mark.obligation("17/006 §4")
def test_a_constraint_served_on_friday_afternoon_is_executed_on_monday_morning() -> None:
    """Golden case 19."""
    for too_early in (at(2025, 3, 15, 17), at(2025, 3, 17, 5, 59)):
        with pytest.raises(PortalError) as refused:
            executed(too_early, FRIDAY)
        assert refused.value.code == "act.too_early"
        assert "17/03/2025 06:00" in refused.value.text()
    executed(at(2025, 3, 17, 6), FRIDAY)
    executed(at(2025, 3, 14, 17), FRIDAY, kind=ActKind.ORDER_TO_PAY)


def test_leave_lifts_the_hours_and_never_the_order_to_pay() -> None:
    with pytest.raises(PortalError):
        executed(at(2025, 3, 15, 15), FRIDAY, leave_on=date(2025, 3, 14))
    executed(at(2025, 3, 15, 17), FRIDAY, leave_on=date(2025, 3, 14))


def test_nothing_is_executed_before_service_and_a_conservatory_seizure_needs_none() -> None:
    with pytest.raises(PortalError) as refused:
        executed(at(2025, 3, 17), TitleFacts())
    assert refused.value.code == "act.not_served"
    executed(at(2025, 3, 17), TitleFacts(), kind=ActKind.CONSERVATORY_SEIZURE)


@pytest.mark.parametrize(
    ("day", "allowed"),
    [(31, True), (1, False), (15, False), (20, True)],
    ids=["before", "first", "pending", "decided"],
)
def test_an_opposition_blocks_execution_from_its_day_until_it_is_decided(day: int, allowed: bool) -> None:
    title = TitleFacts(served_at=at(2025, 3, 14), opposed_on=date(2025, 4, 1), decided_on=date(2025, 4, 17))
    when = at(2025, 3, day) if day == 31 else at(2025, 4, 22 if day == 20 else day)
    if allowed:
        executed(when, title)
        return
    with pytest.raises(PortalError) as refused:
        executed(when, title, kind=ActKind.SALE)
    assert refused.value.code == "act.opposed"


def test_a_title_to_be_served_has_one_clock_and_a_served_one_has_four() -> None:
    now = at(2025, 3, 14, 18)
    waiting = deadlines(TitleFacts(lapses_on=date(2025, 9, 1)), now=now, parameters=None)
    assert [(clock.kind, clock.day) for clock in waiting] == [(DeadlineKind.SERVE, date(2025, 9, 1))]
    served = TitleFacts(FRIDAY.served_at, FRIDAY.opposition_until, lapses_on=date(2028, 3, 14))
    clocks = deadlines(served, now=now, parameters=HOURS)
    assert [(clock.kind, clock.day, clock.over) for clock in clocks] == [
        (DeadlineKind.ORDER_TO_PAY, date(2025, 3, 15), False),
        (DeadlineKind.EXECUTION, date(2025, 3, 17), False),
        (DeadlineKind.OPPOSITION, date(2025, 4, 14), False),
        (DeadlineKind.LAPSE, date(2028, 3, 14), False),
    ]
    later = deadlines(served, now=at(2025, 4, 1), parameters=HOURS)
    nearest = next_deadline(later)
    assert nearest is not None
    assert (nearest.kind, later[-1].over) == (DeadlineKind.OPPOSITION, True)


def test_an_opposed_title_shows_no_day_of_execution() -> None:
    title = TitleFacts(FRIDAY.served_at, FRIDAY.opposition_until, opposed_on=date(2025, 3, 20))
    kinds = {clock.kind for clock in deadlines(title, now=at(2025, 3, 21), parameters=HOURS)}
    assert kinds & {DeadlineKind.EXECUTION, DeadlineKind.OPPOSITION} == set()


@pytest.mark.parametrize("remit", [None, Deadline(DeadlineKind.REMIT, date(2025, 5, 1))])
@pytest.mark.parametrize(
    ("paid", "opposed", "standstill"),
    [(True, False, Standstill.PAID), (True, True, Standstill.PAID), (False, True, Standstill.OPPOSED)],
)
def test_a_paid_file_is_closed_and_an_opposed_one_waits_once_the_money_is_passed_on(
    paid: bool, opposed: bool, standstill: Standstill, remit: Deadline | None
) -> None:
    clocks = [Deadline(DeadlineKind.OPPOSITION, date(2025, 4, 14))]
    assert next_step(clocks, remit_by=remit, paid=paid, opposed=opposed) == (remit or standstill)
    assert next_step(clocks, remit_by=remit, paid=False, opposed=False) == clocks[0]
