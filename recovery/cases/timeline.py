"""The timeline of a recovery file: its only writer."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from recovery.cases.models import FileEvent, FileEventKind, RecoveryFile
from secal.ledger.models import Collection, Receipt
from secal.office.timelines import Timeline

TIMELINE = Timeline(RecoveryFile, FileEvent)
add_event = TIMELINE.add


def add_receipts(receipts: Sequence[Receipt], on: date, *, code: str) -> None:
    """A line for each payment booked in, or taken out of, the book of a recovery file."""
    moves = [(row.book_id, row.amount, row.value_on) for row in receipts]
    TIMELINE.add_money(moves, on, kind=FileEventKind.MONEY, code=code)


def add_collections(collections: Sequence[Collection], on: date) -> None:
    """A line for each sum that a bailiff received."""
    moves = [(row.book_id, row.amount, row.collected_on) for row in collections]
    TIMELINE.add_money(moves, on, kind=FileEventKind.MONEY, code="collected")


ALLOCATED = partial(add_receipts, code="receipt_allocated")
PUT_BACK = partial(add_receipts, code="receipt_put_back")
