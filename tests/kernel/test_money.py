"""Amounts are read as people write them, never guessed, and no cent is lost."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.money import (
    AmountError,
    cents,
    format_amount,
    parse_amount,
    percentage,
    split_by_weight,
    split_evenly,
    total,
)

amounts = st.decimals(min_value=0, max_value=9_999_999, places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1 234,56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1234.56", "1234.56"),
        ("1234,5", "1234.50"),
        ("1'234.56", "1234.56"),
        ("1\u202f234\u202f567,8", "1234567.80"),
        ("1.234.567", "1234567.00"),
        ("1 234", "1234.00"),
        ("€ 12", "12.00"),
        ("12 EUR", "12.00"),
        (" 0,00 ", "0.00"),
        ("+3", "3.00"),
        ("-0", "0.00"),
    ],
)
def test_amount_is_read_as_people_write_it(text: str, amount: str) -> None:
    assert str(parse_amount(text)) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "amount.empty"),
        ("   ", "amount.empty"),
        ("abc", "amount.unreadable"),
        ("12,34,56", "amount.unreadable"),
        ("1 23,45", "amount.unreadable"),
        ("1e5", "amount.unreadable"),
        ("NaN", "amount.unreadable"),
        (",5", "amount.unreadable"),
        ("1.234", "amount.ambiguous"),
        ("1,234", "amount.ambiguous"),
        ("1234,567", "amount.too_precise"),
        ("-3", "amount.negative"),
        ("99999999999", "amount.too_large"),
    ],
)
def test_a_text_that_is_no_amount_is_refused_with_its_field(text: str, code: str) -> None:
    with pytest.raises(AmountError) as refused:
        parse_amount(text, field="rent")

    assert refused.value.code == code
    assert refused.value.field == "rent"
    assert "%(" not in str(refused.value)


def test_a_negative_amount_is_read_where_it_is_allowed() -> None:
    assert parse_amount("-1 234,50", allow_negative=True) == Decimal("-1234.50")


@given(amounts)
def test_what_is_written_is_read_back(amount: Decimal) -> None:
    assert parse_amount(format_amount(amount)) == cents(amount)
    assert parse_amount(format_amount(amount, thousands=".")) == cents(amount)
    assert parse_amount(format_amount(amount, thousands="", decimal=".")) == cents(amount)


@pytest.mark.parametrize(("exact", "rounded"), [("0.005", "0.01"), ("-0.005", "-0.01"), ("0.0049", "0.00")])
def test_half_a_cent_is_rounded_away_from_nought(exact: str, rounded: str) -> None:
    assert str(cents(Decimal(exact))) == rounded


def test_nought_has_no_sign() -> None:
    assert str(cents(Decimal("-0.001"))) == "0.00"


@pytest.mark.parametrize("wrong", [1.5, True, "1.50"])
def test_a_float_is_never_an_amount(wrong: object) -> None:
    with pytest.raises(TypeError):
        cents(wrong)  # type: ignore[arg-type]


def test_an_amount_is_finite() -> None:
    with pytest.raises(ValueError, match="finite"):
        cents(Decimal("Infinity"))


def test_thirteen_per_cent_is_rounded_once() -> None:
    assert percentage(Decimal("1234.56"), Decimal(13)) == Decimal("160.49")


def test_the_sum_of_nothing_is_nought() -> None:
    assert str(total([])) == "0.00"


@given(amounts, st.integers(min_value=1, max_value=36))
def test_equal_parts_add_up_and_differ_by_a_cent_at_most(amount: Decimal, parts: int) -> None:
    shares = split_evenly(amount, parts)

    assert total(shares) == cents(amount)
    assert max(shares) - min(shares) <= Decimal("0.01")


@given(amounts, st.lists(amounts, min_size=1, max_size=8).filter(any))
def test_weighted_parts_add_up_and_are_never_negative(amount: Decimal, weights: list[Decimal]) -> None:
    shares = split_by_weight(amount, weights)

    assert total(shares) == cents(amount)
    assert all(share >= 0 for share in shares)
    assert all(share == 0 for share, weight in zip(shares, weights, strict=True) if weight == 0)


@pytest.mark.parametrize("weights", [[], [Decimal(0)], [Decimal(2), Decimal(-1)]])
def test_weights_must_weigh(weights: list[Decimal]) -> None:
    with pytest.raises(ValueError, match="weights"):
        split_by_weight(Decimal(1), weights)


def test_there_is_at_least_one_part() -> None:
    with pytest.raises(ValueError, match="part"):
        split_evenly(Decimal(1), 0)
