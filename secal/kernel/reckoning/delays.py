"""The dates of the procedure: reply, decision, appeal, demand, and the six-month right to advances (art.
8-10/2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from secal.kernel.calendar import delay_in_days, delay_in_months, notification_effect
from secal.kernel.explanation import Given
from secal.kernel.periods import ONE_DAY, DateRange, add_months


@dataclass(frozen=True)
class DecisionDates:
    """decide_by: last day to decide; silence_appeal: days in which silence can be brought before the
    judge."""

    decide_by: date
    silence_appeal: DateRange


def debtor_reply_by(sent_on: date, days: Given[int]) -> date:
    """Last day for the debtor to answer the registered letter of art. 8."""
    return delay_in_days(sent_on, days.value)


def decision_dates(complete_on: date, decision_days: Given[int], silence_months: Given[int]) -> DecisionDates:
    """Until when to decide on a complete application, and the appeal against silence (art. 9 §1, §3)."""
    decide_by = delay_in_days(complete_on, decision_days.value)
    first = decide_by + ONE_DAY
    return DecisionDates(decide_by, DateRange(first, delay_in_months(first, silence_months.value)))


@dataclass(frozen=True)
class LetterDates:
    """effect_on: the day the letter takes effect; appeal_until: last day of the appeal it opens."""

    effect_on: date
    appeal_until: date


def letter_dates(sent_on: date, working_days: Given[int], appeal_months: Given[int]) -> LetterDates:
    """Dates of an ordinary letter that takes effect after working days (art. 9 §2-3, 10 §1, §4, since 1 June
    2020)."""
    effect_on = notification_effect(sent_on, working_days.value)
    return LetterDates(effect_on, delay_in_months(effect_on, appeal_months.value))


@dataclass(frozen=True)
class DemandDates:
    """earliest_sending; effect_on of the actual sending; no execution up to and including waiting_until."""

    earliest_sending: date
    effect_on: date
    waiting_until: date


def demand_dates(
    payment_term_ended_on: date,
    sent_on: date,
    *,
    days_after_term: Given[int],
    working_days: Given[int],
    waiting_months: Given[int],
) -> DemandDates:
    """The demand for payment of the recovery code, art. 13 §1 and §3."""
    effect_on = notification_effect(sent_on, working_days.value)
    return DemandDates(
        earliest_sending=delay_in_days(payment_term_ended_on, days_after_term.value) + ONE_DAY,
        effect_on=effect_on,
        waiting_until=add_months(effect_on, waiting_months.value),
    )


def advance_right_period(from_day: date, months: Given[int]) -> DateRange:
    """The stretch for which advances are granted at a time (art. 10/2 §1)."""
    return DateRange.half_open(from_day, add_months(from_day, months.value))
