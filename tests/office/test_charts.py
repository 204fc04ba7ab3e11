"""The numbers behind the pictures: inside the box, never negative, and the axis covers what it measures."""

from decimal import Decimal
from itertools import pairwise
from math import isclose

from hypothesis import assume, given
from hypothesis import strategies as st

from secal.office import charts

BOX = charts.Box(left=64, top=18, width=644, height=126)
AMOUNTS = st.decimals(min_value=-10_000_000, max_value=10_000_000, places=2)
SERIES = st.lists(AMOUNTS, min_size=1, max_size=24)
LITTLE = Decimal("1e-6")


def scale_for(values):
    return charts.vertical_scale(charts.ticks(values), BOX)


@given(values=SERIES, most=st.integers(2, 8))
def test_ticks_cover_zero_and_all_the_data(values, most):
    marks = charts.ticks(values, most=most)
    assert marks[0] <= min(0, *values)
    assert marks[-1] >= max(0, *values)


@given(values=SERIES, most=st.integers(2, 8))
def test_ticks_are_few_and_evenly_spaced(values, most):
    marks = charts.ticks(values, most=most)
    steps = [second - first for first, second in pairwise(marks)]
    assert 2 <= len(marks) <= most + 2
    assert all(isclose(step, steps[0], rel_tol=1e-6) for step in steps)


def test_empty_chart_still_has_an_axis():
    assert charts.ticks([]) == [0.0, 1.0]
    assert charts.ticks([0, 0]) == [0.0, 1.0]


def test_ticks_are_round_numbers():
    assert charts.ticks([4435], most=4) == [0, 2000, 4000, 6000]
    assert charts.ticks([430], most=3) == [0, 200, 400, 600]


@given(first=SERIES, second=SERIES)
def test_bars_stay_inside_the_box_and_are_never_negative(first, second):
    scale = scale_for([*first, *second])
    for bars in charts.grouped_bars([first, second], BOX, scale):
        for bar in bars:
            assert bar.width > 0
            assert bar.height >= 0
            assert bar.x >= BOX.left - LITTLE
            assert bar.x + bar.width <= BOX.right + LITTLE
            assert bar.y >= BOX.top - LITTLE
            assert bar.y + bar.height <= BOX.bottom + LITTLE


@given(first=SERIES)
def test_bars_of_one_series_do_not_overlap(first):
    (bars,) = charts.grouped_bars([first], BOX, scale_for(first))
    for left, right in pairwise(bars):
        assert left.x + left.width <= right.x + LITTLE


@given(values=SERIES)
def test_height_of_a_bar_is_in_proportion_to_its_value(values):
    largest = max(values, key=abs)
    assume(abs(largest) >= 1)
    (bars,) = charts.grouped_bars([values], BOX, scale_for(values))
    unit = bars[values.index(largest)].height / abs(largest)
    for value, bar in zip(values, bars, strict=True):
        assert isclose(bar.height, abs(value) * unit, abs_tol=1e-6)


@given(values=SERIES)
def test_line_passes_through_the_middle_of_each_slot_inside_the_box(values):
    points = charts.line_points(values, BOX, scale_for(values))
    for (x, y), (left, width) in zip(points, charts.slots(len(values), BOX), strict=True):
        assert isclose(x, left + width / 2)
        assert BOX.top - LITTLE <= y <= BOX.bottom + LITTLE


@given(values=SERIES)
def test_a_larger_value_is_never_drawn_lower(values):
    scale = scale_for(values)
    ordered = sorted(values)
    heights = [scale(value) for value in ordered]
    assert heights == sorted(heights, reverse=True)


@given(parts=st.lists(st.decimals(min_value=0, max_value=10_000_000, places=2), max_size=8))
def test_stacked_parts_lie_end_to_end_and_fill_the_whole(parts):
    laid = charts.stacked(parts, 100)
    end = Decimal(0)
    for start, size in laid:
        assert size >= 0
        assert isclose(start, end, abs_tol=LITTLE)
        end = start + size
    assert isclose(end, 100 if sum(parts) else 0, abs_tol=LITTLE)


def test_charts_of_the_same_box_share_their_months():
    bars = charts.slots(12, BOX)
    line = charts.slots(12, charts.Box(left=64, top=5, width=644, height=90))
    assert [left for left, _width in bars] == [left for left, _width in line]


def test_scale_keeps_outliers_on_the_edge():
    scale = charts.Scale(low=0, high=10, start=0, end=100)
    assert scale(-5) == 0
    assert scale(50) == 100
