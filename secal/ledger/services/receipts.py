"""Takes bank statements, makes receipts of the money that came in, matches and allocates them (art. 23)."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.kernel.identifiers import parse_iban, parse_ogm
from secal.law.assembly import imputation_parameters
from secal.ledger import camt053, events, guards, moments, rules, selectors
from secal.ledger.errors import LedgerError, StatementAlreadyTaken, StatementRefused
from secal.ledger.models import (
    Allocation,
    BankMovement,
    BankStatement,
    Book,
    EntryKind,
    JournalEntry,
    MovementState,
    PaymentInstruction,
    Receipt,
    ReceiptState,
    WaitingReason,
)
from secal.ledger.rules import OpenClaim
from secal.ledger.services import books
from secal.ledger.services.books import NewEntry
from secal.vault.blind_index import blind_index
from secal.vault.keystore import create_key

REMITTER_INDEX = "bank_movement.remitter_iban"
BATCH = 2000


def import_statement(*, content: bytes, on: date) -> BankStatement:
    """Take a camt.053 file whole: movements, receipts, those with a known communication allocated at once.

    Returns the (last) statement of the file. Raises StatementRefused or StatementAlreadyTaken; then nothing
    of the file is written.
    """
    require("statement.import")
    file = camt053.read(content, account_iban=_office_account())
    with transaction.atomic():
        taken = [_take(file.sha256, statement, on=on) for statement in file.statements]
    return taken[-1]


def match_receipt(*, receipt_id: uuid.UUID, ogm_or_book: str | uuid.UUID | Book, on: date) -> Receipt:
    """Match a waiting receipt by hand and allocate it. The actor must have the file behind the book.

    Raises LedgerError: receipt.matched_already, book.unknown; IdentifierError for a wrong
    communication; Refused.
    """
    require("receipt.match")
    book = _book(ogm_or_book)
    identity = guards.admit(book, act="receipt.match", purpose=events.RECOVERY)
    receipt = Receipt.objects.select_for_update(of=("self",)).select_related("movement").get(pk=receipt_id)
    if receipt.state != ReceiptState.WAITING:
        raise LedgerError(
            "receipt.matched_already", _("Ce paiement vient d’être rapproché : il n’attend plus.")
        )
    before = JournalEntry.objects.filter(
        kind=EntryKind.RECEIPT, source=receipt.pk, book=book, reverses=None
    ).count()
    receipt.matched_by_id = current_actor().user_id
    _allocate([(receipt, book.pk)], on=on, turn=before)
    events.receipt_matched(receipt.pk, file=identity.get("file", book.pk))
    return receipt


def put_back(*, receipt_id: uuid.UUID, on: date) -> Receipt:
    """Undo a wrong match: the entry is reversed, the receipt waits. Raises LedgerError receipt.waits."""
    require("receipt.match")
    receipt = (
        Receipt.objects.select_for_update(of=("self",)).select_related("movement", "book").get(pk=receipt_id)
    )
    if receipt.book is None:
        raise LedgerError("receipt.waits", _("Ce paiement attend déjà d’être rapproché."))
    book = receipt.book
    identity = guards.admit(book, act="receipt.match", purpose=events.RECOVERY)
    numbers = books.lock_books([book.pk])
    entry = JournalEntry.objects.get(
        kind=EntryKind.RECEIPT, source=receipt.pk, book=book, reversed_by=None, reverses=None
    )
    books.reverse_in_locked_book(entry, on=on, numbers=numbers)
    moments.on_receipts_put_back.came([receipt], on=on)
    receipt.book = None
    receipt.state = ReceiptState.WAITING
    receipt.waiting_reason = WaitingReason.PUT_BACK
    receipt.matched_by = None
    receipt.explanation = {}
    _save_matching(receipt, MovementState.WAITING)
    events.receipt_put_back(receipt.pk, file=identity.get("file", book.pk))
    return receipt


def _office_account() -> str:
    if not settings.OFFICE_IBAN:
        raise StatementRefused(
            "statement.no_office_account",
            where="OFFICE_IBAN",
            remedy=_("Le compte du service n’est pas configuré : demandez-le à l’administrateur du système."),
        )
    return parse_iban(settings.OFFICE_IBAN)


def _take(sha256: str, statement: camt053.Statement, *, on: date) -> BankStatement:
    row = _statement_row(sha256, statement)
    movements = [_movement_row(row, movement) for movement in statement.movements]
    _recognise_our_payments(movements)
    BankMovement.objects.bulk_create(movements, batch_size=BATCH)
    _receive(movements, statement.movements, on=on)
    events.statement_imported(row.pk)
    return row


def _statement_row(sha256: str, statement: camt053.Statement) -> BankStatement:
    row = BankStatement(
        key_id=create_key("bank"),
        file_sha256=sha256,
        statement_id=statement.statement_id,
        sequence=statement.sequence,
        account_iban=statement.account_iban,
        from_on=statement.from_on,
        until_on=statement.until_on,
        opening=statement.opening,
        closing=statement.closing,
        imported_by_id=current_actor().user_id,
    )
    try:
        # The database decides: of two imports at the same moment one waits here, and loses.
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        before = selectors.statement_taken_before(sha256, statement.account_iban, statement.statement_id)
        if before is None:
            raise
        raise _already_taken(before) from error
    return row


def _already_taken(before: BankStatement) -> StatementAlreadyTaken:
    who = before.imported_by
    return StatementAlreadyTaken(
        {
            "statement": before.statement_id,
            "when": timezone.localtime(before.imported_at).strftime("%d/%m/%Y %H:%M"),
            "who": who.display_name if who is not None else _("le service de relevés automatique"),
        }
    )


def _movement_row(statement: BankStatement, movement: camt053.Movement) -> BankMovement:
    row = BankMovement(
        statement=statement,
        line=movement.line,
        booked_on=movement.booked_on,
        value_on=movement.value_on,
        amount=movement.amount,
        ogm=movement.ogm,
        end_to_end_id=movement.end_to_end_id,
        bank_reference=movement.bank_reference,
        state=MovementState.WAITING,
    )
    row.seal_value("remitter_name", movement.remitter_name)
    row.seal_value("remitter_iban", movement.remitter_iban)
    row.seal_value("remittance", movement.remittance)
    if movement.remitter_iban:
        row.remitter_iban_bi = blind_index(REMITTER_INDEX, movement.remitter_iban)
    return row


def _recognise_our_payments(rows: Sequence[BankMovement]) -> None:
    """A debit that is a payment of ours, to the cent, is marked so; services.payments.settle books it.

    Any other debit, one of ours with another amount too, waits where people see it.
    """
    named = {row.end_to_end_id for row in rows if row.end_to_end_id and row.amount < 0}
    ours = dict(
        PaymentInstruction.objects.filter(end_to_end_id__in=named).values_list("end_to_end_id", "amount")
    )
    for row in rows:
        if row.amount < 0 and ours.get(row.end_to_end_id) == -row.amount:
            row.state = MovementState.PAYMENT


def _receive(rows: Sequence[BankMovement], read: Sequence[camt053.Movement], *, on: date) -> None:
    """Receipts of the money that debtors sent; those whose communication names a book are allocated.

    A payment of ours that came back (return code) is no debtor's money: its movement waits without a receipt.
    """
    money_in = [
        (row, movement)
        for row, movement in zip(rows, read, strict=True)
        if row.amount > 0 and not movement.return_code
    ]
    known = dict(
        Book.objects.filter(ogm__in={row.ogm for row, _movement in money_in if row.ogm}).values_list(
            "ogm", "pk"
        )
    )
    receipts = [
        Receipt(
            movement=row,
            amount=row.amount,
            value_on=row.value_on,
            waiting_reason=_why_it_waits(row.ogm, movement.ogm_fault, known),
        )
        for row, movement in money_in
    ]
    Receipt.objects.bulk_create(receipts, batch_size=BATCH)
    _allocate(
        [(receipt, known[receipt.movement.ogm]) for receipt in receipts if receipt.movement.ogm in known],
        on=on,
    )


def _why_it_waits(ogm: str, fault: str, known: dict[str, uuid.UUID]) -> str:
    if not ogm:
        return fault
    return "" if ogm in known else WaitingReason.UNKNOWN_COMMUNICATION


def _allocate(matched: Sequence[tuple[Receipt, uuid.UUID]], *, on: date, turn: int = 0) -> None:
    """Book each receipt and spread it over the claims that are open in its book, in article 23's order.

    `turn`: how often it was in that book before and was put back.
    """
    numbers = books.lock_books(book_id for _receipt, book_id in matched)
    open_claims = selectors.open_claims_of(numbers)
    entries: list[NewEntry] = []
    allocations: list[Allocation] = []
    for receipt, book_id in matched:
        entry, parts, left = _spread(receipt, book_id, open_claims.get(book_id, []), on=on, turn=turn)
        open_claims[book_id] = left
        entries.append(entry)
        allocations += parts
    books.write_entries(entries, numbers)
    Allocation.objects.bulk_create(allocations, batch_size=BATCH)
    for receipt, book_id in matched:
        receipt.book_id = book_id
        receipt.state = ReceiptState.ALLOCATED
        receipt.waiting_reason = ""
        _save_matching(receipt, MovementState.MATCHED)
    moments.on_receipts_allocated.came([receipt for receipt, _book_id in matched], on=on)


def _spread(
    receipt: Receipt, book_id: uuid.UUID, claims: Sequence[OpenClaim], *, on: date, turn: int
) -> tuple[NewEntry, list[Allocation], list[OpenClaim]]:
    """The entry and allocations of one receipt, and what its book's claims still owe after it."""
    result = rules.spread(receipt.amount, claims, imputation_parameters(on=receipt.value_on))
    receipt.explanation = result.explanation.to_dict()
    entry = NewEntry(
        id=uuid.uuid4(),
        book_id=book_id,
        kind=EntryKind.RECEIPT,
        booked_on=on,
        value_on=receipt.value_on,
        source=receipt.pk,
        turn=turn,
        lines=rules.receipt_lines(result),
    )
    taken: dict[uuid.UUID, Decimal] = {uuid.UUID(part.claim.key): part.amount for part in result.allocations}
    allocations = [
        Allocation(
            receipt=receipt,
            entry_id=entry.id,
            claim_id=uuid.UUID(part.claim.key),
            rank=part.rank,
            amount=part.amount,
        )
        for part in result.allocations
    ]
    return entry, allocations, list(_still_open(claims, taken))


def _still_open(claims: Iterable[OpenClaim], taken: dict[uuid.UUID, Decimal]) -> Iterable[OpenClaim]:
    for claim in claims:
        left = claim.open - taken.get(claim.id, Decimal(0))
        if left > 0:
            yield replace(claim, open=left)


def _save_matching(receipt: Receipt, state: MovementState) -> None:
    receipt.save(update_fields=["book", "state", "waiting_reason", "matched_by", "explanation"])
    receipt.movement.state = state
    receipt.movement.save(update_fields=["state"])


def _book(ogm_or_book: str | uuid.UUID | Book) -> Book:
    if isinstance(ogm_or_book, Book):
        return ogm_or_book
    wanted = {"pk": ogm_or_book} if isinstance(ogm_or_book, uuid.UUID) else {"ogm": parse_ogm(ogm_or_book)}
    book = Book.objects.filter(**wanted).first()
    if book is None:
        raise LedgerError(
            "book.unknown",
            _("Aucun dossier ne porte cette communication. Vérifiez les douze chiffres."),
            "ogm",
        )
    return book
