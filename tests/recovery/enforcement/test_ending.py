"""How a file comes out and when it ends: paid with its interest, and the two conditions of the law."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from recovery.arrears.models import DebtCharge, Origin
from recovery.arrears.services.debts import record_debt
from recovery.cases.dues import amount_due
from recovery.cases.models import (
    FileEvent,
    Mandate,
    MandatePermission,
    Outcome,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.cases.selectors import get_mandated_file
from recovery.enforcement.services import outcome
from recovery.enforcement.services.irrecoverability import approve
from recovery.enforcement.services.outcome import end_if_reached, settle, settle_waiting
from recovery.enforcement.tasks import settle_files
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.ledger.models import Account, Allocation, Book, BookKind, Head, Posting, Receipt
from secal.ledger.selectors import employer_figures
from secal.ledger.services.books import charge, onss_line
from secal.ledger.services.receipts import put_back, record_collected
from tests.recovery.enforcement.conftest import (
    DECIDED_ON,
    ENDED_AT,
    ENDED_ON,
    PAID_ON,
    at_bailiff,
    collected,
    ended,
    paid,
    proposed,
    waiting,
)
from tests.recovery.stories import People, made_file, office_with_bailiff, sent_notice

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
BAILIFFS_ACCOUNT = "BE96001547852105"


def whole(file: RecoveryFile, on: date = PAID_ON) -> Decimal:
    return amount_due(file, on=on).total


def now(file: RecoveryFile) -> RecoveryFile:
    return RecoveryFile.objects.get(pk=file.pk)


def test_what_is_due_on_a_day_counts_the_interest_that_runs(staff: People) -> None:
    """10 000,00 due on 30 April 2026: 144 days at 7 % to 21 September, surcharge 10 %."""
    file = made_file(staff)
    due = amount_due(file, on=PAID_ON)
    assert due.open == Decimal("11000.00")
    assert due.interest == Decimal("276.16")
    sent_notice(staff, file)
    assert whole(file) == Decimal("11276.16")
    assert amount_due(file, on=PAID_ON).interest < due.interest


def test_a_file_is_paid_when_its_interest_to_the_last_payment_is_paid_too(
    staff: People, settings: Any, security_log: Log
) -> None:
    file = at_bailiff(staff).file
    due = amount_due(file, on=PAID_ON)
    assert due.interest > 0
    paid(file, due.total, account=settings.ONSS_IBAN)
    assert (now(file).outcome, now(file).outcome_on) == (Outcome.PAID, PAID_ON)
    figures = employer_figures(file.book)
    assert (figures.open, figures.unallocated) == (Decimal("0.00"), Decimal("0.00"))
    assert amount_due(file, on=date(2027, 12, 31)).interest == 0
    booked = DebtCharge.objects.filter(debt__file=file, head="interest")
    assert booked.count() == 2  # at the notice, and to the payment
    assert security_log(kind="WRITE", act="recovery.settle", file=file.pk)


def test_principal_and_surcharge_without_the_last_interest_is_not_paid(staff: People, settings: Any) -> None:
    file = at_bailiff(staff).file
    due = amount_due(file, on=PAID_ON)
    paid(file, due.open, account=settings.ONSS_IBAN)
    assert now(file).outcome == ""
    assert employer_figures(file.book).open == due.interest
    with service_work("enforcement"):
        assert settle_waiting(on=PAID_ON) == 0
    paid(file, due.interest, account=settings.ONSS_IBAN, on=date(2026, 9, 25))
    assert now(file).outcome == Outcome.PAID


def test_a_payment_put_back_takes_its_surplus_with_it_and_the_file_owes_again(
    staff: People, settings: Any
) -> None:
    file = at_bailiff(staff).file
    due = amount_due(file, on=PAID_ON)
    paid(file, due.total, account=settings.ONSS_IBAN)
    receipt = Receipt.objects.get()
    assert sum(Allocation.objects.values_list("amount", flat=True)) == due.total
    with acting_as(staff.clerk.pk):
        put_back(receipt_id=receipt.pk, on=ENDED_ON)
    figures = employer_figures(file.book)
    assert (figures.open, figures.unallocated) == (due.total, Decimal("0.00"))
    assert (now(file).outcome, now(file).outcome_on) == ("", None)
    codes = set(FileEvent.objects.filter(file=file, kind="end").values_list("code", flat=True))
    assert codes == {"file_paid", "file_owes_again"}


def test_a_debt_recorded_before_the_end_reopens_the_outcome(staff: People, settings: Any) -> None:
    file = at_bailiff(staff).file
    paid(file, whole(file), account=settings.ONSS_IBAN)
    with acting_as(staff.clerk.pk):
        record_debt(
            employer_id=file.employer_id,
            quarter=date(2026, 4, 1),
            origin=Origin.DECLARED,
            contributions=Decimal("500.00"),
            on=ENDED_ON,
        )
    assert now(file).outcome == ""
    ended(staff, file.mandates.get())
    assert now(file).ended_on is None


@pytest.mark.obligation("17/006 §7")
@pytest.mark.obligation("17/006 §15")
def test_paid_at_the_bailiff_passed_on_and_closed_ends_the_file_and_the_portal_stops_showing_it(
    staff: People, as_user: AsUser, settings: Any, security_log: Log
) -> None:
    mandate = at_bailiff(staff)
    file = mandate.file
    staff.office.iban = BAILIFFS_ACCOUNT
    staff.office.save()
    amount = whole(file)
    collected(file, amount)
    assert now(file).outcome == Outcome.PAID
    ended(staff, mandate)
    assert now(file).ended_on is None, "the bailiff still holds the money"
    assert not MandatePermission.objects.filter(content_object=file).exists()
    with pytest.raises(Refused) as refusal, as_user(staff.bailiff):
        get_mandated_file(file.pk)
    assert refusal.value.hidden
    assert security_log(kind="DENY", actor=staff.bailiff.pk, file=file.pk)
    passed_on = date(2026, 10, 5)
    paid(file, amount, account=settings.ONSS_IBAN, on=passed_on, by=BAILIFFS_ACCOUNT)
    assert now(file).ended_on == passed_on
    assert RecoveryFile.history.filter(id=file.pk, ended_on=passed_on).exists()


@pytest.mark.obligation("17/006 §7")
def test_the_last_of_several_mandates_ends_the_file_and_what_waits_is_withdrawn(
    staff: People, make_user: Callable[..., User], settings: Any
) -> None:
    """One title handed back and waiting, one closed: the file ends when the last mandate does."""
    first = at_bailiff(staff)
    file = first.file
    other, _bailiff = office_with_bailiff(make_user, "Étude Zola")
    second = _another_title(staff, first, office=other)
    ended(staff, first, action="hand_back", at=ENDED_AT.replace(day=22))
    proposal = proposed(staff, file)
    with acting_as(staff.directorate.pk):
        approve(proposal_id=proposal.pk, on=DECIDED_ON)
    assert now(file).ended_on is None
    ended(staff, second)
    assert now(file).ended_on == ENDED_ON
    assert set(Title.objects.filter(file=file).values_list("state", flat=True)) == {TitleState.CLOSED}
    withdrawn = FileEvent.objects.get(file=file, code="title_withdrawn")
    assert withdrawn.params == {"title": first.title.number}
    assert Title.history.filter(id=first.title_id, state=TitleState.CLOSED).exists()


def test_paid_before_any_bailiff_ends_at_once(staff: People, settings: Any) -> None:
    file = waiting(staff).file
    paid(file, whole(file), account=settings.ONSS_IBAN)
    assert now(file).ended_on == PAID_ON
    assert Title.objects.get(file=file).state == TitleState.CLOSED


def test_what_has_ended_stays_ended(staff: People, settings: Any) -> None:
    file = waiting(staff).file
    paid(file, whole(file), account=settings.ONSS_IBAN)
    for statement in (
        "UPDATE recovery_cases_recoveryfile SET ended_on = NULL",
        "UPDATE recovery_cases_recoveryfile SET outcome = '', outcome_on = NULL, ended_on = NULL",
    ):
        with pytest.raises(IntegrityError, match="stays ended"), transaction.atomic():
            _run(statement)
    with acting_as(staff.clerk.pk):
        assert settle(file.pk, on=ENDED_ON).ended_on == PAID_ON
        assert end_if_reached(file.pk) is None


def test_money_that_nobody_looked_at_is_settled_later(staff: People, monkeypatch: Any) -> None:
    file = at_bailiff(staff).file
    amount = whole(file)
    with monkeypatch.context() as deaf:
        deaf.setattr(outcome, "_settle_books", lambda book_ids, *, on: None)
        collected(file, amount)
    assert now(file).outcome == ""
    assert settle_files() == 1
    assert now(file).outcome == Outcome.PAID
    assert settle_files() == 0


def test_only_its_service_settles_what_waits(staff: People, as_user: AsUser, security_log: Log) -> None:
    with pytest.raises(Refused), as_user(staff.clerk):
        settle_waiting(on=PAID_ON)
    assert security_log(kind="DENY", act="recovery.settle", actor=staff.clerk.pk)


MANDATES = [(), ("running",), ("handed_back",), ("closed",), ("running", "closed"), ("closed", "handed_back")]


@pytest.mark.obligation("17/006 §7")
def test_a_file_ends_exactly_when_both_conditions_hold(staff: People, monkeypatch: Any) -> None:
    """Every combination of outcome, mandates, debt and money at the bailiff, in the database itself."""
    told = at_bailiff(staff)
    monkeypatch.setattr(outcome, "_settle_books", lambda book_ids, *, on: None)
    wrong = []
    for came_out, states, owes, holds in product(
        ["", *Outcome.values], MANDATES, [False, True], [False, True]
    ):
        expected = (
            bool(came_out)
            and "running" not in states
            and not holds
            and not (came_out == Outcome.PAID and owes)
        )
        with transaction.atomic(), acting_as(staff.operator.pk):
            file = _row(told, came_out, states, owes=owes, holds=holds)
            if not expected:
                with pytest.raises(IntegrityError), transaction.atomic():
                    _run(
                        "UPDATE recovery_cases_recoveryfile SET ended_on = outcome_on + 9 WHERE id = %s",
                        file.pk,
                    )
                    if not came_out:
                        raise IntegrityError("nothing was written: there is no day to write")
            day = end_if_reached(file.pk)
            left = Title.objects.filter(file=file).exclude(state=TitleState.CLOSED).exists()
            if (day is not None) is not expected or (now(file).ended_on is not None) is not expected:
                wrong.append((came_out, states, owes, holds))
            assert not (expected and left), "what waits is withdrawn"
    assert wrong == []


def _row(told: Mandate, came_out: str, states: tuple[str, ...], *, owes: bool, holds: bool) -> RecoveryFile:
    """A file in this state, made of rows: some of these states no service would make."""
    employer = told.file.employer
    employer.pk, employer.key_id = uuid.uuid4(), uuid.uuid4()
    employer.enterprise_number_bi = uuid.uuid4().bytes
    employer._state.adding = True
    employer.save(force_insert=True)
    number = 6_000_000 + Book.objects.count()
    book = Book.objects.create(
        kind=BookKind.EMPLOYER, number=number, ogm=f"{number:012d}", opened_on=told.given_on
    )
    file = RecoveryFile.objects.create(
        key_id=uuid.uuid4(),
        number=f"ONSS-2026-{number}",
        employer=employer,
        book=book,
        opened_on=told.given_on,
        outcome=came_out,
        outcome_on=DECIDED_ON if came_out else None,
    )
    for place, state in enumerate(states):
        title = Title.objects.create(
            file=file,
            number=f"CT-{number}-{place}",
            roll=uuid.uuid4(),
            issued_on=told.given_on,
            issued_by=told.given_by,
            sums=[],
            court="bruxelles",
            state={"running": "mandated", "handed_back": "transmitted", "closed": "closed"}[state],
        )
        Mandate.objects.create(
            title=title,
            file=file,
            office=told.office,
            given_on=told.given_on,
            given_by=told.given_by,
            state=state,
            ended_at=None if state == "running" else ENDED_AT,
            end_reason="" if state == "running" else "done",
        )
    if owes or holds:
        _move_money(book, Decimal("100.00"), held=Decimal("60.00") if holds else Decimal(0), pay_all=not owes)
    return file


def _move_money(book: Book, amount: Decimal, *, held: Decimal, pay_all: bool) -> None:
    line = onss_line(
        book_id=book.pk,
        head=Head.SOCIAL,
        quarter=date(2026, 1, 1),
        due_on=date(2026, 4, 30),
        amount=held if pay_all else amount,
        source=uuid.uuid4(),
        booked_on=date(2026, 5, 1),
    )
    charge([line])
    if held:
        record_collected(book_id=book.pk, amount=held, on=PAID_ON, source=uuid.uuid4())
    due = Posting.objects.filter(book=book, account=Account.DEBTOR)
    assert (sum(due.values_list("amount", flat=True)) > 0) is not pay_all


def _another_title(staff: People, told: Mandate, *, office: Any) -> Mandate:
    """A second title of the same file, with another office."""
    with acting_as(told.title.issued_by):
        title = Title.objects.create(
            file=told.file,
            number="CT-2026-700001",
            roll=uuid.uuid4(),
            issued_on=told.title.issued_on,
            issued_by=told.title.issued_by,
            sums=told.title.sums,
            court="bruxelles",
            state=TitleState.MANDATED,
        )
    with acting_as(staff.operator.pk):
        return Mandate.objects.create(
            title=title, file=told.file, office=office, given_on=told.given_on, given_by=told.given_by
        )


def _run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
