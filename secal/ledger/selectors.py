"""Reads the ledger: lines with their running balance, figures, months, claims, receipts, statements.

Functions that take a book belong to pages that have been let in already (secal.ledger.guards, or the file
selector above); functions that give a person's data log that they did.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet, Sum

from secal.access.errors import Refused
from secal.access.policy import require
from secal.kernel.identifiers import parse_ogm
from secal.kernel.money import ZERO
from secal.ledger import events, guards, intermediaries
from secal.ledger.accounts import accounts_at_work
from secal.ledger.debts import ClaimFigures as ClaimFigures
from secal.ledger.debts import EmployerFigures as EmployerFigures
from secal.ledger.debts import HeadFigures as HeadFigures
from secal.ledger.debts import MoneyAside as MoneyAside
from secal.ledger.debts import QuarterFigures as QuarterFigures
from secal.ledger.debts import claim_figures as claim_figures
from secal.ledger.debts import employer_figures as employer_figures
from secal.ledger.debts import held_by_bailiff as held_by_bailiff
from secal.ledger.debts import money_aside as money_aside
from secal.ledger.debts import payments_on_claims as payments_on_claims
from secal.ledger.errors import LedgerError
from secal.ledger.guards import BookIdentity
from secal.ledger.models import (
    Account,
    Allocation,
    BankMessage,
    BankMessageState,
    BankMovement,
    BankStatement,
    Book,
    BookKind,
    Claim,
    EntryKind,
    Head,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.ledger.rules import OpenClaim, remitted, spread
from secal.ledger.wording import NO_SUCH_BOOK
from secal.vault.fields import prefetch_keys

MESSAGES_AT_MOST = 20


@dataclass(frozen=True, slots=True)
class BookLine:
    """One journal entry as the debtor's account shows it, in euro.

    effect    the kind of entry, or of the entry that a reversal undoes.
    due       what the debtor came to owe; paid: what a payment took off; advance: what the bank paid out.
    excess    what a payment left over; balance: what the debtor owes after this line.
    """

    entry_id: uuid.UUID
    number: int
    kind: str
    effect: str
    booked_on: date
    value_on: date
    source: uuid.UUID | None
    reverses: int | None
    reversed_by: int | None
    due: Decimal
    paid: Decimal
    advance: Decimal
    excess: Decimal
    balance: Decimal

    @property
    def balance_before(self) -> Decimal:
        return self.balance - self.due + self.paid


@dataclass(frozen=True, slots=True)
class BookFigures:
    """arrears: owed by the debtor now; recovered: taken off by payments; unallocated: received too much;
    held: received by a bailiff and not yet passed on.
    """

    arrears: Decimal
    advances_paid: Decimal
    recovered: Decimal
    unallocated: Decimal
    held: Decimal


@dataclass(frozen=True, slots=True)
class MonthFigures:
    """A month of the charts: advances paid and money recovered in it, arrears at its end."""

    month: date
    advances: Decimal
    recovered: Decimal
    arrears: Decimal


@dataclass(frozen=True, slots=True)
class MonthPaid:
    """A month's term with its contribution and prosecution costs, and what the debtor paid in that month."""

    month: date
    term: Decimal
    contribution: Decimal
    costs: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class BookCheck:
    """The book proved: the sum of its lines, what its claims still owe, the sum of all its postings."""

    lines: Decimal
    claims: Decimal
    postings: Decimal

    @property
    def holds(self) -> bool:
        return self.lines == self.claims and self.postings == 0


@dataclass(frozen=True, slots=True)
class Spread:
    """How one receipt was spread: (head, amount) in the order of article 23, and what was left over."""

    value_on: date
    amount: Decimal
    parts: tuple[tuple[str, Decimal], ...]
    excess: Decimal


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A book into which this payer paid before."""

    book_id: uuid.UUID
    ogm: str
    times: int
    last_on: date


@dataclass(frozen=True, slots=True)
class OpenedReceipt:
    """A receipt with the payer's data opened: showing it is a read that was logged."""

    receipt: Receipt
    remitter_name: str
    remitter_iban: str
    remittance: str
    suggestions: tuple[Suggestion, ...]


LINES = """
WITH sums AS (
    SELECT p.entry_id,
           coalesce(sum(p.amount) FILTER (WHERE p.account = 'debtor'), 0) AS debtor,
           coalesce(sum(p.amount) FILTER (WHERE p.account = 'bank'), 0) AS bank,
           coalesce(sum(p.amount) FILTER (WHERE p.account = 'suspense'), 0) AS suspense
    FROM ledger_posting p WHERE p.book_id = %(book)s GROUP BY p.entry_id
), lines AS (
    SELECT e.id, e.number, e.kind, coalesce(o.kind, e.kind) AS effect, e.booked_on, e.value_on, e.source,
           o.number AS reverses, r.number AS reversed_by, s.debtor, s.bank, s.suspense,
           sum(s.debtor) OVER (ORDER BY e.number) AS balance
    FROM ledger_journalentry e
    JOIN sums s ON s.entry_id = e.id
    LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
    LEFT JOIN ledger_journalentry r ON r.reverses_id = e.id
    WHERE e.book_id = %(book)s
)
SELECT id, number, kind, effect, booked_on, value_on, source, reverses, reversed_by,
       CASE WHEN effect IN ('receipt', 'collected', 'advance_paid') THEN 0 ELSE debtor END AS due,
       CASE WHEN effect IN ('receipt', 'collected') THEN -debtor ELSE 0 END AS paid,
       CASE WHEN effect = 'advance_paid' THEN -bank ELSE 0 END AS advance,
       -suspense AS excess, balance
FROM lines
WHERE (%(kind)s::text IS NULL OR effect = %(kind)s)
  AND (%(year)s::int IS NULL OR extract(year FROM booked_on) = %(year)s)
ORDER BY number DESC LIMIT %(limit)s
"""

FIGURES = """
SELECT coalesce(sum(p.amount) FILTER (WHERE p.account = 'debtor'), 0),
       -coalesce(sum(p.amount) FILTER (
           WHERE p.account = 'bank' AND coalesce(o.kind, e.kind) = 'advance_paid'), 0),
       -coalesce(sum(p.amount) FILTER (
           WHERE p.account = 'debtor' AND coalesce(o.kind, e.kind) IN ('receipt', 'collected')), 0),
       -coalesce(sum(p.amount) FILTER (WHERE p.account = 'suspense'), 0),
       coalesce(sum(p.amount) FILTER (WHERE p.account = 'held'), 0)
FROM ledger_posting p
JOIN ledger_journalentry e ON e.id = p.entry_id
LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
WHERE p.book_id = %(book)s
"""

MONTHS = """
WITH span AS (
    SELECT (date_trunc('month', %(until)s::date) - make_interval(months => %(months)s - 1))::date AS first,
           date_trunc('month', %(until)s::date)::date AS last
), moves AS (
    SELECT greatest(date_trunc('month', e.value_on)::date, span.first - 1) AS month,
           -coalesce(sum(p.amount) FILTER (
               WHERE p.account = 'bank' AND coalesce(o.kind, e.kind) = 'advance_paid'), 0) AS advances,
           -coalesce(sum(p.amount) FILTER (
               WHERE p.account = 'debtor' AND coalesce(o.kind, e.kind) IN ('receipt', 'collected')), 0)
               AS recovered,
           coalesce(sum(p.amount) FILTER (WHERE p.account = 'debtor'), 0) AS debtor
    FROM ledger_posting p
    JOIN ledger_journalentry e ON e.id = p.entry_id
    LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
    CROSS JOIN span
    WHERE p.book_id = %(book)s GROUP BY 1
), shown AS (
    SELECT m.month::date AS month
    FROM span, generate_series(span.first, span.last, interval '1 month') AS m (month)
    UNION ALL SELECT first - 1 FROM span
)
SELECT month, advances, recovered, arrears FROM (
    SELECT shown.month, coalesce(moves.advances, 0) AS advances, coalesce(moves.recovered, 0) AS recovered,
           sum(coalesce(moves.debtor, 0)) OVER (ORDER BY shown.month) AS arrears
    FROM shown LEFT JOIN moves USING (month)
) told, span WHERE told.month >= span.first ORDER BY month
"""

CHECK = """
SELECT coalesce((SELECT sum(p.amount) FROM ledger_claim c JOIN ledger_posting p ON p.claim_id = c.id
                 WHERE c.book_id = %(book)s), 0),
       coalesce((SELECT sum(amount) FROM ledger_posting WHERE book_id = %(book)s), 0)
"""

MONTHS_PAID = """
WITH charged AS (
    SELECT c.period AS month,
           coalesce(sum(p.amount) FILTER (WHERE coalesce(o.kind, e.kind) = 'term_due'), 0) AS term,
           coalesce(sum(p.amount) FILTER (
               WHERE coalesce(o.kind, e.kind) = 'contribution'), 0) AS contribution,
           coalesce(sum(p.amount) FILTER (WHERE coalesce(o.kind, e.kind) = 'costs'), 0) AS costs
    FROM ledger_claim c
    JOIN ledger_posting p ON p.claim_id = c.id
    JOIN ledger_journalentry e ON e.id = p.entry_id
    LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
    WHERE c.book_id = %(book)s AND c.period IS NOT NULL GROUP BY c.period
), received AS (
    SELECT date_trunc('month', e.value_on)::date AS month, sum(p.amount) AS paid
    FROM ledger_posting p
    JOIN ledger_journalentry e ON e.id = p.entry_id
    LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
    WHERE p.book_id = %(book)s AND p.account = 'bank' AND coalesce(o.kind, e.kind) = 'receipt' GROUP BY 1
)
SELECT month, term, contribution, costs, coalesce(paid, 0)
FROM charged LEFT JOIN received USING (month) WHERE term > 0 ORDER BY month
"""

OPEN_CLAIMS = """
SELECT c.book_id, c.id, c.head, c.rank, c.owner, c.period, c.due_on, s.open
FROM (
    SELECT claim_id, sum(amount) AS open FROM ledger_posting
    WHERE book_id = ANY(%s) AND account = 'debtor' GROUP BY claim_id HAVING sum(amount) > 0
) s
JOIN ledger_claim c ON c.id = s.claim_id
ORDER BY c.book_id, c.rank, c.due_on, c.period, c.id
"""

SUGGESTIONS = """
SELECT m.remitter_iban_bi, b.id, b.ogm, count(*), max(r.value_on)
FROM ledger_bankmovement m
JOIN ledger_receipt r ON r.movement_id = m.id AND r.state = 'allocated'
JOIN ledger_book b ON b.id = r.book_id AND b.ogm IS NOT NULL AND b.kind = ANY(%s)
WHERE m.remitter_iban_bi = ANY(%s)
GROUP BY 1, 2, 3 ORDER BY max(r.value_on) DESC, b.id
"""

MOST_LINES = 2000
MOST_SUGGESTIONS = 3


def book_lines(
    book: Book, *, kind: EntryKind | None = None, year: int | None = None, limit: int = MOST_LINES
) -> list[BookLine]:
    """The book's lines, newest first, each with the balance after it; a filter hides lines and no more."""
    rows = _fetch(LINES, {"book": book.pk, "kind": kind, "year": year, "limit": limit})
    return [BookLine(*row) for row in rows]


def book_figures(book: Book) -> BookFigures:
    return BookFigures(*_fetch(FIGURES, {"book": book.pk})[0])


def book_months(book: Book, *, until: date, months: int = 12) -> list[MonthFigures]:
    """The months up to that of `until`, oldest first; arrears carry over from before the first."""
    return [MonthFigures(*row) for row in _fetch(MONTHS, {"book": book.pk, "until": until, "months": months})]


def months_paid(book: Book) -> list[MonthPaid]:
    """Each month in which a term fell due to the service, with what was paid in it; oldest first.

    A counter of its own for article 11 §2: not what the order of article 23 made of the payments.
    """
    return [MonthPaid(*row) for row in _fetch(MONTHS_PAID, {"book": book.pk})]


def book_check(book: Book, *, lines_balance: Decimal) -> BookCheck:
    """Prove the balance that the lines end on by a reckoning of its own: over claims, not over entries."""
    ((claims, postings),) = _fetch(CHECK, {"book": book.pk})
    return BookCheck(lines=lines_balance, claims=claims, postings=postings)


def book_kinds(book: Book) -> dict[str, int]:
    """How many entries of each kind the book has, a reversal counted with what it undoes."""
    rows = _fetch(
        "SELECT coalesce(o.kind, e.kind), count(*) FROM ledger_journalentry e"
        " LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id WHERE e.book_id = %(book)s GROUP BY 1",
        {"book": book.pk},
    )
    return dict(rows)


def book_years(book: Book) -> list[int]:
    """The years in which something was booked, newest first."""
    rows = _fetch(
        "SELECT DISTINCT extract(year FROM booked_on)::int AS year FROM ledger_journalentry"
        " WHERE book_id = %(book)s ORDER BY year DESC",
        {"book": book.pk},
    )
    return [year for (year,) in rows]


def open_claims(book: Book) -> list[OpenClaim]:
    """What is still due in the book, in the order of article 23; in an employer's book the oldest first."""
    return open_claims_of([book.pk]).get(book.pk, [])


def open_claims_of(book_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[OpenClaim]]:
    """As `open_claims`, for many books in one query."""
    found: dict[uuid.UUID, list[OpenClaim]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(OPEN_CLAIMS, [list(book_ids)])
        for book_id, *values in cursor.fetchall():
            found[book_id].append(OpenClaim(*values))
    return dict(found)


def spreads_of(receipt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Spread]:
    """How these receipts were spread over heads, reversed matches left out."""
    rows = (
        Allocation.objects.filter(receipt__in=receipt_ids, entry__reversed_by=None)
        .values("receipt_id", "rank", "claim__head")
        .annotate(sum=Sum("amount"))
        .order_by("receipt_id", "rank", "claim__head")
    )
    parts: dict[uuid.UUID, list[tuple[str, Decimal]]] = defaultdict(list)
    for row in rows:
        parts[row["receipt_id"]].append((str(Head(row["claim__head"]).label), row["sum"]))
    passed_on = _passed_on(receipt_ids)
    for receipt_id, amount in passed_on.items():
        parts[receipt_id].insert(0, (str(EntryKind.REMITTANCE.label), amount))
    return {
        receipt.pk: Spread(
            receipt.value_on,
            receipt.amount,
            tuple(parts[receipt.pk]),
            receipt.amount - sum((amount for _head, amount in parts[receipt.pk]), ZERO),
        )
        for receipt in Receipt.objects.filter(pk__in=receipt_ids, state=ReceiptState.ALLOCATED).only(
            "value_on", "amount"
        )
    }


def _passed_on(receipt_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """Of these receipts, the part by which a bailiff passed on what they held."""
    sums = (
        Posting.objects.filter(
            account=Account.BANK,
            entry__kind=EntryKind.REMITTANCE,
            entry__source__in=receipt_ids,
            entry__reversed_by=None,
        )
        .values_list("entry__source")
        .annotate(sum=Sum("amount"))
    )
    return dict(sums)


def messages_to_examine() -> list[BankMessage]:
    """The latest messages of the bank that could not be read or contradict our books. They name nobody."""
    unsettled = [BankMessageState.UNKNOWN, BankMessageState.CONTRADICTION]
    return list(BankMessage.objects.filter(state__in=unsettled).order_by("-received_at")[:MESSAGES_AT_MOST])


def claims_of(receipt_id: uuid.UUID) -> list[Claim]:
    """The claims that a receipt went to."""
    return list(Claim.objects.filter(allocations__receipt=receipt_id).distinct())


def spread_preview(receipt: Receipt, book: Book) -> Spread:
    """How a waiting receipt would be spread in this book as it stands; nothing is booked.

    `receipt` comes with its movement.
    """
    claims = open_claims(book)
    settled, rest = remitted(receipt.amount, _held_by_payer(receipt, book))
    parts = [(str(EntryKind.REMITTANCE.label), settled)] if settled else []
    remainder = ZERO
    if rest > 0:
        result = spread(rest, claims, kind=book.kind, on=receipt.value_on)
        remainder = result.remainder
        heads: dict[str, Decimal] = {}
        known = {str(claim.id): claim.head for claim in claims}
        for part in result.allocations:
            head = known[part.claim.key]
            heads[head] = heads.get(head, ZERO) + part.amount
        parts += [(str(Head(head).label), amount) for head, amount in heads.items()]
    return Spread(receipt.value_on, receipt.amount, tuple(parts), remainder)


def _held_by_payer(receipt: Receipt, book: Book) -> Decimal:
    """What the payer of this receipt holds for the book: nothing, unless they are a bailiff."""
    if book.kind != BookKind.EMPLOYER:
        return ZERO
    iban = receipt.movement.open_value("remitter_iban")
    return book_figures(book).held if intermediaries.among([iban]) else ZERO


def open_book_page(book_id: uuid.UUID, *, purpose: str = events.RECOVERY) -> tuple[Book, BookIdentity]:
    """The book for its page, if the file behind it is the actor's; logged. Raises Refused, hidden."""
    require("ledger.view")
    book = Book.objects.filter(pk=book_id).first()
    if book is None:
        raise Refused("ledger.view", "no_such_book", NO_SUCH_BOOK, file=book_id, hidden=True)
    identity = guards.admit(book, act="ledger.view", purpose=purpose)
    events.book_read(file=identity.get("file", book.pk), purpose=purpose)
    return book, identity


def book_to_match(ogm: str) -> tuple[Book, BookIdentity]:
    """The book of a communication and the file behind it, to be shown before a receipt is matched to it.

    A communication of nobody and one of another officer's file get one answer (LedgerError book.unknown);
    the second leaves its refusal in the log. Raises IdentifierError for a communication that is none.
    """
    require("receipt.match")
    book = Book.objects.filter(ogm=parse_ogm(ogm), kind__in=accounts_at_work().values()).first()
    if book is None:
        raise LedgerError("book.unknown", NO_SUCH_BOOK, "ogm")
    try:
        return book, guards.admit(book, act="receipt.match", purpose=events.RECOVERY)
    except Refused as refusal:
        if not refusal.hidden:
            raise
        events.book_hidden(refusal.file or book.pk, act=refusal.act, reason=refusal.reason)
        raise LedgerError("book.unknown", NO_SUCH_BOOK, "ogm") from refusal


def receipts_waiting() -> QuerySet[Receipt]:
    """Receipts that no communication could match, oldest first. Give a page of them to `opened`."""
    require("receipt.view")
    return _waiting().select_related("movement__statement").order_by("value_on", "pk")


def waiting_count(*, most: int = 1000) -> int:
    """How many receipts wait, counted up to a cap."""
    return _waiting().order_by()[:most].count()


def _waiting() -> QuerySet[Receipt]:
    """What waits on the accounts that the actor works on."""
    return Receipt.objects.filter(
        state=ReceiptState.WAITING, movement__statement__account_iban__in=list(accounts_at_work())
    )


def opened(receipts: Sequence[Receipt]) -> list[OpenedReceipt]:
    """These receipts with their payers' data, and the books that the same account paid before; logged."""
    require("receipt.view")
    rows = _opened(receipts)
    events.waiting_receipts_read([receipt.pk for receipt in receipts])
    return rows


def open_receipt(receipt_id: uuid.UUID) -> tuple[OpenedReceipt, BookIdentity | None] | None:
    """One receipt with its payer's data; a matched one only for who has its file. None when there is none."""
    require("receipt.view")
    receipt = (
        Receipt.objects.filter(pk=receipt_id)
        .select_related("movement__statement", "book", "matched_by")
        .first()
    )
    if receipt is None or receipt.movement.statement.account_iban not in accounts_at_work():
        return None
    identity = None
    if receipt.book is not None:
        identity = guards.admit(receipt.book, act="receipt.view", purpose=events.RECOVERY)
    events.receipt_read(receipt.pk, file=identity.get("file") if identity else None)
    return _opened([receipt])[0], identity


def statements() -> QuerySet[BankStatement]:
    """The statements taken, newest first, with their counts."""
    require("receipt.view")
    return (
        BankStatement.objects.filter(account_iban__in=list(accounts_at_work()))
        .select_related("imported_by")
        .annotate(
            taken=Count("movements"),
            waiting=Count("movements", filter=Q(movements__state="waiting")),
        )
        .order_by("-until_on", "-imported_at")
    )


def statement_movements(statement: BankStatement) -> QuerySet[BankMovement]:
    """The movements of a statement: amounts, communications and state, no names; logged."""
    require("receipt.view")
    events.statement_read(statement.pk)
    return statement.movements.select_related("receipt").order_by("line")


def statement_taken_before(sha256: str, account_iban: str, statement_id: str) -> BankStatement | None:
    return (
        BankStatement.objects.filter(
            Q(file_sha256=sha256) | Q(account_iban=account_iban), statement_id=statement_id
        )
        .select_related("imported_by")
        .first()
    )


def _opened(receipts: Sequence[Receipt]) -> list[OpenedReceipt]:
    prefetch_keys([receipt.movement for receipt in receipts])
    suggested = _suggestions([receipt.movement.remitter_iban_bi for receipt in receipts])
    return [
        OpenedReceipt(
            receipt=receipt,
            remitter_name=receipt.movement.open_value("remitter_name"),
            remitter_iban=receipt.movement.open_value("remitter_iban"),
            remittance=receipt.movement.open_value("remittance"),
            suggestions=tuple(suggested[receipt.movement.remitter_iban_bi][:MOST_SUGGESTIONS])
            if receipt.state == ReceiptState.WAITING and receipt.movement.remitter_iban_bi
            else (),
        )
        for receipt in receipts
    ]


def _suggestions(indexes: Sequence[bytes | None]) -> dict[bytes, list[Suggestion]]:
    found: dict[bytes, list[Suggestion]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            SUGGESTIONS, [list(accounts_at_work().values()), [index for index in indexes if index]]
        )
        for index, *values in cursor.fetchall():
            found[bytes(index)].append(Suggestion(*values))
    return found


def _fetch(query: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows
