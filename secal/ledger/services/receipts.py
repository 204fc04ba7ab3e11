"""Takes bank statements, makes receipts of the money that came in, matches and allocates them.

An alimony file's by article 23, an employer's to the oldest debt. What a bailiff received comes off the
debt on that day; when it reaches the account later, it settles what they held and lowers nothing again.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.kernel.identifiers import parse_ogm
from secal.kernel.money import ZERO
from secal.ledger import accounts, camt053, events, guards, intermediaries, moments, rules, selectors
from secal.ledger.errors import LedgerError, StatementAlreadyTaken
from secal.ledger.models import (
    Account,
    Allocation,
    BankMovement,
    BankStatement,
    Book,
    BookKind,
    Collection,
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
from secal.vault.keystore import create_keys

REMITTER_INDEX = "bank_movement.remitter_iban"
BATCH = 2000
OF_RECEIPTS = (EntryKind.RECEIPT, EntryKind.REMITTANCE)
"""What a receipt makes in a book: a payment, or money that a bailiff held, or both."""


@dataclass(frozen=True, slots=True)
class Matched:
    """A receipt and the book that it goes to. `passed_on`: an intermediary sent it."""

    receipt: Receipt
    book: Book
    passed_on: bool = False


def import_statement(*, content: bytes, on: date) -> BankStatement:
    """Take a camt.053 file whole: movements, receipts, those with a known communication allocated at once.

    Returns the (last) statement of the file. Raises StatementRefused or StatementAlreadyTaken; then nothing
    of the file is written.
    """
    require("statement.import")
    known = accounts.accounts_to_import()
    file = camt053.read(content, accounts=known)
    with transaction.atomic():
        taken = [
            _take(file.sha256, statement, kind=known[statement.account_iban], on=on)
            for statement in file.statements
        ]
    return taken[-1]


def match_receipt(*, receipt_id: uuid.UUID, ogm_or_book: str | uuid.UUID | Book, on: date) -> Receipt:
    """Match a waiting receipt by hand and allocate it. The actor must have the file behind the book.

    Raises LedgerError: receipt.matched_already, receipt.other_account, book.unknown; IdentifierError for a
    wrong communication; Refused.
    """
    require("receipt.match")
    book = _book(ogm_or_book)
    identity = guards.admit(book, act="receipt.match", purpose=events.RECOVERY)
    receipt = (
        Receipt.objects.select_for_update(of=("self",))
        .select_related("movement__statement")
        .get(pk=receipt_id)
    )
    if receipt.state != ReceiptState.WAITING:
        raise LedgerError(
            "receipt.matched_already", _("Ce paiement vient d’être rapproché : il n’attend plus.")
        )
    if accounts.accounts_at_work().get(receipt.movement.statement.account_iban) != book.kind:
        raise LedgerError(
            "receipt.other_account", _("Ce paiement est venu sur un compte d’un autre service.")
        )
    before = JournalEntry.objects.filter(
        kind__in=OF_RECEIPTS, source=receipt.pk, book=book, reverses=None
    ).aggregate(turns=Max("turn"))["turns"]
    receipt.matched_by_id = current_actor().user_id
    passed_on = book.kind == BookKind.EMPLOYER and bool(
        intermediaries.among([receipt.movement.open_value("remitter_iban")])
    )
    _allocate([Matched(receipt, book, passed_on)], on=on, turn=0 if before is None else before + 1)
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
    for entry in JournalEntry.objects.filter(
        kind__in=OF_RECEIPTS, source=receipt.pk, book=book, reversed_by=None, reverses=None
    ).order_by("number"):
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


def record_collected(
    *, book_id: uuid.UUID, amount: Decimal, on: date, source: uuid.UUID, chosen: date | None = None
) -> JournalEntry:
    """A bailiff received money from the debtor: it comes off the debt now, and is held by them until it
    reaches the account.

    Recorded once a source: again gives the entry of then. `chosen`: the quarter that the debtor named in
    writing when paying. The caller has checked its own act on the file. Raises LedgerError: book.unknown,
    collected.other_kind, collected.differs; ReckoningError for an amount that is none.
    """
    numbers = books.lock_books([book_id])
    known = Collection.objects.filter(source=source).select_related("entry").first()
    if known is not None:
        if (known.book_id, known.amount) != (book_id, amount):
            raise LedgerError(
                "collected.differs",
                _("Ce paiement est déjà enregistré autrement : contre-passez d’abord l’écriture."),
                "amount",
            )
        return known.entry
    if Book.objects.get(pk=book_id).kind != BookKind.EMPLOYER:
        raise LedgerError(
            "collected.other_kind", _("Un huissier ne reçoit d’argent que pour un débiteur de l’ONSS.")
        )
    result = rules.spread(
        amount,
        selectors.open_claims_of([book_id]).get(book_id, []),
        kind=BookKind.EMPLOYER,
        on=on,
        chosen=chosen,
    )
    new = NewEntry(
        id=uuid.uuid4(),
        book_id=book_id,
        kind=EntryKind.COLLECTED,
        booked_on=on,
        value_on=on,
        source=source,
        lines=rules.receipt_lines(result, into=Account.HELD),
    )
    (entry,) = books.write_entries([new], numbers)
    collected = Collection.objects.create(
        book_id=book_id,
        source=source,
        amount=amount,
        collected_on=on,
        entry=entry,
        explanation=result.explanation.to_dict(),
    )
    moments.on_collected.came([collected], on=on)
    return entry


def _take(sha256: str, statement: camt053.Statement, *, kind: BookKind, on: date) -> BankStatement:
    row = _statement_row(sha256, statement)
    keys = create_keys("bank", len(statement.movements))
    movements = [
        _movement_row(row, movement, key) for movement, key in zip(statement.movements, keys, strict=True)
    ]
    _recognise_our_payments(movements)
    BankMovement.objects.bulk_create(movements, batch_size=BATCH)
    _receive(movements, statement.movements, kind=kind, on=on)
    events.statement_imported(row.pk)
    return row


def _statement_row(sha256: str, statement: camt053.Statement) -> BankStatement:
    row = BankStatement(
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


def _movement_row(statement: BankStatement, movement: camt053.Movement, key_id: uuid.UUID) -> BankMovement:
    row = BankMovement(
        statement=statement,
        key_id=key_id,
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


def _receive(
    rows: Sequence[BankMovement], read: Sequence[camt053.Movement], *, kind: BookKind, on: date
) -> None:
    """Receipts of the money that debtors sent; those whose communication names a book are allocated.

    Only books of the kind that the account is for: on another account their communication means nothing. A
    payment of ours that came back (return code) is no debtor's money: its movement waits without a receipt.
    """
    money_in = [
        (row, movement)
        for row, movement in zip(rows, read, strict=True)
        if row.amount > 0 and not movement.return_code
    ]
    named = {row.ogm for row, _movement in money_in if row.ogm}
    known = {str(book.ogm): book for book in Book.objects.filter(ogm__in=named, kind=kind)}
    # Only an employer's money passes through a bailiff.
    payers = [movement.remitter_iban for row, movement in money_in if row.ogm in known]
    passing = intermediaries.among(payers) if kind == BookKind.EMPLOYER else set()
    matched: list[Matched] = []
    receipts: list[Receipt] = []
    for row, movement in money_in:
        receipt = Receipt(
            movement=row,
            amount=row.amount,
            value_on=row.value_on,
            waiting_reason=_why_it_waits(row.ogm, movement.ogm_fault, known),
        )
        receipts.append(receipt)
        if row.ogm in known:
            matched.append(Matched(receipt, known[row.ogm], movement.remitter_iban in passing))
    Receipt.objects.bulk_create(receipts, batch_size=BATCH)
    _allocate(matched, on=on)


def _why_it_waits(ogm: str, fault: str, known: Mapping[str, Book]) -> str:
    if not ogm:
        return fault
    return "" if ogm in known else WaitingReason.UNKNOWN_COMMUNICATION


def _allocate(matched: Sequence[Matched], *, on: date, turn: int = 0) -> None:
    """Book each receipt and spread it over the claims that are open in its book, in the order of the law.

    What an intermediary passed on first settles what it held. `turn`: how often it was in that book before
    and was put back.
    """
    numbers = books.lock_books(one.book.pk for one in matched)
    open_claims = selectors.open_claims_of(numbers)
    aside = selectors.money_aside({one.book.pk for one in matched if one.passed_on})
    held = {book_id: money.held for book_id, money in aside.items()}
    entries: list[NewEntry] = []
    allocations: list[Allocation] = []
    for one in matched:
        settled, rest = rules.remitted(one.receipt.amount, held[one.book.pk] if one.passed_on else ZERO)
        if settled > 0:
            held[one.book.pk] -= settled
            entries.append(
                _entry(one, EntryKind.REMITTANCE, rules.remittance_lines(settled), on=on, turn=turn)
            )
        if rest > 0:
            claims = open_claims.get(one.book.pk, [])
            entry, parts, left = _spread(one, rest, claims, on=on, turn=turn)
            open_claims[one.book.pk] = left
            entries.append(entry)
            allocations += parts
    books.write_entries(entries, numbers)
    Allocation.objects.bulk_create(allocations, batch_size=BATCH)
    for one in matched:
        one.receipt.book = one.book
        one.receipt.state = ReceiptState.ALLOCATED
        one.receipt.waiting_reason = ""
        _save_matching(one.receipt, MovementState.MATCHED)
    moments.on_receipts_allocated.came([one.receipt for one in matched], on=on)


def _entry(one: Matched, kind: EntryKind, lines: Sequence[rules.Line], *, on: date, turn: int) -> NewEntry:
    return NewEntry(
        id=uuid.uuid4(),
        book_id=one.book.pk,
        kind=kind,
        booked_on=on,
        value_on=one.receipt.value_on,
        source=one.receipt.pk,
        turn=turn,
        lines=lines,
    )


def _spread(
    one: Matched, amount: Decimal, claims: Sequence[OpenClaim], *, on: date, turn: int
) -> tuple[NewEntry, list[Allocation], list[OpenClaim]]:
    """The entry and allocations of a receipt (or what is left of it), and what its claims still owe."""
    result = rules.spread(amount, claims, kind=one.book.kind, on=one.receipt.value_on)
    one.receipt.explanation = result.explanation.to_dict()
    entry = _entry(one, EntryKind.RECEIPT, rules.receipt_lines(result), on=on, turn=turn)
    taken: dict[uuid.UUID, Decimal] = {uuid.UUID(part.claim.key): part.amount for part in result.allocations}
    allocations = [
        Allocation(
            receipt=one.receipt,
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
