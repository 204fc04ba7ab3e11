"""Charts as SVG: geometry from `secal.office.charts`, markup from `templates/components/`. Classes only."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _

from secal.office import charts, drawing, formatting
from secal.office.drawing import coordinate

register = template.Library()

# Two drawings of one chart; the stylesheet shows the one that fits, so that axis text is never scaled.
WIDE = {"name": "wide", "width": 720, "left": 64, "every": 1}
NARROW = {"name": "narrow", "width": 320, "left": 52, "every": 3}
BARS_HEIGHT, LINE_HEIGHT = 168, 152
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
    scale = charts.Scale(low=0, high=max(sizes, default=0), start=0, end=COMPARE_WIDTH)
    for row, size in zip(rows, sizes, strict=True):
        row["width"] = coordinate(scale(size))
    return {"rows": rows}


def _drawing(rows: list[dict[str, Any]], size: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": size["name"],
        "width": size["width"],
        "bars": _bars(rows, size),
        "line": _line(rows, size),
    }


def _bars(rows: list[dict[str, Any]], size: Mapping[str, Any]) -> dict[str, Any]:
    box = drawing.plot_box(size, BARS_HEIGHT)
    series = [[row["advances"] for row in rows], [row["recovered"] for row in rows]]
    marks = charts.ticks([value for values in series for value in values], most=3)
    scale = charts.vertical_scale(marks, box)
    titles = [
        [
            f"{formatting.month_text(row['month'])} – {word} : {formatting.money_text(value)}"
            for row, value in zip(rows, values, strict=True)
        ]
        for word, values in zip((_("Avances"), _("Récupéré")), series, strict=True)
    ]
    return {
        **_frame(rows, marks, box, scale, size["every"]),
        "shapes": drawing.bars(series, titles, box, scale),
    }


def _line(rows: list[dict[str, Any]], size: Mapping[str, Any]) -> dict[str, Any]:
    box = drawing.plot_box(size, LINE_HEIGHT)
    values = [row["arrears"] for row in rows]
    marks = charts.ticks(values, most=3)
    scale = charts.vertical_scale(marks, box)
    points = charts.line_points(values, box, scale)
    dots = [
        {
            "x": coordinate(x),
            "y": coordinate(y),
            "title": f"{formatting.month_text(row['month'])} : {formatting.money_text(row['arrears'])}",
        }
        for row, (x, y) in zip(rows, points, strict=True)
    ]
    last_x, last_y = points[-1]
    return {
        **_frame(rows, marks, box, scale, size["every"]),
        "path": " ".join(f"{coordinate(x)},{coordinate(y)}" for x, y in points),
        "dots": dots,
        # Above the last point, but never over the top edge.
        "last": {
            "x": coordinate(min(last_x + 12, Decimal(box.right))),
            "y": coordinate(max(last_y - 9, Decimal(11))),
            "value": values[-1],
        },
    }


def _frame(
    rows: list[dict[str, Any]], marks: list[Decimal], box: charts.Box, scale: charts.Scale, every: int
) -> dict[str, Any]:
    texts = [_axis_text(mark) for mark in marks[:-1]] + [_axis_money(marks[-1])]
    ticks = zip(charts.axis(marks, scale), texts, strict=True)
    months = [_month_label(row["month"], index, every) for index, row in enumerate(rows)]
    return drawing.frame(box, scale, ticks=ticks, labels=drawing.column_labels(months, box, every=every))


def _month_label(month: date, index: int, every: int) -> str:
    """January, the first month, and months that stand alone carry their year."""
    text = formatting.short_month_text(month)
    return f"{text} {month:%y}" if month.month == 1 or index == 0 or every > 1 else text


def _axis_text(value: Decimal) -> str:
    return formatting.number_text(int(value) if value == value.to_integral_value() else value)


def _axis_money(value: Decimal) -> str:
    """Whole euro, with the sign where the language puts it."""
    return re.sub(r"[.,]00(?=\D*$)", "", formatting.money_text(value))


def _get(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)
