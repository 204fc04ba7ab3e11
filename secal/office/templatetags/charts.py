"""Charts as SVG: geometry from `secal.office.charts`, markup from `templates/components/`. Classes only."""

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from secal.office import charts, formatting

register = template.Library()

# Two drawings of one chart; the stylesheet shows the one that fits, so that axis text is never scaled.
WIDE = {"name": "wide", "width": 720, "left": 64, "every": 1}
NARROW = {"name": "narrow", "width": 320, "left": 52, "every": 3}
BARS_HEIGHT, LINE_HEIGHT = 168, 152
TOP, RIGHT, FOOT = 18, 12, 24
COMPARE_WIDTH = 100


@register.inclusion_tag("components/file_charts.html")
def file_charts(months: Iterable[Any]) -> dict[str, Any]:
    """Twelve months of a file: advances and receipts as bars, arrears as a line under the same months."""
    rows = [
        {name: _get(month, name) for name in ("month", "advances", "recovered", "arrears")}
        for month in months
    ]
    if not any(row["advances"] or row["recovered"] or row["arrears"] for row in rows):
        rows = []  # twelve empty months say less than the sentence that stands for them
    return {
        "rows": rows,
        "advances_total": sum((row["advances"] for row in rows), Decimal(0)),
        "recovered_total": sum((row["recovered"] for row in rows), Decimal(0)),
        "last": rows[-1] if rows else None,
        "drawings": [_drawing(rows, size) for size in (WIDE, NARROW)] if rows else [],
    }


@register.inclusion_tag("components/bar_compare.html")
def bar_compare(items: Iterable[Any]) -> dict[str, Any]:
    """Horizontal bars on one scale from zero, each with its number."""
    rows = [
        {
            "label": _get(item, "label"),
            "amount": _get(item, "amount"),
            "value": _get(item, "value"),
            "hint": _get(item, "hint"),
            "strong": _get(item, "strong"),
        }
        for item in items
    ]
    sizes = [Decimal(row["value"] if row["amount"] is None else row["amount"]) for row in rows]
    scale = charts.Scale(low=0, high=float(max(sizes, default=0)), start=0, end=COMPARE_WIDTH)
    for row, size in zip(rows, sizes, strict=True):
        row["width"] = _n(scale(size))
    return {"rows": rows}


def _drawing(rows: list[dict[str, Any]], size: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": size["name"],
        "width": size["width"],
        "months": _month_labels(rows, _box(size, BARS_HEIGHT), size["every"]),
        "bars": _bars(rows, _box(size, BARS_HEIGHT)),
        "line": _line(rows, _box(size, LINE_HEIGHT)),
    }


def _box(size: Mapping[str, Any], height: float) -> charts.Box:
    width = size["width"] - size["left"] - RIGHT
    return charts.Box(left=size["left"], top=TOP, width=width, height=height - TOP - FOOT)


def _frame(marks: list[float], box: charts.Box, scale: charts.Scale, height: int) -> dict[str, Any]:
    return {
        "height": height,
        "left": _n(box.left),
        "right": _n(box.right),
        "bottom": _n(box.bottom),
        "label_x": _n(box.left - 8),
        "month_y": _n(box.bottom + 17),
        "zero": _n(scale(0)),
        "ticks": [
            {
                "y": _n(tick.at),
                "text_y": _n(tick.at + 4),
                "text": _axis_text(tick.value),
                "money": _axis_money(tick.value),
            }
            for tick in charts.axis(marks, scale)
        ],
    }


def _bars(rows: list[dict[str, Any]], box: charts.Box) -> dict[str, Any]:
    series = [[row["advances"] for row in rows], [row["recovered"] for row in rows]]
    marks = charts.ticks([value for values in series for value in values], most=3)
    scale = charts.vertical_scale(marks, box)
    words = (_("Avances"), _("Récupéré"))
    drawn = []
    for place, bars in enumerate(charts.grouped_bars(series, box, scale)):
        for row, value, bar in zip(rows, series[place], bars, strict=True):
            drawn.append(
                {
                    "x": _n(bar.x),
                    "y": _n(bar.y),
                    "width": _n(bar.width),
                    "height": _n(bar.height),
                    "place": place + 1,
                    "title": f"{formatting.month_text(row['month'])} – {words[place]} : "
                    f"{formatting.money_text(value)}",
                }
            )
    return {**_frame(marks, box, scale, BARS_HEIGHT), "shapes": drawn}


def _line(rows: list[dict[str, Any]], box: charts.Box) -> dict[str, Any]:
    values = [row["arrears"] for row in rows]
    marks = charts.ticks(values, most=3)
    scale = charts.vertical_scale(marks, box)
    points = charts.line_points(values, box, scale)
    dots = [
        {
            "x": _n(x),
            "y": _n(y),
            "title": f"{formatting.month_text(row['month'])} : {formatting.money_text(row['arrears'])}",
        }
        for row, (x, y) in zip(rows, points, strict=True)
    ]
    last_x, last_y = points[-1]
    return {
        **_frame(marks, box, scale, LINE_HEIGHT),
        "path": " ".join(f"{_n(x)},{_n(y)}" for x, y in points),
        "dots": dots,
        # Above the last point, but never over the top edge.
        "last": {"x": _n(min(last_x + 12, box.right)), "y": _n(max(last_y - 9, 11)), "value": values[-1]},
    }


def _month_labels(rows: list[dict[str, Any]], box: charts.Box, every: int) -> list[dict[str, Any]]:
    """Counted from the last month backwards: the present is always named; January carries its year."""
    last = len(rows) - 1
    labels = []
    for index, (row, (left, width)) in enumerate(zip(rows, charts.slots(len(rows), box), strict=True)):
        if (last - index) % every == 0:
            month = row["month"]
            text = formatting.short_month_text(month)
            if month.month == 1 or index == 0 or every > 1:
                text = f"{text} {month:%y}"
            labels.append({"x": _n(left + width / 2), "text": text})
    return labels


def _axis_text(value: float) -> str:
    number = Decimal(str(value))
    return formatting.number_text(int(number) if number == number.to_integral_value() else number)


def _axis_money(value: float) -> str:
    """Whole euro, with the sign where the language puts it."""
    return re.sub(r"[.,]00(?=\D*$)", "", formatting.money_text(Decimal(str(value))))


def _n(number: float) -> str:
    """A coordinate: a point as decimal sign whatever the language of the page."""
    return f"{number:.1f}"


def _get(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
