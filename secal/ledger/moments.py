"""Moments in the life of a book that rooms above wait for: the ledger does not know what a book is about.

A listener works in the transaction of the booking, and is told of all receipts at once.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date

from secal.ledger.models import Receipt

Listener = Callable[[Sequence[Receipt], date], None]


@dataclass(frozen=True, slots=True)
class Moment:
    """One such moment. Registering the same listener twice counts once."""

    name: str
    _listeners: list[Listener] = field(default_factory=list)

    def register(self, listener: Listener) -> None:
        if listener not in self._listeners:
            self._listeners.append(listener)

    def came(self, receipts: Sequence[Receipt], *, on: date) -> None:
        for listener in self._listeners:
            listener(receipts, on)


on_receipts_allocated = Moment("receipts_allocated")
"""Payments of debtors were spread over the claims of their books."""
on_receipts_put_back = Moment("receipts_put_back")
"""Payments were taken back out of their books (`receipt.book` still names it)."""
