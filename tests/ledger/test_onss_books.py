"""An employer’s book: oldest debt first, what a bailiff receives and passes on, the account of the ONSS."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import service_work
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.explanation import Explanation
from secal.ledger import guards, intermediaries, selectors
from secal.ledger.errors import LedgerError, StatementRefused
from secal.ledger.models import (
    Account,
    BankStatement,
    Book,
    BookKind,
    Claim,
    Collection,
    EntryKind,
    Head,
    JournalEntry,
    Owner,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.ledger.services import books
from secal.ledger.services.books import onss_line
from secal.ledger.services.receipts import import_statement, match_receipt, put_back, record_collected
from tests.ledger.conftest import charged
from tests.ledger.test_books import accounts, check_now

Unit = Callable[[User], Any]
Take = Callable[..., BankStatement]
ClientFor = Callable[[User], Client]

DAY = date(2026, 11, 20)
PAID_ON = date(2026, 11, 16)
FIRST, SECOND = date(2026, 1, 1), date(2026, 4, 1)
DUE = {FIRST: date(2026, 4, 30), SECOND: date(2026, 7, 31)}
EMPLOYERS_ACCOUNT = "BE71096123456769"
BAILIFFS_ACCOUNT = "BE96001547852105"


@pytest.fixture
def clerk(make_user: Callable[..., User]) -> User:
    return make_user(Role.ARREARS_CLERK, given_name="Carla", family_name="Wouters")


@pytest.fixture(autouse=True)
def bailiffs(monkeypatch: pytest.MonkeyPatch) -> None:
    """One office of bailiffs, with its account for third parties."""
    monkeypatch.setattr(intermediaries, "_finders", [lambda ibans: set(ibans) & {BAILIFFS_ACCOUNT}])


@pytest.fixture(autouse=True)
def employers_are_open(guard: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-in of the room above lets into employers' books too."""
    alimony = guards._guards[BookKind.ALIMONY_FILE.value]
    monkeypatch.setitem(guards._guards, BookKind.EMPLOYER.value, alimony)


@pytest.fixture
def debt(clerk: User, as_user: Unit) -> Book:
    """Two quarters: the first 1,000.00 with 100.00 of surcharge and 30.00 of interest, the second 500.00."""
    with as_user(clerk):
        book = books.open_book(kind=BookKind.EMPLOYER, opened_on=DUE[FIRST])
        owed = [
            (Head.SOCIAL, SECOND, "500.00"),
            (Head.SOCIAL, FIRST, "1000.00"),
            (Head.SURCHARGE, FIRST, "100.00"),
            (Head.INTEREST, FIRST, "30.00"),
        ]
        books.charge(
            [
                onss_line(
                    book_id=book.pk,
                    head=head,
                    quarter=quarter,
                    due_on=DUE[quarter],
                    amount=Decimal(amount),
                    source=uuid.uuid4(),
                    booked_on=DUE[quarter],
                )
                for head, quarter, amount in owed
            ]
        )
        check_now()
    return book


@pytest.fixture
def received(settings: Any) -> Iterator[Take]:
    """A statement of the ONSS account with these transfers, taken by the bank's service."""
    numbers = count(1)

    def take(*entries: Transfer, account: str = "", by: Any = None) -> BankStatement:
        content = write_statement(
            entries,
            account_iban=account or settings.ONSS_IBAN,
            day=DAY,
            opening=Decimal("100.00"),
            number=next(numbers),
        )
        with by or service_work("bank"):
            return import_statement(content=content, on=DAY)

    yield take


def open_of(book: Book) -> dict[tuple[date | None, str], Decimal]:
    return {(claim.period, claim.head): claim.open for claim in selectors.open_claims(book)}


def collect(book: Book, amount: str, **changes: Any) -> JournalEntry:
    wanted = {"book_id": book.pk, "amount": Decimal(amount), "on": PAID_ON, "source": uuid.uuid4()}
    return record_collected(**{**wanted, **changes})


def test_charges_of_an_employer_belong_to_the_institution(debt: Book) -> None:
    assert set(Claim.objects.filter(book=debt).values_list("owner", flat=True)) == {Owner.INSTITUTION}
    owed = {entry.kind: accounts(entry) for entry in debt.entries.all()}
    assert owed[EntryKind.SURCHARGE] == {Account.DEBTOR: Decimal("100"), Account.INSTITUTION: Decimal("-100")}
    assert owed[EntryKind.INTEREST] == {Account.DEBTOR: Decimal("30"), Account.INTEREST: Decimal("-30")}


def test_a_payment_goes_to_the_oldest_debt_whole_before_the_next(debt: Book, received: Take) -> None:
    received(Transfer(Decimal("1130.01"), "Bouwbedrijf", EMPLOYERS_ACCOUNT, ogm=debt.communication))
    check_now()
    assert open_of(debt) == {(SECOND, Head.SOCIAL): Decimal("499.99")}
    told = Explanation.from_dict(Receipt.objects.get().explanation)
    assert any(given.assumed for given in told.parameters_used())


def test_the_debt_that_the_debtor_chose_in_writing_comes_first(
    debt: Book, as_user: Unit, clerk: User
) -> None:
    with as_user(clerk):
        collect(debt, "500.00", chosen=SECOND)
        check_now()
    assert (SECOND, Head.SOCIAL) not in open_of(debt)
    assert open_of(debt)[FIRST, Head.SOCIAL] == Decimal("1000.00")


def test_what_a_bailiff_receives_comes_off_the_debt_that_day_and_is_held(
    debt: Book, clerk: User, as_user: Unit
) -> None:
    with as_user(clerk):
        entry = collect(debt, "1700.00")
        check_now()
    assert accounts(entry) == {
        Account.HELD: Decimal("1700.00"),
        Account.DEBTOR: Decimal("-1630.00"),
        Account.SUSPENSE: Decimal("-70.00"),
    }
    figures = selectors.employer_figures(debt)
    assert (figures.due, figures.paid, figures.open) == (
        Decimal("1630.00"),
        Decimal("1630.00"),
        Decimal("0.00"),
    )
    assert (figures.held, figures.unallocated) == (Decimal("1700.00"), Decimal("70.00"))
    assert Collection.objects.get().explanation["code"]


def test_the_same_act_is_collected_once(debt: Book, clerk: User, as_user: Unit) -> None:
    source = uuid.uuid4()
    with as_user(clerk):
        first = collect(debt, "200.00", source=source)
        assert collect(debt, "200.00", source=source) == first
        with pytest.raises(LedgerError) as refusal:
            collect(debt, "201.00", source=source)
    assert refusal.value.code == "collected.differs"
    assert selectors.held_by_bailiff(debt.pk) == Decimal("200.00")


def test_a_bailiff_receives_nothing_for_an_alimony_file(
    officer: User, as_user: Unit, officer_book: Book
) -> None:
    with as_user(officer), pytest.raises(LedgerError) as refusal:
        collect(officer_book, "10.00")
    assert refusal.value.code == "collected.other_kind"


def test_money_passed_on_by_the_bailiff_lowers_the_debt_no_second_time(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    before = open_of(debt)
    received(Transfer(Decimal("400.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication))
    check_now()
    assert open_of(debt) == before
    figures = selectors.employer_figures(debt)
    assert (figures.paid, figures.held) == (Decimal("400.00"), Decimal("0.00"))
    assert accounts(JournalEntry.objects.get(kind=EntryKind.REMITTANCE)) == {
        Account.BANK: Decimal("400.00"),
        Account.HELD: Decimal("-400.00"),
    }
    receipt = Receipt.objects.get()
    spread = selectors.spreads_of([receipt.pk])[receipt.pk]
    assert (spread.parts, spread.excess) == (
        ((str(EntryKind.REMITTANCE.label), Decimal("400.00")),),
        Decimal("0.00"),
    )


def test_what_the_bailiff_sends_beyond_what_they_held_is_a_payment(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    received(
        Transfer(Decimal("300.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication),
        Transfer(Decimal("300.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication),
    )
    check_now()
    figures = selectors.employer_figures(debt)
    assert (figures.paid, figures.held) == (Decimal("600.00"), Decimal("0.00"))


def test_the_employer_s_own_payment_leaves_what_the_bailiff_holds(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    received(Transfer(Decimal("100.00"), "Bouwbedrijf", EMPLOYERS_ACCOUNT, ogm=debt.communication))
    figures = selectors.employer_figures(debt)
    assert (figures.paid, figures.held) == (Decimal("500.00"), Decimal("400.00"))


def test_a_remittance_put_back_is_held_again_and_may_return(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    received(Transfer(Decimal("500.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication))
    after = selectors.employer_figures(debt)
    receipt = Receipt.objects.get()
    with as_user(clerk):
        put_back(receipt_id=receipt.pk, on=DAY)
        check_now()
        figures = selectors.employer_figures(debt)
        assert (figures.paid, figures.held) == (Decimal("400.00"), Decimal("400.00"))
        assert selectors.spread_preview(
            Receipt.objects.select_related("movement").get(pk=receipt.pk), debt
        ).parts[0] == (str(EntryKind.REMITTANCE.label), Decimal("400.00"))
        match_receipt(receipt_id=receipt.pk, ogm_or_book=debt, on=DAY)
        check_now()
    assert selectors.employer_figures(debt) == after


def test_what_was_passed_on_cannot_be_uncollected(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        entry = collect(debt, "400.00")
    received(Transfer(Decimal("300.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication))
    with as_user(clerk), pytest.raises(LedgerError) as refusal:
        books.reverse(entry=entry, on=DAY)
    assert refusal.value.code == "reversal.already_remitted"


def test_a_collection_by_mistake_is_reversed(debt: Book, clerk: User, as_user: Unit) -> None:
    before = open_of(debt)
    with as_user(clerk):
        entry = collect(debt, "400.00")
        books.reverse(entry=entry, on=DAY)
        check_now()
    assert open_of(debt) == before
    assert selectors.employer_figures(debt).held == Decimal("0.00")
    paid = selectors.payments_on_claims(Claim.objects.filter(book=debt).values_list("pk", flat=True))
    assert not any(paid.values())


def test_the_database_refuses_to_pass_on_more_than_is_held(debt: Book) -> None:
    with pytest.raises(IntegrityError, match="more would be passed on"), transaction.atomic():
        entry = JournalEntry.objects.create(
            book=debt,
            number=99,
            kind=EntryKind.REMITTANCE,
            booked_on=DAY,
            value_on=DAY,
            source=uuid.uuid4(),
            actor=uuid.uuid4(),
        )
        for account, amount in ((Account.BANK, "1.00"), (Account.HELD, "-1.00")):
            Posting.objects.create(entry=entry, book=debt, account=account, amount=Decimal(amount))
        check_now()


def test_payments_count_from_the_day_the_bailiff_had_them(
    debt: Book, clerk: User, as_user: Unit, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    received(Transfer(Decimal("400.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication))
    received(Transfer(Decimal("50.00"), "Bouwbedrijf", EMPLOYERS_ACCOUNT, ogm=debt.communication))
    # Inside the quarter its interest, 30.00, went first.
    claim = Claim.objects.get(book=debt, head=Head.SOCIAL, period=FIRST)
    assert selectors.payments_on_claims([claim.pk]) == {
        claim.pk: [(PAID_ON, Decimal("370.00")), (DAY, Decimal("50.00"))]
    }


def test_figures_by_quarter_and_head(debt: Book, clerk: User, as_user: Unit) -> None:
    with as_user(clerk):
        collect(debt, "1050.00")
    first, second = selectors.employer_figures(debt).quarters
    assert (first.quarter, second.quarter) == (FIRST, SECOND)
    assert [part.head for part in first.parts] == [Head.SOCIAL, Head.SURCHARGE, Head.INTEREST]
    assert (first.due, first.open) == (Decimal("1130.00"), Decimal("80.00"))
    assert second.open == Decimal("500.00")


def test_figures_cost_the_same_however_many_quarters(debt: Book, clerk: User, as_user: Unit) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            selectors.employer_figures(debt)
        return len(seen)

    few = cost()
    with as_user(clerk):
        books.charge(
            [
                onss_line(
                    book_id=debt.pk,
                    head=Head.SOCIAL,
                    quarter=date(2000 + n, 1, 1),
                    due_on=date(2000 + n, 4, 30),
                    amount=Decimal("1.00"),
                    source=uuid.uuid4(),
                    booked_on=DAY,
                )
                for n in range(20)
            ]
        )
    assert cost() == few


@pytest.mark.parametrize("role", [Role.ARREARS_CLERK, Role.CASE_OFFICER])
def test_each_takes_the_statements_of_their_own_account(
    role: Role, make_user: Callable[..., User], as_user: Unit, received: Take, settings: Any
) -> None:
    own = {Role.ARREARS_CLERK: settings.ONSS_IBAN, Role.CASE_OFFICER: settings.OFFICE_IBAN}
    user = make_user(role)
    (other,) = set(own.values()) - {own[role]}
    with pytest.raises(StatementRefused) as refusal:
        received(Transfer(Decimal("5.00")), account=other, by=as_user(user))
    assert refusal.value.code == "statement.other_account"
    assert received(Transfer(Decimal("5.00")), account=own[role], by=as_user(user)).account_iban == own[role]


def test_the_communication_of_an_employer_means_nothing_on_the_other_account(
    debt: Book, officer_book: Book, received: Take, settings: Any
) -> None:
    received(Transfer(Decimal("5.00"), ogm=debt.communication), account=settings.OFFICE_IBAN)
    received(Transfer(Decimal("6.00"), ogm=officer_book.communication))
    assert {receipt.waiting_reason for receipt in Receipt.objects.all()} == {"unknown_communication"}


def test_nobody_sees_payments_on_the_account_of_the_other_service(
    clerk: User,
    officer: User,
    debt: Book,
    as_user: Unit,
    client_for: ClientFor,
    received: Take,
    settings: Any,
) -> None:
    received(Transfer(Decimal("5.00"), "Bouwbedrijf", EMPLOYERS_ACCOUNT))
    waiting = Receipt.objects.get()
    for user, seen in ((clerk, 1), (officer, 0)):
        with as_user(user):
            assert selectors.receipts_waiting().count() == selectors.waiting_count() == seen
            assert selectors.statements().count() == seen
        page = client_for(user).get(reverse("ledger:receipt", args=[waiting.pk]))
        assert page.status_code == (200 if seen else 404)
    with as_user(officer), pytest.raises(LedgerError):
        match_receipt(receipt_id=waiting.pk, ogm_or_book=debt, on=DAY)
    assert Receipt.objects.get().state == ReceiptState.WAITING


def test_the_book_page_of_an_employer_shows_its_quarters_and_what_is_held(
    debt: Book, clerk: User, as_user: Unit, client_for: ClientFor, received: Take
) -> None:
    with as_user(clerk):
        collect(debt, "400.00")
    received(Transfer(Decimal("100.00"), "Étude Maes", BAILIFFS_ACCOUNT, ogm=debt.communication))
    answer = client_for(clerk).get(reverse("ledger:book", args=[debt.pk]))
    page = answer.content.decode()
    assert answer.status_code == 200
    for words in (
        "Chez l’huissier",
        "Dette par trimestre",
        "1/2026",
        "Versement de l’huissier",
        "Comptes en équilibre",
    ):
        assert words in page


def test_the_page_of_an_employer_s_book_stays_shut_to_whom_its_guard_refuses(
    debt: Book, clerk: User, client_for: ClientFor, shut: set[uuid.UUID], security_log: Callable[..., Any]
) -> None:
    shut.add(debt.pk)
    assert client_for(clerk).get(reverse("ledger:book", args=[debt.pk])).status_code == 404
    assert security_log(kind="DENY", act="ledger.view", actor=clerk.pk)


def test_a_case_officer_cannot_match_to_an_employer(
    debt: Book, officer: User, as_user: Unit, received: Take, settings: Any
) -> None:
    received(Transfer(Decimal("5.00")), account=settings.OFFICE_IBAN)
    with as_user(officer), pytest.raises(LedgerError) as refusal:
        match_receipt(receipt_id=Receipt.objects.get().pk, ogm_or_book=debt.communication, on=DAY)
    assert refusal.value.code == "receipt.other_account"
    assert not debt.receipts.exists()


def test_alimony_charges_keep_their_ranks(officer: User, as_user: Unit, officer_book: Book) -> None:
    with as_user(officer):
        claim = charged(officer_book, Head.BALANCE, "10.00")
    assert claim.rank == 5
