"""Two charts of the overview: a bar a day, and a cell an hour of the week. Classes and geometry only."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console.selectors import DayCount
from secal.office import charts, drawing, formatting
from secal.office.drawing import coordinate

register = template.Library()

WIDE = {"name": "wide", "width": 720, "left": 52, "every": 5}
NARROW = {"name": "narrow", "width": 320, "left": 44, "every": 10}
HEIGHT = 168
ROW = 20
HALF_ROW = ROW // 2
EDGE = Decimal("0.5")
DAY_GAP = Decimal("0.24")
LEVELS = 5
HOURS = range(24)
WEEKDAYS = (
    gettext_lazy("lundi"),
    gettext_lazy("mardi"),
    gettext_lazy("mercredi"),
    gettext_lazy("jeudi"),
    gettext_lazy("vendredi"),
    gettext_lazy("samedi"),
    gettext_lazy("dimanche"),
)


@register.inclusion_tag("console/day_chart.html")
def day_chart(days: Sequence[DayCount]) -> dict[str, Any]:
    """Reads and refusals of each day as bars, with their table."""
    total = sum(day.reads + day.refusals + day.others for day in days)
    return {
        "days": days if total else [],
        "reads": sum(day.reads for day in days),
        "refusals": sum(day.refusals for day in days),
        "drawings": [_days(days, size) for size in (WIDE, NARROW)] if total else [],
    }


@register.inclusion_tag("console/week_chart.html")
def week_chart(week: Mapping[tuple[int, int], int]) -> dict[str, Any]:
    """Reads by weekday and hour: the darker the more; the table has the numbers."""
    most = max(week.values(), default=0)
    return {
        "most": most,
        "weekdays": WEEKDAYS,
        "hours": [
            {
                "label": _hour(hour),
                "numbers": [(name, week.get((day, hour), 0)) for day, name in enumerate(WEEKDAYS)],
            }
            for hour in HOURS
        ],
        "drawings": [_week(week, most, size) for size in (WIDE, NARROW)] if most else [],
        "levels": range(1, LEVELS + 1),
    }


def _days(days: Sequence[DayCount], size: Mapping[str, Any]) -> dict[str, Any]:
    box = drawing.plot_box(size, HEIGHT)
    series = [[day.reads for day in days], [day.refusals for day in days]]
    marks = charts.ticks([value for values in series for value in values], most=3)
    scale = charts.vertical_scale(marks, box)
    titles = [
        [
            f"{formatting.date_text(day.day)} – {word} : {formatting.number_text(value)}"
            for day, value in zip(days, values, strict=True)
        ]
        for word, values in zip((_("lectures"), _("refus")), series, strict=True)
    ]
    ticks = [
        (tick, formatting.number_text(int(tick.value)))
        for tick in charts.axis(marks, scale)
        if tick.value == int(tick.value)
    ]
    labels = drawing.column_labels([f"{day.day:%d/%m}" for day in days], box, every=size["every"])
    plot = drawing.frame(box, scale, ticks=ticks, labels=labels)
    return {**size, **plot, "shapes": drawing.bars(series, titles, box, scale, gap=DAY_GAP)}


def _week(week: Mapping[tuple[int, int], int], most: int, size: Mapping[str, Any]) -> dict[str, Any]:
    box = charts.Box(size["left"], 4, size["width"] - size["left"] - drawing.RIGHT, ROW * len(WEEKDAYS))
    cells = []
    for day, name in enumerate(WEEKDAYS):
        for hour, (left, width) in zip(HOURS, charts.slots(len(HOURS), box), strict=True):
            number = week.get((day, hour), 0)
            cells.append(
                {
                    "x": coordinate(left + EDGE),
                    "y": coordinate(box.top + day * ROW + EDGE),
                    "width": coordinate(width - 1),
                    "height": coordinate(ROW - 1),
                    "level": -(-number * LEVELS // most),
                    "title": f"{name} {_hour(hour)} : {formatting.number_text(number)}",
                }
            )
    return {
        **size,
        "height": coordinate(box.bottom + drawing.FOOT),
        "label_x": coordinate(box.left - 8),
        "cells": cells,
        "rows": [
            {"text": str(name)[:3], "y": coordinate(box.top + day * ROW + HALF_ROW + 4)}
            for day, name in enumerate(WEEKDAYS)
        ],
        "labels": [
            {"x": coordinate(left + width / 2), "y": coordinate(box.bottom + 17), "text": hour}
            for hour, (left, width) in zip(HOURS, charts.slots(len(HOURS), box), strict=True)
            if hour % 6 == 0
        ],
    }


def _hour(hour: int) -> str:
    return _("%(hour)s h") % {"hour": hour}
