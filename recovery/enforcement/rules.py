"""Which titles go to the concessionaire, which office comes first, whose silence or money alarms. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.periods import add_months
from secal.law.onss import RemittanceParameters

SILENCE_DAYS = 30
"""Days without an act after which the operator asks the office what happens; a habit, no legal delay."""


@dataclass(frozen=True, slots=True)
class Sendable:
    """What decides whether a title may be transmitted. open: what is still due of its quarters, in euro."""

    issued: bool
    issued_on: date
    outcome: bool
    open: Decimal


@dataclass(frozen=True, slots=True)
class Competent:
    """An office that may be chosen. running: mandates that it works on now."""

    key: str
    name: str
    running: int


def why_skipped(title: Sendable, *, on: date) -> str:
    """Code of the first reason why a title stays behind; "" when it goes."""
    if not title.issued:
        return "state"
    if title.issued_on > on:
        return "later"
    if title.outcome:
        return "outcome"
    if title.open <= 0:
        return "paid"
    return ""


def in_order(offices: Sequence[Competent]) -> list[Competent]:
    """Least loaded first; equally loaded ones by name."""
    return sorted(offices, key=lambda office: (office.running, office.name, office.key))


def silent_since(given_on: date, last_act_on: date | None) -> date:
    """The day from which a mandate is silent: the last act, else the day it was given."""
    return max(given_on, last_act_on) if last_act_on else given_on


def money_alarm(
    held: Decimal, oldest_on: date | None, *, on: date, parameters: RemittanceParameters
) -> tuple[str, date | None]:
    """How a sum held by a bailiff stands, and until when it may be held (Judicial Code art. 522/1).

    "late": past the delay and above the sum from which it must lie on an earmarked account; "attention": past
    the delay below that sum; "underway": within it; "" when nothing is held.
    """
    if held <= 0 or oldest_on is None:
        return "", None
    until = add_months(oldest_on, parameters.months.value)
    if on <= until:
        return "underway", until
    return ("late" if held > parameters.threshold.value else "attention"), until
