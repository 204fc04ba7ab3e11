"""Employers' arrears: no cent of interest lost or made, no payment lost, the ceiling kept, limitation that
only moves forward."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.explanation import Given
from secal.kernel.money import ZERO, cents, total
from secal.kernel.periods import DateRange
from secal.kernel.reckoning.arrears import (
    ArrearsInterestParameters,
    DebtAct,
    DebtLimitationParameters,
    Payment,
    Principal,
    Stay,
    SurchargeParameters,
    check_surcharge,
    debt_limitation,
    due_date,
    late_interest,
    surcharge,
)
from secal.kernel.reckoning.imputation import Head, OpenClaim, Owner
from secal.kernel.reckoning.imputation_onss import OldestFirstParameters, impute_oldest
from secal.kernel.reckoning.interest import RateStep
from secal.kernel.reckoning.refusals import ReckoningError

DUE = date(2024, 4, 30)
ONSS_HEADS = (Head.RECOVERY_COSTS, Head.INTEREST, Head.SOCIAL_CONTRIBUTIONS, Head.SURCHARGE)
ORDER = OldestFirstParameters(
    Given("between", "oldest_debt_unless_chosen"), Given("inside", tuple(head.value for head in ONSS_HEADS))
)
LIMITS = DebtLimitationParameters(
    Given("years", 3), Given("acts", ("registered_letter", "constraint_service")), Given("suspended", True)
)

amounts = st.decimals(min_value=Decimal("0.01"), max_value=50000, places=2)
spans = st.integers(0, 2000)
days = st.dates(min_value=date(2010, 1, 1), max_value=date(2030, 12, 31))


def conventions(*, payment_day_counts: bool = True) -> ArrearsInterestParameters:
    rates = (
        RateStep(DateRange(date(1996, 9, 1), date(2024, 12, 31)), Given("rate", Decimal("7.00"))),
        RateStep(DateRange(date(2025, 1, 1)), Given("rate", Decimal("6.50"))),
    )
    return ArrearsInterestParameters(
        rates,
        Given("days", 365),
        Given("counts", payment_day_counts),
        Given("base", ("social_contributions",)),
    )


def interest_of(amount: Decimal, until: date, *payments: Payment) -> Decimal:
    return late_interest([Principal("q", amount, DUE, payments)], until, conventions()).amount


@st.composite
def debts(draw: st.DrawFn) -> list[OpenClaim]:
    lines = draw(
        st.lists(st.tuples(st.sampled_from(ONSS_HEADS), days, amounts, st.integers(0, 3)), max_size=12)
    )
    return [
        OpenClaim(str(place), head, Owner.INSTITUTION, due_on, amount, f"debt {debt}" if debt else "")
        for place, (head, due_on, amount, debt) in enumerate(lines)
    ]


# Due day and surcharge


def test_contributions_are_due_on_the_last_day_of_the_month_after_the_quarter() -> None:
    quarters = [date(2025, month, 1) for month in (1, 4, 7, 10)]

    assert [due_date(quarter) for quarter in quarters] == [
        date(2025, 4, 30),
        date(2025, 7, 31),
        date(2025, 10, 31),
        date(2026, 1, 31),
    ]


@pytest.mark.parametrize("day", [date(2025, 2, 1), date(2025, 1, 2), date(2025, 12, 31)])
def test_a_day_that_begins_no_quarter_has_no_due_day(day: date) -> None:
    with pytest.raises(ReckoningError) as refused:
        due_date(day)
    assert refused.value.code == "arrears.no_quarter"


@given(amounts)
def test_a_surcharge_of_the_maximum_is_always_accepted_and_a_cent_more_never(contributions: Decimal) -> None:
    parameters = SurchargeParameters(Given("pct", Decimal(10)), Given("cap", Decimal(10)))
    highest = surcharge(contributions, parameters).amount

    check_surcharge(highest, contributions, parameters)
    with pytest.raises(ReckoningError) as refused:
        check_surcharge(highest + Decimal("0.01"), contributions, parameters)
    assert refused.value.code == "arrears.surcharge_above_cap"
    assert refused.value.field == "surcharge"


def test_a_rate_above_the_ceiling_is_refused() -> None:
    with pytest.raises(ReckoningError):
        surcharge(
            Decimal("10000.00"), SurchargeParameters(Given("pct", Decimal(12)), Given("cap", Decimal(10)))
        )


# Interest


@given(amounts, spans, spans)
def test_interest_never_falls_with_time(amount: Decimal, one: int, other: int) -> None:
    short, long = sorted((DUE + timedelta(days=one), DUE + timedelta(days=other)))

    assert interest_of(amount, short) <= interest_of(amount, long)


@given(amounts, amounts, spans)
def test_more_owed_never_bears_less_interest(one: Decimal, other: Decimal, span: int) -> None:
    until = DUE + timedelta(days=span)
    low, high = sorted((one, other))

    assert interest_of(low, until) <= interest_of(high, until)


@given(amounts, st.lists(st.tuples(amounts, spans), max_size=4), spans, st.integers(1, 99))
def test_a_payment_split_in_two_on_its_day_bears_the_same(
    left: Decimal, paid: list[tuple[Decimal, int]], span: int, part: int
) -> None:
    whole = [Payment(DUE + timedelta(days=day), amount) for amount, day in paid]
    split = [
        Payment(payment.value_on, share)
        for payment in whole
        for first in [cents(payment.amount * part / 100)]
        for share in (first, payment.amount - first)
    ]
    principal = total([left, *(payment.amount for payment in whole)])
    until = DUE + timedelta(days=span)

    assert interest_of(principal, until, *whole) == interest_of(principal, until, *split)


@given(st.lists(amounts, min_size=1, max_size=30), spans)
def test_each_line_is_within_half_a_cent_of_the_exact_interest_and_the_sum_is_that_of_the_lines(
    principals: list[Decimal], span: int
) -> None:
    until = DUE + timedelta(days=span)
    result = late_interest(
        [Principal(str(place), amount, DUE) for place, amount in enumerate(principals)], until, conventions()
    )
    turn = (date(2025, 1, 1) - DUE).days - 1
    weight = min(span, turn) * Decimal("7.00") + max(0, span - turn) * Decimal("6.50")

    for line, amount in zip(result.lines, principals, strict=True):
        # |line - amount x weight / 36500| <= half a cent, without dividing.
        assert abs(line.amount * 36500 - amount * weight) <= Decimal("0.005") * 36500
    assert result.amount == total(line.amount for line in result.lines)


def test_a_payment_before_the_due_day_bears_nothing() -> None:
    until = DUE + timedelta(days=100)

    assert (
        interest_of(Decimal("1000.00"), until, Payment(DUE - timedelta(days=9), Decimal("1000.00"))) == ZERO
    )
    assert interest_of(Decimal("1000.00"), until, Payment(DUE, Decimal("1000.00"))) == ZERO


def test_the_day_of_payment_bears_interest_only_where_so_chosen() -> None:
    principal = Principal(
        "q", Decimal("36500.00"), DUE, [Payment(DUE + timedelta(days=1), Decimal("36500.00"))]
    )
    until = DUE + timedelta(days=30)

    assert late_interest([principal], until, conventions()).amount == Decimal("7.00")
    assert late_interest([principal], until, conventions(payment_day_counts=False)).amount == ZERO


def test_more_paid_than_owed_is_refused() -> None:
    with pytest.raises(ReckoningError) as refused:
        interest_of(Decimal("10.00"), DUE, Payment(DUE, Decimal("10.01")))
    assert refused.value.code == "interest.overpaid"


def test_a_day_without_rate_is_an_error_and_never_nought() -> None:
    with pytest.raises(ReckoningError) as refused:
        late_interest([Principal("q", Decimal(100), date(1990, 4, 30))], date(1991, 1, 1), conventions())
    assert refused.value.code == "interest.no_rate"


# Imputation


@given(amounts, debts(), st.sampled_from([None, "debt 1", "debt 2", "pension"]))
def test_what_is_imputed_and_what_remains_is_what_was_paid(
    paid: Decimal, claims: list[OpenClaim], chosen: str | None
) -> None:
    result = impute_oldest(paid, claims, ORDER, chosen)
    owed = total(claim.open for claim in claims)

    assert total(part.amount for part in result.allocations) + result.remainder == paid
    assert result.remainder == max(ZERO, paid - owed)
    assert result.open_after == owed - (paid - result.remainder)
    assert all(ZERO < part.amount <= part.claim.open for part in result.allocations)
    assert result.to_owner(Owner.INSTITUTION) == paid - result.remainder


@given(amounts, debts(), st.sampled_from([None, "debt 1", "debt 3"]))
def test_no_debt_gets_anything_before_the_one_whose_turn_comes_first_is_settled(
    paid: Decimal, claims: list[OpenClaim], chosen: str | None
) -> None:
    result = impute_oldest(paid, claims, ORDER, chosen)
    given_to = {part.claim.key: part for part in result.allocations}
    ages: dict[str, date] = {}
    for claim in claims:
        name = claim.debt or claim.key
        ages[name] = min(ages.get(name, claim.due_on), claim.due_on)

    def turn(claim: OpenClaim) -> tuple[bool, date, str, int]:
        name = claim.debt or claim.key
        return name != chosen, ages[name], name, ONSS_HEADS.index(claim.head)

    for part in result.allocations:
        for claim in claims:
            if turn(claim) < turn(part.claim):
                assert given_to[claim.key].left_open == ZERO


@given(amounts, debts())
def test_the_order_in_which_claims_are_given_does_not_matter(paid: Decimal, claims: list[OpenClaim]) -> None:
    assert (
        impute_oldest(paid, claims, ORDER).allocations == impute_oldest(paid, claims[::-1], ORDER).allocations
    )


@given(amounts, debts())
def test_a_branch_named_by_the_debtor_changes_nothing(paid: Decimal, claims: list[OpenClaim]) -> None:
    result = impute_oldest(paid, claims, ORDER, "pension")

    assert result.allocations == impute_oldest(paid, claims, ORDER).allocations
    assert result.explanation.text == "imputation.choice_ignored"


def test_a_debt_already_settled_cannot_be_chosen() -> None:
    claims = [
        OpenClaim("a", Head.SOCIAL_CONTRIBUTIONS, Owner.INSTITUTION, DUE, ZERO, "2024-01-01"),
        OpenClaim("b", Head.SOCIAL_CONTRIBUTIONS, Owner.INSTITUTION, DUE, Decimal(5), "2024-04-01"),
    ]
    result = impute_oldest(Decimal(3), claims, ORDER, "2024-01-01")

    assert [part.claim.key for part in result.allocations] == ["b"]
    assert result.explanation.text == "imputation.choice_ignored"


@pytest.mark.parametrize(
    "parameters",
    [
        OldestFirstParameters(Given("between", "newest"), ORDER.inside_debt),
        OldestFirstParameters(ORDER.between_debts, Given("inside", ("interest",))),
    ],
)
def test_an_unknown_convention_is_refused(parameters: OldestFirstParameters) -> None:
    claim = OpenClaim("a", Head.SURCHARGE, Owner.INSTITUTION, DUE, Decimal(5))
    with pytest.raises(ReckoningError) as refused:
        impute_oldest(Decimal(3), [claim], parameters)
    assert refused.value.code == "reckoning.unknown_choice"


# Limitation


@given(st.lists(days, max_size=6))
def test_an_act_never_brings_the_limitation_forward(acts: list[date]) -> None:
    plain = debt_limitation(DUE, LIMITS).lapses_on
    acted = debt_limitation(DUE, LIMITS, acts=[DebtAct(on, "registered_letter") for on in acts]).lapses_on

    assert plain is not None
    assert acted is not None
    assert acted >= plain


def test_an_opposition_decided_the_same_day_suspends_nothing() -> None:
    stays = [Stay(date(2025, 1, 10), date(2025, 1, 10))]

    assert debt_limitation(DUE, LIMITS, stays=stays).lapses_on == debt_limitation(DUE, LIMITS).lapses_on


def test_a_registered_letter_after_the_debt_lapsed_does_nothing_and_is_reported() -> None:
    late = DebtAct(date(2027, 5, 1), "registered_letter")
    result = debt_limitation(DUE, LIMITS, acts=[late])

    assert result.lapses_on == date(2027, 4, 30)
    assert [act.effect_on for act in result.ignored] == [late.on]
    assert result.lapsed(date(2027, 5, 1))
    assert not result.lapsed(date(2027, 4, 30))


def test_an_opposition_suspends_only_where_the_law_says_so() -> None:
    silent = DebtLimitationParameters(LIMITS.years, LIMITS.interruptions, Given("suspended", False))
    stays = [Stay(date(2025, 1, 10))]

    assert debt_limitation(DUE, LIMITS, stays=stays).lapses_on is None
    assert debt_limitation(DUE, silent, stays=stays).lapses_on == date(2027, 4, 30)
