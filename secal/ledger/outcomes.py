"""Who wants to know what became of a payment. Rooms above register; the ledger knows none of them.

A listener runs in the transaction that changed the instructions, and must accept being told twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Outcome(StrEnum):
    REJECTED = "rejected"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class PaymentOutcome:
    """`source` is what the instruction was made for; `file_source` what its payment file was made for."""

    source: UUID
    file_source: UUID
    outcome: Outcome
    on: date
    reason: str = ""


Listener = Callable[[Sequence[PaymentOutcome]], None]
_listeners: list[Listener] = []


def register(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def tell(outcomes: Sequence[PaymentOutcome]) -> None:
    if outcomes:
        for listener in _listeners:
            listener(outcomes)
