"""Receipts: taken once, matched by their communication, spread by article 23, or waiting in sight."""

import threading
import uuid
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.kernel.explanation import Explanation
from secal.kernel.identifiers import make_ogm
from secal.ledger import selectors
from secal.ledger.errors import LedgerError, StatementAlreadyTaken, StatementRefused
from secal.ledger.models import (
    Allocation,
    BankMovement,
    BankStatement,
    Book,
    BookKind,
    EntryKind,
    Head,
    JournalEntry,
    MovementState,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.ledger.services import books, receipts
from secal.ledger.services.receipts import import_statement, match_receipt, put_back
from secal.vault.sealing import Sealed
from tests.ledger.conftest import PAYER, RECEIVED_ON, charged
from tests.ledger.statements import Batch, Transfer, statement
from tests.ledger.test_books import check_now, instruction

Unit = Callable[[User], Any]
Take = Callable[..., BankStatement]
Pay = Callable[..., Receipt]
HEADS = (Head.COSTS, Head.CONTRIBUTION, Head.INTEREST, Head.BALANCE, Head.ARREARS)


def given_to(receipt: Receipt) -> dict[str, Decimal]:
    return {
        part.claim.head: part.amount
        for part in Allocation.objects.filter(receipt=receipt).select_related("claim")
    }


@pytest.fixture
def owing(officer: User, as_user: Unit, officer_book: Book) -> Book:
    """The open claims of golden case 11: 607.00 in all, with an advance of 175.00 on a term of 200.00."""
    with as_user(officer):
        charged(officer_book, Head.COSTS, "30.00")
        charged(officer_book, Head.CONTRIBUTION, "65.00")
        charged(officer_book, Head.INTEREST, "12.00")
        term = charged(officer_book, Head.BALANCE, "200.00")
        charged(officer_book, Head.ARREARS, "300.00")
        books.record_advance_paid(
            instruction=instruction(officer_book, term, "175.00"), value_on=date(2026, 11, 3)
        )
    return officer_book


@pytest.mark.obligation("12/057 §1")
def test_a_receipt_is_spread_over_the_six_ranks(owing: Book, pay: Pay) -> None:
    receipt = pay(owing, "250.00")
    check_now()
    assert given_to(receipt) == {
        Head.COSTS: Decimal("30.00"),
        Head.CONTRIBUTION: Decimal("65.00"),
        Head.INTEREST: Decimal("12.00"),
        Head.ADVANCE: Decimal("143.00"),
    }
    assert receipt.state == ReceiptState.ALLOCATED
    assert receipt.matched_by is None
    assert selectors.book_figures(owing).arrears == Decimal("357.00")


def test_what_no_claim_can_take_waits_to_be_refunded(owing: Book, pay: Pay) -> None:
    pay(owing, "250.00")
    receipt = pay(owing, "400.00")
    check_now()
    assert given_to(receipt) == {
        Head.ADVANCE: Decimal("32.00"),
        Head.BALANCE: Decimal("25.00"),
        Head.ARREARS: Decimal("300.00"),
    }
    figures = selectors.book_figures(owing)
    assert (figures.arrears, figures.recovered, figures.unallocated) == (
        Decimal("0.00"),
        Decimal("607.00"),
        Decimal("43.00"),
    )


def test_a_receipt_in_a_book_without_claims_is_all_to_be_refunded(officer_book: Book, pay: Pay) -> None:
    pay(officer_book, "50.00")
    assert selectors.book_figures(officer_book).unallocated == Decimal("50.00")


def test_the_receipt_keeps_the_reckoning_with_its_parameters(owing: Book, pay: Pay) -> None:
    receipt = pay(owing, "250.00")
    told = Explanation.from_dict(receipt.explanation)
    assert told.amount == Decimal("250.00")
    assert {given.name for given in told.parameters_used()} == {"imputation_order", "imputation_inside_rank"}


def test_several_receipts_of_one_statement_for_one_book_follow_each_other(owing: Book, take: Take) -> None:
    take(*(Transfer(Decimal("250.00"), ogm=owing.communication) for _ in range(3)))
    check_now()
    figures = selectors.book_figures(owing)
    assert (figures.arrears, figures.unallocated) == (Decimal("0.00"), Decimal("143.00"))


@pytest.mark.parametrize(
    ("transfer", "reason"),
    [
        (Transfer(Decimal("9.00"), "Tom", PAYER, text="pension"), "no_communication"),
        (Transfer(Decimal("9.00"), "Tom", PAYER, ogm=make_ogm(42)), "unknown_communication"),
        (Transfer(Decimal("9.00"), "Tom", PAYER, text="+++123/4567/89099+++"), "wrong_check_digits"),
    ],
)
def test_a_receipt_without_a_known_communication_waits_with_its_reason(
    officer: User, as_user: Unit, take: Take, transfer: Transfer, reason: str
) -> None:
    take(transfer)
    with as_user(officer):
        (waiting,) = selectors.receipts_waiting()
    assert (waiting.state, waiting.waiting_reason, waiting.book) == (ReceiptState.WAITING, reason, None)
    assert waiting.movement.state == MovementState.WAITING


def test_each_payer_is_sealed_with_a_key_of_its_own(officer: User, as_user: Unit, take: Take) -> None:
    found = take(
        Transfer(Decimal("9.00"), "Tom Maes", PAYER, text="pension de Noor"),
        Transfer(Decimal("8.00"), "Tom Maes", PAYER, text="pension de Bram"),
    )
    first, second = BankMovement.objects.filter(statement=found).order_by("line")
    assert first.key_id != second.key_id
    for movement in (first, second):
        for field in ("remitter_name", "remitter_iban", "remittance"):
            assert isinstance(getattr(movement, field), Sealed)
            assert getattr(movement, field).key_id == movement.key_id
    with as_user(officer):
        assert first.open_value("remittance") == "pension de Noor"


def test_the_keys_of_a_statement_are_made_in_one_statement(take: Take) -> None:
    def cost(lines: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            take(*(Transfer(Decimal("9.00"), "Tom Maes", PAYER, text=f"n° {n}") for n in range(lines)))
        return len(seen)

    cost(1)
    assert cost(1) == cost(40)


@pytest.mark.parametrize("renamed", [False, True])
def test_the_same_statement_is_never_taken_twice(
    officer: User, as_user: Unit, owing: Book, renamed: bool
) -> None:
    content = statement(Transfer(Decimal("9.00"), ogm=owing.communication))
    again = content.replace(b"\n", b"\n\n", 1) if renamed else content
    with as_user(officer):
        import_statement(content=content, on=RECEIVED_ON)
    with as_user(officer), pytest.raises(StatementAlreadyTaken) as refusal:
        import_statement(content=again, on=RECEIVED_ON)
    assert "Luc Dubois" in refusal.value.text()
    assert Receipt.objects.count() == 1


def test_a_refused_file_leaves_nothing_behind(officer: User, as_user: Unit, owing: Book) -> None:
    content = statement(Transfer(Decimal("9.00"), ogm=owing.communication), Transfer(Decimal("8.00")))
    with as_user(officer), pytest.raises(StatementRefused):
        import_statement(content=content.replace(b"8.00</Amt>", b"8.0O</Amt>"), on=RECEIVED_ON)
    assert not BankStatement.objects.exists()
    assert not Receipt.objects.exists()
    assert not JournalEntry.objects.filter(kind=EntryKind.RECEIPT).exists()


def test_a_second_statement_taken_before_undoes_the_first_of_the_same_file(
    officer: User, as_user: Unit
) -> None:
    first, second = statement(number=1), statement(number=2)
    inner = first[first.index(b"<Stmt>") : first.index(b"</BkToCstmrStmt>")]
    both = second.replace(b"</BkToCstmrStmt>", inner + b"</BkToCstmrStmt>")
    with as_user(officer):
        import_statement(content=first, on=RECEIVED_ON)
    with as_user(officer), pytest.raises(StatementAlreadyTaken):
        import_statement(content=both, on=RECEIVED_ON)
        # The refusal is caught, as a screen does: what this unit commits must still hold nothing of the file.
    assert BankStatement.objects.count() == 1


def test_our_own_payment_on_a_statement_is_marked_and_makes_no_receipt(
    officer: User, as_user: Unit, owing: Book, take: Take
) -> None:
    with as_user(officer):
        order = instruction(owing, owing.claims.get(head=Head.ARREARS), "175.00")
    batch = Batch(
        (
            Transfer(Decimal("-175.00"), "Els", PAYER, end_to_end_id=order.end_to_end_id),
            Transfer(Decimal("-174.00"), "Els", PAYER, end_to_end_id=order.end_to_end_id),
            Transfer(Decimal("-1.00"), end_to_end_id="COSTS"),
        )
    )
    found = take(batch, Transfer(Decimal("175.00"), end_to_end_id=order.end_to_end_id, return_code="AC04"))
    states = list(found.movements.order_by("line").values_list("state", flat=True))
    assert states == [MovementState.PAYMENT, *[MovementState.WAITING] * 3]
    assert not Receipt.objects.exists()


def test_the_bank_service_may_take_statements_too(owing: Book) -> None:
    with service_work("bank"):
        found = import_statement(
            content=statement(Transfer(Decimal("9.00"), ogm=owing.communication)), on=RECEIVED_ON
        )
    assert found.imported_by is None
    assert selectors.book_figures(owing).recovered == Decimal("9.00")


def test_only_a_case_officer_takes_statements(approver: User, registrar: User, as_user: Unit) -> None:
    for person in (approver, registrar):
        with pytest.raises(Refused), as_user(person):
            import_statement(content=statement(), on=RECEIVED_ON)


def test_a_receipt_matched_by_hand_is_spread_and_names_who_did_it(
    officer: User, as_user: Unit, owing: Book, take: Take, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    take(Transfer(Decimal("250.00"), text="pension"))
    waiting = Receipt.objects.get()
    with as_user(officer):
        receipt = match_receipt(receipt_id=waiting.pk, ogm_or_book=owing.communication, on=RECEIVED_ON)
        check_now()
    assert receipt.matched_by == officer
    assert given_to(receipt)[Head.ADVANCE] == Decimal("143.00")
    assert BankMovement.objects.get().state == MovementState.MATCHED
    assert [row["subject"] for row in security_log(kind="WRITE", act="receipt.match")] == [waiting.pk]


def test_a_receipt_is_matched_once(officer: User, as_user: Unit, owing: Book, take: Take) -> None:
    take(Transfer(Decimal("10.00")))
    waiting = Receipt.objects.get()
    with as_user(officer):
        match_receipt(receipt_id=waiting.pk, ogm_or_book=owing, on=RECEIVED_ON)
        with pytest.raises(LedgerError) as refusal:
            match_receipt(receipt_id=waiting.pk, ogm_or_book=owing, on=RECEIVED_ON)
    assert refusal.value.code == "receipt.matched_already"


def test_a_receipt_is_not_matched_to_the_file_of_another_officer(
    officer: User, as_user: Unit, owing: Book, take: Take, shut: set[uuid.UUID]
) -> None:
    take(Transfer(Decimal("10.00")))
    shut.add(owing.pk)
    with pytest.raises(Refused) as refusal, as_user(officer):
        match_receipt(receipt_id=Receipt.objects.get().pk, ogm_or_book=owing, on=RECEIVED_ON)
    assert refusal.value.hidden
    assert Receipt.objects.get().state == ReceiptState.WAITING


def test_a_book_without_a_guard_is_closed_to_everybody(officer: User, as_user: Unit, take: Take) -> None:
    with as_user(officer):
        book = books.open_book(kind=BookKind.EMPLOYER, opened_on=RECEIVED_ON)
    take(Transfer(Decimal("10.00")))
    with pytest.raises(Refused) as refusal, as_user(officer):
        match_receipt(receipt_id=Receipt.objects.get().pk, ogm_or_book=book, on=RECEIVED_ON)
    assert refusal.value.reason == "no_guard"


def test_a_wrong_match_is_put_back_by_a_reversal(officer: User, as_user: Unit, owing: Book, pay: Pay) -> None:
    before = selectors.book_figures(owing)
    receipt = pay(owing, "700.00")
    with as_user(officer):
        other = books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=RECEIVED_ON)
        charged(other, Head.ARREARS, "1000.00")
        put_back(receipt_id=receipt.pk, on=RECEIVED_ON)
        check_now()
        assert selectors.book_figures(owing) == before
        assert Receipt.objects.get(pk=receipt.pk).waiting_reason == "put_back"
        match_receipt(receipt_id=receipt.pk, ogm_or_book=other, on=RECEIVED_ON)
        check_now()
    assert selectors.book_figures(other).arrears == Decimal("300.00")
    assert selectors.spreads_of([receipt.pk])[receipt.pk].parts == (
        (str(Head.ARREARS.label), Decimal("700.00")),
    )


def test_a_receipt_put_back_by_mistake_returns_to_its_book(
    officer: User, as_user: Unit, owing: Book, pay: Pay
) -> None:
    receipt = pay(owing, "200.00")
    after = selectors.book_figures(owing)
    with as_user(officer):
        for _ in range(2):
            put_back(receipt_id=receipt.pk, on=RECEIVED_ON)
            match_receipt(receipt_id=receipt.pk, ogm_or_book=owing, on=RECEIVED_ON)
            check_now()
    assert selectors.book_figures(owing) == after
    entries = JournalEntry.objects.filter(source=receipt.pk, kind=EntryKind.RECEIPT).order_by("turn")
    assert [entry.turn for entry in entries] == [0, 1, 2]


def test_a_receipt_is_not_reversed_like_a_charge(officer: User, as_user: Unit, owing: Book, pay: Pay) -> None:
    receipt = pay(owing, "10.00")
    with as_user(officer), pytest.raises(LedgerError) as refusal:
        books.reverse(entry=JournalEntry.objects.get(source=receipt.pk), on=RECEIVED_ON)
    assert refusal.value.code == "reversal.of_receipt"


def test_an_account_that_paid_before_is_suggested(
    officer: User, as_user: Unit, owing: Book, take: Take
) -> None:
    take(Transfer(Decimal("9.00"), "Tom", PAYER, ogm=owing.communication))
    take(
        Transfer(Decimal("9.00"), "Tom", PAYER, text="comme d’habitude"), Transfer(Decimal("1.00"), "Inconnu")
    )
    with as_user(officer):
        first, second = sorted(
            selectors.opened(list(selectors.receipts_waiting())),
            key=lambda one: one.receipt.amount,
            reverse=True,
        )
    assert [(found.ogm, found.times) for found in first.suggestions] == [(owing.communication, 1)]
    assert second.suggestions == ()


@pytest.mark.obligation("12/057 §1")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["charge", "receipt", "reverse"]),
            st.sampled_from(HEADS),
            st.decimals(min_value="0.01", max_value="500.00", places=2),
        ),
        max_size=12,
    )
)
def test_any_course_of_charges_and_receipts_keeps_the_book_right(
    db: None, officer: User, steps: list[tuple[str, Head, Decimal]]
) -> None:
    with acting_as(officer.pk):
        book = books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=RECEIVED_ON)
        received = due = Decimal(0)
        for number, (step, head, amount) in enumerate(steps):
            if step == "charge":
                charged(book, head, str(amount))
                due += amount
            elif step == "receipt":
                transfer = Transfer(amount, ogm=book.communication)
                unique = book.number * 100 + number
                import_statement(content=statement(transfer, number=unique % 10**9), on=RECEIVED_ON)
                received += amount
            else:
                due -= _reverse_latest_charge(book)
        check_now()
        figures = selectors.book_figures(book)
        claims = selectors.open_claims(book)
        postings = sum(Posting.objects.filter(book=book).values_list("amount", flat=True))
    assert postings == 0
    assert all(claim.open > 0 for claim in claims)
    assert sum((claim.open for claim in claims), Decimal(0)) == figures.arrears
    assert figures.recovered + figures.unallocated == received
    assert figures.arrears == due - figures.recovered


def _reverse_latest_charge(book: Book) -> Decimal:
    charges = book.entries.exclude(kind__in=[EntryKind.RECEIPT, EntryKind.REVERSAL]).filter(reversed_by=None)
    latest = charges.order_by("-number").first()
    if latest is None:
        return Decimal(0)
    try:
        books.reverse(entry=latest, on=RECEIVED_ON)
    except LedgerError as refusal:
        assert refusal.code == "reversal.already_paid"
        return Decimal(0)
    amount: Decimal = latest.postings.get(account="debtor").amount
    return amount


def at_once(*acts: Callable[[], object]) -> list[BaseException | None]:
    """Run these in threads that start together, each with a connection of its own; what each one raised."""
    gate = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            gate.wait(timeout=20)
            act()
        except BaseException as error:
            raised[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return raised


@pytest.fixture
def committed_book(committed_database: str, django_db_blocker: Any, make_user: Callable[..., User]) -> Any:
    with django_db_blocker.unblock():
        officer = make_user(Role.CASE_OFFICER, given_name="Luc")
        with acting_as(officer.pk):
            book = books.open_book(kind=BookKind.ALIMONY_FILE, opened_on=RECEIVED_ON)
            charged(book, Head.ARREARS, "1000.00")
        yield officer, book
        connection.close()


def test_of_two_imports_of_one_file_at_once_one_is_taken(committed_book: tuple[User, Book]) -> None:
    officer, book = committed_book
    content = statement(Transfer(Decimal("100.00"), ogm=book.communication))

    def take_it() -> None:
        with acting_as(officer.pk):
            import_statement(content=content, on=RECEIVED_ON)

    raised = at_once(*[take_it] * 4)
    assert sum(error is None for error in raised) == 1
    assert all(isinstance(error, StatementAlreadyTaken) for error in raised if error is not None)
    assert selectors.book_figures(book).arrears == Decimal("900.00")


def test_receipts_at_once_on_one_book_never_overpay_it(committed_book: tuple[User, Book]) -> None:
    officer, book = committed_book

    def pay(number: int) -> Callable[[], None]:
        def act() -> None:
            with acting_as(officer.pk):
                transfer = Transfer(Decimal("300.00"), ogm=book.communication)
                import_statement(content=statement(transfer, number=number), on=RECEIVED_ON)

        return act

    def charge() -> None:
        with acting_as(officer.pk):
            charged(book, Head.COSTS, "50.00")

    assert at_once(*(pay(number) for number in range(1, 6)), charge, charge) == [None] * 7
    figures = selectors.book_figures(book)
    assert figures.recovered + figures.unallocated == Decimal("1500.00")
    assert figures.arrears == Decimal("1100.00") - figures.recovered >= 0
    numbers = list(JournalEntry.objects.filter(book=book).order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 9))
    check = selectors.book_check(book, lines_balance=selectors.book_lines(book)[0].balance)
    assert check.holds


def test_of_two_officers_who_match_one_receipt_at_once_one_wins(committed_book: tuple[User, Book]) -> None:
    officer, book = committed_book
    with acting_as(officer.pk):
        import_statement(content=statement(Transfer(Decimal("100.00"))), on=RECEIVED_ON)
    waiting = Receipt.objects.get()

    def match() -> None:
        with acting_as(officer.pk):
            receipts.match_receipt(receipt_id=waiting.pk, ogm_or_book=book.pk, on=RECEIVED_ON)

    raised = at_once(match, match)
    assert sum(error is None for error in raised) == 1
    assert selectors.book_figures(book).recovered == Decimal("100.00")
