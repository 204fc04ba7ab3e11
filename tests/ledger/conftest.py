"""Books as the ledger sees them, without the file above; and a guard that tests can shut."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.config.demo.statement_files import V02, Batch, Transfer, write_statement
from secal.ledger import guards
from secal.ledger.models import BankStatement, Book, BookKind, Claim, EntryKind, Head, Owner, Receipt
from secal.ledger.services import books
from secal.ledger.services.books import ChargeLine
from secal.ledger.services.receipts import import_statement

MONTH = date(2026, 11, 1)
OPENED_ON = date(2026, 10, 1)
RECEIVED_ON = date(2026, 11, 20)
PAYER = "BE71096123456769"
OWNERS = {Head.BALANCE: Owner.CREDITOR, Head.ARREARS: Owner.CREDITOR}
RANKS = {head: rank for rank, head in enumerate(list(Head)[:6], start=1)}
KINDS = {
    Head.COSTS: EntryKind.COSTS,
    Head.CONTRIBUTION: EntryKind.CONTRIBUTION,
    Head.INTEREST: EntryKind.INTEREST,
    Head.BALANCE: EntryKind.TERM_DUE,
    Head.ARREARS: EntryKind.ARREARS,
}


def line(book: Book, head: Head, amount: str, **changes: Any) -> ChargeLine:
    """A charge of this head as the rooms above make it."""
    wanted: dict[str, Any] = {
        "book_id": book.pk,
        "head": head,
        "rank": RANKS[head],
        "owner": OWNERS.get(head, Owner.TREASURY),
        "beneficiary_id": None,
        "period": MONTH,
        "due_on": MONTH,
        "limitation_on": None,
        "amount": Decimal(amount),
        "kind": KINDS[head],
        "source": uuid.uuid4(),
        "booked_on": MONTH,
    }
    return ChargeLine(**{**wanted, **changes})


def charged(book: Book, head: Head, amount: str, **changes: Any) -> Claim:
    return books.charge([line(book, head, amount, **changes)])[0]


@pytest.fixture
def new_book() -> Callable[[], Book]:
    """Open a book; inside a unit of work."""
    return lambda: books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=OPENED_ON)


@pytest.fixture
def officer_book(officer: User, as_user: Callable[[User], Any], new_book: Callable[[], Book]) -> Book:
    with as_user(officer):
        return new_book()


@pytest.fixture
def shut() -> set[uuid.UUID]:
    """Books that are not the actor's."""
    return set()


@pytest.fixture(autouse=True)
def guard(monkeypatch: pytest.MonkeyPatch, shut: set[uuid.UUID]) -> Iterator[list[tuple[str, str]]]:
    """A stand-in of the room above: lets everybody in, except into books that the test has shut."""
    asked: list[tuple[str, str]] = []

    def admit(book: Book, act: str, purpose: str) -> guards.BookIdentity:
        asked.append((act, purpose))
        current_actor()
        if book.pk in shut:
            raise Refused(
                act, "not_assigned", "Ce dossier ne vous est pas attribué.", file=book.pk, hidden=True
            )
        people = [{"role": "Débiteur", "name": "Tom Maes"}]
        return {
            "title": f"SECAL-{book.number}",
            "url": "/",
            "identity": {"number": f"SECAL-{book.number}", "people": people},
            "file": book.pk,
        }

    monkeypatch.setattr(guards, "_guards", {BookKind.ALIMONY_FILE.value: admit})
    yield asked


@pytest.fixture
def take(officer: User, as_user: Callable[[User], Any], settings: Any) -> Callable[..., BankStatement]:
    """Import a statement with these transfers, as the officer."""
    numbers = count(1)

    def import_transfers(
        *entries: Transfer | Batch, version: str = V02, day: date = RECEIVED_ON
    ) -> BankStatement:
        content = write_statement(
            entries,
            account_iban=settings.OFFICE_IBAN,
            day=day,
            opening=Decimal("10000.00"),
            number=next(numbers),
            version=version,
        )
        with as_user(officer):
            return import_statement(content=content, on=day)

    return import_transfers


@pytest.fixture
def pay(take: Callable[..., BankStatement]) -> Callable[..., Receipt]:
    """The debtor of a book pays an amount with its communication."""

    def paid(book: Book, amount: str, **changes: Any) -> Receipt:
        statement = take(Transfer(Decimal(amount), "Tom Maes", PAYER, ogm=book.communication), **changes)
        return Receipt.objects.get(movement__statement=statement)

    return paid
