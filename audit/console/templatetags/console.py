"""Two charts of the overview: a bar a day, and a cell an hour of the week. Classes and geometry only."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console.selectors import DayCount
from secal.office import charts, formatting

register = template.Library()

WIDE = {"name": "wide", "width": 720, "left": 52, "every": 5}
NARROW = {"name": "narrow", "width": 320, "left": 44, "every": 10}
HEIGHT, TOP, RIGHT, FOOT = 168, 18, 12, 24
ROW = 20
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
    box = charts.Box(size["left"], TOP, size["width"] - size["left"] - RIGHT, HEIGHT - TOP - FOOT)
    series = [[day.reads for day in days], [day.refusals for day in days]]
    marks = charts.ticks([value for values in series for value in values], most=3)
    scale = charts.vertical_scale(marks, box)
    words = (_("lectures"), _("refus"))
    shapes = [
        {
            "x": _n(bar.x),
            "y": _n(bar.y),
            "width": _n(bar.width),
            "height": _n(bar.height),
            "place": place + 1,
            "title": f"{formatting.date_text(day.day)} – {words[place]} : {formatting.number_text(value)}",
        }
        for place, bars in enumerate(charts.grouped_bars(series, box, scale, gap=0.24))
        for day, value, bar in zip(days, series[place], bars, strict=True)
    ]
    last = len(days) - 1
    return {
        **size,
        "height": HEIGHT,
        "right": _n(box.right),
        "label_x": _n(box.left - 8),
        "foot": _n(box.bottom + 17),
        "zero": _n(scale(0)),
        "shapes": shapes,
        "ticks": [
            {"y": _n(tick.at), "text_y": _n(tick.at + 4), "text": formatting.number_text(int(tick.value))}
            for tick in charts.axis(marks, scale)
            if tick.value == int(tick.value)
        ],
        "labels": [
            {"x": _n(left + width / 2), "text": f"{day.day:%d/%m}"}
            for place, (day, (left, width)) in enumerate(zip(days, charts.slots(len(days), box), strict=True))
            if (last - place) % size["every"] == 0
        ],
    }


def _week(week: Mapping[tuple[int, int], int], most: int, size: Mapping[str, Any]) -> dict[str, Any]:
    box = charts.Box(size["left"], 4, size["width"] - size["left"] - RIGHT, ROW * len(WEEKDAYS))
    cells = []
    for day, name in enumerate(WEEKDAYS):
        for hour, (left, width) in zip(HOURS, charts.slots(len(HOURS), box), strict=True):
            number = week.get((day, hour), 0)
            cells.append(
                {
                    "x": _n(left + 0.5),
                    "y": _n(box.top + day * ROW + 0.5),
                    "width": _n(width - 1),
                    "height": _n(ROW - 1),
                    "level": -(-number * LEVELS // most),
                    "title": f"{name} {_hour(hour)} : {formatting.number_text(number)}",
                }
            )
    return {
        **size,
        "height": _n(box.bottom + FOOT),
        "label_x": _n(box.left - 8),
        "cells": cells,
        "rows": [
            {"text": str(name)[:3], "y": _n(box.top + day * ROW + ROW / 2 + 4)}
            for day, name in enumerate(WEEKDAYS)
        ],
        "labels": [
            {"x": _n(left + width / 2), "y": _n(box.bottom + 17), "text": hour}
            for hour, (left, width) in zip(HOURS, charts.slots(len(HOURS), box), strict=True)
            if hour % 6 == 0
        ],
    }


def _hour(hour: int) -> str:
    return _("%(hour)s h") % {"hour": hour}


def _n(number: float) -> str:
    """A coordinate: a point as decimal sign whatever the language of the page."""
    return f"{number:.1f}"
