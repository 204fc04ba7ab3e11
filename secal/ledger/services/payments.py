"""Orders to the bank and what becomes of them.

An order goes open file → instructions → message made → handed over → status report → debit on the account.
Each step may be cut off and done again: an instruction is unique by its source, a message by what it was made
for, its bytes never change, and the bank knows it by its identification.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from audit.log import events as log
from secal.access.policy import require
from secal.kernel.errors import DomainError
from secal.ledger import outcomes, pain001
from secal.ledger.bank_client import DUPLICATE, DoorAnswer, digest
from secal.ledger.models import (
    BankMessageState,
    InstructionState,
    PaymentFile,
    PaymentFileState,
    PaymentInstruction,
)
from secal.ledger.outcomes import Outcome, PaymentOutcome
from secal.ledger.pain002 import ACCEPTED, PARTLY, REJECTED, Debit, StatusReport
from secal.ledger.services.books import record_advances_paid
from secal.people.models import PaymentAccount
from secal.vault.fields import prefetch_keys
from secal.vault.keystore import create_key

ON_ITS_WAY = (InstructionState.READY, InstructionState.SENT, InstructionState.ACCEPTED)
"""States in which the bank's word still counts. READY too: it may arrive before we have noted the sending."""


class PaymentError(DomainError):
    """A payment file is not in the state that the act needs."""


@dataclass(frozen=True, slots=True)
class Order:
    """One payment wanted. `account` comes with its person; `remittance` holds no name."""

    source: uuid.UUID
    book_id: uuid.UUID
    claim_id: uuid.UUID
    """The claim on the term that is advanced."""
    account: PaymentAccount
    amount: Decimal
    remittance: str


@dataclass(frozen=True, slots=True)
class Message:
    """A payment message ready to leave."""

    file_id: uuid.UUID
    message_id: str
    content: bytes


def message_id_for(source: uuid.UUID) -> str:
    """Identification of the message made for a source: always the same, 34 characters."""
    return f"AV{source.hex}"


def open_file(*, source: uuid.UUID, execution_on: date) -> PaymentFile:
    """The payment file of a source: opened once, found ever after."""
    require("payment.order")
    # Not locked: the caller holds what the file is made for, and the mailbox takes files before those.
    known = PaymentFile.objects.filter(source=source).first()
    if known is not None:
        return known
    return PaymentFile.objects.create(
        key_id=create_key("bank"),
        message_id=message_id_for(source),
        source=source,
        execution_on=execution_on,
        count=0,
        control_sum=0,
    )


def instruct(*, file: PaymentFile, orders: Sequence[Order]) -> None:
    """Write the instructions of an open file; a source that has one already keeps it. Raises PaymentError."""
    require("payment.order")
    if file.state != PaymentFileState.OPEN:
        raise PaymentError("payments.file_made", _("Ce fichier de paiement est déjà établi."))
    prefetch_keys([order.account for order in orders])
    instructions = []
    for order in orders:
        instruction = PaymentInstruction(
            file=file,
            book_id=order.book_id,
            claim_id=order.claim_id,
            payee=order.account.person,
            end_to_end_id=message_id_for(order.source),
            source=order.source,
            amount=order.amount,
            remittance=order.remittance,
        )
        instruction.seal_value("iban", order.account.open_value("iban"))
        instructions.append(instruction)
    PaymentInstruction.objects.bulk_create(instructions, ignore_conflicts=True)


def make_file(*, file_id: uuid.UUID, made_at: datetime) -> PaymentFile:
    """Write the message of a file, once. Raises PaymentError when it holds no payment, InvalidPaymentFile."""
    require("payment.order")
    file = PaymentFile.objects.select_for_update().get(pk=file_id)
    if file.state != PaymentFileState.OPEN:
        return file
    instructions = list(
        PaymentInstruction.objects.filter(file=file).select_related("payee").order_by("end_to_end_id")
    )
    if not instructions:
        raise PaymentError("payments.nothing_to_pay", _("Aucun paiement à ordonner."))
    prefetch_keys(list(instructions))
    content = pain001.write(
        message_id=file.message_id,
        made_at=made_at,
        execution_on=file.execution_on,
        office=pain001.Office(settings.OFFICE_NAME, settings.OFFICE_IBAN, settings.OFFICE_BIC),
        transfers=(
            pain001.Transfer(
                end_to_end_id=instruction.end_to_end_id,
                name=str(instruction.payee),
                iban=instruction.open_value("iban"),
                amount=instruction.amount,
                remittance=instruction.remittance,
            )
            for instruction in instructions
        ),
    )
    file.seal_value("content", content)
    file.sha256 = digest(content)
    file.count = len(instructions)
    file.control_sum = sum((instruction.amount for instruction in instructions), Decimal(0))
    file.state = PaymentFileState.MADE
    file.made_at = made_at
    file.save()
    return file


def message_of(file_id: uuid.UUID) -> Message | None:
    """The message to hand over; None when the bank has it already. Logged as data leaving the office."""
    require("payment.send")
    file = PaymentFile.objects.get(pk=file_id)
    if file.state == PaymentFileState.OPEN:
        raise PaymentError("payments.file_not_made", _("Ce fichier de paiement n’est pas encore établi."))
    if file.state != PaymentFileState.MADE:
        return None
    log.record_export("payment.send", purpose="payment_order", fields=("name", "iban", "amount"))
    return Message(file.pk, file.message_id, file.open_bytes("content"))


def record_sent(*, file_id: uuid.UUID, answer: DoorAnswer, at: datetime) -> PaymentFile:
    """Note that the bank has the message. Refused at the door without a report to come, nothing of it
    is paid.
    """
    require("payment.send")
    file = PaymentFile.objects.select_for_update().defer("content").get(pk=file_id)
    if file.sent_at is not None:
        return file
    if file.state == PaymentFileState.MADE:
        # A status report may have been read before us: it says more than we do.
        file.state = PaymentFileState.SENT
    file.sent_at = at
    file.save(update_fields=["state", "sent_at"])
    PaymentInstruction.objects.filter(file=file, state=InstructionState.READY).update(
        state=InstructionState.SENT
    )
    if not (answer.taken or answer.duplicate or answer.reported):
        reject_file(file=file, reason=answer.reason, on=at.date())
    return file


def reject_file(*, file: PaymentFile, reason: str, on: date) -> None:
    """The bank refuses the whole file."""
    ids = PaymentInstruction.objects.filter(file=file, state__in=ON_ITS_WAY).values_list(
        "end_to_end_id", flat=True
    )
    _reject(file, dict.fromkeys(ids, reason), on)
    file.state = PaymentFileState.REJECTED
    file.reported_at = file.reported_at or file.sent_at
    file.save(update_fields=["state", "reported_at"])


def apply_status_report(report: StatusReport, *, at: datetime) -> BankMessageState:
    """What the bank decided about our payments. A report on a message that we sent twice changes nothing."""
    require("report.collect")
    file = (
        PaymentFile.objects.select_for_update().defer("content").filter(message_id=report.message_id).first()
    )
    if file is None or file.state == PaymentFileState.OPEN:
        return BankMessageState.UNKNOWN
    if report.group_status == REJECTED and report.reason == DUPLICATE:
        return BankMessageState.DUPLICATE
    file.reported_at = at
    if report.group_status == REJECTED:
        reject_file(file=file, reason=report.reason, on=at.date())
        return BankMessageState.HANDLED
    if report.payments:
        _accept(file, [one.end_to_end_id for one in report.payments if one.status in ACCEPTED])
        _reject(
            file,
            {one.end_to_end_id: one.reason for one in report.payments if one.status == REJECTED},
            at.date(),
        )
    elif report.group_status in ACCEPTED:
        _accept(file, None)
    file.state = _state_after(file, report)
    file.save(update_fields=["state", "reported_at"])
    return BankMessageState.HANDLED


def settle(debits: Iterable[Debit]) -> BankMessageState:
    """Our payments that the bank booked: into the books, the advance recorded as paid. Safe to repeat.

    A debit that contradicts what we ordered (other amount, refused before) is not booked: it waits
    for a person.
    """
    require("report.collect")
    by_id = {debit.end_to_end_id: debit for debit in debits}
    wanted = PaymentInstruction.objects.filter(end_to_end_id__in=by_id)
    # Files before instructions, as everywhere: two readers of the mailbox cannot wait for each other.
    list(
        PaymentFile.objects.select_for_update().filter(pk__in=wanted.values("file")).order_by("pk").only("pk")
    )
    instructions = list(
        wanted.select_for_update(of=("self",))
        .exclude(state=InstructionState.PAID)
        .select_related("file")
        .defer("file__content")
        .order_by("end_to_end_id")
    )
    sound = [
        instruction
        for instruction in instructions
        if instruction.state in ON_ITS_WAY and by_id[instruction.end_to_end_id].amount == instruction.amount
    ]
    days = {instruction.pk: by_id[instruction.end_to_end_id].value_on for instruction in sound}
    entries = record_advances_paid([(instruction, days[instruction.pk]) for instruction in sound])
    _mark_paid({instruction_id: entry.pk for instruction_id, entry in entries.items()})
    _close_executed({instruction.file_id for instruction in instructions})
    outcomes.tell([PaymentOutcome(one.source, one.file.source, Outcome.PAID, days[one.pk]) for one in sound])
    return BankMessageState.HANDLED if len(sound) == len(instructions) else BankMessageState.CONTRADICTION


def _mark_paid(entries: dict[uuid.UUID, uuid.UUID]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ledger_paymentinstruction AS i SET state = %s, entry_id = paid.entry
               FROM unnest(%s::uuid[], %s::uuid[]) AS paid (id, entry) WHERE i.id = paid.id""",
            [InstructionState.PAID.value, list(entries), list(entries.values())],
        )


def _accept(file: PaymentFile, end_to_end_ids: list[str] | None) -> None:
    waiting = PaymentInstruction.objects.filter(
        file=file, state__in=(InstructionState.READY, InstructionState.SENT)
    )
    if end_to_end_ids is not None:
        waiting = waiting.filter(end_to_end_id__in=end_to_end_ids)
    waiting.update(state=InstructionState.ACCEPTED)


def _reject(file: PaymentFile, reasons: dict[str, str], on: date) -> None:
    """One statement for any number of refusals; what is paid stays paid."""
    if not reasons:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE ledger_paymentinstruction AS i SET state = %s, reason_code = told.reason
               FROM unnest(%s::text[], %s::text[]) AS told(end_to_end_id, reason)
               WHERE i.file_id = %s AND i.end_to_end_id = told.end_to_end_id AND i.state = ANY(%s)
               RETURNING i.source, i.reason_code""",
            [
                InstructionState.REJECTED.value,
                list(reasons),
                [reason or "NARR" for reason in reasons.values()],
                file.pk,
                [state.value for state in ON_ITS_WAY],
            ],
        )
        rejected = cursor.fetchall()
    outcomes.tell(
        [PaymentOutcome(source, file.source, Outcome.REJECTED, on, reason) for source, reason in rejected]
    )


def _state_after(file: PaymentFile, report: StatusReport) -> PaymentFileState:
    """A later report may speak of a few payments only: the instructions tell the whole."""
    states = set(PaymentInstruction.objects.filter(file=file).values_list("state", flat=True).distinct())
    if states == {InstructionState.REJECTED}:
        return PaymentFileState.REJECTED
    if not states & set(ON_ITS_WAY):
        return PaymentFileState.EXECUTED
    if InstructionState.REJECTED in states:
        return PaymentFileState.PARTLY
    return PaymentFileState.ACCEPTED if report.group_status in (*ACCEPTED, PARTLY) else PaymentFileState.SENT


def _close_executed(file_ids: Iterable[uuid.UUID]) -> None:
    """A file whose payments all came to an end, at least one of them paid, is executed."""
    open_files = set(
        PaymentInstruction.objects.filter(file__in=list(file_ids), state__in=ON_ITS_WAY).values_list(
            "file", flat=True
        )
    )
    ended = set(file_ids) - open_files
    PaymentFile.objects.filter(pk__in=ended).update(state=PaymentFileState.EXECUTED)
