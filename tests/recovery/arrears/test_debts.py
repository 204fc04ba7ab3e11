"""A quarter's debt: what is booked, when, and until when it may be claimed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.arrears.errors import ArrearsError
from recovery.arrears.models import ChargeHead, Debt, DebtCharge, Origin
from recovery.arrears.services.debts import record_debt
from recovery.cases.dues import amount_due
from recovery.cases.models import RecoveryFile
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.kernel.reckoning.refusals import ReckoningError
from secal.ledger.models import BookKind
from secal.ledger.selectors import employer_figures, open_claims
from secal.ledger.services.receipts import record_collected
from tests.recovery.stories import QUARTER, People, made_employer, made_file, new_id

LATER = date(2026, 6, 1)


def test_the_first_debt_opens_the_file_with_its_book_and_communication(staff: People) -> None:
    file = made_file(staff)
    assert file.number.startswith("ONSS-2026-")
    assert file.book.kind == BookKind.EMPLOYER
    assert len(file.book.ogm or "") == 12


def test_a_second_quarter_joins_the_file_that_goes_on(staff: People) -> None:
    file = made_file(staff, quarters=(date(2025, 10, 1), QUARTER))
    assert RecoveryFile.objects.filter(employer=file.employer).count() == 1
    assert Debt.objects.filter(file=file).count() == 2


@pytest.mark.obligation("17/006 §3")
def test_what_is_unpaid_after_the_due_day_bears_the_surcharge(staff: People) -> None:
    file = made_file(staff)
    charges = DebtCharge.objects.filter(debt__file=file).order_by("amount")
    assert [(row.head, row.amount) for row in charges] == [
        (ChargeHead.SURCHARGE, Decimal("1000.00")),
        (ChargeHead.SOCIAL, Decimal("10000.00")),
    ]
    assert employer_figures(file.book).open == Decimal("11000.00")


def test_before_the_due_day_has_passed_nothing_is_added(staff: People) -> None:
    file = made_file(staff, on=date(2026, 4, 30))
    assert [row.head for row in DebtCharge.objects.filter(debt__file=file)] == [ChargeHead.SOCIAL]


def test_the_debt_lapses_three_years_after_it_was_due(staff: People) -> None:
    file = made_file(staff)
    claims = {row.claim.limitation_on for row in DebtCharge.objects.filter(debt__file=file)}
    assert claims == {date(2029, 4, 30)}


def test_interest_is_reckoned_to_any_day_and_books_nothing(staff: People) -> None:
    file = made_file(staff)
    before = open_claims(file.book)
    interest = amount_due(file, on=date(2026, 7, 31)).reckoned
    # 92 days from 1 May to 31 July at 7 % on 10 000.00: 176.438 rounded once.
    assert interest.amount == Decimal("176.44")
    assert open_claims(file.book) == before


def test_interest_runs_on_what_is_left_after_a_payment(staff: People) -> None:
    file = made_file(staff)
    with service_work("collection"):
        record_collected(
            book_id=file.book_id, amount=Decimal("10000.00"), on=date(2026, 6, 10), source=new_id()
        )
    until_payment = amount_due(file, on=date(2026, 6, 10)).reckoned.amount
    later = amount_due(file, on=date(2026, 12, 31)).reckoned.amount
    assert until_payment <= later < Decimal("100.00")


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"quarter": date(2026, 4, 1)}, "debt.quarter_running"),
        ({"contributions": Decimal("0.00")}, "debt.no_contributions"),
        ({}, "debt.twice"),
    ],
)
def test_a_debt_that_cannot_be_is_refused(staff: People, changes: dict[str, object], code: str) -> None:
    file = made_file(staff)
    facts = {"quarter": QUARTER, "origin": Origin.DECLARED, "contributions": Decimal("5.00"), **changes}
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        record_debt(employer_id=file.employer_id, on=LATER, **facts)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_a_day_that_begins_no_quarter_is_refused(staff: People) -> None:
    employer = made_employer(staff)
    with acting_as(staff.clerk.pk), pytest.raises(ReckoningError):
        record_debt(
            employer_id=employer.pk,
            quarter=date(2026, 2, 1),
            origin=Origin.DECLARED,
            contributions=Decimal("5.00"),
            on=LATER,
        )


@pytest.mark.parametrize("role", [Role.ROLL_SIGNATORY, Role.RECOVERY_DIRECTORATE, Role.CONCESSION_OPERATOR])
def test_only_a_clerk_records_a_debt(
    staff: People,
    role: Role,
    make_user: Callable[..., User],
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    employer = made_employer(staff)
    other = make_user(role)
    with pytest.raises(Refused), acting_as(other.pk):
        record_debt(
            employer_id=employer.pk,
            quarter=QUARTER,
            origin=Origin.DECLARED,
            contributions=Decimal("5.00"),
            on=LATER,
        )
    assert not Debt.objects.exists()
    assert [row["act"] for row in security_log(kind="DENY")] == ["debt.record"]
