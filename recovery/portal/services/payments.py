"""Recording what a bailiff received. The books are the office's: its worker books the sum from here."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.cases.models import FileEventKind
from recovery.cases.timeline import add_event
from recovery.portal import booking, errors, events
from recovery.portal.models import CollectedPayment, PaymentWay
from recovery.portal.services.opening import AtWork, begin
from secal.access.actors import current_actor


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """A sum received, in euro. `quarter`: the one that the debtor named in writing when paying (art. 25)."""

    mandate_id: uuid.UUID
    amount: Decimal
    received_on: date
    way: PaymentWay
    quarter: date | None = None


def record_payment(
    *, file_id: uuid.UUID, facts: PaymentFacts, payment_id: uuid.UUID, on: date
) -> CollectedPayment:
    """Record a sum received from, or for, the debtor; the same `payment_id` again gives the payment of then.

    A part payment stops nothing (art. 40 §6). Raises Refused; PortalError payment.nothing, payment.future,
    payment.before_mandate, payment.quarter.
    """
    work = begin(file_id, facts.mandate_id, act="payment.record")
    known = CollectedPayment.objects.filter(pk=payment_id, title=work.title).first()
    if known is not None:
        return known
    _check(work, facts, on)
    payment = CollectedPayment(
        id=payment_id,
        file=work.file,
        title=work.title,
        mandate=work.mandate,
        amount=facts.amount,
        received_on=facts.received_on,
        way=facts.way,
        quarter=facts.quarter,
        recorded_by=current_actor().id,
    )
    payment.save(force_insert=True)
    params = {"title": work.title.number, "amount": str(facts.amount), "way": facts.way.value}
    add_event(
        work.file, kind=FileEventKind.MONEY, code="payment_declared", on=facts.received_on, params=params
    )
    events.payment_recorded(file=work.file.pk)
    booking.ring_when_committed()
    return payment


def preview_payment(*, file_id: uuid.UUID, facts: PaymentFacts, on: date) -> None:
    """Whether this payment may be recorded; nothing is written. Raises as `record_payment` does."""
    _check(begin(file_id, facts.mandate_id, act="payment.record"), facts, on)


def _check(work: AtWork, facts: PaymentFacts, on: date) -> None:
    if facts.amount <= 0:
        raise errors.nothing_received()
    if facts.received_on > on:
        raise errors.payment_in_the_future()
    if facts.received_on < work.mandate.given_on:
        raise errors.payment_before_the_mandate(work.mandate.given_on)
    if facts.quarter is not None and facts.quarter not in work.title.quarters:
        raise errors.quarter_not_in_title()
