"""The bank's mailbox, read message after message: status reports, debit notifications, statements.

Reading takes nothing away at the bank. A message is noted as dealt with after its effects, which are each
safe to repeat: a worker killed in between deals with it again and changes nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

import structlog
from django.conf import settings

from audit.log import events as log
from secal.ledger import bank_client, pain002
from secal.ledger.accounts import office_accounts
from secal.ledger.bank_client import WaitingMessage
from secal.ledger.errors import StatementAlreadyTaken, StatementRefused
from secal.ledger.models import (
    BankMessage,
    BankMessageState,
    BankMovement,
    MovementState,
    PaymentInstruction,
)
from secal.ledger.pain002 import Debit
from secal.ledger.services import payments
from secal.ledger.services.receipts import import_statement

logger = structlog.get_logger(__name__)

Unit = Callable[[], AbstractContextManager[None]]
"""Opens one unit of work (a job's step): everything in it is committed together."""


def collect_reports(*, unit: Unit, at: datetime) -> dict[str, int]:
    """Deal with every new message; returns how many ended in which state. Raises BankUnreachable."""
    with unit():
        log.record_job("report.collect")
    told: Counter[str] = Counter()
    for message in _new_messages(unit):
        state = _deal_with(message, unit, at)
        told[state.value] += 1
        if state not in (
            BankMessageState.HANDLED,
            BankMessageState.DUPLICATE,
            BankMessageState.OTHER_ACCOUNT,
        ):
            logger.error("bank_message_needs_a_person", reference=message.reference, state=state.value)
    _settle_what_was_imported_by_hand(unit)
    return dict(told)


def _settle_what_was_imported_by_hand(unit: Unit) -> None:
    """A statement that somebody imported shows payments of ours too: they are settled with the rest."""
    with unit():
        debits = debits_waiting_in_statements()
    _settle(debits, unit)


def _new_messages(unit: Unit) -> list[WaitingMessage]:
    waiting = list(bank_client.waiting_messages())
    with unit():
        known = set(
            BankMessage.objects.filter(reference__in=[message.reference for message in waiting]).values_list(
                "reference", flat=True
            )
        )
    return [message for message in waiting if message.reference not in known]


def _deal_with(message: WaitingMessage, unit: Unit, at: datetime) -> BankMessageState:
    content = bank_client.message_content(message)
    try:
        if message.kind.startswith("pain.002"):
            state = _status_report(content, unit, at)
        elif message.kind.startswith("camt.054"):
            state = _notification(content, unit)
        else:
            state = _statement(content, unit, at)
    except (pain002.UnreadableMessage, StatementRefused):
        state = BankMessageState.UNKNOWN
    with unit():
        noted = BankMessage(
            reference=message.reference, kind=message.kind, sha256=bank_client.digest(content), state=state
        )
        BankMessage.objects.bulk_create([noted], ignore_conflicts=True)
    return state


def _status_report(content: bytes, unit: Unit, at: datetime) -> BankMessageState:
    report = pain002.read_status_report(content)
    with unit():
        return payments.apply_status_report(report, at=at)


def _notification(content: bytes, unit: Unit) -> BankMessageState:
    ours = [note for note in pain002.read_notifications(content) if note.account_iban == settings.OFFICE_IBAN]
    if not ours:
        return BankMessageState.OTHER_ACCOUNT
    return _settle([debit for note in ours for debit in note.debits], unit)


def _statement(content: bytes, unit: Unit, at: datetime) -> BankMessageState:
    if pain002.statement_account(content) not in office_accounts():
        return BankMessageState.OTHER_ACCOUNT
    try:
        with unit():
            import_statement(content=content, on=at.date())
        state = BankMessageState.HANDLED
    except StatementAlreadyTaken:
        # Somebody imported it by hand, or we did and were cut off before noting it.
        state = BankMessageState.DUPLICATE
    with unit():
        debits = debits_waiting_in_statements()
    settled = _settle(debits, unit)
    return settled if settled == BankMessageState.CONTRADICTION else state


def debits_waiting_in_statements() -> list[Debit]:
    """Payments of ours that a statement shows and that are not yet recorded as paid."""
    waiting = PaymentInstruction.objects.filter(state__in=payments.ON_ITS_WAY)
    movements = BankMovement.objects.filter(
        state=MovementState.PAYMENT, amount__lt=0, end_to_end_id__in=waiting.values("end_to_end_id")
    ).values_list("end_to_end_id", "amount", "value_on")
    return [Debit(end_to_end_id, -amount, value_on) for end_to_end_id, amount, value_on in movements]


def _settle(debits: Sequence[Debit], unit: Unit) -> BankMessageState:
    state = BankMessageState.HANDLED
    for part in _parts(debits):
        with unit():
            if payments.settle(part) == BankMessageState.CONTRADICTION:
                state = BankMessageState.CONTRADICTION
    return state


def _parts(debits: Sequence[Debit]) -> Iterator[Sequence[Debit]]:
    size = settings.JOB_ROWS_A_STEP
    for start in range(0, len(debits), size):
        yield debits[start : start + size]
