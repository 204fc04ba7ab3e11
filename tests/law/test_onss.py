"""The legal values of the recovery half: they change on their day, and every rule finds its own."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from secal.kernel.reckoning.arrears import DueDay
from secal.kernel.reckoning.imputation import Head
from secal.kernel.reckoning.imputation_onss import OLDEST_UNLESS_CHOSEN
from secal.kernel.reckoning.keeping import BAILIFF_CLOSED, PAID_OR_IRRECOVERABLE
from secal.kernel.reckoning.procedure import MONTHS
from secal.law import MissingParameter, assumptions_in_force, onss, parameter

TODAY = date(2026, 11, 21)
LAST_DAY_OF_THE_OLD_TEXT = date(2019, 6, 16)
FIRST_DAY_OF_THE_NEW_TEXT = date(2019, 6, 17)


@pytest.mark.obligation("17/006 §3")
def test_a_last_notice_is_required_from_its_day_on() -> None:
    before = onss.notice_parameters(on=LAST_DAY_OF_THE_OLD_TEXT)
    after = onss.notice_parameters(on=FIRST_DAY_OF_THE_NEW_TEXT)

    assert (before.required.value, before.months) == (False, None)
    assert after.required.value
    assert after.months is not None
    assert after.months.value == 1
    assert (before.contested_excluded.value, after.contested_excluded.value) == (False, True)


@pytest.mark.obligation("17/006 §4")
def test_fifteen_days_become_a_month_and_a_summons_is_no_longer_the_only_form() -> None:
    before = onss.opposition_parameters(on=date(2018, 4, 6))
    after = onss.opposition_parameters(on=FIRST_DAY_OF_THE_NEW_TEXT)

    assert before.days is not None
    assert after.months is not None
    assert (before.days.value, before.months) == (15, None)
    assert (after.days, after.months.value) == (None, 1)
    assert before.forms.value == ("summons",)
    assert after.forms.value == ("summons", "adversarial_petition")


@pytest.mark.parametrize(
    ("on", "review"),
    [
        (date(2019, 5, 9), False),
        (date(2019, 5, 10), True),
        (LAST_DAY_OF_THE_OLD_TEXT, True),
        (FIRST_DAY_OF_THE_NEW_TEXT, False),
    ],
)
def test_a_person_looks_only_in_the_weeks_between_annulment_and_new_text(on: date, review: bool) -> None:
    assert onss.opposition_parameters(on=on).review.value is review


def test_nothing_is_known_before_the_constraint_of_2017() -> None:
    with pytest.raises(MissingParameter):
        onss.notice_parameters(on=date(2016, 12, 31))


@pytest.mark.parametrize("on", [date(2017, 1, 1), date(2019, 5, 10), FIRST_DAY_OF_THE_NEW_TEXT, TODAY])
def test_every_rule_finds_its_values_in_every_period(on: date) -> None:
    onss.notice_parameters(on=on)
    onss.opposition_parameters(on=on)
    assert onss.execution_parameters(on=on).pay_order_hours.value == 24
    assert onss.surcharge_parameters(on=on).pct.value <= onss.surcharge_parameters(on=on).cap_pct.value
    assert onss.arrears_interest_parameters(on=on).base.value == (Head.SOCIAL_CONTRIBUTIONS,)
    assert onss.debt_limitation_parameters(on=on).years.value == 3
    assert onss.debt_limitation_parameters(on=on, fraud=True).years.value == 7
    assert onss.limitation_alarm_months(on=on) == (6, 3, 1)
    assert onss.remittance_parameters(on=on).threshold.value == Decimal("2500.00")


def test_the_rules_know_the_conventions_that_the_law_files_name() -> None:
    assert parameter("onss_due_day", on=TODAY).value in set(DueDay)
    assert parameter("onss_imputation_between_debts", on=TODAY).value == OLDEST_UNLESS_CHOSEN
    order = onss.imputation_parameters(on=TODAY)
    heads = {Head.RECOVERY_COSTS, Head.INTEREST, Head.SOCIAL_CONTRIBUTIONS, Head.SURCHARGE}
    assert set(order.inside_debt.value) == heads
    assert set(onss.opposition_parameters(on=TODAY).holidays.value) <= set(MONTHS)
    kept = onss.retention_parameters(on=TODAY)
    assert set(kept.conditions.value) == {PAID_OR_IRRECOVERABLE, BAILIFF_CLOSED}


def test_the_rate_is_seven_per_cent_in_every_year_since_2009() -> None:
    rates = onss.arrears_interest_parameters(on=TODAY).rates

    assert {rate.pct.value for rate in rates} == {Decimal("7.00")}
    assert any(date(2009, 1, 1) in rate.days for rate in rates)


def test_what_the_texts_leave_open_is_listed() -> None:
    listed = {value.name for value in assumptions_in_force(TODAY)}

    assert {
        "onss_interest_days_in_year",
        "onss_interest_base",
        "onss_imputation_inside_debt",
        "onss_notice_ebox_days",
        "onss_kept_grace_days",
        "alimony_kept_years_after_closure",
    } <= listed
