"""What a solvency review may conclude, what a debtor has left, and when the debtor is looked at again.

Pure: no database, no clock. The law says that recovery is suspended when it is impossible and resumes when it
becomes possible (art. 26, 27); the delays between reviews are choices of the office.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.calendar import notification_effect
from secal.kernel.errors import DomainError, gettext_noop
from secal.kernel.explanation import Given
from secal.kernel.money import total
from secal.kernel.periods import add_months

POSITIVE, NEGATIVE, FACILITIES = "positive", "negative", "facilities"
PROCEDURES: Mapping[str, tuple[str, ...]] = {
    POSITIVE: ("demand", "garnishment", "bailiff"),
    NEGATIVE: ("suspension",),
    FACILITIES: ("plan",),
}
"""What each outcome may lead to. A single one needs no choice."""
SHORTEST_MOTIVE = 20
MEANS = ("salary", "replacement", "pension", "business", "rent", "other_means")
CHARGES = ("housing", "maintenance", "loans", "care", "other_charge")


class ReviewError(DomainError):
    """A review that cannot be signed as it stands."""


@dataclass(frozen=True, slots=True)
class InventoryLine:
    """One means or charge a month, in euro: its kind, the officer's words for it, and where it was found."""

    kind: str
    label: str
    amount: Decimal
    source: str

    @property
    def is_charge(self) -> bool:
        return self.kind in CHARGES


@dataclass(frozen=True, slots=True)
class Balance:
    """Sums of an inventory, euro a month."""

    means: Decimal
    charges: Decimal

    @property
    def left(self) -> Decimal:
        return self.means - self.charges


@dataclass(frozen=True, slots=True)
class CalendarParameters:
    """months: until the next review for the outcome at hand; latest: the most that may be chosen."""

    months: Given[int]
    latest: Given[int]


def balance(lines: Sequence[InventoryLine]) -> Balance:
    """Raises ReviewError review.line for an amount that is not positive or a kind that is not known."""
    for line in lines:
        if line.kind not in MEANS + CHARGES or line.amount <= 0:
            raise ReviewError(
                "review.line",
                gettext_noop(
                    "Chaque ligne a une nature et un montant positif par mois. Corrigez « %(label)s »."
                ),
                None,
                {"label": line.label},
            )
    return Balance(
        means=total(line.amount for line in lines if not line.is_charge),
        charges=total(line.amount for line in lines if line.is_charge),
    )


def procedure_for(outcome: str, chosen: str) -> str:
    """The procedure that follows; the only one where there is no choice. Raises review.procedure."""
    possible = PROCEDURES[outcome]
    if len(possible) == 1:
        return possible[0]
    if chosen not in possible:
        raise ReviewError(
            "review.procedure", gettext_noop("Choisissez la procédure qui suit cet examen."), "procedure"
        )
    return chosen


def require_motive(reasons: str) -> str:
    """The motive without its margins. Raises review.motive when it is too short to explain."""
    motive = reasons.strip()
    if len(motive) < SHORTEST_MOTIVE:
        raise ReviewError(
            "review.motive",
            gettext_noop(
                "Motivez en %(length)s caractères au moins : ce qui a été trouvé, "
                "et pourquoi cette conclusion."
            ),
            "reasons",
            {"length": SHORTEST_MOTIVE},
        )
    return motive


def next_review(chosen: date | None, *, on: date, parameters: CalendarParameters) -> date:
    """The chosen day, or the office's usual one. Raises review.next when not later, or too late."""
    day = chosen or add_months(on, parameters.months.value)
    last = add_months(on, parameters.latest.value)
    if not on < day <= last:
        raise ReviewError(
            "review.next",
            gettext_noop(
                "L’examen suivant a lieu après aujourd’hui et au plus tard le %(last)s (%(months)s mois)."
            ),
            "next_review_on",
            {"last": f"{last:%d/%m/%Y}", "months": parameters.latest.value},
        )
    return day


def suspension_effect(on: date, working_days: Given[int]) -> date:
    """The day on which the letter that tells the creditor of a suspension takes effect (art. 27 §1)."""
    return notification_effect(on, working_days.value)
