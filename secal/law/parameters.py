"""Ask for a legal value at a date: `parameter("advance_cap_per_creditor_month", on=day)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TypeAlias

from secal.kernel.explanation import Given, Inputs
from secal.law.errors import MissingParameter, WrongKind

Value: TypeAlias = Decimal | int | bool | str | tuple[str, ...] | None
Condition: TypeAlias = str | bool

VALUES = Path(__file__).parent / "values"


class Status(StrEnum):
    """How sure a value is."""

    READ = "read"
    """The text of the law was read."""
    FLOOR = "floor"
    """Follows from a legal minimum if the index behind it stayed lower."""
    EARLIER = "earlier"
    """Taken from pages of the administration or of commentators; the text itself was not read."""
    PRACTICE = "practice"
    """A habit or a choice of the office; the texts are silent."""


@dataclass(frozen=True)
class ParameterValue:
    """One legal value over one stretch of days.

    name            of the parameter; its French title is in `secal.law.wording`.
    value           Decimal, int, bool, str, a tuple of codes, or None where the law has no value (an
                    abolished ceiling).
    valid_from/to   first and last day; valid_to None is "still in force".
    by              which date decides: "application_received_on", "term_month", "event"...
    conditions      further facts it depends on, as given to `parameter(...)`.
    article, act    where it stands and the act that put it there; `text` is the law it belongs to.
    source          citation for the reader: article and law.
    verified_until  day up to which that law was read; None when not known.
    assumed         the texts leave it open: a choice of the office, shown as such.
    """

    name: str
    value: Value
    valid_from: date
    valid_to: date | None
    by: str
    subject: str
    unit: str
    article: str
    act: str
    text: str
    source: str
    status: Status
    verified_until: date | None
    assumed: bool
    note: str = ""
    conditions: Mapping[str, Condition] = field(default_factory=dict, hash=False)

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)

    def given(self) -> Given[Value]:
        """The value as a rule takes it and an explanation keeps it."""
        return Given(self.name, self.value, self.valid_from, self.source, self.assumed)

    def decimal(self) -> Given[Decimal]:
        """As a decimal number. Raises WrongKind when it is none (an abolished value too)."""
        if isinstance(self.value, Decimal):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "decimal")

    def decimal_or_none(self) -> Given[Decimal | None]:
        """As a decimal number, or None where the law has no such value at that date."""
        if self.value is None or isinstance(self.value, Decimal):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "decimal")

    def integer(self) -> Given[int]:
        if isinstance(self.value, int) and not isinstance(self.value, bool):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "integer")

    def integer_or_none(self) -> Given[int | None]:
        return self.integer() if self.value is not None else self._nothing()

    def _nothing(self) -> Given[int | None]:
        return Given(self.name, None, self.valid_from, self.source, self.assumed)

    def flag(self) -> Given[bool]:
        if isinstance(self.value, bool):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "flag")

    def code(self) -> Given[str]:
        if isinstance(self.value, str):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "text")

    def codes(self) -> Given[tuple[str, ...]]:
        if isinstance(self.value, tuple):
            return Given(self.name, self.value, self.valid_from, self.source, self.assumed)
        raise WrongKind(self.name, "codes")


@dataclass(frozen=True)
class Gap:
    """Days between two values of one parameter for which nothing is known."""

    name: str
    conditions: Inputs
    first: date
    last: date


def parameter(name: str, *, on: date, **conditions: Condition) -> ParameterValue:
    """The value in force on a day. Conditions must be exactly those the parameter is kept by.

    Raises MissingParameter when no value is known; never answers a default.
    """
    for candidate in _table().get(name, ()):
        if candidate.in_force(on) and candidate.conditions == conditions:
            return candidate
    raise MissingParameter(name, on, conditions)


def all_parameters() -> tuple[ParameterValue, ...]:
    """Every value of every date, by name, conditions and first day."""
    return tuple(value for values in _table().values() for value in values)


def assumptions_in_force(on: date) -> tuple[ParameterValue, ...]:
    """What the texts leave open and the office has chosen, on a day; for the page of that name."""
    return tuple(value for value in all_parameters() if value.assumed and value.in_force(on))


def read_before(day: date) -> tuple[ParameterValue, ...]:
    """Values in force on a day whose law was last read before it: to be verified again."""
    return tuple(
        value
        for value in all_parameters()
        if value.in_force(day) and value.verified_until is not None and value.verified_until < day
    )


def reported_gaps() -> tuple[Gap, ...]:
    """Stretches between known values for which nothing is known; a series of points has them by nature."""
    from secal.law.files import gaps

    return gaps(_table())


@cache
def _table() -> dict[str, tuple[ParameterValue, ...]]:
    # Here, not above: the reader of files needs the shapes of this module.
    from secal.law.files import read_folder

    return read_folder(VALUES)
