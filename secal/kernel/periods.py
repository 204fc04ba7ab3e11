"""Months and stretches of days: the units in which maintenance falls due and the law counts."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import overload

from dateutil.relativedelta import relativedelta

from secal.kernel.errors import DomainError, gettext_noop

ONE_DAY = timedelta(days=1)

_ISO_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


class PeriodError(DomainError):
    """A text or a pair of dates that makes no period."""


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """A calendar month, ordered in time; written "2026-11"."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (1 <= self.year <= 9999 and 1 <= self.month <= 12):
            raise ValueError(f"no such month: {self.year}-{self.month}")

    @classmethod
    def of(cls, day: date) -> Month:
        """The month a day lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str, *, field: str | None = None) -> Month:
        """Read "2026-11". Raises PeriodError period.month_unreadable."""
        match = _ISO_MONTH.fullmatch(text.strip())
        if match is None or match[1] == "0000" or not 1 <= int(match[2]) <= 12:
            raise PeriodError(
                "period.month_unreadable",
                gettext_noop(
                    "%(text)s n’est pas un mois. Écrivez l’année puis le mois, par exemple 2026-11."
                ),
                field,
                {"text": text},
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def range(cls, first: Month, last: Month) -> Iterator[Month]:
        """Every month from first to last, both included; nothing when last lies before first."""
        for number in range(first._number, last._number + 1):
            yield cls._numbered(number)

    @classmethod
    def _numbered(cls, number: int) -> Month:
        year, month = divmod(number, 12)
        return cls(year, month + 1)

    @property
    def _number(self) -> int:
        return self.year * 12 + self.month - 1

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def days(self) -> DateRange:
        return DateRange(self.first_day, self.last_day)

    def day(self, number: int) -> date:
        """The day with this number, or the last day of a shorter month."""
        return date(self.year, self.month, min(number, self.last_day.day))

    def __contains__(self, day: date) -> bool:
        return Month.of(day) == self

    def __add__(self, months: int) -> Month:
        return self._numbered(self._number + months)

    @overload
    def __sub__(self, other: int) -> Month: ...

    @overload
    def __sub__(self, other: Month) -> int: ...

    def __sub__(self, other: int | Month) -> Month | int:
        if isinstance(other, Month):
            return self._number - other._number
        return self._numbered(self._number - other)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


@dataclass(frozen=True, order=True, slots=True)
class DateRange:
    """A stretch of days, first and last both included; `last` None means without end."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise PeriodError(
                "period.reversed",
                gettext_noop("La fin (%(last)s) précède le début (%(first)s)."),
                None,
                {"first": self.first.isoformat(), "last": self.last.isoformat()},
            )

    @classmethod
    def half_open(cls, start: date, end: date) -> DateRange:
        """[start, end): the end day is left out. Raises PeriodError period.reversed when nothing is left."""
        return cls(start, end - ONE_DAY)

    def __contains__(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)

    def overlaps(self, other: DateRange) -> bool:
        return (other.last is None or self.first <= other.last) and (
            self.last is None or other.first <= self.last
        )

    def intersection(self, other: DateRange) -> DateRange | None:
        """The days in both, or None."""
        if not self.overlaps(other):
            return None
        ends = [last for last in (self.last, other.last) if last is not None]
        return DateRange(max(self.first, other.first), min(ends) if ends else None)

    def day_count(self) -> int:
        """Number of days, both ends included. Raises ValueError for a stretch without end."""
        if self.last is None:
            raise ValueError("a stretch without end has no number of days")
        return (self.last - self.first).days + 1

    def months(self) -> tuple[Month, ...]:
        """Every month touched. Raises ValueError for a stretch without end."""
        if self.last is None:
            raise ValueError("a stretch without end has no list of months")
        return tuple(Month.range(Month.of(self.first), Month.of(self.last)))


def add_months(day: date, months: int) -> date:
    """The same day number so many months on; the last day where the month is shorter (31 January + 1 = 28/29
    February)."""
    return day + relativedelta(months=months)


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 28 February in a common year."""
    return day + relativedelta(years=years)


def months_between(start: date, end: date) -> int:
    """Whole months elapsed from start to end (negative when end lies before start)."""
    if end < start:
        return -months_between(end, start)
    months = Month.of(end) - Month.of(start)
    return months if add_months(start, months) <= end else months - 1


def age_on(born_on: date, day: date) -> int:
    """Age in whole years on a day; born on 29 February comes of age on 28 February of a common year."""
    years = day.year - born_on.year
    return years if add_years(born_on, years) <= day else years - 1
