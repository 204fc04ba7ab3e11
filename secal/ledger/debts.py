"""Reads employers' books: what is due, paid, held by a bailiff and open, by claim, by quarter and by head.

For pages and services that have been let in to the files already. Every read takes any number of books in one
query.
"""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection
from django.db.models import Q, Sum

from secal.kernel.money import ZERO, total
from secal.ledger.models import Account, Book, Head, Posting


@dataclass(frozen=True, slots=True)
class ClaimFigures:
    """One claim, in euro. charged: reversals taken off; paid: taken off by payments; lapses_on: None
    while its limitation stands still."""

    id: uuid.UUID
    head: Head
    quarter: date | None
    due_on: date
    charged: Decimal
    paid: Decimal
    lapses_on: date | None

    @property
    def open(self) -> Decimal:
        return self.charged - self.paid


@dataclass(frozen=True, slots=True)
class MoneyAside:
    """Money of a book on no claim, in euro. held: at a bailiff; unallocated: received too much."""

    held: Decimal = ZERO
    unallocated: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class HeadFigures:
    """One head of a quarter, in euro. due: charged, reversals taken off; paid: taken off by payments."""

    head: Head
    due: Decimal
    paid: Decimal

    @property
    def open(self) -> Decimal:
        return self.due - self.paid


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A quarter (its first day) with its heads; None: sums of no quarter."""

    quarter: date | None
    parts: tuple[HeadFigures, ...]

    @property
    def due(self) -> Decimal:
        return total(part.due for part in self.parts)

    @property
    def paid(self) -> Decimal:
        return total(part.paid for part in self.parts)

    @property
    def open(self) -> Decimal:
        return self.due - self.paid


@dataclass(frozen=True, slots=True)
class EmployerFigures:
    """A whole book. held: at a bailiff, off the debt already; unallocated: received too much."""

    quarters: tuple[QuarterFigures, ...]
    held: Decimal
    unallocated: Decimal

    @property
    def due(self) -> Decimal:
        return total(quarter.due for quarter in self.quarters)

    @property
    def paid(self) -> Decimal:
        return total(quarter.paid for quarter in self.quarters)

    @property
    def open(self) -> Decimal:
        return self.due - self.paid


CLAIMS = """
SELECT c.book_id, c.id, c.head, c.period, c.due_on, c.limitation_on,
       coalesce(sum(p.amount) FILTER (WHERE coalesce(o.kind, e.kind) NOT IN ('receipt', 'collected')), 0),
       -coalesce(sum(p.amount) FILTER (WHERE coalesce(o.kind, e.kind) IN ('receipt', 'collected')), 0)
FROM ledger_claim c
JOIN ledger_posting p ON p.claim_id = c.id
JOIN ledger_journalentry e ON e.id = p.entry_id
LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
WHERE c.book_id = ANY(%s)
GROUP BY c.id
ORDER BY c.due_on, c.period NULLS FIRST, c.id
"""

PAYMENTS = """
SELECT p.claim_id, coalesce(o.value_on, e.value_on) AS value_on, -sum(p.amount)
FROM ledger_posting p
JOIN ledger_journalentry e ON e.id = p.entry_id
LEFT JOIN ledger_journalentry o ON o.id = e.reverses_id
WHERE p.claim_id = ANY(%s) AND coalesce(o.kind, e.kind) IN ('receipt', 'collected')
GROUP BY p.claim_id, coalesce(o.value_on, e.value_on) HAVING sum(p.amount) <> 0
ORDER BY p.claim_id, 2
"""

ORDER_SHOWN = (Head.SOCIAL, Head.SURCHARGE, Head.INTEREST, Head.COSTS)


def claim_figures(book_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ClaimFigures]]:
    """The claims of each of these books with what was charged and paid, oldest first; one query."""
    found: dict[uuid.UUID, list[ClaimFigures]] = {book_id: [] for book_id in book_ids}
    with connection.cursor() as cursor:
        cursor.execute(CLAIMS, [list(found)])
        for book_id, claim_id, head, quarter, due_on, lapses_on, charged, paid in cursor.fetchall():
            figures = ClaimFigures(claim_id, Head(head), quarter, due_on, charged, paid, lapses_on)
            found[book_id].append(figures)
    return found


def money_aside(book_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, MoneyAside]:
    """What a bailiff holds for each of these books, and what it received too much; one query."""
    wanted = list(book_ids)
    held, suspense = (
        Sum("amount", filter=Q(account=account)) for account in (Account.HELD, Account.SUSPENSE)
    )
    rows = (
        Posting.objects.filter(book__in=wanted, account__in=[Account.HELD, Account.SUSPENSE])
        .values("book_id")
        .annotate(held=held, suspense=suspense)
    )
    found = {
        row["book_id"]: MoneyAside(held=row["held"] or ZERO, unallocated=-(row["suspense"] or ZERO))
        for row in rows
    }
    return {book_id: found.get(book_id, MoneyAside()) for book_id in wanted}


def held_by_bailiff(book_id: uuid.UUID) -> Decimal:
    """What a bailiff received for the book and has not passed on, in euro."""
    return money_aside([book_id])[book_id].held


def employer_figures(book: Book) -> EmployerFigures:
    """The book's figures, oldest quarter first."""
    quarters: dict[date | None, dict[Head, list[ClaimFigures]]] = defaultdict(lambda: defaultdict(list))
    for claim in claim_figures([book.pk])[book.pk]:
        quarters[claim.quarter][claim.head].append(claim)
    aside = money_aside([book.pk])[book.pk]
    return EmployerFigures(
        quarters=tuple(
            QuarterFigures(quarter, _by_head(quarters[quarter]))
            for quarter in sorted(quarters, key=lambda quarter: quarter or date.min)
        ),
        held=aside.held,
        unallocated=aside.unallocated,
    )


def payments_on_claims(claim_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[tuple[date, Decimal]]]:
    """What was paid on each claim, with the day from which it counts; what was taken back is left out.

    A sum that a bailiff received counts from the day on which the debtor paid them.
    """
    wanted = list(claim_ids)
    found: dict[uuid.UUID, list[tuple[date, Decimal]]] = {claim_id: [] for claim_id in wanted}
    with connection.cursor() as cursor:
        cursor.execute(PAYMENTS, [wanted])
        for claim_id, value_on, amount in cursor.fetchall():
            found[claim_id].append((value_on, amount))
    return found


def _by_head(claims: dict[Head, list[ClaimFigures]]) -> tuple[HeadFigures, ...]:
    return tuple(
        HeadFigures(
            head, total(claim.charged for claim in claims[head]), total(claim.paid for claim in claims[head])
        )
        for head in ORDER_SHOWN
        if head in claims
    )
