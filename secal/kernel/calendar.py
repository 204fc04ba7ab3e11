"""Belgian working days, and the dates at which a letter takes effect or a delay ends."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import holidays

from secal.kernel.periods import ONE_DAY, add_months

SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The Belgian public holidays of a year (King's Feast closes offices but is no public holiday)."""
    return frozenset(holidays.country_holidays("BE", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def working_day_on_or_after(day: date) -> date:
    """The day itself when it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += ONE_DAY
    return day


def next_working_day(day: date) -> date:
    """The first working day strictly after a day."""
    return working_day_on_or_after(day + ONE_DAY)


def nth_working_day_after(day: date, number: int) -> date:
    """The so-manieth working day strictly after a day; `number` 0 is the day itself."""
    if number < 0:
        raise ValueError("working days are counted forward")
    for _ in range(number):
        day = next_working_day(day)
    return day


def notification_effect(sent_on: date, working_days: int) -> date:
    """The day a letter takes effect: the third working day after sending since 2020 (art. 9 §2, 10 §1; CRAF
    art. 13).

    The number of working days is a dated legal value, given by the caller.
    """
    return nth_working_day_after(sent_on, working_days)


def delay_in_days(event_on: date, days: int) -> date:
    """Last day of a delay in days; the day of the event is not counted and the end is not moved (art. 8, 9
    §1)."""
    return date.fromordinal(event_on.toordinal() + days)


def delay_in_months(event_on: date, months: int, *, moved_to_working_day: bool = True) -> date:
    """Last day of a delay in months: the same day number, moved off Saturday, Sunday and holidays (art. 9
    §3, 10 §4)."""
    last = add_months(event_on, months)
    return working_day_on_or_after(last) if moved_to_working_day else last
