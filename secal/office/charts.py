"""Geometry of the charts: numbers in, numbers out. Templates draw; nothing here knows language or colour.

Coordinates are those of an SVG view box: x to the right, y downwards, in units that are pixels at scale 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor, log10

Number = Decimal | int | float

STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True)
class Box:
    """The plot area: where data may be drawn."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass(frozen=True)
class Scale:
    """A linear scale from values to one axis of the box. `low` is never above `high`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: Number) -> float:
        """Position of a value; values outside the domain stay on the edge."""
        share = (float(value) - self.low) / (self.high - self.low) if self.high > self.low else 0.0
        return self.start + min(1.0, max(0.0, share)) * (self.end - self.start)


@dataclass(frozen=True)
class Bar:
    """A rectangle; `width` and `height` are never negative."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Tick:
    """A numbered place on an axis."""

    value: float
    at: float


def ticks(values: Sequence[Number], *, most: int = 4) -> list[float]:
    """Round numbers that cover zero and all the values, in equal steps: at most `most` + 2 of them.

    The data of an empty or all-zero chart get the axis 0–1, so that a scale can always be made.
    """
    low = min([0.0, *map(float, values)])
    high = max([0.0, *map(float, values)])
    if high == low:
        return [0.0, 1.0]
    step = _round_step((high - low) / most)
    first, last = floor(low / step), -floor(-high / step)
    # Division may lose the last bit: widen rather than cut a value off.
    first -= first * step > low
    last += last * step < high
    return [index * step for index in range(first, last + 1)]


def vertical_scale(marks: Sequence[float], box: Box) -> Scale:
    """Values upwards: the lowest mark on the bottom of the box, the highest on its top."""
    return Scale(low=marks[0], high=marks[-1], start=box.bottom, end=box.top)


def axis(marks: Sequence[float], scale: Scale) -> list[Tick]:
    """The marks with their places."""
    return [Tick(value=mark, at=scale(mark)) for mark in marks]


def slots(count: int, box: Box) -> list[tuple[float, float]]:
    """`count` equal columns over the width of the box, as (left edge, width): charts with one box align."""
    if count <= 0:
        return []
    width = box.width / count
    return [(box.left + index * width, width) for index in range(count)]


def grouped_bars(
    series: Sequence[Sequence[Number]], box: Box, scale: Scale, *, gap: float = 0.36
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


def line_points(values: Sequence[Number], box: Box, scale: Scale) -> list[tuple[float, float]]:
    """A point in the middle of each slot."""
    return [
        (left + width / 2, scale(value))
        for (left, width), value in zip(slots(len(values), box), values, strict=True)
    ]


def stacked(values: Sequence[Number], length: float) -> list[tuple[float, float]]:
    """Shares of a whole laid end to end over `length`, as (start, length); negative values take no room."""
    parts = [max(0.0, float(value)) for value in values]
    total = sum(parts)
    laid, start = [], 0.0
    for part in parts:
        # min() keeps the last part inside although the shares were added in binary.
        size = min(part / total * length, length - start) if total else 0.0
        laid.append((start, max(0.0, size)))
        start += max(0.0, size)
    return laid


def _round_step(rough: float) -> float:
    """The smallest of 1, 2, 2.5, 5 × 10ⁿ that is not below `rough`."""
    power = 10.0 ** floor(log10(rough))
    return next(step * power for step in STEPS if step * power >= rough * (1 - 1e-9))
