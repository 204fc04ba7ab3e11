"""Amounts, dates and distances read the same everywhere, in the four languages."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from secal.office import formatting

AMOUNTS = st.decimals(min_value=Decimal("-999999999.99"), max_value=Decimal("999999999.99"), places=2)
ON = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def french():
    with translation.override("fr"):
        yield


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "1\xa0234,56\xa0€"),
        ("nl", "€\xa01.234,56"),
        ("de", "€\xa01.234,56"),
        ("en", "€1,234.56"),
        ("fr-be", "1\xa0234,56\xa0€"),
        ("xx", "1\xa0234,56\xa0€"),
    ],
)
def test_each_language_writes_the_amount_its_own_way(language, written):
    assert formatting.money_text(Decimal("1234.56"), language) == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("fr", "\u221290,00\xa0€"),
        ("nl", "\u2212€\xa090,00"),
        ("de", "\u2212€\xa090,00"),
        ("en", "\u2212€90.00"),
    ],
)
def test_negative_amount_begins_with_a_real_minus(language, written):
    assert formatting.money_text(Decimal("-90"), language) == written


def test_missing_amount_is_a_dash_and_not_a_zero():
    assert formatting.money_text(None) == "–"
    assert formatting.money_text(Decimal(0)) == "0,00\xa0€"


def test_half_a_cent_rounds_away_from_zero():
    assert formatting.money_text(Decimal("0.005")) == "0,01\xa0€"


def test_an_amount_that_rounds_to_nothing_carries_no_minus():
    assert formatting.money_text(Decimal("-0.001")) == "0,00\xa0€"


@given(amount=AMOUNTS, language=st.sampled_from(sorted(formatting.SEPARATORS)))
def test_every_written_amount_reads_back_to_the_same_cents(amount, language):
    thousands, point = formatting.SEPARATORS[language]
    text = formatting.money_text(amount, language)
    plain = text.replace("€", "").replace("\u2212", "-").replace(thousands, "").replace("\xa0", "")
    assert Decimal(plain.replace(point, ".")) == amount


@given(amount=AMOUNTS, language=st.sampled_from(sorted(formatting.SEPARATORS)))
def test_no_written_amount_can_break_over_two_lines(amount, language):
    assert " " not in formatting.money_text(amount, language)


@pytest.mark.parametrize(
    ("number", "language", "written"),
    [
        (14, "fr", "14"),
        (1180, "fr", "1\xa0180"),
        (1180, "nl", "1.180"),
        (Decimal("2.5"), "fr", "2,5"),
        (-3, "en", "\u22123"),
    ],
)
def test_counts_have_the_thousands_of_the_language(number, language, written):
    assert formatting.number_text(number, language) == written


def test_ratio_is_whole_per_cent():
    assert formatting.percent_text(Decimal("0.7"), "fr") == "70\xa0%"
    assert formatting.percent_text(Decimal("0.345"), "en") == "35%"


def test_dates_are_day_month_year():
    assert formatting.date_text(date(2026, 12, 4)) == "04/12/2026"


def test_a_moment_is_told_on_the_brussels_clock():
    late_evening = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert formatting.datetime_text(late_evening) == "01/07/2026 00:30"
    assert formatting.date_text(late_evening) == "01/07/2026"


def test_month_is_named_in_the_language_asked():
    assert formatting.month_text(ON) == "novembre 2026"
    assert formatting.month_text(ON, "nl") == "november 2026"
    assert formatting.of_month_text(ON) == "de novembre 2026"
    assert formatting.of_month_text(ON.replace(month=10)) == "d’octobre 2026"
    assert formatting.of_month_text(ON, "nl") == "november 2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 21), "aujourd’hui"),
        (date(2026, 11, 22), "demain"),
        (date(2026, 11, 20), "hier"),
        (date(2026, 11, 30), "dans 9 jours"),
        (date(2026, 11, 18), "il y a 3 jours"),
        (date(2027, 2, 21), "dans 3 mois"),
        (date(2023, 11, 21), "il y a 3 ans"),
    ],
)
def test_distance_is_told_in_the_largest_honest_unit(day, words):
    assert formatting.distance_text(day, on=ON) == words


def test_only_what_is_past_is_called_late():
    assert formatting.overdue_text(date(2026, 11, 18), on=ON) == "en retard de 3 jours"
    assert formatting.overdue_text(ON, on=ON) == ""
