"""Money received too much pays what the debtor comes to owe afterwards, before any of it is refunded."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from secal.kernel.money import ZERO
from secal.ledger import rules, selectors
from secal.ledger.models import Account, Allocation, BookKind, EntryKind, JournalEntry
from secal.ledger.rules import Line
from secal.ledger.services import books
from secal.ledger.services.books import NewEntry

LEFT_OVER = """
SELECT e.kind, e.source, min(e.value_on), max(e.turn) + 1, -sum(p.amount)
FROM ledger_journalentry e
JOIN ledger_posting p ON p.entry_id = e.id AND p.account = 'suspense'
LEFT JOIN ledger_journalentry undoing ON undoing.reverses_id = e.id
WHERE e.book_id = %s AND e.kind IN ('receipt', 'collected') AND undoing.id IS NULL
GROUP BY e.kind, e.source HAVING sum(p.amount) < 0
ORDER BY 3, e.source
"""


def use_surplus(*, book_id: uuid.UUID, on: date) -> Decimal:
    """Spread what earlier payments left over in an employer's book over what is open now; how much it paid.

    Each payment keeps its own value date, and taking it back takes this back with it. The caller has required
    its own act on the file.
    """
    numbers = books.lock_books([book_id])
    used = ZERO
    for kind, source, value_on, turn, left in _left_over(book_id):
        claims = selectors.open_claims_of([book_id]).get(book_id, [])
        result = rules.spread(left, claims, kind=BookKind.EMPLOYER, on=value_on)
        amount = left - result.remainder
        if amount <= 0:
            break
        lines = [Line(Account.SUSPENSE, amount)]
        lines += [
            Line(Account.DEBTOR, -part.amount, uuid.UUID(part.claim.key)) for part in result.allocations
        ]
        new = NewEntry(
            id=uuid.uuid4(),
            book_id=book_id,
            kind=EntryKind(kind),
            booked_on=on,
            value_on=value_on,
            source=source,
            lines=lines,
            turn=turn,
        )
        (entry,) = books.write_entries([new], numbers)
        if entry.kind == EntryKind.RECEIPT:
            _allocate(source, entry, lines)
        used += amount
    return used


def _left_over(book_id: uuid.UUID) -> Sequence[tuple[str, uuid.UUID, date, int, Decimal]]:
    """What each payment left over: kind and source of its entry, value date, next turn, amount in euro."""
    with connection.cursor() as cursor:
        cursor.execute(LEFT_OVER, [book_id])
        found: list[tuple[str, uuid.UUID, date, int, Decimal]] = cursor.fetchall()
    return found


def _allocate(receipt: uuid.UUID, entry: JournalEntry, lines: Sequence[Line]) -> None:
    """A payment through the bank says to which claims it went."""
    Allocation.objects.bulk_create(
        Allocation(
            receipt_id=receipt,
            entry=entry,
            claim_id=line.claim_id,
            rank=rules.ONSS_RANK,
            amount=-line.amount,
        )
        for line in lines
        if line.claim_id is not None
    )
