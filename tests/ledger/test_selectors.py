"""What the ledger tells: lines with their balance, figures and months, by a constant number of queries."""

import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from secal.access.models import User
from secal.ledger import selectors
from secal.ledger.models import Book, BookKind, EntryKind, Head, Receipt
from secal.ledger.services import books
from tests.ledger.conftest import charged, line
from tests.ledger.test_books import instruction

Unit = Callable[[User], Any]


@pytest.fixture
def told(officer: User, as_user: Unit, officer_book: Book, pay: Callable[..., Receipt]) -> Book:
    """September to November: terms, an advance, a payment, and a cost that was a mistake."""
    with as_user(officer):
        charged(officer_book, Head.ARREARS, "400.00", booked_on=date(2026, 9, 5))
        term = charged(officer_book, Head.BALANCE, "200.00", booked_on=date(2026, 10, 1))
        books.record_advance_paid(
            instruction=instruction(officer_book, term, "175.00"), value_on=date(2026, 10, 20)
        )
        charged(officer_book, Head.COSTS, "30.00", booked_on=date(2026, 10, 21))
        wrong = officer_book.entries.get(kind=EntryKind.COSTS)
        books.reverse(entry=wrong, on=date(2026, 10, 22))
    pay(officer_book, "180.00", day=date(2026, 11, 2))
    return officer_book


def test_each_line_carries_the_balance_after_it(told: Book) -> None:
    lines = selectors.book_lines(told)
    assert [(line.number, line.effect, line.balance) for line in lines] == [
        (6, "receipt", Decimal("420.00")),
        (5, "costs", Decimal("600.00")),
        (4, "costs", Decimal("630.00")),
        (3, "advance_paid", Decimal("600.00")),
        (2, "term_due", Decimal("600.00")),
        (1, "arrears", Decimal("400.00")),
    ]
    assert [line.balance_before for line in lines] == [*(line.balance for line in lines[1:]), Decimal("0.00")]
    assert (lines[0].paid, lines[3].advance, lines[1].due) == (
        Decimal("180.00"),
        Decimal("175.00"),
        Decimal("-30.00"),
    )


def test_a_filter_hides_lines_and_changes_no_balance(told: Book) -> None:
    whole = {line.number: line for line in selectors.book_lines(told)}
    for shown in selectors.book_lines(told, kind=EntryKind.COSTS):
        assert shown == whole[shown.number]
    assert [line.number for line in selectors.book_lines(told, kind=EntryKind.COSTS)] == [5, 4]
    assert selectors.book_lines(told, year=2025) == []
    assert selectors.book_kinds(told) == {
        "arrears": 1,
        "term_due": 1,
        "advance_paid": 1,
        "costs": 2,
        "receipt": 1,
    }
    assert selectors.book_years(told) == [2026]


def test_the_figures_leave_out_what_was_reversed(told: Book) -> None:
    assert selectors.book_figures(told) == selectors.BookFigures(
        arrears=Decimal("420.00"),
        advances_paid=Decimal("175.00"),
        recovered=Decimal("180.00"),
        unallocated=Decimal("0.00"),
        held=Decimal("0.00"),
    )


def test_months_carry_the_arrears_of_before_along(told: Book) -> None:
    months = selectors.book_months(told, until=date(2026, 11, 21), months=2)
    assert months == [
        selectors.MonthFigures(date(2026, 10, 1), Decimal("175.00"), Decimal("0.00"), Decimal("600.00")),
        selectors.MonthFigures(date(2026, 11, 1), Decimal("0.00"), Decimal("180.00"), Decimal("420.00")),
    ]
    assert len(selectors.book_months(told, until=date(2026, 11, 21))) == 12


def test_the_lines_end_on_what_the_claims_owe(told: Book) -> None:
    check = selectors.book_check(told, lines_balance=selectors.book_lines(told)[0].balance)
    assert check.holds
    assert check.claims == Decimal("420.00")
    assert not selectors.book_check(told, lines_balance=Decimal("420.01")).holds


def test_an_empty_book_has_figures_too(officer_book: Book) -> None:
    nought = Decimal(0)
    assert selectors.book_lines(officer_book) == []
    assert selectors.book_figures(officer_book) == selectors.BookFigures(*[nought] * 5)
    assert {month.arrears for month in selectors.book_months(officer_book, until=date(2026, 11, 21))} == {
        nought
    }
    assert selectors.book_check(officer_book, lines_balance=nought).holds


def test_open_claims_come_in_the_order_of_article_23(told: Book) -> None:
    assert [(claim.head, claim.rank) for claim in selectors.open_claims(told)] == [
        (Head.BALANCE, 5),
        (Head.ARREARS, 6),
    ]


def test_one_book_among_many_is_read_through_its_index(officer: User, as_user: Unit) -> None:
    with as_user(officer):
        opened = [books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=date(2026, 1, 1)) for _ in range(200)]
        books.charge(
            [line(book, Head.BALANCE, "200.00", source=uuid.uuid4()) for book in opened for _ in range(24)]
        )
    with connection.cursor() as cursor:
        for query in (selectors.LINES, selectors.FIGURES, selectors.OPEN_CLAIMS):
            values: Any = {"book": opened[7].pk, "kind": None, "year": None, "limit": 100}
            cursor.execute(f"EXPLAIN {query}", [[opened[7].pk]] if query == selectors.OPEN_CLAIMS else values)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan on ledger_posting" not in plan


def test_open_claims_of_many_books_take_one_query(officer: User, as_user: Unit) -> None:
    with as_user(officer):
        opened = [books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=date(2026, 1, 1)) for _ in range(10)]
        books.charge([line(book, Head.BALANCE, "200.00") for book in opened])
    with CaptureQueriesContext(connection) as queries:
        found = selectors.open_claims_of(book.pk for book in opened)
    assert len(queries) == 1
    assert found.keys() == {book.pk for book in opened}
