"""What holds for every amount: no cent lost, no cap passed, ranks kept, dates that only move forward."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.explanation import Given
from secal.kernel.money import ZERO, total
from secal.kernel.periods import DateRange, Month
from secal.kernel.reckoning.advance import AdvanceParameters, TermToAdvance, advance_for_term, advances
from secal.kernel.reckoning.cessation import CessationParameters, MonthPaid, assess_cessation
from secal.kernel.reckoning.contribution import ContributionParameters, debtor_contribution
from secal.kernel.reckoning.eligibility import (
    AdvanceRightParameters,
    Claimant,
    EligibilityParameters,
    TermHistory,
    assess_advance_right,
    assess_eligibility,
)
from secal.kernel.reckoning.imputation import Allocation, Head, ImputationParameters, OpenClaim, Owner, impute
from secal.kernel.reckoning.indexation import IndexNumber, adaptation_index_months, index_amount
from secal.kernel.reckoning.interest import InterestParameters, PrincipalPaid, RateStep, interest
from secal.kernel.reckoning.limitation import Interruption, LimitationParameters, Suspension, limitation
from secal.kernel.reckoning.means import MeansParameters, OwnMeans, assess_means
from secal.kernel.reckoning.refusals import ReckoningError
from secal.kernel.reckoning.retention import RetentionParameters, refundable, retain

CAP = AdvanceParameters(Given("cap", Decimal("175.00")))
ORDER = tuple(head.value for head in Head)
MARCH = Month(2021, 3)

amounts = st.decimals(min_value=0, max_value=5000, places=2)
some_days = st.dates(min_value=date(2005, 1, 1), max_value=date(2035, 12, 31))


def imputation(inside_rank: str = "oldest_first") -> ImputationParameters:
    return ImputationParameters(Given("order", ORDER), Given("inside_rank", inside_rank))


@st.composite
def claims(draw: st.DrawFn) -> list[OpenClaim]:
    lines = draw(st.lists(st.tuples(st.sampled_from(Head), some_days, amounts), max_size=15))
    return [
        OpenClaim(str(place), head, Owner.TREASURY, due_on, amount)
        for place, (head, due_on, amount) in enumerate(lines)
    ]


# Advances


@given(amounts, amounts)
def test_advance_never_passes_cap_nor_term_and_is_never_negative(due: Decimal, received: Decimal) -> None:
    result = advance_for_term(TermToAdvance("t", "c", MARCH, due, received), CAP)

    assert ZERO <= result.advance <= min(due, Decimal("175.00"))
    assert result.balance >= 0
    if received <= due:
        assert received + result.advance + result.balance == due


@given(st.lists(st.tuples(st.sampled_from("ab"), amounts, amounts), max_size=8))
def test_titles_of_one_creditor_never_pass_one_cap_together(
    lines: list[tuple[str, Decimal, Decimal]],
) -> None:
    terms = [
        TermToAdvance(str(place), creditor, MARCH, due, received)
        for place, (creditor, due, received) in enumerate(lines)
    ]
    result = advances(terms, CAP)

    for creditor in "ab":
        paid = total(part.advance for part in result.terms if part.term.creditor == creditor)
        assert paid <= Decimal("175.00")
    assert result.total == total(part.advance for part in result.terms)


def test_a_new_month_has_a_new_cap() -> None:
    terms = [TermToAdvance(str(n), "c", MARCH + n, Decimal("200.00")) for n in range(3)]

    assert advances(terms, CAP).total == Decimal("525.00")


@pytest.mark.parametrize(
    ("due", "received", "remark"),
    [
        ("220.00", "0.00", "advance.capped"),
        ("150.00", "0.00", "advance.whole_term"),
        ("200.00", "180.00", "advance.nothing_left"),
        ("150.00", "150.00", "advance.term_paid"),
    ],
)
def test_an_advance_says_in_a_word_why(due: str, received: str, remark: str) -> None:
    result = advance_for_term(TermToAdvance("t", "c", MARCH, Decimal(due), Decimal(received)), CAP)

    assert result.explanation.text == remark


def test_a_cap_already_used_is_said() -> None:
    terms = [TermToAdvance(str(n), "c", MARCH, Decimal("100.00")) for n in range(2)]

    assert [part.explanation.text for part in advances(terms, CAP).terms] == [
        "advance.whole_term",
        "advance.cap_shared",
    ]


def test_a_negative_term_is_refused() -> None:
    with pytest.raises(ReckoningError) as refused:
        advance_for_term(TermToAdvance("t", "c", MARCH, Decimal("-1.00")), CAP)

    assert (refused.value.code, refused.value.field) == ("reckoning.negative", "due")


# Imputation


@given(
    st.decimals(min_value="0.01", max_value=20000, places=2),
    claims(),
    st.sampled_from(["oldest_first", "pro_rata"]),
)
def test_imputation_loses_no_cent_and_keeps_the_ranks(
    paid: Decimal, lines: list[OpenClaim], inside_rank: str
) -> None:
    result = impute(paid, lines, imputation(inside_rank))
    owed = total(line.open for line in lines)

    assert total(part.amount for part in result.allocations) + result.remainder == paid
    assert result.open_after == owed - (paid - result.remainder)
    assert result.remainder == max(ZERO, paid - owed)
    for part in result.allocations:
        assert ZERO < part.amount <= part.claim.open
        assert part.left_open == part.claim.open - part.amount
    _assert_ranks_kept(result.allocations, lines)


def _assert_ranks_kept(allocations: Sequence[Allocation], lines: list[OpenClaim]) -> None:
    received: dict[str, Decimal] = {}
    for part in allocations:
        received[part.claim.key] = part.amount
    served = [ORDER.index(line.head) for line in lines if received.get(line.key)]
    unsettled = [ORDER.index(line.head) for line in lines if received.get(line.key, ZERO) < line.open]
    if served and unsettled:
        assert max(served) <= min(unsettled)


@given(st.decimals(min_value="0.01", max_value=20000, places=2), claims())
def test_inside_a_rank_the_oldest_claim_is_settled_first(paid: Decimal, lines: list[OpenClaim]) -> None:
    result = impute(paid, lines, imputation())
    received = {part.claim.key: part.amount for part in result.allocations}

    for line in lines:
        for older in lines:
            if older.head is line.head and older.due_on < line.due_on and received.get(line.key):
                assert received.get(older.key, ZERO) == older.open


@given(st.decimals(min_value="0.01", max_value=20000, places=2), claims())
def test_the_order_in_which_claims_are_given_does_not_matter(paid: Decimal, lines: list[OpenClaim]) -> None:
    assert (
        impute(paid, lines, imputation()).allocations == impute(paid, lines[::-1], imputation()).allocations
    )


@pytest.mark.parametrize("paid", ["0.00", "-5.00"])
def test_nothing_paid_is_nothing_to_impute(paid: str) -> None:
    with pytest.raises(ReckoningError) as refused:
        impute(Decimal(paid), [], imputation())

    assert refused.value.code == "imputation.nothing_paid"


def test_a_claim_given_twice_is_refused() -> None:
    line = OpenClaim("x", Head.INTEREST, Owner.TREASURY, date(2021, 1, 1), Decimal("1.00"))
    with pytest.raises(ReckoningError) as refused:
        impute(Decimal("1.00"), [line, line], imputation())

    assert refused.value.code == "imputation.same_key"


def test_an_unknown_convention_is_refused() -> None:
    line = OpenClaim("x", Head.INTEREST, Owner.TREASURY, date(2021, 1, 1), Decimal("1.00"))
    with pytest.raises(ReckoningError) as refused:
        impute(Decimal("1.00"), [line], imputation("by_name"))

    assert refused.value.code == "reckoning.unknown_choice"


def test_a_head_without_rank_is_refused() -> None:
    line = OpenClaim("x", Head.INTEREST, Owner.TREASURY, date(2021, 1, 1), Decimal("1.00"))
    short = ImputationParameters(Given("order", ("advances",)), Given("inside_rank", "oldest_first"))
    with pytest.raises(ReckoningError):
        impute(Decimal("1.00"), [line], short)


def test_sums_by_owner_and_head_add_up_to_what_was_imputed() -> None:
    lines = [
        OpenClaim("a", Head.ADVANCES, Owner.TREASURY, date(2021, 1, 1), Decimal("10.00")),
        OpenClaim("b", Head.TERM_MINUS_ADVANCE, Owner.CREDITOR, date(2021, 1, 1), Decimal("10.00")),
    ]
    result = impute(Decimal("15.00"), lines, imputation())

    assert result.to_owner(Owner.TREASURY) == result.to_head(Head.ADVANCES) == Decimal("10.00")
    assert result.to_owner(Owner.CREDITOR) == Decimal("5.00")


# Conditions


ELIGIBILITY = EligibilityParameters(
    Given("terms", 2), Given("window", 12), Given("creditor", True), Given("debtor", False)
)


@given(some_days, st.lists(st.tuples(some_days, amounts, amounts), max_size=12))
def test_a_counted_term_is_unpaid_and_inside_the_twelve_months(
    applied_on: date, lines: list[tuple[date, Decimal, Decimal]]
) -> None:
    terms = [TermHistory(str(n), due_on, due, paid) for n, (due_on, due, paid) in enumerate(lines)]
    result = assess_eligibility(
        applied_on=applied_on,
        terms=terms,
        creditor_in_belgium=True,
        debtor_in_belgium=False,
        parameters=ELIGIBILITY,
    )

    assert applied_on not in result.window
    assert all(term.due_on in result.window and term.paid < term.due for term in result.counted)
    assert result.met is (len(result.counted) >= 2)


def test_a_creditor_abroad_and_a_debtor_abroad_are_grounds_where_the_law_says_so() -> None:
    early = EligibilityParameters(Given("t", 0), Given("w", 12), Given("c", True), Given("d", True))
    result = assess_eligibility(
        applied_on=date(2005, 1, 10),
        terms=[],
        creditor_in_belgium=False,
        debtor_in_belgium=False,
        parameters=early,
    )

    assert result.grounds == ("eligibility.creditor_abroad", "eligibility.debtor_abroad")


ADVANCE_RIGHT = AdvanceRightParameters(
    Given("kinds", ("child",)), Given("majority", 18), Given("studies", True), Given("allowances", True)
)


@pytest.mark.parametrize(
    ("claimant", "grounds"),
    [
        (Claimant("child", date(2015, 1, 1)), ()),
        (Claimant("child", date(2008, 11, 22)), ()),
        (Claimant("child", date(2008, 11, 21)), ("advance_right.family_allowances", "advance_right.studies")),
        (Claimant("child", date(2008, 11, 21), True, True), ()),
        (Claimant("child", date(2008, 11, 21), True, False), ("advance_right.studies",)),
        (Claimant("child", None), ("advance_right.birth_date_missing",)),
        (Claimant("ex_spouse", date(1980, 1, 1)), ("advance_right.kind",)),
    ],
)
def test_only_a_child_and_an_adult_child_with_proofs_give_advances(
    claimant: Claimant, grounds: tuple[str, ...]
) -> None:
    result = assess_advance_right(claimant, on=date(2026, 11, 21), parameters=ADVANCE_RIGHT)

    assert result.grounds == grounds
    assert result.open is (not grounds)


def test_more_disabled_children_than_children_is_refused() -> None:
    parameters = MeansParameters(Given("c", Decimal(1800)), Given("s", Decimal(68)), Given("m", 2))
    with pytest.raises(ReckoningError) as refused:
        assess_means(OwnMeans(Decimal("1.00"), children=1, disabled_children=2), parameters)

    assert refused.value.code == "means.children"


def test_a_broken_row_of_months_does_not_count_as_consecutive() -> None:
    rows = [MonthPaid(MARCH + n, Decimal(100), Decimal(13), Decimal(113)) for n in (0, 1, 2, 4, 5, 6)]
    result = assess_cessation(rows, CessationParameters(Given("months", 6)))

    assert (result.met, result.streak) == (False, 3)


# Amounts over time


@given(amounts, amounts)
def test_the_contribution_of_a_higher_principal_is_never_lower(one: Decimal, other: Decimal) -> None:
    rates = ContributionParameters(Given("debtor", Decimal(13)), Given("creditor", Decimal(0)))
    low, high = sorted((one, other))

    assert debtor_contribution(low, rates).amount <= debtor_contribution(high, rates).amount


def test_an_index_of_nought_is_refused() -> None:
    with pytest.raises(ReckoningError) as refused:
        index_amount(
            Decimal(100),
            IndexNumber(MARCH, Given("i", Decimal(0))),
            IndexNumber(MARCH, Given("i", Decimal(1))),
        )

    assert refused.value.code == "indexation.index"


def test_the_amount_is_adapted_each_twelve_months() -> None:
    months = adaptation_index_months(Month(2021, 6), Month(2023, 7), Given("every", 12))

    assert [str(month) for month in months] == ["2022-06", "2023-06"]


def rates(*steps: tuple[date, str]) -> tuple[RateStep, ...]:
    ends = [start - timedelta(days=1) for start, _ in steps[1:]]
    return tuple(
        RateStep(DateRange(start, end), Given("rate", Decimal(pct)))
        for (start, pct), end in zip(steps, [*ends, None], strict=True)
    )


def regime(unit: str, **changes: object) -> InterestParameters:
    values: dict[str, object] = {
        "regime": Given("regime", "D"),
        "unit": Given("unit", unit),
        "base_step": Given("step", Decimal("10.00") if unit == "month" else Decimal("0.01")),
        "month_minimum": Given("minimum", Decimal("5.00") if unit == "month" else ZERO),
        "days_in_year": Given("days", 365),
        "payment_day_counts": Given("counts", True),
        "rates": rates((date(2000, 1, 1), "4.00"), (date(2020, 1, 1), "7.00")),
    }
    return InterestParameters(**{**values, **changes})  # type: ignore[arg-type]


@given(amounts, some_days, st.integers(0, 900), st.integers(0, 900), st.sampled_from(["day", "month"]))
def test_interest_never_falls_with_time(
    principal: Decimal, starts_on: date, sooner: int, later: int, unit: str
) -> None:
    short, long = (starts_on + timedelta(days=days) for days in sorted((sooner, later)))
    parameters = regime(unit)

    first = interest(principal, starts_on=starts_on, until=short, parameters=parameters).amount
    second = interest(principal, starts_on=starts_on, until=long, parameters=parameters).amount
    assert ZERO <= first <= second


@pytest.mark.parametrize(("counts", "amount"), [(True, "8.15"), (False, "8.08")])
def test_the_payment_day_bears_interest_only_where_so_chosen(counts: bool, amount: str) -> None:
    table = rates((date(2015, 1, 1), "2.50"))
    result = interest(
        Decimal("1000.00"),
        starts_on=date(2015, 3, 3),
        until=date(2015, 12, 31),
        parameters=regime("day", rates=table, payment_day_counts=Given("counts", counts)),
        paid=[PrincipalPaid(date(2015, 6, 30), Decimal("1000.00"))],
    )

    assert result.amount == Decimal(amount)


def test_a_part_payment_lowers_the_base_from_the_next_month_on() -> None:
    result = interest(
        Decimal("2000.00"),
        starts_on=date(2021, 1, 15),
        until=date(2021, 3, 31),
        parameters=regime("month"),
        paid=[PrincipalPaid(date(2021, 2, 10), Decimal("1000.00"))],
    )

    assert [part.inputs["base"] for part in result.explanation.children] == [Decimal(2000), Decimal(1000)]
    assert result.amount == Decimal("17.50")


def test_a_day_without_rate_is_an_error_and_never_nought() -> None:
    with pytest.raises(ReckoningError) as refused:
        interest(
            Decimal(5000), starts_on=date(1990, 1, 1), until=date(1990, 6, 1), parameters=regime("month")
        )

    assert refused.value.code == "interest.no_rate"


def test_more_paid_than_owed_is_refused() -> None:
    with pytest.raises(ReckoningError) as refused:
        interest(
            Decimal("10.00"),
            starts_on=date(2021, 1, 1),
            until=date(2021, 6, 1),
            parameters=regime("day"),
            paid=[PrincipalPaid(date(2021, 2, 1), Decimal("11.00"))],
        )

    assert refused.value.code == "interest.overpaid"


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(ReckoningError):
        interest(Decimal(1), starts_on=date(2021, 1, 1), until=date(2021, 2, 1), parameters=regime("week"))


@given(st.lists(amounts, min_size=1, max_size=10), amounts, st.sampled_from(["10", "100"]))
def test_retention_splits_each_payment_and_never_takes_more_than_is_undue(
    payments: list[Decimal], undue: Decimal, pct: str
) -> None:
    left = undue
    kept = ZERO
    for payment in payments:
        result = retain(payment, left, RetentionParameters(Given("pct", Decimal(pct))))
        assert result.kept + result.paid_out == payment
        kept, left = kept + result.kept, result.left

    assert kept + left == undue
    assert left >= 0


def test_a_refund_goes_in_step_with_what_was_recovered() -> None:
    assert refundable(Decimal(500), Decimal("62.50"), Decimal("60.00")) == Decimal("2.50")
    assert refundable(Decimal(500), Decimal("62.50"), Decimal("70.00")) == ZERO


# Limitation


FIVE = LimitationParameters(Given("years", 5), Given("after", 5))


@given(some_days, st.lists(some_days, max_size=5))
def test_an_interruption_never_brings_the_limitation_forward(starts_on: date, acts: list[date]) -> None:
    plain = limitation(starts_on, FIVE).lapses_on
    result = limitation(starts_on, FIVE, interruptions=[Interruption(act, "demand") for act in acts])

    assert plain is not None
    assert result.lapses_on is not None
    assert result.lapses_on >= plain


def test_a_suspension_stretches_the_term_by_its_days_and_overlaps_count_once() -> None:
    pauses = [
        Suspension(DateRange(date(2022, 1, 1), date(2022, 1, 20)), "court"),
        Suspension(DateRange(date(2022, 1, 11), date(2022, 1, 30)), "court"),
    ]
    result = limitation(date(2021, 2, 20), FIVE, suspensions=pauses)

    assert result.lapses_on == date(2026, 2, 20) + timedelta(days=30)


def test_a_pending_suspension_leaves_no_date_and_no_alarm() -> None:
    result = limitation(
        date(2021, 2, 20), FIVE, suspensions=[Suspension(DateRange(date(2022, 1, 1)), "court")]
    )

    assert result.lapses_on is None
    assert not result.lapsed(date(2099, 1, 1))
    assert result.alarms((12, 6, 3)) == ()
    assert result.explanation.text == "limitation.suspended"


def test_a_suspension_after_the_claim_lapsed_changes_nothing() -> None:
    late = Suspension(DateRange(date(2027, 1, 1)), "court")

    assert limitation(date(2021, 2, 20), FIVE, suspensions=[late]).lapses_on == date(2026, 2, 20)


def test_a_suspension_before_the_interruption_does_not_stretch_the_new_term() -> None:
    result = limitation(
        date(2021, 2, 20),
        FIVE,
        interruptions=[Interruption(date(2023, 1, 1), "demand")],
        suspensions=[Suspension(DateRange(date(2022, 1, 1), date(2022, 1, 20)), "court")],
    )

    assert result.lapses_on == date(2028, 1, 1)


def test_alarms_come_before_the_claim_lapses_and_the_last_day_still_counts() -> None:
    result = limitation(date(2021, 2, 20), FIVE)

    assert result.alarms((12, 6, 3)) == (date(2025, 2, 20), date(2025, 8, 20), date(2025, 11, 20))
    assert not result.lapsed(date(2026, 2, 20))
    assert result.lapsed(date(2026, 2, 21))
