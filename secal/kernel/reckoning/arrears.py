"""What an employer owes for a quarter: when it is due, surcharge, late interest, and when the debt lapses
(law of 27 June 1969, art. 28 §1, 42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import HUNDRED, cents, format_amount, percentage, total
from secal.kernel.periods import DateRange, Month
from secal.kernel.reckoning.interest import PrincipalPaid, RateStep, checked, day_slices, explain_slice
from secal.kernel.reckoning.limitation import (
    Interruption,
    Limitation,
    LimitationParameters,
    Suspension,
    limitation,
)
from secal.kernel.reckoning.refusals import ReckoningError, require_not_negative

SOURCE = "art. 28 §1"
MONTHS_IN_QUARTER = 3


class DueDay(StrEnum):
    """The rule of the due day that `due_date` knows."""

    LAST_DAY_OF_MONTH_AFTER_QUARTER = "last_day_of_month_after_quarter"


@dataclass(frozen=True)
class SurchargeParameters:
    """pct of the contributions not paid in time; never above cap_pct of them."""

    pct: Given[Decimal]
    cap_pct: Given[Decimal]


@dataclass(frozen=True)
class Surcharge:
    """The surcharge (majoration, bijdrageopslag) in euro."""

    amount: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class ArrearsInterestParameters:
    """The rates over time and how days are counted; base names the heads that bear interest."""

    rates: tuple[RateStep, ...]
    days_in_year: Given[int]
    payment_day_counts: Given[bool]
    base: Given[tuple[str, ...]]


@dataclass(frozen=True)
class Payment:
    """What was paid of a principal, on its value date, in euro."""

    value_on: date
    amount: Decimal


@dataclass(frozen=True)
class Principal:
    """Contributions of one debt: `key` is the caller's name for it, amount what was due before payments."""

    key: str
    amount: Decimal
    due_on: date
    payments: Sequence[Payment] = ()


@dataclass(frozen=True)
class InterestLine:
    """The interest of one principal, in euro."""

    key: str
    amount: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class ArrearsInterest:
    """amount is the sum of the lines, each rounded once."""

    amount: Decimal
    lines: tuple[InterestLine, ...]
    explanation: Explanation


@dataclass(frozen=True)
class DebtLimitationParameters:
    """years from the due day and again after an interruption; the acts that interrupt; whether an opposition
    suspends."""

    years: Given[int]
    interruptions: Given[tuple[str, ...]]
    suspended_by_opposition: Given[bool]


@dataclass(frozen=True)
class DebtAct:
    """Something done about a debt; whether its kind interrupts is a legal value."""

    on: date
    kind: str


@dataclass(frozen=True)
class Stay:
    """An opposition in the legal form, until the day its merits were decided; None while they are not."""

    opposed_on: date
    decided_on: date | None = None


def due_date(quarter_first_day: date) -> date:
    """Last day on which the contributions of a quarter reach ONSS in time: 30 April, 31 July, 31 October, 31
    January.

    Raises ReckoningError arrears.no_quarter for a day that begins no quarter.
    """
    if quarter_first_day.day != 1 or quarter_first_day.month % MONTHS_IN_QUARTER != 1:
        raise ReckoningError(
            "arrears.no_quarter",
            gettext_noop("Le %(day)s ne commence pas un trimestre."),
            "quarter",
            {"day": quarter_first_day.isoformat()},
        )
    return (Month.of(quarter_first_day) + MONTHS_IN_QUARTER).last_day


def surcharge(contributions: Decimal, parameters: SurchargeParameters) -> Surcharge:
    """The surcharge on contributions not paid in time.

    Raises ReckoningError: reckoning.negative, arrears.surcharge_above_cap (a rate above the ceiling).
    """
    require_not_negative(contributions=contributions)
    amount = percentage(contributions, parameters.pct.value)
    check_surcharge(amount, contributions, parameters)
    explanation = Explanation(
        code="arrears.surcharge",
        amount=amount,
        source=SOURCE,
        inputs=Inputs({"contributions": contributions}),
        parameters=(parameters.pct, parameters.cap_pct),
    )
    return Surcharge(amount, explanation)


def check_surcharge(amount: Decimal, contributions: Decimal, parameters: SurchargeParameters) -> None:
    """Raise ReckoningError arrears.surcharge_above_cap when a surcharge passes the ceiling of the law."""
    require_not_negative(surcharge=amount, contributions=contributions)
    highest = percentage(contributions, parameters.cap_pct.value)
    if amount > highest:
        raise ReckoningError(
            "arrears.surcharge_above_cap",
            gettext_noop("La majoration (%(amount)s) dépasse le maximum légal (%(highest)s). Diminuez-la."),
            "surcharge",
            {"amount": format_amount(amount), "highest": format_amount(highest)},
        )


def late_interest(
    principals: Sequence[Principal], until: date, parameters: ArrearsInterestParameters
) -> ArrearsInterest:
    """Interest on each principal from the day after it was due up to `until`, or to its last payment.

    Raises ReckoningError: interest.overpaid, interest.no_rate, reckoning.negative.
    """
    lines = tuple(_line(principal, until, parameters) for principal in principals)
    amount = total(line.amount for line in lines)
    explanation = Explanation(
        code="arrears.interest",
        amount=amount,
        source=SOURCE,
        inputs=Inputs({"until": until}),
        parameters=(parameters.base, parameters.days_in_year, parameters.payment_day_counts),
        children=tuple(line.explanation for line in lines),
    )
    return ArrearsInterest(amount, lines, explanation)


def _line(principal: Principal, until: date, parameters: ArrearsInterestParameters) -> InterestLine:
    payments = checked(
        principal.amount, [PrincipalPaid(payment.value_on, payment.amount) for payment in principal.payments]
    )
    slices = list(
        day_slices(
            principal.amount,
            principal.due_on,
            until,
            rates=parameters.rates,
            payments=payments,
            payment_day_counts=parameters.payment_day_counts.value,
        )
    )
    # Whole cents times days times rate: nothing is divided before the sum, and nothing rounded twice.
    cent_days = sum(
        (int(part.base * HUNDRED) * part.units * part.step.pct.value for part in slices), Decimal(0)
    )
    amount = cents(cent_days / (HUNDRED * HUNDRED * parameters.days_in_year.value))
    explanation = Explanation(
        code="arrears.interest_line",
        amount=amount,
        text=None if slices else "interest.nothing",
        source=SOURCE,
        inputs=Inputs(
            {
                "claim": principal.key,
                "principal": principal.amount,
                "due_on": principal.due_on,
                "until": until,
            }
        ),
        children=tuple(explain_slice(part, by_day=True) for part in slices),
    )
    return InterestLine(principal.key, amount, explanation)


def debt_limitation(
    due_on: date,
    parameters: DebtLimitationParameters,
    *,
    acts: Sequence[DebtAct] = (),
    stays: Sequence[Stay] = (),
) -> Limitation:
    """The last day on which an employer's debt may be claimed (art. 42), stretched by oppositions (art. 40
    §5).

    An act of a kind that does not interrupt is among `ignored`, with those that came too late.
    """
    ordinary = [act for act in acts if act.kind not in parameters.interruptions.value]
    interrupting = [act for act in acts if act.kind in parameters.interruptions.value]
    result = limitation(
        due_on,
        LimitationParameters(parameters.years, parameters.years),
        interruptions=[Interruption(act.on, act.kind) for act in interrupting],
        suspensions=[_pause(stay) for stay in stays if _stands_still(stay, parameters)],
    )
    without_effect = tuple(
        Explanation(
            code="limitation.without_effect",
            text="limitation.no_interruption",
            inputs=Inputs({"on": act.on, "act": act.kind}),
            parameters=(parameters.interruptions,),
        )
        for act in ordinary
    )
    explanation = replace(result.explanation, children=(*result.explanation.children, *without_effect))
    ignored = (*result.ignored, *(Interruption(act.on, act.kind) for act in ordinary))
    return Limitation(result.lapses_on, ignored, explanation)


def _stands_still(stay: Stay, parameters: DebtLimitationParameters) -> bool:
    """Whether a stay holds at least one day: one decided on the day it was filed holds none."""
    return parameters.suspended_by_opposition.value and stay.opposed_on != stay.decided_on


def _pause(stay: Stay) -> Suspension:
    """From the opposition to the eve of the decision."""
    if stay.decided_on is None:
        days = DateRange(stay.opposed_on)
    else:
        days = DateRange.half_open(stay.opposed_on, stay.decided_on)
    return Suspension(days, "opposition", "art. 40 §5")
