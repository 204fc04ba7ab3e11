"""Indexing of maintenance (old Civil Code art. 203quater): always from the first amount, by two index
numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import cents
from secal.kernel.periods import Month
from secal.kernel.reckoning.refusals import ReckoningError, require_not_negative

SOURCE = "art. 203quater CC"


@dataclass(frozen=True)
class IndexNumber:
    """An index number and its month; both numbers of a calculation must be on one base year."""

    month: Month
    number: Given[Decimal]


@dataclass(frozen=True)
class IndexedAmount:
    """The indexed term in euro."""

    amount: Decimal
    explanation: Explanation


def index_amount(base_amount: Decimal, first: IndexNumber, new: IndexNumber) -> IndexedAmount:
    """base amount x new index / first index, multiplied before divided, rounded half up once.

    `first` is the index of the month before the judgment unless the title says otherwise.
    Raises ReckoningError indexation.index when an index number is not above nought.
    """
    require_not_negative(base_amount=base_amount)
    if first.number.value <= 0 or new.number.value <= 0:
        raise ReckoningError(
            "indexation.index",
            gettext_noop("Un indice est supérieur à zéro. Vérifiez la table des indices."),
            "index",
        )
    amount = cents(base_amount * new.number.value / first.number.value)
    explanation = Explanation(
        code="indexation.amount",
        amount=amount,
        source=SOURCE,
        inputs=Inputs(
            {
                "base_amount": base_amount,
                "first_index_month": first.month,
                "first_index": first.number.value,
                "new_index_month": new.month,
                "new_index": new.number.value,
            }
        ),
        parameters=(first.number, new.number),
    )
    return IndexedAmount(amount, explanation)


def adaptation_index_months(first_index: Month, until: Month, every: Given[int]) -> Iterator[Month]:
    """The months whose index adapts the amount: each `every` months after the first index month, up to
    `until`.

    The new amount holds from the first due date after that index was published.
    """
    month = first_index + every.value
    while month <= until:
        yield month
        month += every.value
