"""Geometry of the charts: numbers in, numbers out. Templates draw; nothing here knows language or colour.

Coordinates are those of an SVG view box: x to the right, y downwards, in units that are pixels at scale 1.
Decimal like the values: nothing here is ever a binary number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

Number = Decimal | int

ZERO, ONE = Decimal(0), Decimal(1)
GAP = Decimal("0.36")
STEPS = (ONE, Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True)
class Box:
    """The plot area: where data may be drawn."""

    left: Number
    top: Number
    width: Number
    height: Number

    @property
    def right(self) -> Number:
        return self.left + self.width

    @property
    def bottom(self) -> Number:
        return self.top + self.height


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to one axis of the box. `low` is never above `high`."""

    low: Number
    high: Number
    start: Number
    end: Number

    def __call__(self, value: Number) -> Decimal:
        """Position of a value; values outside the domain stay on the edge."""
        share = (Decimal(value) - self.low) / (self.high - self.low) if self.high > self.low else ZERO
        return self.start + min(ONE, max(ZERO, share)) * (self.end - self.start)


@dataclass(frozen=True)
class Bar:
    """A rectangle; `width` and `height` are never negative."""

    x: Decimal
    y: Decimal
    width: Decimal
    height: Decimal


@dataclass(frozen=True)
class Tick:
    """A numbered place on an axis."""

    value: Decimal
    at: Decimal


def ticks(values: Sequence[Number], *, most: int = 4) -> list[Decimal]:
    """Round numbers that cover zero and all the values, in equal steps: at most `most` + 2 of them.

    The data of an empty or all-zero chart get the axis 0–1, so that a scale can always be made.
    """
    low = min([ZERO, *map(Decimal, values)])
    high = max([ZERO, *map(Decimal, values)])
    if high == low:
        return [ZERO, ONE]
    step = _round_step((high - low) / most)
    first, last = floor(low / step), -floor(-high / step)
    # Division may lose the last digit: widen rather than cut a value off.
    first -= first * step > low
    last += last * step < high
    return [index * step for index in range(first, last + 1)]


def vertical_scale(marks: Sequence[Decimal], box: Box) -> Scale:
    """Values upwards: the lowest mark on the bottom of the box, the highest on its top."""
    return Scale(low=marks[0], high=marks[-1], start=box.bottom, end=box.top)


def axis(marks: Sequence[Decimal], scale: Scale) -> list[Tick]:
    """The marks with their places."""
    return [Tick(value=mark, at=scale(mark)) for mark in marks]


def slots(count: int, box: Box) -> list[tuple[Decimal, Decimal]]:
    """`count` equal columns over the width of the box, as (left edge, width): charts with one box align."""
    if count <= 0:
        return []
    width = Decimal(box.width) / count
    return [(box.left + index * width, width) for index in range(count)]


def grouped_bars(
    series: Sequence[Sequence[Number]], box: Box, scale: Scale, *, gap: Decimal = GAP
) -> list[list[Bar]]:
    """One bar per series in each slot, side by side; `gap` is the empty share of a slot.

    Returns a list per series. A bar grows from the zero line, up or down, and stays inside the box.
    """
    count = max((len(values) for values in series), default=0)
    zero = scale(0)
    columns = slots(count, box)
    drawn: list[list[Bar]] = []
    for place, values in enumerate(series):
        bars = []
        for (left, width), value in zip(columns, values, strict=False):
            thickness = width * (1 - gap) / len(series)
            at = scale(value)
            x = left + width * gap / 2 + place * thickness
            bars.append(Bar(x=x, y=min(at, zero), width=thickness, height=abs(zero - at)))
        drawn.append(bars)
    return drawn


def line_points(values: Sequence[Number], box: Box, scale: Scale) -> list[tuple[Decimal, Decimal]]:
    """A point in the middle of each slot."""
    return [
        (left + width / 2, scale(value))
        for (left, width), value in zip(slots(len(values), box), values, strict=True)
    ]


def stacked(values: Sequence[Number], length: Number) -> list[tuple[Decimal, Decimal]]:
    """Shares of a whole laid end to end over `length`, as (start, length); negative values take no room."""
    parts = [max(ZERO, Decimal(value)) for value in values]
    total = sum(parts, ZERO)
    laid, start = [], ZERO
    for part in parts:
        # A share is rounded at its last digit: min() keeps the last part inside all the same.
        size = min(part / total * length, length - start) if total else ZERO
        laid.append((start, size))
        start += size
    return laid


def _round_step(rough: Decimal) -> Decimal:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `rough`."""
    power = ONE.scaleb(rough.adjusted())
    return next(step * power for step in STEPS if step * power >= rough)
