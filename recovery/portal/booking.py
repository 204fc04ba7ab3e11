"""From a bailiff's act to the office's books. The portal's database user writes nothing in them: the act is
the order, and the office's worker carries it out within seconds, under the identity "collection".

An act or payment that is still to be booked is a row without its moment; who fails on one goes on with the
next.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime

import structlog
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from recovery.cases.milestones import on_mandate_ended, on_title_served
from recovery.cases.models import Act, ActKind, FileEventKind
from recovery.cases.timeline import add_event
from recovery.portal import events
from recovery.portal.models import CollectedPayment, FollowUp
from secal.access.policy import Facts, require
from secal.access.unit_of_work import service_work
from secal.kernel.errors import DomainError
from secal.kernel.money import ZERO
from secal.kernel.reckoning.arrears import due_date
from secal.ledger.models import EntryKind, Head, JournalEntry
from secal.ledger.services.books import charge, onss_line, reverse
from secal.ledger.services.receipts import record_collected

log = structlog.get_logger(__name__)

ACT = "collection.book"
SERVICE = "collection"
AT_ONCE = 500
"""Rows that one ring of the bell carries out."""

Unit = Callable[[], AbstractContextManager[None]]


def at_work() -> AbstractContextManager[None]:
    return service_work(SERVICE)


def ring_when_committed() -> None:
    """Tell the worker once the act is committed. A broker that is down is no loss: the beat rings too."""
    transaction.on_commit(_ring)


def book_waiting(*, at: datetime, unit: Unit = at_work) -> dict[str, int]:
    """Book every payment and act that waits, each in a `unit` of work of its own. Returns how many of each.

    What cannot be booked stays, and is logged by its code.
    """
    with unit():
        require(ACT)
        payments = list(
            CollectedPayment.objects.filter(booked_at=None)
            .order_by("recorded_at")
            .values_list("pk", flat=True)[:AT_ONCE]
        )
        follow_ups = list(
            FollowUp.objects.filter(done_at=None).order_by("asked_at").values_list("pk", flat=True)[:AT_ONCE]
        )
    # Acts first: a service and its costs are older than what was paid because of them.
    return {
        "follow_ups": sum(_booked(unit, follow_up, row_id, at) for row_id in follow_ups),
        "payments": sum(_booked(unit, book_payment, payment_id, at) for payment_id in payments),
    }


def book_payment(payment_id: uuid.UUID, at: datetime) -> bool:
    """Take a payment off the debt, as held by the bailiff; false when another worker did. Raises
    LedgerError."""
    payment = (
        CollectedPayment.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("file")
        .filter(pk=payment_id, booked_at=None)
        .first()
    )
    if payment is None:
        return False
    require(ACT, Facts(file=payment.file_id))
    record_collected(
        book_id=payment.file.book_id,
        amount=payment.amount,
        on=payment.received_on,
        source=payment.pk,
        chosen=payment.quarter,
    )
    payment.booked_at = at
    payment.save(update_fields=["booked_at"])
    events.collection_booked(file=payment.file_id)
    return True


def follow_up(row_id: uuid.UUID, at: datetime) -> bool:
    """Carry out what an act, or the end of a mandate, brings about; false when another worker did.

    Raises LedgerError.
    """
    row = (
        FollowUp.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("title__file")
        .filter(pk=row_id, done_at=None)
        .first()
    )
    if row is None:
        return False
    file_id = row.title.file_id
    require(ACT, Facts(file=file_id))
    if row.act_id is None:
        on_mandate_ended.reached(row.title, on=timezone.localdate(row.asked_at))
    else:
        _follow_act(row.act_id, on=timezone.localdate(at))
    row.done_at = at
    row.save(update_fields=["done_at"])
    events.collection_booked(file=file_id)
    return True


def _follow_act(act_id: uuid.UUID, *, on: date) -> None:
    act = Act.objects.select_related("file", "title__file", "rectifies").get(pk=act_id)
    _charge_costs(act, on=on)
    if act.kind == ActKind.SERVICE:
        on_title_served.reached(act.title, on=timezone.localdate(act.acted_at))


def _charge_costs(act: Act, *, on: date) -> None:
    """The costs of an act are the debtor's (art. 40 §7), on the oldest quarter of the title. Those of the
    act that it rectifies are taken back."""
    before = act.rectifies.costs if act.rectifies is not None else ZERO
    if before == act.costs:
        # As before: what was booked for the rectified act stands for both, and is found under its first
        # source.
        return
    if act.rectifies is not None and before > 0:
        _take_back(act.rectifies, on=on)
    if act.costs > 0:
        quarter = min(act.title.quarters)
        charge(
            [
                onss_line(
                    book_id=act.file.book_id,
                    head=Head.COSTS,
                    quarter=quarter,
                    due_on=due_date(quarter),
                    amount=act.costs,
                    source=act.pk,
                    booked_on=on,
                )
            ]
        )
        params = {"title": act.title.number, "amount": str(act.costs)}
        add_event(act.file, kind=FileEventKind.MONEY, code="costs_charged", on=on, params=params)


def _take_back(act: Act, *, on: date) -> None:
    """Reverse the costs of an act, wherever in its chain of rectifications they were booked."""
    source: Act | None = act
    while source is not None:
        entry = JournalEntry.objects.filter(
            kind=EntryKind.COSTS, source=source.pk, reverses=None, reversed_by=None
        ).first()
        if entry is not None:
            reverse(entry=entry, on=on)
            return
        source = source.rectifies


def _booked(unit: Unit, book: Callable[[uuid.UUID, datetime], bool], row: uuid.UUID, at: datetime) -> bool:
    try:
        with unit():
            return book(row, at)
    except DomainError as error:
        log.error("collection_not_booked", row=str(row), error=error.code)
        return False


def _ring() -> None:
    from recovery.portal.tasks import book_waiting as task

    try:
        task.apply_async(retry=False)
    except (OperationalError, OSError) as error:
        log.warning("bell_not_heard", error=type(error).__name__)
