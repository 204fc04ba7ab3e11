"""The end of the intervention: six months fully paid (art. 11 §2), and what a new application may cover
(art. 11 §1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO, cents
from secal.kernel.periods import Month
from secal.kernel.reckoning.refusals import require_not_negative

SOURCE = "art. 11 §2"


@dataclass(frozen=True)
class CessationParameters:
    consecutive_months: Given[int]


@dataclass(frozen=True)
class MonthPaid:
    """A month's term, its contribution and prosecution costs, and what the debtor paid for that month, in
    euro.

    A counter of its own: not the result of art. 23, whose second rank would eat old contributions first.
    """

    month: Month
    term: Decimal
    contribution: Decimal
    paid: Decimal
    costs: Decimal = ZERO

    @property
    def due(self) -> Decimal:
        return cents(self.term + self.contribution + self.costs)

    @property
    def short(self) -> Decimal:
        """What misses, in euro."""
        return max(ZERO, self.due - self.paid)


@dataclass(frozen=True)
class Cessation:
    """met: enough consecutive months are fully paid; streak: how many, counted back from the last month."""

    met: bool
    streak: int
    explanation: Explanation


def assess_cessation(months: Sequence[MonthPaid], parameters: CessationParameters) -> Cessation:
    """Whether the last months are all fully paid; a month that is missing breaks the row."""
    for record in months:
        require_not_negative(
            term=record.term, contribution=record.contribution, costs=record.costs, paid=record.paid
        )
    row = sorted(months, key=lambda record: record.month, reverse=True)
    streak = 0
    for place, record in enumerate(row):
        if record.short > 0 or record.month != row[0].month - place:
            break
        streak += 1
    met = streak >= parameters.consecutive_months.value
    explanation = Explanation(
        code="cessation.test",
        value=met,
        source=SOURCE,
        inputs=Inputs({"streak": streak}),
        parameters=(parameters.consecutive_months,),
        children=tuple(
            Explanation(
                code="cessation.month",
                amount=record.short,
                inputs=Inputs({"month": record.month, "due": record.due, "received": record.paid}),
            )
            for record in reversed(row)
        ),
    )
    return Cessation(met, streak, explanation)


def due_after_renunciation(due_dates: Sequence[date], ended_on: date) -> tuple[date, ...]:
    """The terms a new application may cover after a renunciation: those fallen due after the end date (art.
    11 §1)."""
    return tuple(due for due in sorted(due_dates) if due > ended_on)
