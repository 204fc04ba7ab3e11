"""Books: what is charged, advanced and reversed, and what the database refuses whoever asks."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from secal.access.models import User
from secal.kernel.identifiers import parse_ogm
from secal.ledger import selectors
from secal.ledger.errors import LedgerError
from secal.ledger.models import (
    Account,
    Book,
    Claim,
    EntryKind,
    Head,
    JournalEntry,
    Owner,
    PaymentFile,
    PaymentInstruction,
    Posting,
)
from secal.ledger.services import books
from secal.people.models import Person
from secal.vault.keystore import create_key
from tests.ledger.conftest import MONTH, charged, line
from tests.registering import imported

Unit = Callable[[User], Any]


def check_now() -> None:
    """What the database would check at commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def accounts(entry: JournalEntry) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for posting in entry.postings.all():
        sums[posting.account] = sums.get(posting.account, Decimal(0)) + posting.amount
    return sums


def instruction(book: Book, claim: Claim, amount: str) -> PaymentInstruction:
    payee = Person.objects.create(
        key_id=create_key("person"), given_name="Els", family_name="Peeters", search_name="els"
    )
    imported(payee)
    file = PaymentFile.objects.create(
        key_id=create_key("bank"),
        message_id=uuid.uuid4().hex,
        source=uuid.uuid4(),
        execution_on=MONTH,
        count=1,
        control_sum=Decimal(amount),
    )
    return PaymentInstruction.objects.create(
        file=file,
        book=book,
        payee=payee,
        end_to_end_id=uuid.uuid4().hex,
        source=uuid.uuid4(),
        amount=Decimal(amount),
        remittance="SECAL 11/2026",
        claim=claim,
    )


def test_each_book_has_its_own_valid_communication(
    officer: User, as_user: Unit, new_book: Callable[[], Book]
) -> None:
    with as_user(officer):
        first, second = new_book(), new_book()
    assert parse_ogm(first.communication) == first.communication != second.communication
    assert (second.number or 0) - (first.number or 0) == 1


@pytest.mark.parametrize(
    ("head", "credited"),
    [
        (Head.BALANCE, Account.CREDITOR),
        (Head.ARREARS, Account.CREDITOR),
        (Head.CONTRIBUTION, Account.CONTRIBUTION),
        (Head.INTEREST, Account.INTEREST),
        (Head.COSTS, Account.COSTS),
    ],
)
def test_a_charge_debits_the_debtor_and_credits_whoever_is_owed(
    officer: User, as_user: Unit, officer_book: Book, head: Head, credited: Account
) -> None:
    with as_user(officer):
        claim = charged(officer_book, head, "300.00")
        check_now()
    entry = JournalEntry.objects.get(book=officer_book)
    assert accounts(entry) == {Account.DEBTOR: Decimal("300.00"), credited: Decimal("-300.00")}
    assert entry.actor == officer.pk
    assert entry.number == 1
    assert [open_claim.id for open_claim in selectors.open_claims(officer_book)] == [claim.pk]


def test_a_charge_is_booked_once_a_source(officer: User, as_user: Unit, officer_book: Book) -> None:
    term, other = line(officer_book, Head.BALANCE, "300.00"), line(officer_book, Head.BALANCE, "80.00")
    with as_user(officer):
        (first,) = books.charge([term])
        again = books.charge([term, other])
        check_now()
    assert again[0] == first
    assert again[1].pk != first.pk
    assert selectors.book_figures(officer_book).arrears == Decimal("380.00")


def test_lines_of_one_source_make_one_entry(officer: User, as_user: Unit, officer_book: Book) -> None:
    source = uuid.uuid4()
    with as_user(officer):
        claims = books.charge(
            [
                line(officer_book, Head.ARREARS, "100.00", source=source, period=date(2026, 8, 1)),
                line(officer_book, Head.ARREARS, "120.00", source=source, period=date(2026, 9, 1)),
            ]
        )
        check_now()
    assert JournalEntry.objects.get(book=officer_book).postings.count() == 3
    assert [claim.period for claim in claims] == [date(2026, 8, 1), date(2026, 9, 1)]


def test_charging_many_books_takes_as_many_queries_as_one(
    officer: User, as_user: Unit, new_book: Callable[[], Book]
) -> None:
    counts = []
    with as_user(officer):
        for size in (1, 10, 100):
            lines = [line(new_book(), Head.BALANCE, "300.00") for _ in range(size)]
            with CaptureQueriesContext(connection) as queries:
                books.charge(lines)
            counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_a_charge_is_positive(officer: User, as_user: Unit, officer_book: Book, amount: str) -> None:
    with as_user(officer), pytest.raises(LedgerError) as refusal:
        charged(officer_book, Head.BALANCE, amount)
    assert refusal.value.code == "charge.not_positive"


def test_a_paid_advance_makes_the_treasury_take_the_creditors_place(
    officer: User, as_user: Unit, officer_book: Book
) -> None:
    with as_user(officer):
        term = charged(officer_book, Head.BALANCE, "300.00")
        entry = books.record_advance_paid(
            instruction=instruction(officer_book, term, "175.00"), value_on=MONTH
        )
        check_now()
    assert accounts(entry) == {
        Account.DEBTOR: Decimal("0.00"),
        Account.CREDITOR: Decimal("175.00"),
        Account.BANK: Decimal("-175.00"),
    }
    by_head = {claim.head: claim for claim in selectors.open_claims(officer_book)}
    assert (by_head[Head.ADVANCE].open, by_head[Head.ADVANCE].owner, by_head[Head.ADVANCE].rank) == (
        Decimal("175.00"),
        Owner.TREASURY,
        4,
    )
    assert (by_head[Head.BALANCE].open, by_head[Head.BALANCE].owner) == (Decimal("125.00"), Owner.CREDITOR)


def test_an_advance_is_recorded_once_an_instruction(officer: User, as_user: Unit, officer_book: Book) -> None:
    with as_user(officer):
        order = instruction(officer_book, charged(officer_book, Head.BALANCE, "300.00"), "175.00")
        first = books.record_advance_paid(instruction=order, value_on=MONTH)
        assert books.record_advance_paid(instruction=order, value_on=MONTH) == first
    assert selectors.book_figures(officer_book).advances_paid == Decimal("175.00")


def test_an_advance_never_moves_more_than_is_still_open(
    officer: User, as_user: Unit, officer_book: Book, pay: Callable[..., Any]
) -> None:
    with as_user(officer):
        term = charged(officer_book, Head.BALANCE, "300.00")
        order = instruction(officer_book, term, "175.00")
    pay(officer_book, "200.00")
    with as_user(officer):
        books.record_advance_paid(instruction=order, value_on=MONTH)
        check_now()
    assert [(claim.head, claim.open) for claim in selectors.open_claims(officer_book)] == [
        (Head.ADVANCE, Decimal("100.00"))
    ]
    figures = selectors.book_figures(officer_book)
    assert (figures.arrears, figures.advances_paid, figures.recovered) == (
        Decimal("100.00"),
        Decimal("175.00"),
        Decimal("200.00"),
    )


def test_an_advance_on_a_paid_term_makes_no_claim(
    officer: User, as_user: Unit, officer_book: Book, pay: Callable[..., Any]
) -> None:
    with as_user(officer):
        order = instruction(officer_book, charged(officer_book, Head.BALANCE, "300.00"), "175.00")
    pay(officer_book, "300.00")
    with as_user(officer):
        entry = books.record_advance_paid(instruction=order, value_on=MONTH)
        check_now()
    assert entry.postings.count() == 2
    assert not selectors.open_claims(officer_book)


def test_a_reversal_undoes_an_entry_and_points_at_it(
    officer: User, as_user: Unit, officer_book: Book
) -> None:
    with as_user(officer):
        charged(officer_book, Head.BALANCE, "300.00")
        entry = JournalEntry.objects.get(book=officer_book)
        undone = books.reverse(entry=entry, on=date(2026, 11, 21))
        check_now()
        with pytest.raises(LedgerError) as twice:
            books.reverse(entry=entry, on=date(2026, 11, 21))
        with pytest.raises(LedgerError) as of_reversal:
            books.reverse(entry=undone, on=date(2026, 11, 21))
    newest, oldest = selectors.book_lines(officer_book)
    assert (newest.reverses, oldest.reversed_by) == (1, 2)
    assert (newest.due, newest.balance) == (Decimal("-300.00"), Decimal("0.00"))
    assert (twice.value.code, of_reversal.value.code) == ("reversal.twice", "reversal.of_reversal")


def test_a_charge_already_paid_is_not_reversed(
    officer: User, as_user: Unit, officer_book: Book, pay: Callable[..., Any]
) -> None:
    with as_user(officer):
        charged(officer_book, Head.BALANCE, "300.00")
    pay(officer_book, "10.00")
    entry = JournalEntry.objects.get(book=officer_book, kind=EntryKind.TERM_DUE)
    with as_user(officer), pytest.raises(LedgerError) as refusal:
        books.reverse(entry=entry, on=date(2026, 11, 21))
    assert refusal.value.code == "reversal.already_paid"


def raw_entry(book: Book, *amounts: str, account: str = "creditor") -> None:
    entry = JournalEntry.objects.create(
        book=book, number=90, kind=EntryKind.COSTS, booked_on=MONTH, value_on=MONTH, actor=uuid.uuid4()
    )
    for amount in amounts:
        Posting.objects.create(entry=entry, book=book, account=account, amount=Decimal(amount))


@pytest.mark.obligation("12/057 §1")
def test_the_database_refuses_an_entry_that_does_not_balance(officer_book: Book) -> None:
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        raw_entry(officer_book, "10.00", "-9.99")
        check_now()


def test_the_database_refuses_an_entry_with_one_posting(officer_book: Book) -> None:
    with pytest.raises(IntegrityError, match="does not balance"), transaction.atomic():
        raw_entry(officer_book, "10.00")
        check_now()


def test_the_database_refuses_an_entry_without_postings(officer_book: Book) -> None:
    with pytest.raises(IntegrityError, match="has no postings"), transaction.atomic():
        raw_entry(officer_book)
        check_now()


def test_the_database_refuses_an_overpaid_claim(officer: User, as_user: Unit, officer_book: Book) -> None:
    with as_user(officer):
        claim = charged(officer_book, Head.BALANCE, "100.00")
    with pytest.raises(IntegrityError, match="paid more than it is"), transaction.atomic():
        entry = JournalEntry.objects.create(
            book=officer_book,
            number=90,
            kind=EntryKind.RECEIPT,
            booked_on=MONTH,
            value_on=MONTH,
            actor=uuid.uuid4(),
        )
        Posting.objects.create(entry=entry, book=officer_book, account="bank", amount=Decimal("100.01"))
        Posting.objects.create(
            entry=entry, book=officer_book, account="debtor", claim=claim, amount=Decimal("-100.01")
        )
        check_now()


def test_the_database_keeps_a_posting_in_the_book_of_its_entry(
    officer: User, as_user: Unit, officer_book: Book, new_book: Callable[[], Book]
) -> None:
    with as_user(officer):
        other = new_book()
    with pytest.raises(IntegrityError, match="belong to one book"), transaction.atomic():
        entry = JournalEntry.objects.create(
            book=other, number=90, kind=EntryKind.COSTS, booked_on=MONTH, value_on=MONTH, actor=uuid.uuid4()
        )
        Posting.objects.create(entry=entry, book=officer_book, account="bank", amount=Decimal("1.00"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount = amount + 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "UPDATE ledger_journalentry SET booked_on = booked_on",
        "DELETE FROM ledger_journalentry",
        "UPDATE ledger_allocation SET amount = amount",
        "DELETE FROM ledger_allocation",
        "UPDATE ledger_claim SET rank = 1",
        "DELETE FROM ledger_claim",
        "UPDATE ledger_book SET ogm = '000000000000'",
        "DELETE FROM ledger_book",
        "UPDATE ledger_bankmovement SET amount = amount",
        "DELETE FROM ledger_bankmovement",
        "UPDATE ledger_bankstatement SET closing = closing",
        "DELETE FROM ledger_bankstatement",
        "UPDATE ledger_receipt SET amount = amount",
        "DELETE FROM ledger_receipt",
    ],
)
def test_the_application_cannot_change_what_is_booked(officer_book: Book, statement: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
