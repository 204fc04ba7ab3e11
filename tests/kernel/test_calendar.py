"""Working days are Belgian, and letters take effect on them."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.calendar import (
    delay_in_days,
    delay_in_months,
    is_working_day,
    next_working_day,
    notification_effect,
    nth_working_day_after,
    working_day_on_or_after,
)

days = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


@pytest.mark.parametrize(
    "holiday",
    [
        date(2026, 1, 1),
        date(2026, 4, 6),
        date(2026, 5, 1),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 21),
        date(2022, 8, 15),
        date(2022, 11, 1),
        date(2022, 11, 11),
        date(2026, 12, 25),
    ],
)
def test_a_public_holiday_is_no_working_day(holiday: date) -> None:
    assert holiday.weekday() < 5
    assert not is_working_day(holiday)


def test_the_kings_feast_is_a_working_day() -> None:
    assert is_working_day(date(2022, 11, 15))


def test_a_saturday_moves_to_monday() -> None:
    assert working_day_on_or_after(date(2026, 11, 21)) == date(2026, 11, 23)
    assert next_working_day(date(2026, 11, 20)) == date(2026, 11, 23)


def test_a_working_day_stays_where_it_is() -> None:
    assert working_day_on_or_after(date(2026, 11, 20)) == date(2026, 11, 20)


@pytest.mark.parametrize(
    ("sent_on", "effect_on"),
    [
        (date(2021, 5, 4), date(2021, 5, 7)),
        (date(2019, 12, 10), date(2019, 12, 13)),
        (date(2022, 11, 9), date(2022, 11, 15)),
        (date(2026, 12, 24), date(2026, 12, 30)),
    ],
)
def test_a_letter_takes_effect_on_the_third_working_day(sent_on: date, effect_on: date) -> None:
    assert notification_effect(sent_on, 3) == effect_on


@given(days, st.integers(1, 30))
def test_the_nth_working_day_has_n_working_days_up_to_it(day: date, number: int) -> None:
    end = nth_working_day_after(day, number)
    between = [date.fromordinal(place) for place in range(day.toordinal() + 1, end.toordinal() + 1)]

    assert is_working_day(end)
    assert sum(map(is_working_day, between)) == number


def test_working_days_are_not_counted_backward() -> None:
    with pytest.raises(ValueError, match="forward"):
        nth_working_day_after(date(2026, 1, 1), -1)


def test_a_delay_in_days_is_not_moved_off_a_sunday() -> None:
    assert delay_in_days(date(2026, 11, 7), 15) == date(2026, 11, 22)


def test_a_delay_in_months_is_moved_off_a_holiday() -> None:
    assert delay_in_months(date(2026, 6, 21), 1) == date(2026, 7, 22)
    assert delay_in_months(date(2026, 6, 21), 1, moved_to_working_day=False) == date(2026, 7, 21)
