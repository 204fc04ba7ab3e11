"""Opens books and books in them. Whoever writes in a book holds its row: one writer a book at a time.

The services of higher rooms call these after checking their own act (a term that falls due, a decision, a
payment confirmed by the bank); nothing here is reachable from a screen by itself.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.kernel.identifiers import make_ogm
from secal.kernel.money import ZERO
from secal.ledger import rules
from secal.ledger.debts import held_by_bailiff
from secal.ledger.errors import LedgerError
from secal.ledger.models import (
    Account,
    Book,
    BookKind,
    Claim,
    EntryKind,
    Head,
    JournalEntry,
    Owner,
    PaymentInstruction,
    Posting,
)
from secal.ledger.rules import Line

BATCH = 5000


@dataclass(frozen=True, slots=True)
class ChargeLine:
    """One sum that the debtor comes to owe. Lines of one book, kind and source make one journal entry."""

    book_id: uuid.UUID
    head: Head
    rank: int
    owner: Owner
    beneficiary_id: uuid.UUID | None
    period: date | None
    due_on: date
    limitation_on: date | None
    amount: Decimal
    kind: EntryKind
    source: uuid.UUID | None
    booked_on: date

    @property
    def entry_key(self) -> "EntryKey":
        # Without a source every line stands alone: there is nothing that could make it a repetition.
        return (self.book_id, self.kind, self.source or uuid.uuid4())


EntryKey = tuple[uuid.UUID, str, uuid.UUID]


def onss_line(
    *,
    book_id: uuid.UUID,
    head: Head,
    quarter: date,
    due_on: date,
    amount: Decimal,
    source: uuid.UUID,
    booked_on: date,
    limitation_on: date | None = None,
) -> ChargeLine:
    """A sum that an employer owes for a quarter (its first day), or on account of it.

    `due_on`: of the contributions, and of what hangs on them the same: the quarter is as old as that day.
    """
    return ChargeLine(
        book_id=book_id,
        head=head,
        rank=rules.ONSS_RANK,
        owner=Owner.INSTITUTION,
        beneficiary_id=None,
        period=quarter,
        due_on=due_on,
        limitation_on=limitation_on,
        amount=amount,
        kind=rules.ONSS_CHARGES[head],
        source=source,
        booked_on=booked_on,
    )


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A journal entry about to be written in a locked book."""

    id: uuid.UUID
    book_id: uuid.UUID
    kind: EntryKind
    booked_on: date
    value_on: date
    source: uuid.UUID | None
    lines: Sequence[Line]
    reverses_id: uuid.UUID | None = None
    turn: int = 0


def open_book(*, kind: BookKind, opened_on: date) -> Book:
    """A new, empty book with the structured communication that pays into it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('ledger_book_number')")
        number: int = cursor.fetchone()[0]
    return Book.objects.create(kind=kind, number=number, ogm=make_ogm(number), opened_on=opened_on)


def charge(lines: Sequence[ChargeLine]) -> list[Claim]:
    """Book what debtors come to owe, in any number of books; returns one claim a line, in their order.

    A line whose (kind, source, book) is booked already is not booked again: its claim of then is returned.
    Raises LedgerError: charge.not_positive, charge.differs (booked before for another child, month or head).
    """
    if any(line.amount <= 0 for line in lines):
        raise LedgerError("charge.not_positive", _("Un montant dû est supérieur à zéro."), "amount")
    keys = [line.entry_key for line in lines]
    numbers = lock_books({line.book_id for line in lines})
    booked = _booked_claims(lines)
    groups: dict[EntryKey, list[tuple[ChargeLine, Claim]]] = defaultdict(list)
    claims: list[Claim] = []
    for key, line in zip(keys, lines, strict=True):
        if key in booked:
            claims.append(_claim_of_then(booked[key], line))
        else:
            claim = _new_claim(line)
            groups[key].append((line, claim))
            claims.append(claim)
    fresh = [claim for members in groups.values() for _line, claim in members]
    Claim.objects.bulk_create(fresh, batch_size=BATCH)
    write_entries([_charge_entry(members) for members in groups.values()], numbers)
    return claims


def record_advance_paid(*, instruction: PaymentInstruction, value_on: date) -> JournalEntry:
    """The bank has paid an advance: credit the bank, and put the Treasury in the creditor's place (art. 12).

    What is still open on the term, up to the advance, becomes a claim of the Treasury of rank 4. Again for
    the same instruction returns the entry of then.
    """
    return record_advances_paid([(instruction, value_on)])[instruction.pk]


def record_advances_paid(
    paid: Sequence[tuple[PaymentInstruction, date]],
) -> dict[uuid.UUID, JournalEntry]:
    """As `record_advance_paid`, for any number of instructions with their value dates, in a fixed number of
    statements; the entries by instruction.
    """
    numbers = lock_books({instruction.book_id for instruction, _value_on in paid})
    entries = {
        entry.source: entry
        for entry in JournalEntry.objects.filter(
            kind=EntryKind.ADVANCE_PAID,
            source__in=[instruction.pk for instruction, _value_on in paid],
            book__in=numbers,
            reverses=None,
        )
        if entry.source is not None
    }
    fresh = [(instruction, value_on) for instruction, value_on in paid if instruction.pk not in entries]
    terms = Claim.objects.in_bulk([instruction.claim_id for instruction, _value_on in fresh])
    still_open = open_amounts(terms)
    claims: list[Claim] = []
    new: list[NewEntry] = []
    for instruction, value_on in fresh:
        term = terms[instruction.claim_id]
        moved = rules.subrogated(instruction.amount, still_open[term.pk])
        still_open[term.pk] -= moved
        advance = _advance_claim(term) if moved > 0 else None
        if advance is not None:
            claims.append(advance)
        new.append(_advance_entry(instruction, value_on, moved, advance))
    Claim.objects.bulk_create(claims, batch_size=BATCH)
    for entry in write_entries(new, numbers):
        if entry.source is not None:
            entries[entry.source] = entry
    return entries


def _advance_entry(
    instruction: PaymentInstruction, value_on: date, moved: Decimal, advance: Claim | None
) -> NewEntry:
    return NewEntry(
        id=uuid.uuid4(),
        book_id=instruction.book_id,
        kind=EntryKind.ADVANCE_PAID,
        booked_on=value_on,
        value_on=value_on,
        source=instruction.pk,
        lines=rules.advance_lines(
            instruction.amount,
            moved,
            term_claim=instruction.claim_id,
            advance_claim=advance.pk if advance else None,
        ),
    )


def set_limitation(days: Mapping[uuid.UUID, date | None]) -> None:
    """Write the day on which each of these claims lapses (None: it stands still); one statement.

    The caller holds the file of their book.
    """
    if not days:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_claim c SET limitation_on = d.lapses_on"
            " FROM unnest(%s::uuid[], %s::date[]) AS d (id, lapses_on)"
            " WHERE c.id = d.id AND c.limitation_on IS DISTINCT FROM d.lapses_on",
            [list(days), list(days.values())],
        )


def reverse(*, entry: JournalEntry, on: date) -> JournalEntry:
    """Book the opposite of an entry; both stay in the book and point at each other.

    A receipt is put back instead (services.receipts.put_back): it has to wait again.
    Raises LedgerError: reversal.of_receipt, reversal.twice, reversal.of_reversal, reversal.already_paid,
    reversal.already_remitted.
    """
    if entry.kind in (EntryKind.RECEIPT, EntryKind.REMITTANCE):
        raise LedgerError(
            "reversal.of_receipt", _("Un paiement du débiteur se remet en attente de rapprochement.")
        )
    numbers = lock_books([entry.book_id])
    return reverse_in_locked_book(entry, on=on, numbers=numbers)


def reverse_in_locked_book(entry: JournalEntry, *, on: date, numbers: dict[uuid.UUID, int]) -> JournalEntry:
    """As `reverse`, for a service of this room that holds the book already."""
    if entry.kind == EntryKind.REVERSAL:
        raise LedgerError(
            "reversal.of_reversal",
            _("Une contre-passation ne se contre-passe pas : passez l’écriture à nouveau."),
        )
    if JournalEntry.objects.filter(reverses=entry).exists():
        raise LedgerError("reversal.twice", _("Cette écriture est déjà contre-passée."))
    lines = rules.mirrored(
        [Line(Account(row.account), row.amount, row.claim_id) for row in Posting.objects.filter(entry=entry)]
    )
    for line in lines:
        if line.claim_id is not None and line.amount < 0 and open_amount(line.claim_id) + line.amount < 0:
            raise LedgerError(
                "reversal.already_paid",
                _(
                    "Cette créance a déjà été payée, en tout ou en partie : remettez d’abord ce paiement "
                    "en attente de rapprochement."
                ),
            )
    given_back = sum((line.amount for line in lines if line.account == Account.HELD), ZERO)
    if given_back < 0 and held_by_bailiff(entry.book_id) + given_back < 0:
        raise LedgerError(
            "reversal.already_remitted",
            _("L’huissier a déjà versé cet argent : remettez d’abord ce versement en attente."),
        )
    undoing = NewEntry(
        id=uuid.uuid4(),
        book_id=entry.book_id,
        kind=EntryKind.REVERSAL,
        booked_on=on,
        value_on=on,
        source=entry.source,
        lines=lines,
        reverses_id=entry.pk,
    )
    return write_entries([undoing], numbers)[0]


def lock_books(book_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    """Hold these books until the transaction ends; gives the number of the latest entry of each.

    Always in the order of their identifiers: two writers of the same books cannot wait for each other.
    Raises LedgerError book.unknown.
    """
    wanted = set(book_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, last_entry FROM ledger_book WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE",
            [list(wanted)],
        )
        numbers: dict[uuid.UUID, int] = dict(cursor.fetchall())
    if numbers.keys() != wanted:
        raise LedgerError("book.unknown", _("Ce compte n’existe pas."))
    return numbers


def write_entries(entries: Sequence[NewEntry], numbers: dict[uuid.UUID, int]) -> list[JournalEntry]:
    """Number and write entries in books held by `lock_books`."""
    actor = current_actor()
    rows = []
    for entry in entries:
        numbers[entry.book_id] += 1
        rows.append(
            JournalEntry(
                id=entry.id,
                book_id=entry.book_id,
                number=numbers[entry.book_id],
                kind=entry.kind,
                booked_on=entry.booked_on,
                value_on=entry.value_on,
                source=entry.source,
                reverses_id=entry.reverses_id,
                turn=entry.turn,
                actor=actor.id,
            )
        )
    _raise_numbers({row.book_id: numbers[row.book_id] for row in rows})
    JournalEntry.objects.bulk_create(rows, batch_size=BATCH)
    Posting.objects.bulk_create(
        [
            Posting(
                entry_id=entry.id,
                book_id=entry.book_id,
                account=line.account,
                claim_id=line.claim_id,
                amount=line.amount,
            )
            for entry in entries
            for line in entry.lines
        ],
        batch_size=BATCH,
    )
    return rows


def open_amounts(claim_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What is still due on each claim; the caller holds their books."""
    wanted = list(claim_ids)
    found = dict(
        Posting.objects.filter(claim_id__in=wanted).values_list("claim_id").annotate(open=Sum("amount"))
    )
    return {claim_id: found.get(claim_id) or ZERO for claim_id in wanted}


def open_amount(claim_id: uuid.UUID) -> Decimal:
    """What is still due on a claim; the caller holds its book."""
    found: Decimal | None = Posting.objects.filter(claim_id=claim_id).aggregate(open=Sum("amount"))["open"]
    return found or ZERO


def _raise_numbers(latest: dict[uuid.UUID, int]) -> None:
    if not latest:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_book b SET last_entry = n.latest"
            " FROM unnest(%s::uuid[], %s::integer[]) AS n (id, latest) WHERE b.id = n.id",
            [list(latest), list(latest.values())],
        )


def _new_claim(line: ChargeLine) -> Claim:
    return Claim(
        book_id=line.book_id,
        head=line.head,
        rank=line.rank,
        owner=line.owner,
        period=line.period,
        beneficiary_id=line.beneficiary_id,
        due_on=line.due_on,
        limitation_on=line.limitation_on,
    )


def _advance_claim(term: Claim) -> Claim:
    """The Treasury's claim for an advance: of the same child and month, due on the day of the term."""
    return Claim(
        book_id=term.book_id,
        head=Head.ADVANCE,
        rank=rules.RANK_OF_ADVANCES,
        owner=Owner.TREASURY,
        period=term.period,
        beneficiary_id=term.beneficiary_id,
        due_on=term.due_on,
        limitation_on=term.limitation_on,
    )


def _charge_entry(members: Sequence[tuple[ChargeLine, Claim]]) -> NewEntry:
    first = members[0][0]
    return NewEntry(
        id=uuid.uuid4(),
        book_id=first.book_id,
        kind=first.kind,
        booked_on=first.booked_on,
        value_on=first.booked_on,
        source=first.source,
        lines=rules.charge_lines(first.kind, [(claim.pk, line.amount) for line, claim in members]),
    )


def _booked_claims(lines: Sequence[ChargeLine]) -> dict[EntryKey, list[Claim]]:
    """Claims of the entries that these lines would repeat; asked once the books are held."""
    wanted = {(line.book_id, str(line.kind), line.source) for line in lines if line.source is not None}
    if not wanted:
        return {}
    books, kinds, sources = zip(*wanted, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.book_id, e.kind, e.source, p.claim_id"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[]) AS w (book_id, kind, source)"
            " JOIN ledger_journalentry e ON e.kind = w.kind AND e.source = w.source AND e.book_id = w.book_id"
            "  AND e.reverses_id IS NULL"
            " JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'debtor'",
            [list(books), list(kinds), list(sources)],
        )
        found = cursor.fetchall()
    by_id = Claim.objects.in_bulk([claim_id for *_key, claim_id in found])
    claims: dict[EntryKey, list[Claim]] = defaultdict(list)
    for book_id, kind, source, claim_id in found:
        claims[book_id, kind, source].append(by_id[claim_id])
    return claims


def _claim_of_then(candidates: list[Claim], line: ChargeLine) -> Claim:
    wanted = (line.head, line.beneficiary_id, line.period)
    for claim in candidates:
        if (claim.head, claim.beneficiary_id, claim.period) == wanted:
            candidates.remove(claim)
            return claim
    raise LedgerError(
        "charge.differs",
        _("Cette somme est déjà comptabilisée autrement : contre-passez d’abord l’écriture."),
    )
