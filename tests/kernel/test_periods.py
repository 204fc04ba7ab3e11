"""Months and stretches of days count as the law counts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.periods import DateRange, Month, PeriodError, add_months, add_years, age_on, months_between

months = st.builds(Month, st.integers(1900, 2200), st.integers(1, 12))
days = st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 12, 31))


@given(months)
def test_a_month_is_read_back_as_written(month: Month) -> None:
    assert Month.parse(str(month)) == month


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-13", "2026-00", "11-2026", "2026-1", "0000-01", "٢٠٢٦-٠١"]
)
def test_a_text_that_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(PeriodError) as refused:
        Month.parse(text, field="month")

    assert (refused.value.code, refused.value.field) == ("period.month_unreadable", "month")


def test_there_is_no_thirteenth_month() -> None:
    with pytest.raises(ValueError, match="no such month"):
        Month(2026, 13)


@given(months, st.integers(-500, 500))
def test_adding_months_and_taking_them_off_again_changes_nothing(month: Month, number: int) -> None:
    assert month + number - number == month
    assert (month + number) - month == number


@given(days)
def test_a_day_lies_in_its_month(day: date) -> None:
    month = Month.of(day)

    assert day in month
    assert day in month.days
    assert month.first_day - timedelta(days=1) not in month.days


def test_months_are_listed_with_both_ends() -> None:
    listed = [str(month) for month in Month.range(Month(2025, 11), Month(2026, 2))]

    assert listed == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(Month.range(Month(2026, 2), Month(2026, 1))) == []


def test_a_day_number_too_high_is_the_last_day() -> None:
    assert Month(2026, 2).day(31) == date(2026, 2, 28)
    assert Month(2026, 2).day(5) == date(2026, 2, 5)


def test_a_month_more_ends_on_the_last_day_of_a_shorter_month() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2025, 1, 31), 1) == date(2025, 2, 28)
    assert add_years(date(2024, 2, 29), 1) == date(2025, 2, 28)


@given(days, days)
def test_whole_months_elapsed_are_never_too_many(start: date, end: date) -> None:
    if end < start:
        assert months_between(start, end) == -months_between(end, start)
        return
    elapsed = months_between(start, end)

    assert add_months(start, elapsed) <= end < add_months(start, elapsed + 1)


def test_a_half_open_stretch_leaves_the_end_day_out() -> None:
    stretch = DateRange.half_open(date(2020, 6, 10), date(2021, 6, 10))

    assert stretch.last == date(2021, 6, 9)
    assert stretch.day_count() == 365
    assert date(2021, 6, 10) not in stretch


def test_a_reversed_stretch_is_refused() -> None:
    with pytest.raises(PeriodError) as refused:
        DateRange(date(2021, 1, 2), date(2021, 1, 1))

    assert refused.value.code == "period.reversed"


def test_a_stretch_without_end_holds_every_later_day_and_has_no_length() -> None:
    stretch = DateRange(date(2021, 1, 1))

    assert date(2999, 1, 1) in stretch
    with pytest.raises(ValueError, match="without end"):
        stretch.day_count()
    with pytest.raises(ValueError, match="without end"):
        stretch.months()


@given(days, st.integers(0, 900), days, st.integers(0, 900))
def test_two_stretches_share_days_exactly_when_they_overlap(
    first: date, first_length: int, second: date, second_length: int
) -> None:
    one = DateRange(first, first + timedelta(days=first_length))
    other = DateRange(second, second + timedelta(days=second_length))
    common = one.intersection(other)

    assert one.overlaps(other) is other.overlaps(one) is (common is not None)
    if common is not None:
        assert common.first in one
        assert common.first in other
        assert common.last is not None
        assert common.last in one
        assert common.last in other


def test_a_stretch_lists_every_month_it_touches() -> None:
    assert [str(month) for month in DateRange(date(2025, 12, 31), date(2026, 1, 1)).months()] == [
        "2025-12",
        "2026-01",
    ]


def test_age_grows_on_the_birthday() -> None:
    assert age_on(date(2008, 11, 21), date(2026, 11, 20)) == 17
    assert age_on(date(2008, 11, 21), date(2026, 11, 21)) == 18
    assert age_on(date(2008, 2, 29), date(2026, 2, 28)) == 18
