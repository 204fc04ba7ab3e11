"""Parts of a chart as `templates/components/chart_*.html` draw them: the geometry of `charts`, as text."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from secal.office import charts

TOP, RIGHT, FOOT = 18, 12, 24
"""Room above, beside and under the plot area."""


def coordinate(number: charts.Number) -> str:
    """A point as decimal sign whatever the language of the page."""
    return f"{number:.1f}"


def plot_box(size: Mapping[str, Any], height: int) -> charts.Box:
    """The plot area of a drawing of that size, `left` being the room of the axis texts."""
    return charts.Box(size["left"], TOP, size["width"] - size["left"] - RIGHT, height - TOP - FOOT)


def frame(
    box: charts.Box,
    scale: charts.Scale,
    *,
    ticks: Iterable[tuple[charts.Tick, str]],
    labels: Sequence[Mapping[str, str]],
) -> dict[str, Any]:
    """What stands around the data: grid lines with their texts, labels under the columns, the zero line."""
    return {
        "height": coordinate(box.bottom + FOOT),
        "left": coordinate(box.left),
        "right": coordinate(box.right),
        "tick_x": coordinate(box.left - 8),
        "label_y": coordinate(box.bottom + 17),
        "zero": coordinate(scale(0)),
        "labels": labels,
        "ticks": [
            {"y": coordinate(tick.at), "text_y": coordinate(tick.at + 4), "text": text}
            for tick, text in ticks
        ],
    }


def column_labels(texts: Sequence[object], box: charts.Box, *, every: int) -> list[dict[str, str]]:
    """One text in `every`, counted from the last column backwards: the present is always named."""
    last = len(texts) - 1
    return [
        {"x": coordinate(left + width / 2), "text": str(text)}
        for index, (text, (left, width)) in enumerate(zip(texts, charts.slots(len(texts), box), strict=True))
        if (last - index) % every == 0
    ]


def bars(
    series: Sequence[Sequence[charts.Number]],
    titles: Sequence[Sequence[str]],
    box: charts.Box,
    scale: charts.Scale,
    *,
    gap: Decimal = charts.GAP,
) -> list[dict[str, Any]]:
    """The bars of `charts.grouped_bars`, each with its title and the place of its series."""
    return [
        {
            "x": coordinate(bar.x),
            "y": coordinate(bar.y),
            "width": coordinate(bar.width),
            "height": coordinate(bar.height),
            "place": place,
            "title": title,
        }
        for place, (drawn, told) in enumerate(
            zip(charts.grouped_bars(series, box, scale, gap=gap), titles, strict=True), start=1
        )
        for bar, title in zip(drawn, told, strict=True)
    ]
