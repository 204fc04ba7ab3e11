"""What counts as in force, added or ended on a day, and the quarters."""

from datetime import date

import pytest

from secal.register.rules import Days, Mark, due_day, in_force, mark, quarter_before, quarter_of, strongest

ON, SINCE = date(2026, 11, 22), date(2026, 7, 1)


@pytest.mark.parametrize(
    ("first", "last", "ended", "expected"),
    [
        (date(2020, 1, 1), None, None, Mark.HELD),
        (date(2020, 1, 1), ON, None, Mark.HELD),
        (SINCE, None, None, Mark.ADDED),
        (ON, None, None, Mark.ADDED),
        (date(2026, 6, 30), None, None, Mark.HELD),
        (date(2026, 11, 23), None, None, None),
        (date(2020, 1, 1), date(2026, 11, 21), None, Mark.ENDED),
        (date(2020, 1, 1), SINCE, None, Mark.ENDED),
        (date(2020, 1, 1), date(2026, 6, 30), None, None),
        (date(2020, 1, 1), ON, ON, Mark.ENDED),
        (date(2020, 1, 1), date(2026, 8, 1), date(2026, 8, 1), Mark.ENDED),
        (date(2026, 8, 1), date(2026, 9, 1), date(2026, 9, 1), Mark.ENDED),
        (date(2020, 1, 1), date(2026, 11, 30), date(2026, 11, 30), Mark.HELD),
    ],
)
def test_a_right_is_held_added_or_ended_in_the_window_or_says_nothing(
    first: date, last: date | None, ended: date | None, expected: Mark | None
) -> None:
    assert mark(Days(first, last, ended, entered_on=min(first, ON)), since=SINCE, on=ON) is expected


@pytest.mark.parametrize(
    ("entered", "last", "expected"),
    [
        (SINCE, None, Mark.ADDED),
        (ON, None, Mark.ADDED),
        (date(2026, 6, 30), None, Mark.HELD),
        (date(2026, 11, 23), None, Mark.HELD),
        (ON, date(2026, 2, 1), Mark.ENDED),
        (date(2026, 11, 23), date(2026, 2, 1), None),
    ],
)
def test_a_right_entered_in_the_window_for_days_before_it_shows_there(
    entered: date, last: date | None, expected: Mark | None
) -> None:
    days = Days(date(2026, 1, 1), last, None, entered_on=entered)
    assert mark(days, since=SINCE, on=ON) is expected


def test_what_is_ended_by_hand_is_over_on_that_very_day() -> None:
    days = Days(date(2020, 1, 1), ON, ON, entered_on=date(2020, 1, 1))
    assert not in_force(days, ON)
    assert in_force(days, date(2026, 11, 21))


def test_of_several_rights_to_one_thing_the_one_in_force_is_shown() -> None:
    assert strongest([Mark.ENDED, Mark.HELD]) is Mark.HELD
    assert strongest([Mark.ENDED, Mark.HELD, Mark.ADDED]) is Mark.ADDED
    assert strongest([Mark.ENDED]) is Mark.ENDED


@pytest.mark.parametrize(
    ("day", "quarter", "before"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2025, 10, 1)),
        (date(2026, 3, 31), date(2026, 1, 1), date(2025, 10, 1)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 7, 1)),
    ],
)
def test_quarters_begin_in_january_april_july_and_october(day: date, quarter: date, before: date) -> None:
    assert quarter_of(day) == quarter
    assert quarter_before(quarter) == before


def test_a_review_is_due_thirty_days_after_it_opened() -> None:
    assert due_day(date(2026, 11, 22)) == date(2026, 12, 22)
