"""Gathers the legal values of the recovery of employers' arrears, at the date that decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.explanation import Given
from secal.kernel.periods import DateRange
from secal.kernel.reckoning.arrears import (
    ArrearsInterestParameters,
    DebtLimitationParameters,
    SurchargeParameters,
)
from secal.kernel.reckoning.imputation_onss import OldestFirstParameters
from secal.kernel.reckoning.interest import RateStep
from secal.kernel.reckoning.keeping import DebtKeepingParameters
from secal.kernel.reckoning.procedure import (
    ExecutionParameters,
    NoticeParameters,
    OppositionParameters,
    Residence,
)
from secal.law.parameters import all_parameters, parameter


@dataclass(frozen=True)
class RemittanceParameters:
    """months for which a bailiff may hold money for another, where it passes the threshold in euro."""

    months: Given[int]
    threshold: Given[Decimal]


def notice_parameters(*, on: date) -> NoticeParameters:
    """`on`: day the notice is sent; for the constraint itself, day it is issued."""
    return NoticeParameters(
        required=parameter("onss_notice_required", on=on).flag(),
        annulled=parameter("onss_article_annulled", on=on).flag(),
        months=_integer_if_any("onss_notice_months", on),
        paper_working_days=parameter("onss_notice_paper_working_days", on=on).integer(),
        receipt_days=parameter("onss_notice_receipt_days", on=on).integer(),
        ebox_days=parameter("onss_notice_ebox_days", on=on).integer(),
        contested_excluded=parameter("onss_contested_excluded", on=on).flag(),
        late_contest_excluded=parameter("onss_late_contest_excluded", on=on).flag(),
    )


def opposition_parameters(*, on: date) -> OppositionParameters:
    """`on`: day the constraint was served."""
    return OppositionParameters(
        days=_integer_if_any("onss_opposition_days", on),
        months=_integer_if_any("onss_opposition_months", on),
        review=parameter("onss_opposition_review", on=on).flag(),
        annulled=parameter("onss_article_annulled", on=on).flag(),
        forms=parameter("onss_opposition_forms", on=on).codes(),
        reasoned=parameter("onss_opposition_reasoned", on=on).flag(),
        distance={
            residence: parameter("distance_days", on=on, residence=residence.value).integer()
            for residence in Residence
        },
        holidays=parameter("judicial_holidays", on=on).codes(),
        extension_day=parameter("judicial_holidays_extension_day", on=on).integer(),
    )


def execution_parameters(*, on: date) -> ExecutionParameters:
    """`on`: day the constraint was served."""
    return ExecutionParameters(
        pay_order_hours=parameter("onss_pay_order_hours", on=on).integer(),
        first_hour=parameter("execution_first_hour", on=on).integer(),
        last_hour=parameter("execution_last_hour", on=on).integer(),
    )


def surcharge_parameters(*, on: date) -> SurchargeParameters:
    """`on`: day the contributions were due."""
    return SurchargeParameters(
        pct=parameter("onss_surcharge_pct", on=on).decimal(),
        cap_pct=parameter("onss_surcharge_cap_pct", on=on).decimal(),
    )


def arrears_interest_parameters(*, on: date) -> ArrearsInterestParameters:
    """The conventions in force on a day, that up to which is reckoned, with the whole table of rates."""
    return ArrearsInterestParameters(
        rates=tuple(
            RateStep(DateRange(value.valid_from, value.valid_to), value.decimal())
            for value in all_parameters()
            if value.name == "onss_interest_rate_pct"
        ),
        days_in_year=parameter("onss_interest_days_in_year", on=on).integer(),
        payment_day_counts=parameter("onss_interest_payment_day_counts", on=on).flag(),
        base=parameter("onss_interest_base", on=on).codes(),
    )


def imputation_parameters(*, on: date) -> OldestFirstParameters:
    """`on`: value date of the payment."""
    return OldestFirstParameters(
        between_debts=parameter("onss_imputation_between_debts", on=on).code(),
        inside_debt=parameter("onss_imputation_inside_debt", on=on).codes(),
    )


def debt_limitation_parameters(*, on: date, fraud: bool = False) -> DebtLimitationParameters:
    """`on`: the day the debt is looked at; `fraud`: put right by ONSS after fraud or a knowingly false
    declaration."""
    return DebtLimitationParameters(
        years=parameter("onss_limitation_years", on=on, fraud=fraud).integer(),
        interruptions=parameter("onss_limitation_interruptions", on=on).codes(),
        suspended_by_opposition=parameter("onss_limitation_suspended_by_opposition", on=on).flag(),
    )


def limitation_alarm_months(*, on: date) -> tuple[int, ...]:
    """How many months before a debt lapses the office warns."""
    return tuple(int(months) for months in parameter("onss_limitation_alarm_months", on=on).codes().value)


def retention_parameters(*, on: date) -> DebtKeepingParameters:
    """`on`: the day it is asked whether a debtor's data may still be kept."""
    return DebtKeepingParameters(
        conditions=parameter("onss_kept_until", on=on).codes(),
        grace_days=parameter("onss_kept_grace_days", on=on).integer(),
    )


def remittance_parameters(*, on: date) -> RemittanceParameters:
    """`on`: the day the bailiff received the money."""
    return RemittanceParameters(
        months=parameter("bailiff_remittance_months", on=on).integer(),
        threshold=parameter("bailiff_remittance_threshold", on=on).decimal(),
    )


def _integer_if_any(name: str, on: date) -> Given[int] | None:
    """A number that the law of that day may expressly not have; one that is not known still raises."""
    value = parameter(name, on=on)
    return None if value.value is None else value.integer()
