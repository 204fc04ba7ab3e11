"""Delays of the Judicial Code: they never end before they begin, nor on a day the courts are closed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.calendar import is_working_day, public_holidays
from secal.kernel.explanation import Explanation, Given
from secal.kernel.reckoning.keeping import DebtKeepingParameters, debt_kept_until
from secal.kernel.reckoning.procedure import (
    Channel,
    Delay,
    ExecutionParameters,
    NoticeParameters,
    OppositionParameters,
    Residence,
    assess_contest,
    assess_opposition,
    day_end,
    earliest_execution,
    may_execute,
    month_end,
    next_act_on,
    notice_delay,
    opposition_delay,
    within_hours,
)
from secal.kernel.reckoning.refusals import ReckoningError

BRUSSELS = ZoneInfo("Europe/Brussels")
NOTICE = NoticeParameters(
    required=Given("required", True),
    annulled=Given("annulled", False),
    months=Given("months", 1),
    paper_working_days=Given("paper", 3),
    receipt_days=Given("receipt", 1),
    ebox_days=Given("ebox", 1),
    contested_excluded=Given("excluded", True),
    late_contest_excluded=Given("late", True),
)
HOURS = ExecutionParameters(Given("hours", 24), Given("first", 6), Given("last", 21))

days = st.dates(min_value=date(2019, 6, 17), max_value=date(2032, 12, 31))
moments = st.builds(datetime.combine, days, st.times(), st.just(UTC))


@pytest.fixture(scope="module", autouse=True)
def calendar_read_once() -> None:
    """The first look at the holidays loads them: no property is timed with that."""
    public_holidays(2024)


def opposition(
    length: int | None = None, months: int | None = 1, review: bool = False, annulled: bool = False
) -> OppositionParameters:
    return OppositionParameters(
        days=None if length is None else Given("days", length),
        months=None if months is None else Given("months", months),
        review=Given("review", review),
        annulled=Given("annulled", annulled),
        forms=Given("forms", ("summons",)),
        reasoned=Given("reasoned", True),
        distance={
            Residence.BELGIUM: Given("distance", 0),
            Residence.NEIGHBOUR: Given("distance", 15),
            Residence.EUROPE: Given("distance", 30),
            Residence.ELSEWHERE: Given("distance", 80),
        },
        holidays=Given("holidays", ("july", "august")),
        extension_day=Given("extension", 15),
    )


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        (date(2025, 3, 1), 1, date(2025, 3, 31)),
        (date(2025, 2, 1), 1, date(2025, 2, 28)),
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2024, 1, 30), 1, date(2024, 2, 29)),
        (date(2025, 1, 29), 1, date(2025, 2, 28)),
        (date(2024, 12, 15), 1, date(2025, 1, 14)),
        (date(2024, 12, 15), 12, date(2025, 12, 14)),
    ],
)
def test_a_month_ends_on_the_eve_of_the_same_day_number(first: date, months: int, last: date) -> None:
    assert month_end(first, months) == last


def test_a_delay_of_one_day_ends_on_its_first_day() -> None:
    assert day_end(date(2025, 3, 3), 1) == date(2025, 3, 3)


@given(days, st.sampled_from([Channel.REGISTERED_PAPER, Channel.E_BOX]))
def test_a_notice_runs_a_month_at_least_and_ends_on_a_working_day(sent_on: date, channel: Channel) -> None:
    delay = notice_delay(channel=channel, sent_on=sent_on, parameters=NOTICE)

    assert sent_on < delay.first_day
    assert (delay.last_day - delay.first_day).days >= 27
    assert is_working_day(delay.last_day)
    assert next_act_on(delay) == delay.last_day + timedelta(days=1)


@given(days)
def test_paper_is_never_quicker_than_the_secured_mailbox(sent_on: date) -> None:
    paper = notice_delay(channel=Channel.REGISTERED_PAPER, sent_on=sent_on, parameters=NOTICE)
    mailbox = notice_delay(channel=Channel.E_BOX, sent_on=sent_on, parameters=NOTICE)

    assert paper.first_day >= mailbox.first_day
    assert paper.last_day >= mailbox.last_day


@pytest.mark.parametrize(
    ("presented_on", "code"),
    [(None, "procedure.not_presented"), (date(2024, 9, 1), "procedure.presented_early")],
)
def test_a_letter_with_receipt_runs_from_a_presentation_that_is_known(
    presented_on: date | None, code: str
) -> None:
    with pytest.raises(ReckoningError) as refused:
        notice_delay(
            channel=Channel.REGISTERED_RECEIPT,
            sent_on=date(2024, 9, 2),
            presented_on=presented_on,
            parameters=NOTICE,
        )
    assert refused.value.code == code
    assert refused.value.field == "presented_on"


@given(days, days)
def test_served_later_is_never_opposed_earlier(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    first = opposition_delay(served_on=earlier, parameters=opposition())
    second = opposition_delay(served_on=later, parameters=opposition())

    # The holidays put every end inside them on one day of September, past which no shorter delay may reach.
    assert first.last_day <= second.last_day or first.last_day.month == 9


@given(days)
def test_living_farther_never_shortens_the_delay_and_it_ends_on_a_working_day(served_on: date) -> None:
    ends = [
        opposition_delay(served_on=served_on, residence=residence, parameters=opposition()).last_day
        for residence in (Residence.BELGIUM, Residence.NEIGHBOUR, Residence.EUROPE, Residence.ELSEWHERE)
    ]

    assert all(is_working_day(end) for end in ends)
    assert ends[0] >= served_on + timedelta(days=28)


@given(days)
def test_where_two_readings_stand_the_later_end_is_given_and_a_person_looks(served_on: date) -> None:
    both = opposition_delay(served_on=served_on, parameters=opposition(15, 1, review=True))
    readings = [
        opposition_delay(served_on=served_on, parameters=opposition(15, None)).last_day,
        opposition_delay(served_on=served_on, parameters=opposition(None, 1)).last_day,
    ]

    assert both.last_day == max(readings)
    assert both.review
    assert both.explanation.text == "procedure.review"
    assert sorted(step.value for step in both.explanation.children) == sorted(readings)  # type: ignore[type-var]


def test_a_law_without_delay_is_an_error() -> None:
    with pytest.raises(ReckoningError) as refused:
        opposition_delay(served_on=date(2020, 1, 1), parameters=opposition(None, None))
    assert refused.value.code == "procedure.no_opposition"


def test_an_unknown_month_of_holidays_is_refused() -> None:
    parameters = opposition()
    wrong = OppositionParameters(**{**vars(parameters), "holidays": Given("holidays", ("lent",))})
    with pytest.raises(ReckoningError) as refused:
        opposition_delay(served_on=date(2020, 1, 1), parameters=wrong)
    assert refused.value.code == "reckoning.unknown_choice"


def test_every_ground_of_a_bad_opposition_is_told_at_once() -> None:
    result = assess_opposition(
        served_on=date(2024, 3, 1),
        filed_on=date(2024, 5, 1),
        form="letter",
        reasoned=False,
        parameters=opposition(),
    )

    assert not result.allowed
    assert result.grounds == ("opposition.form", "opposition.no_reasons", "opposition.late")
    assert [step.text for step in result.explanation.children][:3] == list(result.grounds)


def test_a_valid_opposition_under_an_annulled_text_needs_nobody() -> None:
    result = assess_opposition(
        served_on=date(2018, 4, 6),
        filed_on=date(2018, 4, 10),
        form="summons",
        reasoned=True,
        parameters=opposition(15, None, annulled=True),
    )

    assert result.allowed
    assert not result.review


def test_a_contest_keeps_nothing_off_the_roll_where_the_law_did_not_say_so() -> None:
    delay = Delay(date(2019, 1, 2), date(2019, 2, 1), Explanation("procedure.notice"))
    silent = NoticeParameters(
        **{
            **vars(NOTICE),
            "contested_excluded": Given("excluded", False),
            "late_contest_excluded": Given("late", False),
        }
    )
    result = assess_contest(sent_on=date(2019, 2, 2), registered=True, delay=delay, parameters=silent)

    assert not result.allowed
    assert result.grounds == ("contest.late", "contest.not_in_law")
    assert result.review


@given(moments)
def test_execution_waits_twenty_four_hours_and_for_an_hour_of_a_working_day(served_at: datetime) -> None:
    earliest = earliest_execution(served_at, HOURS)

    assert earliest - served_at >= timedelta(hours=24)
    assert within_hours(earliest, HOURS)
    assert may_execute(earliest, served_at=served_at, parameters=HOURS)
    assert not may_execute(earliest - timedelta(seconds=1), served_at=served_at, parameters=HOURS)


def test_twenty_four_hours_are_elapsed_hours_when_the_clocks_change() -> None:
    # On Sunday 30 March 2025 the clocks go forward: that day has twenty-three hours.
    two_days = ExecutionParameters(Given("hours", 48), HOURS.first_hour, HOURS.last_hour)
    served_at = datetime(2025, 3, 29, 10, 0, tzinfo=BRUSSELS)

    assert earliest_execution(served_at, two_days) == datetime(2025, 3, 31, 11, 0, tzinfo=BRUSSELS)


def test_a_moment_without_time_zone_is_a_programming_error() -> None:
    with pytest.raises(ValueError, match="time zone"):
        earliest_execution(datetime(2025, 3, 14, 16, 0), HOURS)  # noqa: DTZ001 - what is refused here


def test_an_unknown_condition_of_keeping_is_refused() -> None:
    parameters = DebtKeepingParameters(Given("conditions", ("forgotten",)), Given("grace", 0))
    with pytest.raises(ReckoningError) as refused:
        debt_kept_until(outcome_on=date(2024, 1, 1), closed_on=date(2024, 1, 1), parameters=parameters)
    assert refused.value.code == "reckoning.unknown_choice"


@given(days, days, st.integers(0, 60))
def test_a_debtor_is_kept_until_the_later_condition_and_the_grace(one: date, other: date, grace: int) -> None:
    parameters = DebtKeepingParameters(
        Given("conditions", ("paid_or_irrecoverable", "bailiff_closed")), Given("grace", grace)
    )
    kept = debt_kept_until(outcome_on=one, closed_on=other, parameters=parameters)

    assert kept == max(one, other) + timedelta(days=grace)
