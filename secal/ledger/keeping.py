"""What the ledger keeps about a unit of erasure, and how it goes: the money stays, the person goes.

A book keeps its entries and sums for ever, without communication, number, beneficiary or source. A bank
movement keeps its day and amount; the payer goes with the movement's own key. A payment keeps its amount;
account and words go. A payment message names many payees: it is destroyed whole once all its payments are
settled, and until then none of those it names is erased.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connections
from django.db.models import Exists, OuterRef, Q, Sum
from django.utils.translation import gettext_lazy as _

from secal.ledger.models import (
    Account,
    Allocation,
    BankMessage,
    BankMovement,
    BankStatement,
    Book,
    Claim,
    Collection,
    InstructionState,
    JournalEntry,
    PaymentFile,
    PaymentInstruction,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.office import clock, keeping
from secal.office.keeping import Erasing, Kept
from secal.vault.keystore import destroy_keys

UNSETTLED = [InstructionState.READY, InstructionState.SENT, InstructionState.ACCEPTED]

ONLY_MONEY = _("Montants et dates sans personne : la comptabilité reste, la personne part.")

MOVEMENTS = """
SELECT m.id FROM ledger_receipt r JOIN ledger_bankmovement m ON m.id = r.movement_id WHERE r.book_id = ANY(%s)
UNION
SELECT m.id FROM ledger_book b JOIN ledger_bankmovement m ON m.ogm = b.ogm AND m.ogm <> ''
WHERE b.id = ANY(%s)
UNION
SELECT m.id FROM ledger_paymentinstruction i
JOIN ledger_bankmovement m ON m.end_to_end_id = i.end_to_end_id AND m.end_to_end_id <> ''
WHERE i.book_id = ANY(%s)
"""


def register() -> None:
    """Called once when the room is made ready."""
    for model in (Posting, Allocation, Receipt, BankStatement, BankMessage):
        keeping.exempt(model, ONLY_MONEY)


def keep_books(unit: str, path: str) -> None:
    """The books of these units: `path` is the look-up from a book to the root."""
    keeping.keep(
        Kept(Book, unit=unit, by=path, title=_("Compte"), eraser=_empty_books),
        Kept(Claim, unit=unit, by=f"book__{path}", title=_("Créance"), eraser=_empty_claims),
        Kept(JournalEntry, unit=unit, by=f"book__{path}", title=_("Écriture"), eraser=_empty_entries),
        Kept(Collection, unit=unit, by=f"book__{path}", title=_("Perception"), eraser=_empty_collections),
        Kept(
            BankMovement,
            unit=unit,
            rows=partial(_movements, path),
            title=_("Mouvement de compte"),
            eraser=_empty_movements,
        ),
        Kept(
            PaymentInstruction,
            unit=unit,
            by=f"book__{path}",
            title=_("Ordre de paiement"),
            eraser=_empty_instructions,
        ),
        Kept(
            PaymentFile,
            unit=unit,
            rows=partial(_files, path),
            title=_("Fichier de paiement"),
            eraser=_destroy_messages,
        ),
    )


def loose_ends(book: OuterRef) -> Q:
    """Inside a query: money of the book still has to go somewhere, so nothing of it is erased yet.

    Received too much and not refunded, held by a bailiff, on its way in a payment file (its own, or that of
    another payee in the same message), or waiting to be matched under its communication.
    """
    moving = PaymentInstruction.objects.filter(book=book, file__instructions__state__in=UNSETTLED)
    waiting = Receipt.objects.filter(
        state=ReceiptState.WAITING, movement__ogm__in=Book.objects.filter(pk=book).values("ogm")
    )
    kept = (
        Posting.objects.filter(book=book, account__in=[Account.SUSPENSE, Account.HELD])
        .values("account")
        .annotate(sum=Sum("amount"))
        .exclude(sum=0)
    )
    return Q(Exists(moving)) | Q(Exists(waiting)) | Q(Exists(kept))


def _books(path: str, using: str, unit_id: UUID) -> list[UUID]:
    return list(Book.objects.using(using).filter(**{path: unit_id}).values_list("pk", flat=True))


def _movements(path: str, using: str, unit_id: UUID) -> Iterable[UUID]:
    books = _books(path, using, unit_id)
    with connections[using].cursor() as cursor:
        cursor.execute(MOVEMENTS, [books, books, books])
        return [row[0] for row in cursor.fetchall()]


def _files(path: str, using: str, unit_id: UUID) -> Iterable[UUID]:
    """The messages that name a payee of the unit, once every payment in them is settled."""
    files = PaymentFile.objects.using(using).filter(instructions__book__in=_books(path, using, unit_id))
    return list(
        files.exclude(instructions__state__in=UNSETTLED)
        .exclude(content=None)
        .values_list("pk", flat=True)
        .distinct()
    )


def _empty_books(erasing: Erasing) -> Mapping[str, int]:
    return _do(erasing, Book, "UPDATE ledger_book SET ogm = NULL, number = NULL WHERE id = ANY(%s)")


def _empty_claims(erasing: Erasing) -> Mapping[str, int]:
    return _do(
        erasing,
        Claim,
        "UPDATE ledger_claim SET beneficiary_id = NULL WHERE id = ANY(%s) AND beneficiary_id IS NOT NULL",
    )


def _empty_entries(erasing: Erasing) -> Mapping[str, int]:
    """Only what an entry says of erased rows: a receipt or an instruction stays, and stays named."""
    return _do(
        erasing,
        JournalEntry,
        "UPDATE ledger_journalentry SET source = NULL WHERE id = ANY(%s) AND source = ANY(%s)",
        list(erasing.identifiers),
    )


def _empty_collections(erasing: Erasing) -> Mapping[str, int]:
    return _do(
        erasing,
        Collection,
        "UPDATE ledger_collection SET source = NULL WHERE id = ANY(%s) AND source IS NOT NULL",
    )


def _empty_movements(erasing: Erasing) -> Mapping[str, int]:
    _forget_keys(erasing, BankMovement)
    return _do(
        erasing,
        BankMovement,
        "UPDATE ledger_bankmovement SET ogm = '', end_to_end_id = '', bank_reference = '',"
        " remitter_name = NULL, remitter_iban = NULL, remitter_iban_bi = NULL, remittance = NULL"
        " WHERE id = ANY(%s)",
    )


def _empty_instructions(erasing: Erasing) -> Mapping[str, int]:
    return _do(
        erasing,
        PaymentInstruction,
        "UPDATE ledger_paymentinstruction SET payee_id = NULL, iban = NULL, remittance = ''"
        " WHERE id = ANY(%s)",
    )


def _destroy_messages(erasing: Erasing) -> Mapping[str, int]:
    _forget_keys(erasing, PaymentFile)
    return _do(
        erasing,
        PaymentFile,
        "UPDATE ledger_paymentfile SET content = NULL, destroyed_on = %s"
        " WHERE id = ANY(%s) AND content IS NOT NULL",
        before=[clock.today()],
    )


def _forget_keys(erasing: Erasing, model: type[BankMovement | PaymentFile]) -> None:
    found = model._base_manager.using(erasing.using).filter(pk__in=list(erasing.rows))
    destroy_keys(found.values_list("key_id", flat=True), using=erasing.using)


def _do(
    erasing: Erasing, model: Any, statement: str, *after: Any, before: Sequence[date] = ()
) -> Mapping[str, int]:
    with connections[erasing.using].cursor() as cursor:
        cursor.execute(statement, [*before, list(erasing.rows), *after])
        return {model._meta.db_table: cursor.rowcount}
