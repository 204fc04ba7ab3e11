"""Legal values are asked at a date; a missing one is an error, and what was assumed is listed."""

from __future__ import annotations

import pickle
from datetime import date, timedelta
from decimal import Decimal

import pytest

from secal.kernel.periods import Month
from secal.kernel.reckoning.imputation import Head, InsideRank
from secal.law import (
    MissingParameter,
    Status,
    all_parameters,
    assembly,
    assumptions_in_force,
    parameter,
    read_before,
    reported_gaps,
    wording,
)
from secal.law.errors import WrongKind

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("name", "on", "value"),
    [
        ("advance_cap_per_creditor_month", date(2005, 10, 1), "175.00"),
        ("advance_cap_per_creditor_month", TODAY, "175.00"),
        ("contribution_debtor_pct", date(2014, 12, 31), "10"),
        ("contribution_debtor_pct", date(2015, 1, 1), "13"),
        ("means_ceiling", date(2019, 12, 31), "1800.00"),
        ("means_ceiling", date(2020, 1, 1), "2200.00"),
        ("rate_tax_pct", date(2022, 12, 31), "7.00"),
        ("rate_tax_pct", date(2023, 1, 1), "4.00"),
    ],
)
def test_a_value_changes_on_its_day(name: str, on: date, value: str) -> None:
    found = parameter(name, on=on)

    assert found.decimal().value == Decimal(value)
    assert found.decimal().valid_from == found.valid_from <= on


def test_a_missing_value_is_an_error_and_never_nought() -> None:
    for name, on in (("advance_cap_per_creditor_month", date(2005, 9, 30)), ("no_such_value", TODAY)):
        with pytest.raises(MissingParameter) as refused:
            parameter(name, on=on)
        assert refused.value.code == "law.missing_parameter"
        assert name in str(refused.value)


def test_an_abolished_ceiling_is_none_and_not_missing() -> None:
    ceiling = parameter("means_ceiling", on=date(2020, 6, 1))

    assert ceiling.value is None
    assert ceiling.status is Status.READ
    with pytest.raises(WrongKind):
        ceiling.decimal()


def test_a_value_with_conditions_is_found_only_by_exactly_those() -> None:
    fraud = parameter("undue_retention_pct", on=TODAY, creditor_fraud=True)

    assert fraud.decimal().value == 100
    with pytest.raises(MissingParameter) as refused:
        parameter("undue_retention_pct", on=TODAY)
    again = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - our own bytes
    assert str(again) == str(refused.value)


def test_an_index_number_that_was_not_met_is_missing() -> None:
    with pytest.raises(MissingParameter):
        assembly.consumer_price_index(Month(2023, 11))


@pytest.mark.parametrize("kind", ["decimal", "integer", "flag", "codes"])
def test_a_value_of_another_kind_is_refused(kind: str) -> None:
    value = parameter("imputation_inside_rank", on=TODAY)

    assert value.code().value == "oldest_first"
    with pytest.raises(WrongKind):
        getattr(value, kind)()


def test_a_flag_is_no_whole_number() -> None:
    with pytest.raises(WrongKind):
        parameter("eligibility_creditor_in_belgium", on=TODAY).integer()


def test_every_value_says_where_it_stands() -> None:
    for value in all_parameters():
        assert value.source
        assert value.by
        assert not isinstance(value.value, float)
        assert value.note or not value.assumed
        assert value.given().source == value.source


def test_every_choice_of_the_office_is_listed_as_an_assumption() -> None:
    listed = {value.name for value in assumptions_in_force(TODAY)}

    assert {"imputation_inside_rank", "interest_days_in_year", "month_delay", "rate_tax_pct"} <= listed
    assert listed == {value.name for value in all_parameters() if value.assumed and value.in_force(TODAY)}
    assert "advance_cap_per_creditor_month" not in listed
    for value in all_parameters():
        assert value.assumed or value.status not in (Status.PRACTICE, Status.FLOOR)


def test_days_without_a_known_value_are_reported() -> None:
    found = {(gap.name, gap.first, gap.last) for gap in reported_gaps()}

    assert ("means_ceiling", date(2011, 1, 1), date(2012, 12, 31)) in found
    assert {name for name, _, _ in found} == {
        "means_ceiling",
        "means_child_supplement",
        "consumer_price_index_2013",
    }


def test_laws_read_long_ago_want_reading_again() -> None:
    names = {value.name for value in read_before(TODAY)}

    assert "advance_cap_per_creditor_month" in names
    assert "interest_days_in_year" not in names


def test_every_name_unit_and_content_has_french_words() -> None:
    assert {value.name for value in all_parameters()} == set(wording.TITLES)
    assert {value.unit for value in all_parameters() if value.unit} == set(wording.UNITS)
    contents = {
        code
        for value in all_parameters()
        if value.name.startswith("application_contents") and isinstance(value.value, tuple)
        for code in value.value
    }
    assert contents == set(wording.CONTENTS)


def test_the_order_of_imputation_ranks_every_head_and_its_convention_is_known() -> None:
    parameters = assembly.imputation_parameters(on=TODAY)

    assert [parameters.rank(Head(head)) for head in parameters.order.value] == list(range(7))
    assert set(Head) == set(parameters.order.value) | {Head.SOCIAL_CONTRIBUTIONS, Head.SURCHARGE}
    assert parameters.inside_rank.value in set(InsideRank)


@pytest.mark.parametrize(
    "on", [date(2015, 1, 1), date(2018, 4, 9), date(2019, 12, 1), date(2020, 6, 1), date(2023, 1, 1), TODAY]
)
def test_every_rule_finds_its_values_in_every_period(on: date) -> None:
    assembly.advance_parameters(on=on)
    assembly.advance_right_parameters(on=on, application_received_on=on)
    assembly.cessation_parameters(on=on)
    assembly.contribution_parameters(application_received_on=on)
    assembly.eligibility_parameters(application_received_on=on)
    assembly.imputation_parameters(on=on)
    assembly.means_parameters(application_received_on=on)
    assembly.retention_parameters(application_received_on=on, creditor_fraud=False)
    assembly.limitation_parameters("maintenance_term", on=on)
    assert assembly.limitation_alarm_months(on=on) == (12, 6, 3)
    assert assembly.application_contents(received_on=on, advance=True)
    assert assembly.interest_parameters(starts_on=on).rate_on(on + timedelta(days=1))
