"""Moments in the life of a book that rooms above wait for: the ledger does not know what a book is about.

A listener works in the transaction of the booking, and is told of all of them at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from secal.ledger.models import Collection, Receipt

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Moment(Generic[What]):
    """One such moment. Registering the same listener twice counts once."""

    name: str
    _listeners: list[Callable[[Sequence[What], date], None]] = field(default_factory=list)

    def register(self, listener: Callable[[Sequence[What], date], None]) -> None:
        if listener not in self._listeners:
            self._listeners.append(listener)

    def came(self, told: Sequence[What], *, on: date) -> None:
        for listener in self._listeners:
            listener(told, on)


on_receipts_allocated: Moment[Receipt] = Moment("receipts_allocated")
"""Payments came into the books of their debtors: spread over the claims, or settling what a bailiff held."""
on_receipts_put_back: Moment[Receipt] = Moment("receipts_put_back")
"""Payments were taken back out of their books (`receipt.book` still names it)."""
on_collected: Moment[Collection] = Moment("collected")
"""A bailiff received money, which came off the debt."""
