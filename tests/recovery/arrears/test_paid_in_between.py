"""Money that comes, or is taken back, between the steps: each step claims what is open, once."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from recovery.arrears.errors import ArrearsError
from recovery.arrears.models import NoticeLine, Origin, SpecialRoll
from recovery.arrears.selectors import claimable, roll_candidates
from recovery.arrears.services.constraints import issue_constraint
from recovery.arrears.services.debts import record_debt
from recovery.arrears.services.rolls import sign_roll
from recovery.cases.dues import amount_due
from recovery.cases.models import Mandate, MandateState, RecoveryFile, Title
from recovery.cases.selectors import get_mandated_file
from recovery.cases.services.mandates import end_mandate
from recovery.enforcement.errors import TransmissionError
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.kernel.money import total
from secal.ledger.models import Receipt
from secal.ledger.services.receipts import put_back
from tests.recovery.enforcement.conftest import ENDED_AT, given, paid, sent, waiting
from tests.recovery.stories import (
    CONSTRAINT_ON,
    NOTICE_ON,
    QUARTER,
    ROLL_ON,
    People,
    drawn_roll,
    enforceable_roll,
    made_file,
    made_title,
    office_with_bailiff,
    sent_notice,
)

SECOND = date(2026, 4, 1)
SECOND_ON = date(2026, 8, 20)
"""A notice of the second quarter, after its due day of 31 July."""
SECOND_ROLL_ON = date(2026, 10, 1)


def claimed(title: Title) -> Decimal:
    return total(Decimal(line["amount"]) for line in title.sums)


def issued(staff: People, roll: SpecialRoll, *, on: date = CONSTRAINT_ON) -> Title:
    with acting_as(staff.signatory.pk):
        return issue_constraint(file_id=roll.file_id, roll_id=roll.pk, on=on)


def owe_second_quarter(staff: People, file: RecoveryFile) -> None:
    with acting_as(staff.clerk.pk):
        record_debt(
            employer_id=file.employer_id,
            quarter=SECOND,
            origin=Origin.DECLARED,
            contributions=Decimal("5000.00"),
            on=SECOND_ON,
        )


@pytest.mark.obligation("17/006 §4")
def test_the_constraint_claims_nothing_that_was_paid_after_the_roll(staff: People, settings: Any) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = enforceable_roll(staff, file)
    paid(file, Decimal("4000.00"), account=settings.ONSS_IBAN, on=date(2026, 8, 4))
    title = issued(staff, roll)
    assert claimed(title) == amount_due(file, on=CONSTRAINT_ON).open == Decimal("7063.29")
    assert total(line.amount for line in roll.lines.all()) == Decimal("11063.29")


@pytest.mark.parametrize("signed", [False, True])
def test_a_roll_that_is_paid_is_neither_signed_nor_executed(
    staff: People, settings: Any, signed: bool
) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = enforceable_roll(staff, file) if signed else drawn_roll(staff, file)
    owe_second_quarter(staff, file)  # the file itself goes on
    paid(file, Decimal("11063.29"), account=settings.ONSS_IBAN, on=date(2026, 8, 4))
    step = issue_constraint if signed else sign_roll
    with acting_as(staff.signatory.pk), pytest.raises(ArrearsError) as refused:
        step(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    assert refused.value.code == "roll.paid"
    assert not Title.objects.exists()


def test_what_a_payment_taken_back_reopens_is_claimed_by_a_notice_of_its_own(
    staff: People, settings: Any
) -> None:
    file = made_file(staff)
    paid(file, Decimal("6000.00"), account=settings.ONSS_IBAN, on=date(2026, 5, 29))
    first = sent_notice(staff, file)
    assert total(line.amount for line in first.lines.all() if line.charge.head == "social") == Decimal(
        "4000.00"
    )
    with acting_as(staff.clerk.pk):
        put_back(receipt_id=Receipt.objects.get().pk, on=date(2026, 6, 10))
    again = sent_notice(staff, file, on=date(2026, 6, 11))
    assert total(line.amount for line in again.lines.all() if line.charge.head == "social") == Decimal(
        "6000.00"
    )
    assert claimable(file, until=date(2026, 6, 11)) == []
    roll = enforceable_roll(staff, file)
    assert claimed(issued(staff, roll)) == amount_due(file, on=CONSTRAINT_ON).open


def test_two_notices_of_one_sum_never_claim_more_than_is_open(staff: People, settings: Any) -> None:
    file = made_file(staff)
    paid(file, Decimal("6000.00"), account=settings.ONSS_IBAN, on=date(2026, 5, 29))
    sent_notice(staff, file)
    with acting_as(staff.clerk.pk):
        put_back(receipt_id=Receipt.objects.get().pk, on=date(2026, 6, 10))
    sent_notice(staff, file, on=date(2026, 6, 11))
    paid(file, Decimal("5000.00"), account=settings.ONSS_IBAN, on=date(2026, 7, 1))
    found = roll_candidates(file, on=ROLL_ON)
    assert total(line.open for line in found) == amount_due(file, on=ROLL_ON).open


def test_a_null_notice_takes_nothing_from_the_notice_that_is_sent_again(staff: People) -> None:
    file = made_file(staff)
    null = sent_notice(staff, file)
    null.clause_version = ""
    null.save()
    sent_notice(staff, file, on=date(2026, 6, 12))
    good = [found for found in roll_candidates(file, on=ROLL_ON) if not found.reason]
    # The interest of the null notice stays booked, and is claimed with what ran since.
    assert total(found.open for found in good) == amount_due(file, on=date(2026, 6, 12)).open
    roll = enforceable_roll(staff, file)
    assert {line.notice_line.notice_id for line in roll.lines.all() if line.notice_line} != {null.pk}


@pytest.mark.obligation("17/006 §7")
def test_a_quarter_that_falls_due_while_a_mandate_runs_goes_its_own_way_to_another_office(
    staff: People, make_user: Callable[..., User]
) -> None:
    first = waiting(staff)
    mandate = given(staff, first)
    file = RecoveryFile.objects.get(pk=first.file_id)
    owe_second_quarter(staff, file)
    sent_notice(staff, file, on=SECOND_ON)
    roll = enforceable_roll(staff, file, on=SECOND_ROLL_ON)
    second = issued(staff, roll, on=SECOND_ROLL_ON)
    assert claimed(first) + claimed(second) == amount_due(file, on=SECOND_ON).due
    sent(staff, second, on=SECOND_ROLL_ON)
    office, bailiff = office_with_bailiff(make_user, "Étude Maes", given_name="Eva", family_name="Maes")
    given(staff, Title.objects.get(pk=second.pk), office=office)
    with acting_as(staff.bailiff.pk):
        end_mandate(mandate=mandate, action="close", reason="done", at=ENDED_AT)
    with pytest.raises(Refused), acting_as(staff.bailiff.pk):
        get_mandated_file(file.pk)
    with acting_as(bailiff.pk):
        assert get_mandated_file(file.pk) == file
    file.refresh_from_db()
    assert file.ended_on is None
    assert Mandate.objects.get(title=second).state == MandateState.RUNNING


def test_a_title_whose_own_quarter_is_paid_stays_in_the_office_whatever_else_is_due(
    staff: People, settings: Any
) -> None:
    title = made_title(staff)
    owe_second_quarter(staff, title.file)
    owed = claimed(title)
    paid(title.file, owed, account=settings.ONSS_IBAN, on=date(2026, 8, 25))
    with pytest.raises(TransmissionError) as refused:
        sent(staff, title, on=date(2026, 8, 26))
    assert refused.value.code == "transmission.nothing"


def test_one_line_of_a_notice_stands_in_a_roll_once_in_the_database(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    line = roll.lines.all()[0]
    line.pk = None
    line._state.adding = True
    line.id = SpecialRoll().pk
    with pytest.raises(IntegrityError, match="charge_once_a_roll"), transaction.atomic():
        line.save(force_insert=True)


def test_the_notice_before_the_due_day_claims_nothing(staff: People) -> None:
    file = made_file(staff)
    assert claimable(file, until=date(2026, 4, 30)) == []
    assert NoticeLine.objects.count() == 0
    assert claimable(file, until=NOTICE_ON)[0].debt.quarter == QUARTER
