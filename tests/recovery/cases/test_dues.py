"""What is due on a day: one reckoning for one file, for many, and for the quarters of a title."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from recovery.arrears.models import Origin
from recovery.arrears.services.debts import book_accruals, record_debt
from recovery.cases.dues import amount_due, amounts_due
from recovery.cases.models import RecoveryFile
from secal.access.unit_of_work import acting_as, service_work
from secal.ledger.services.receipts import record_collected
from tests.recovery.stories import QUARTER, People, made_file, new_id

ON = date(2026, 9, 21)
SECOND = date(2026, 4, 1)


def collect(file: RecoveryFile, amount: str, *, on: date) -> None:
    with service_work("collection"):
        record_collected(book_id=file.book_id, amount=Decimal(amount), on=on, source=new_id())


def test_a_batch_says_of_each_file_what_the_file_alone_says(staff: People) -> None:
    files = [made_file(staff, contributions=Decimal(sum_)) for sum_ in ("10000.00", "333.33", "0.01")]
    collect(files[1], "100.00", on=date(2026, 7, 1))
    together = amounts_due(files, on=ON)
    assert together == {file.pk: amount_due(file, on=ON) for file in files}
    assert len({due.total for due in together.values()}) == len(files)


@pytest.mark.parametrize("count", [1, 10])
def test_the_queries_do_not_grow_with_the_files(
    staff: People, count: int, django_assert_num_queries: Callable[..., AbstractContextManager[Any]]
) -> None:
    files = [made_file(staff) for _ in range(count)]
    with django_assert_num_queries(3):
        amounts_due(files, on=ON)


def test_only_the_quarters_asked_for_count(staff: People) -> None:
    file = made_file(staff, quarters=(QUARTER, SECOND), on=date(2026, 8, 3))
    first = amounts_due([file], on=ON, quarters={file.pk: {QUARTER}})[file.pk]
    second = amounts_due([file], on=ON, quarters={file.pk: {SECOND}})[file.pk]
    assert (first.contributions, first.surcharge) == (Decimal("10000.00"), Decimal("1000.00"))
    assert first.interest > second.interest > 0
    assert first.due + second.due == amount_due(file, on=ON).due


@pytest.mark.obligation("17/006 §4")
def test_interest_runs_on_the_contributions_alone_and_less_of_them_after_each_payment(staff: People) -> None:
    """10 000,00 at 7 %: 62 days to 1 July on the whole, then on what is left of it."""
    file = made_file(staff)
    collect(file, "4000.00", on=date(2026, 7, 1))
    due = amount_due(file, on=ON)
    whole = Decimal("10000.00") * 7 * 62 / 36500
    rest = Decimal("6000.00") * 7 * 82 / 36500
    assert abs(due.interest - (whole + rest)) < Decimal("2.00")
    assert due.interest < Decimal("276.16")
    assert due.open == Decimal("7000.00")


@pytest.mark.parametrize("on", [date(2026, 4, 30), date(2026, 5, 1), date(2026, 5, 31), date(2027, 2, 28)])
def test_each_day_after_the_due_day_counts_once(staff: People, on: date) -> None:
    file = made_file(staff)
    days = (on - date(2026, 4, 30)).days
    expected = (Decimal("10000.00") * 7 * days / 36500).quantize(Decimal("0.01"))
    assert amount_due(file, on=on).interest == expected


def test_two_debts_of_one_quarter_owe_what_is_booked_of_neither_twice(staff: People) -> None:
    file = made_file(staff)
    with acting_as(staff.clerk.pk):
        record_debt(
            employer_id=file.employer_id,
            quarter=QUARTER,
            origin=Origin.EX_OFFICIO,
            contributions=Decimal("2000.00"),
            on=date(2026, 6, 2),
        )
    reckoned = amount_due(file, on=ON).reckoned.amount
    with service_work("enforcement"):
        book_accruals(file, date(2026, 7, 1))
        later = amount_due(file, on=ON)
        assert later.interest_booked + later.interest == reckoned
        book_accruals(file, ON)
        book_accruals(file, ON)
    due = amount_due(file, on=ON)
    assert (due.interest_booked, due.interest) == (reckoned, Decimal("0.00"))


def test_received_too_much_pays_the_next_quarter_from_its_own_day(staff: People) -> None:
    file = made_file(staff)
    collect(file, "15000.00", on=date(2026, 7, 15))
    assert amount_due(file, on=date(2026, 7, 16)).aside.unallocated > 0
    with acting_as(staff.clerk.pk):
        record_debt(
            employer_id=file.employer_id,
            quarter=SECOND,
            origin=Origin.DECLARED,
            contributions=Decimal("3000.00"),
            on=date(2026, 8, 3),
        )
    due = amounts_due([file], on=ON, quarters={file.pk: {SECOND}})[file.pk]
    # Paid on 15 July, before the last day (31 July): no surcharge, no interest.
    assert (due.surcharge, due.interest, due.open) == (Decimal("0.00"), Decimal("0.00"), Decimal("0.00"))
