"""What counts as in force, added and ended, and the days of a review. Pure: dates are arguments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

DAYS_TO_ANSWER = 30
"""Of a quarterly review. A choice of the house: neither deliberation says how long."""


class Mark(StrEnum):
    """How a right stands on a day, against the start of a window."""

    HELD = "held"
    ADDED = "added"
    ENDED = "ended"


ORDER = (Mark.ADDED, Mark.HELD, Mark.ENDED)
"""Of several rights to the same thing the first of these is shown: what is in force before what is not."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a right."""

    valid_from: date
    valid_until: date | None
    """Last day; None for no end foreseen."""
    ended_on: date | None
    """The day on which it was ended by hand: from that moment on it gives nothing."""
    entered_on: date
    """The day on which it came into the register, whatever its first day."""


def in_force(days: Days, on: date) -> bool:
    """A right that was ended during a day is no longer in force on that day."""
    begun = days.valid_from <= on
    lasts = days.valid_until is None or on <= days.valid_until
    return begun and lasts and (days.ended_on is None or on < days.ended_on)


def mark(days: Days, *, since: date, on: date) -> Mark | None:
    """Whether the right is held, was added or ended since that day; None where it is neither.

    One that was entered since then is shown too when its days lie before: what is entered late does not
    escape whoever looks at what changed.
    """
    entered_late = since <= days.entered_on <= on
    if in_force(days, on):
        return Mark.ADDED if entered_late or days.valid_from >= since else Mark.HELD
    last = days.ended_on or days.valid_until
    if days.valid_from > on or last is None or (last < since and not entered_late):
        return None
    return Mark.ENDED


def strongest(marks: Iterable[Mark]) -> Mark:
    return min(marks, key=ORDER.index)


def quarter_of(day: date) -> date:
    """First day of the quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def quarter_before(first_day: date) -> date:
    """First day of the quarter before the one that begins on that day."""
    return quarter_of(first_day - timedelta(days=1))


def due_day(opened_on: date) -> date:
    return opened_on + timedelta(days=DAYS_TO_ANSWER)
