"""Gathers the legal values a rule takes, at the date that decides: one thin function for each rule."""

from __future__ import annotations

from datetime import date

from secal.kernel.periods import DateRange, Month
from secal.kernel.reckoning.advance import AdvanceParameters
from secal.kernel.reckoning.cessation import CessationParameters
from secal.kernel.reckoning.contribution import ContributionParameters
from secal.kernel.reckoning.eligibility import AdvanceRightParameters, EligibilityParameters
from secal.kernel.reckoning.imputation import ImputationParameters
from secal.kernel.reckoning.indexation import IndexNumber
from secal.kernel.reckoning.interest import InterestParameters, RateStep
from secal.kernel.reckoning.keeping import FileKeepingParameters
from secal.kernel.reckoning.limitation import LimitationParameters
from secal.kernel.reckoning.means import MeansParameters
from secal.kernel.reckoning.retention import RetentionParameters
from secal.law.parameters import all_parameters, parameter


def advance_parameters(*, on: date) -> AdvanceParameters:
    """`on`: first day of the month of the term."""
    return AdvanceParameters(cap=parameter("advance_cap_per_creditor_month", on=on).decimal())


def contribution_parameters(*, application_received_on: date) -> ContributionParameters:
    return ContributionParameters(
        debtor_pct=parameter("contribution_debtor_pct", on=application_received_on).decimal(),
        creditor_pct=parameter("contribution_creditor_pct", on=application_received_on).decimal(),
    )


def eligibility_parameters(*, application_received_on: date) -> EligibilityParameters:
    on = application_received_on
    return EligibilityParameters(
        defaulted_terms=parameter("eligibility_defaulted_terms", on=on).integer(),
        window_months=parameter("eligibility_window_months", on=on).integer(),
        creditor_in_belgium=parameter("eligibility_creditor_in_belgium", on=on).flag(),
        debtor_in_belgium=parameter("eligibility_debtor_in_belgium", on=on).flag(),
    )


def advance_right_parameters(*, on: date, application_received_on: date) -> AdvanceRightParameters:
    """`on`: the day the right is looked at; the proof of studies follows the day of the application."""
    return AdvanceRightParameters(
        kinds=parameter("advance_maintenance_kinds", on=application_received_on).codes(),
        majority_age=parameter("majority_age", on=on).integer(),
        adult_studies=parameter("advance_adult_studies_proof", on=application_received_on).flag(),
        adult_family_allowances=parameter("advance_adult_family_allowances", on=on).flag(),
    )


def means_parameters(*, application_received_on: date) -> MeansParameters:
    on = application_received_on
    return MeansParameters(
        ceiling=parameter("means_ceiling", on=on).decimal_or_none(),
        child_supplement=parameter("means_child_supplement", on=on).decimal_or_none(),
        disabled_multiplier=parameter("means_disabled_child_multiplier", on=on).integer_or_none(),
    )


def imputation_parameters(*, on: date) -> ImputationParameters:
    """`on`: value date of the payment."""
    return ImputationParameters(
        order=parameter("imputation_order", on=on).codes(),
        inside_rank=parameter("imputation_inside_rank", on=on).code(),
    )


def limitation_parameters(claim: str, *, on: date) -> LimitationParameters:
    """`claim`: maintenance_term, extraordinary_costs or register_line; `on`: the day it is looked at."""
    return LimitationParameters(
        years=parameter("limitation_years", on=on, object=claim).integer(),
        years_after_interruption=parameter(
            "limitation_years_after_interruption", on=on, object=claim
        ).integer(),
    )


def limitation_alarm_months(*, on: date) -> tuple[int, ...]:
    """How many months before a claim lapses the office warns."""
    return tuple(int(months) for months in parameter("limitation_alarm_months", on=on).codes().value)


def interest_parameters(*, starts_on: date) -> InterestParameters:
    """The regime in force on the day the interest starts, with its whole table of rates."""
    table = parameter("interest_rate", on=starts_on).code().value
    return InterestParameters(
        regime=parameter("interest_regime", on=starts_on).code(),
        unit=parameter("interest_unit", on=starts_on).code(),
        base_step=parameter("interest_base_step", on=starts_on).decimal(),
        month_minimum=parameter("interest_month_minimum", on=starts_on).decimal(),
        days_in_year=parameter("interest_days_in_year", on=starts_on).integer(),
        payment_day_counts=parameter("interest_payment_day_counts", on=starts_on).flag(),
        rates=tuple(
            RateStep(DateRange(value.valid_from, value.valid_to), value.decimal())
            for value in all_parameters()
            if value.name == table
        ),
    )


def cessation_parameters(*, on: date) -> CessationParameters:
    return CessationParameters(parameter("cessation_consecutive_months", on=on).integer())


def retention_parameters(*, application_received_on: date, creditor_fraud: bool) -> RetentionParameters:
    return RetentionParameters(
        parameter("undue_retention_pct", on=application_received_on, creditor_fraud=creditor_fraud).decimal()
    )


def file_keeping_parameters(*, on: date) -> FileKeepingParameters:
    """`on`: the day it is asked whether a closed alimony file may still be kept."""
    return FileKeepingParameters(parameter("alimony_kept_years_after_closure", on=on).integer())


def consumer_price_index(month: Month) -> IndexNumber:
    """The index number of a month (2013 = 100). Raises MissingParameter for a month not in the table."""
    return IndexNumber(month, parameter("consumer_price_index_2013", on=month.first_day).decimal())


def application_contents(*, received_on: date, advance: bool, adult: bool = False) -> tuple[str, ...]:
    """Codes of what an application must hold (art. 7); their titles are in `secal.law.wording`."""
    needed = parameter("application_contents", on=received_on).codes().value
    if advance:
        needed += parameter("application_contents_for_advance", on=received_on, adult=adult).codes().value
    return needed
