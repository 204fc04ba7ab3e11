"""The timeline of a file, and the work that it asks for: the only writers of both."""

import uuid
from collections.abc import Sequence
from datetime import date

from secal.cases.models import AlimonyFile, CaseEvent, EventKind, WorkItem, WorkKind
from secal.ledger.models import Receipt
from secal.office.timelines import Timeline

TIMELINE = Timeline(AlimonyFile, CaseEvent)
add_event = TIMELINE.add
add_events = TIMELINE.add_many


def add_receipts(receipts: Sequence[Receipt], on: date, *, code: str) -> None:
    """A line for each payment of a debtor booked in, or taken out of, a file's book."""
    moves = [(receipt.book_id, receipt.amount, receipt.value_on) for receipt in receipts]
    TIMELINE.add_money(moves, on, kind=EventKind.MONEY, code=code)


def ask_work(
    file: AlimonyFile,
    *,
    kind: WorkKind,
    source: uuid.UUID,
    since: date,
    due_on: date,
    legal_reference: str = "",
) -> WorkItem:
    """Put something on the list of the officer in charge; asking again re-opens it with the new day."""
    item, _created = WorkItem.objects.update_or_create(
        kind=kind,
        source=source,
        defaults={
            "file": file,
            "since": since,
            "due_on": due_on,
            "done_on": None,
            "legal_reference": legal_reference,
        },
    )
    return item


def finish_work(*, kind: WorkKind, source: uuid.UUID, on: date) -> None:
    """The work is done: it leaves the list."""
    WorkItem.objects.filter(kind=kind, source=source, done_on=None).update(done_on=on)


def finish_work_of_file(file: AlimonyFile, *, kind: WorkKind, on: date) -> None:
    """Everything of this kind on the file is done, whatever gave rise to it."""
    WorkItem.objects.filter(file=file, kind=kind, done_on=None).update(done_on=on)


def finish_all_work(file: AlimonyFile, *, on: date) -> None:
    """Nothing is left to do on the file."""
    WorkItem.objects.filter(file=file, done_on=None).update(done_on=on)


def ask_work_of_many(
    lines: Sequence[tuple[uuid.UUID, date]], *, kind: WorkKind, code: str, on: date, legal_reference: str
) -> None:
    """The same work on many files (file, due day), and its line on each timeline. Repeatable."""
    WorkItem.objects.bulk_create(
        [
            WorkItem(
                file_id=file,
                kind=kind,
                source=file,
                since=due_on,
                due_on=due_on,
                legal_reference=legal_reference,
            )
            for file, due_on in lines
        ],
        update_conflicts=True,
        unique_fields=["kind", "source"],
        update_fields=["since", "due_on", "done_on", "legal_reference"],
    )
    add_events([(file, on, {}) for file, _due_on in lines], kind=EventKind.REVIEW, code=code)
