"""Late interest under the four regimes (art. 10 §2 until 31 May 2020, then recovery code art. 13-14).

By day (A) on what is due, or by whole calendar month (B, C, D) on a base rounded down, each month above a
minimum.
Products are added up exactly and divided and rounded once: a rate divided beforehand loses cents.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum
from itertools import pairwise

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import HUNDRED, ZERO, cents, total
from secal.kernel.periods import ONE_DAY, DateRange, Month
from secal.kernel.reckoning.refusals import ReckoningError, require_not_negative, unknown_choice

MONTHS_IN_YEAR = 12


class InterestUnit(StrEnum):
    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True)
class RateStep:
    """A yearly rate in per cent and the days it holds."""

    days: DateRange
    pct: Given[Decimal]


@dataclass(frozen=True)
class InterestParameters:
    """One regime: its letter, unit, rounding of the base, monthly minimum, day count, and the rates over
    time."""

    regime: Given[str]
    unit: Given[str]
    base_step: Given[Decimal]
    month_minimum: Given[Decimal]
    days_in_year: Given[int]
    payment_day_counts: Given[bool]
    rates: tuple[RateStep, ...]

    def rate_on(self, day: date) -> RateStep:
        """The rate of a day. Raises ReckoningError interest.no_rate."""
        return rate_on(day, self.rates)


@dataclass(frozen=True)
class PrincipalPaid:
    """What was paid of the principal, on its value date, in euro."""

    paid_on: date
    amount: Decimal


@dataclass(frozen=True)
class Interest:
    """The interest in euro."""

    amount: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class Slice:
    """A stretch with one base and one rate: `units` days or months."""

    days: DateRange
    base: Decimal
    units: int
    step: RateStep
    claimed: bool = True


def interest(
    principal: Decimal,
    *,
    starts_on: date,
    until: date,
    parameters: InterestParameters,
    paid: Sequence[PrincipalPaid] = (),
) -> Interest:
    """Interest on a principal from the day the notice starts it up to `until`, both known dates.

    starts_on  day of posting (A) or day the notification or demand takes effect (B, C, D); it bears nothing
               itself.
    until      the day up to which is reckoned; when all is paid earlier, the last payment ends it.
    Raises ReckoningError: interest.overpaid, interest.no_rate, reckoning.negative.
    """
    payments = checked(principal, paid)
    unit = parameters.unit.value
    if unit == InterestUnit.DAY:
        slices = list(_by_day(principal, starts_on, until, parameters, payments))
        divisor = HUNDRED * parameters.days_in_year.value
    elif unit == InterestUnit.MONTH:
        slices = list(_by_month(principal, starts_on, until, parameters, payments))
        divisor = HUNDRED * MONTHS_IN_YEAR
    else:
        raise unknown_choice("unit", unit)
    product = sum(
        (part.base * part.units * part.step.pct.value for part in slices if part.claimed), Decimal(0)
    )
    amount = cents(product / divisor)
    return Interest(amount, _explain(principal, starts_on, until, parameters, slices, amount))


def rate_on(day: date, rates: Sequence[RateStep]) -> RateStep:
    """The rate of a day. Raises ReckoningError interest.no_rate."""
    for step in rates:
        if day in step.days:
            return step
    raise ReckoningError(
        "interest.no_rate",
        gettext_noop("Aucun taux d’intérêt connu au %(day)s. Complétez la table des taux."),
        "rates",
        {"day": day.isoformat()},
    )


def checked(principal: Decimal, paid: Sequence[PrincipalPaid]) -> list[PrincipalPaid]:
    """The payments in order of date. Raises ReckoningError interest.overpaid, reckoning.negative."""
    require_not_negative(principal=principal)
    for payment in paid:
        require_not_negative(paid=payment.amount)
    if total(payment.amount for payment in paid) > principal:
        raise ReckoningError(
            "interest.overpaid", gettext_noop("Les paiements dépassent le principal. Corrigez-les."), "paid"
        )
    return sorted(paid, key=lambda payment: payment.paid_on)


def day_slices(
    principal: Decimal,
    starts_on: date,
    until: date,
    *,
    rates: Sequence[RateStep],
    payments: Sequence[PrincipalPaid],
    payment_day_counts: bool,
) -> Iterator[Slice]:
    """Runs of days with the same principal and rate, while any is left; the day after the start is the
    first."""
    first_free = ONE_DAY if payment_day_counts else ONE_DAY * 0
    edges = {starts_on + ONE_DAY, until + ONE_DAY}
    edges |= {payment.paid_on + first_free for payment in payments}
    edges |= {step.days.first for step in rates}
    inside = sorted(edge for edge in edges if starts_on < edge <= until + ONE_DAY)
    for start, end in pairwise(inside):
        settled = total(payment.amount for payment in payments if payment.paid_on + first_free <= start)
        if principal > settled:
            days = DateRange.half_open(start, end)
            yield Slice(days, principal - settled, days.day_count(), rate_on(start, rates))


def _by_day(
    principal: Decimal,
    starts_on: date,
    until: date,
    parameters: InterestParameters,
    payments: Sequence[PrincipalPaid],
) -> Iterator[Slice]:
    slices = day_slices(
        principal,
        starts_on,
        until,
        rates=parameters.rates,
        payments=payments,
        payment_day_counts=parameters.payment_day_counts.value,
    )
    for part in slices:
        base = _rounded_down(part.base, parameters.base_step.value)
        if base > 0:
            yield replace(part, base=base)


def _by_month(
    principal: Decimal,
    starts_on: date,
    until: date,
    parameters: InterestParameters,
    payments: Sequence[PrincipalPaid],
) -> Iterator[Slice]:
    """Whole months after that of the start; a payment counts from the next month on."""
    for month in Month.range(Month.of(starts_on) + 1, Month.of(until)):
        settled = total(payment.amount for payment in payments if payment.paid_on < month.first_day)
        base = _rounded_down(principal - settled, parameters.base_step.value)
        if base > 0:
            step = parameters.rate_on(month.first_day)
            # base x rate / 1200 against the minimum, without dividing.
            reached = base * step.pct.value >= parameters.month_minimum.value * HUNDRED * MONTHS_IN_YEAR
            yield Slice(month.days, base, 1, step, reached)


def _rounded_down(amount: Decimal, step: Decimal) -> Decimal:
    return (amount / step).to_integral_value(rounding=ROUND_FLOOR) * step


def _explain(
    principal: Decimal,
    starts_on: date,
    until: date,
    parameters: InterestParameters,
    slices: Sequence[Slice],
    amount: Decimal,
) -> Explanation:
    by_day = parameters.unit.value == InterestUnit.DAY
    used: tuple[Given[str | Decimal | int | bool], ...] = (
        parameters.regime,
        parameters.unit,
        parameters.base_step,
        parameters.month_minimum,
    )
    if by_day:
        used = (*used, parameters.days_in_year, parameters.payment_day_counts)
    return Explanation(
        code="interest.total",
        amount=amount,
        text=None if any(part.claimed for part in slices) else "interest.nothing",
        source=parameters.regime.source,
        inputs=Inputs({"principal": principal, "starts_on": starts_on, "until": until}),
        parameters=used,
        children=tuple(explain_slice(part, by_day=by_day) for part in slices),
    )


def explain_slice(part: Slice, *, by_day: bool) -> Explanation:
    """One stretch, with its base and its rate."""
    return Explanation(
        code="interest.days" if by_day else "interest.month",
        value=part.units if by_day else Month.of(part.days.first),
        text=None if part.claimed else "interest.below_minimum",
        source=part.step.pct.source,
        inputs=Inputs(
            {
                "from": part.days.first,
                "to": part.days.last,
                "base": part.base,
                "claimed_base": part.base if part.claimed else ZERO,
            }
        ),
        parameters=(part.step.pct,),
    )
