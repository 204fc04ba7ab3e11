"""How a file comes out, and when it ends. The only writer of outcomes; the database writes the end itself.

Paid: nothing is open, and nothing that the law adds up to the last payment is left to book. The outcome falls
away when the file owes again before it ended. The end comes when the outcome is known and the intervention
closed (17/006 §7): function `recovery_end_when_reached`, asked after each of the two.
"""

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import DateField, Exists, F, Func, OuterRef, Q, QuerySet, Sum

from recovery.cases import dues
from recovery.cases.models import FileEventKind, Outcome, RecoveryFile, Title
from recovery.cases.timeline import add_event
from recovery.enforcement import events
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from recovery.enforcement.states import move
from secal.access.actors import current_actor
from secal.access.policy import require
from secal.ledger.models import Account, Book, Posting, Receipt
from secal.ledger.models import Collection as Collected
from secal.ledger.services.surplus import use_surplus

A_PART = 100
"""Files looked at in one unit of work."""


def settle(file_id: uuid.UUID, *, on: date) -> RecoveryFile:
    """Look whether a file is paid, owes again, or has ended, and write what is found; again changes nothing.

    The caller has required its own act. Raises RecoveryFile.DoesNotExist.
    """
    RecoveryFile.objects.select_for_update(no_key=True).get(pk=file_id)
    file = RecoveryFile.objects.select_related("book", "employer").get(pk=file_id)
    if file.ended_on is None and file.outcome != Outcome.IRRECOVERABLE:
        _look_at_money(file, on=on)
    if end_if_reached(file_id) is not None:
        file.refresh_from_db()
    return file


def settle_waiting(*, on: date) -> int:
    """Settle files that nobody looked at when their money moved; returns how many. A part at a time."""
    require("recovery.settle")
    waiting = list(_to_settle().values_list("pk", flat=True)[:A_PART])
    for file_id in waiting:
        settle(file_id, on=on)
    return len(waiting)


def end_if_reached(file_id: uuid.UUID) -> date | None:
    """End the file when both conditions of the law hold; the day from which it has ended, or None."""
    actor = current_actor()
    with connection.cursor() as cursor:
        cursor.execute("SELECT recovery_end_when_reached(%s, %s, %s)", [file_id, actor.id, actor.name])
        day: date | None = cursor.fetchone()[0]
    if day is not None:
        events.file_ended(file=file_id)
    return day


def set_outcome(file: RecoveryFile, outcome: Outcome, *, on: date) -> None:
    """Write how the file came out. The caller holds it and has written the line of the timeline."""
    file.outcome, file.outcome_on = outcome, on
    file.save(update_fields=["outcome", "outcome_on"])


def after_mandate(title: Title, on: date) -> None:
    """A mandate ended: perhaps it was the last thing that kept the file from ending."""
    end_if_reached(title.file_id)


def after_debt(file: RecoveryFile, on: date) -> None:
    """The employer owes more: a file that had come out, but not ended, is recovered again."""
    current = RecoveryFile.objects.select_for_update(no_key=True).get(pk=file.pk)
    if current.outcome and current.ended_on is None:
        _reopen(current, on=on)


def after_receipts(receipts: Sequence[Receipt], on: date) -> None:
    """Payments came into books or were taken out again: look at the files that are paid, or were."""
    _settle_books({receipt.book_id for receipt in receipts if receipt.book_id}, on=on)


def after_collections(collections: Sequence[Collected], on: date) -> None:
    """Money that a bailiff received was booked: look at the files that are paid."""
    _settle_books({collection.book_id for collection in collections}, on=on)


def _settle_books(book_ids: Collection[uuid.UUID], *, on: date) -> None:
    files = _balanced(RecoveryFile.objects.filter(book__in=book_ids, ended_on=None))
    # A file that somebody works on is left to `settle_waiting`: they may wait for the book that is held here.
    moved = (
        files.exclude(outcome="", paid=False)
        .select_for_update(skip_locked=True, no_key=True, of=("self",))
        .order_by("pk")
    )
    for file_id in moved.values_list("pk", flat=True):
        settle(file_id, on=on)


def _to_settle() -> QuerySet[Any]:
    """Those in which all is paid and it is not said, or said and not so, or that may end and have not."""
    reached = Func(F("pk"), function="recovery_end_reached", output_field=DateField())
    waiting: QuerySet[Any] = (
        _balanced(RecoveryFile.objects.filter(ended_on=None))
        .annotate(reached=reached)
        .filter(
            Q(outcome="", paid=True)
            | Q(outcome=Outcome.PAID, paid=False)
            | (~Q(outcome="") & Q(reached__isnull=False))
        )
        .order_by("pk")
    )
    return waiting


def _balanced(files: QuerySet[RecoveryFile]) -> QuerySet[Any]:
    """With `paid`: what was received covers all that is booked."""
    balance = (
        Posting.objects.filter(book=OuterRef("book"), account__in=[Account.DEBTOR, Account.SUSPENSE])
        .values("book")
        .annotate(due=Sum("amount"))
        .filter(due__lte=0)
    )
    return files.annotate(paid=Exists(balance))


def _look_at_money(file: RecoveryFile, *, on: date) -> None:
    due = dues.amount_due(file, on=on)
    if due.open <= due.aside.unallocated and _ever_charged(file.book):
        # All that is booked is paid: what the law adds up to the last payment is booked now, and takes what
        # was received too much.
        dues.fix(file, on=on)
        use_surplus(book_id=file.book_id, on=on)
        due = dues.amount_due(file, on=on)
    paid = due.open <= 0 and due.interest <= 0 and _ever_charged(file.book)
    if paid and not file.outcome:
        add_event(file, kind=FileEventKind.END, code="file_paid", on=on)
        set_outcome(file, Outcome.PAID, on=on)
        events.outcome_found(file=file.pk)
        _lapse_proposal(file, on=on)
    elif not paid and file.outcome == Outcome.PAID:
        _reopen(file, on=on)


def _reopen(file: RecoveryFile, *, on: date) -> None:
    file.outcome, file.outcome_on = "", None
    file.save(update_fields=["outcome", "outcome_on"])
    add_event(file, kind=FileEventKind.END, code="file_owes_again", on=on)
    events.outcome_found(file=file.pk)


def _lapse_proposal(file: RecoveryFile, *, on: date) -> None:
    pending = IrrecoverabilityProposal.objects.filter(file=file, state=ProposalState.PROPOSED).first()
    if pending is not None:
        move(pending, "lapse")
        pending.decided_on = on
        pending.save()
        add_event(file, kind=FileEventKind.END, code="irrecoverability_lapsed", on=on)


def _ever_charged(book: Book) -> bool:
    return Posting.objects.filter(book=book, account=Account.DEBTOR).exists()
