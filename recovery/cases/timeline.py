"""The timeline of a recovery file: its only writer."""

from collections.abc import Sequence
from datetime import date
from functools import partial
from typing import Any

from recovery.cases.models import FileEvent, FileEventKind, RecoveryFile
from secal.access.actors import current_actor
from secal.ledger.models import Collection, Receipt


def add_event(
    file: RecoveryFile, *, kind: FileEventKind, code: str, on: date, params: dict[str, Any] | None = None
) -> FileEvent:
    """One line of the timeline: a code with its parameters (text, no personal value)."""
    actor = current_actor()
    return FileEvent.objects.create(
        file=file,
        kind=kind,
        code=code,
        params=params or {},
        happened_on=on,
        actor=actor.id,
        actor_name=actor.name,
    )


def add_receipts(receipts: Sequence[Receipt], on: date, *, code: str) -> None:
    """A line for each payment booked in, or taken out of, the book of a recovery file; two statements."""
    _add_money([(row.book_id, row.amount, row.value_on) for row in receipts], on, code)


def add_collections(collections: Sequence[Collection], on: date) -> None:
    """A line for each sum that a bailiff received."""
    _add_money([(row.book_id, row.amount, row.collected_on) for row in collections], on, "collected")


ALLOCATED = partial(add_receipts, code="receipt_allocated")
PUT_BACK = partial(add_receipts, code="receipt_put_back")


def _add_money(moves: Sequence[tuple[Any, Any, date]], on: date, code: str) -> None:
    actor = current_actor()
    files = dict(RecoveryFile.objects.filter(book__in={book for book, *_ in moves}).values_list("book", "pk"))
    FileEvent.objects.bulk_create(
        FileEvent(
            file_id=files[book],
            kind=FileEventKind.MONEY,
            code=code,
            params={"amount": str(amount), "value_on": value_on.isoformat()},
            happened_on=on,
            actor=actor.id,
            actor_name=actor.name,
        )
        for book, amount, value_on in moves
        if book in files
    )
