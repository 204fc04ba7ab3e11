"""What a review may conclude, and when the debtor is looked at again."""

from datetime import date
from decimal import Decimal

import pytest

from secal.kernel.explanation import Given
from secal.solvency.rules import (
    CHARGES,
    MEANS,
    PROCEDURES,
    CalendarParameters,
    InventoryLine,
    ReviewError,
    balance,
    next_review,
    procedure_for,
    require_motive,
    suspension_effect,
)
from secal.solvency.wording import KINDS

ON = date(2026, 11, 20)
CALENDAR = CalendarParameters(Given("months", 6), Given("latest", 12))


def line(kind: str, amount: str) -> InventoryLine:
    return InventoryLine(kind, "x", Decimal(amount), "fiche")


def test_what_is_left_is_means_less_charges() -> None:
    sums = balance([line("salary", "1800.50"), line("rent", "200.00"), line("housing", "750.25")])
    assert (sums.means, sums.charges, sums.left) == (
        Decimal("2000.50"),
        Decimal("750.25"),
        Decimal("1250.25"),
    )


def test_charges_may_exceed_means() -> None:
    assert balance([line("housing", "10.00")]).left == Decimal("-10.00")


@pytest.mark.parametrize(("kind", "amount"), [("salary", "0.00"), ("salary", "-1.00"), ("gold", "5.00")])
def test_a_line_has_a_known_kind_and_a_positive_amount(kind: str, amount: str) -> None:
    with pytest.raises(ReviewError) as error:
        balance([line(kind, amount)])
    assert error.value.code == "review.line"


@pytest.mark.obligation("12/057 §10")
@pytest.mark.parametrize(
    ("outcome", "chosen", "procedure"),
    [
        ("positive", "garnishment", "garnishment"),
        ("negative", "", "suspension"),
        ("negative", "garnishment", "suspension"),
        ("facilities", "", "plan"),
    ],
)
def test_the_procedure_follows_the_outcome(outcome: str, chosen: str, procedure: str) -> None:
    assert procedure_for(outcome, chosen) == procedure


@pytest.mark.parametrize("chosen", ["", "suspension", "plan", "prison"])
def test_a_solvent_debtor_meets_a_procedure_of_recovery(chosen: str) -> None:
    with pytest.raises(ReviewError):
        procedure_for("positive", chosen)


@pytest.mark.parametrize("reasons", ["", "   ", "dix-neuf caractères", " " * 30 + "court"])
def test_a_motive_explains_something(reasons: str) -> None:
    with pytest.raises(ReviewError):
        require_motive(reasons)


def test_twenty_characters_are_enough() -> None:
    assert require_motive("  vingt caractères !!!  ") == "vingt caractères !!!"


@pytest.mark.parametrize(
    ("chosen", "day"),
    [
        (None, date(2027, 5, 20)),
        (date(2026, 11, 21), date(2026, 11, 21)),
        (date(2027, 11, 20), date(2027, 11, 20)),
    ],
)
def test_the_next_review_is_later_and_within_the_year(chosen: date | None, day: date) -> None:
    assert next_review(chosen, on=ON, parameters=CALENDAR) == day


@pytest.mark.parametrize("chosen", [ON, date(2026, 11, 19), date(2027, 11, 21)])
def test_no_review_today_or_after_the_year(chosen: date) -> None:
    with pytest.raises(ReviewError) as error:
        next_review(chosen, on=ON, parameters=CALENDAR)
    assert error.value.field == "next_review_on"


def test_the_creditor_is_told_of_a_suspension_with_effect_on_the_third_working_day() -> None:
    assert suspension_effect(date(2022, 11, 9), Given("days", 3)) == date(2022, 11, 15)


def test_every_kind_has_words_and_every_outcome_a_procedure() -> None:
    assert set(KINDS) == {*MEANS, *CHARGES}
    assert all(PROCEDURES.values())
