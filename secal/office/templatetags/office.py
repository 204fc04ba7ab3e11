"""Tags of the office's pages: words and numbers, and the components of `templates/components/`.

`templates/README.md` is the contract; each component takes mappings or objects with the names given there.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm, BaseFormSet, BoundField
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from secal.office import charts, clock, explaining, formatting

register = template.Library()

Text = str | Promise

TIMELINE_KINDS = {
    "money": gettext_lazy("Comptes"),
    "decision": gettext_lazy("Décision"),
    "consultation": gettext_lazy("Consultation"),
    "bailiff": gettext_lazy("Huissier"),
    "letter": gettext_lazy("Courrier"),
    "deadline": gettext_lazy("Échéance"),
    "system": gettext_lazy("Système"),
}
JOB_STATES = {
    "waiting": ("neutral", gettext_lazy("En attente")),
    "running": ("underway", gettext_lazy("En cours")),
    "done": ("good", gettext_lazy("Terminé")),
    "failed": ("late", gettext_lazy("Échec")),
    "cancelled": ("neutral", gettext_lazy("Annulé")),
}
STEP_WORDS = {
    "done": gettext_lazy("fait"),
    "current": gettext_lazy("en cours"),
    "error": gettext_lazy("à corriger"),
    "todo": gettext_lazy("à faire"),
}
COLUMN_CLASSES = {"money": "num", "number": "num", "code": "code"}
SOON_DAYS = 7


# --- words and numbers -------------------------------------------------------------------------------


@register.simple_tag
def office_money(amount: Decimal | None, word: Text = "", sign: bool = False) -> SafeString:
    """An amount as markup; a negative one carries its word before the figure: columns stay aligned."""
    text = formatting.money_text(amount, sign=sign)
    if amount is None or Decimal(amount) >= 0:
        return format_html('<span class="money">{}</span>', text)
    return format_html(
        '<span class="money money--negative"><span class="money__word">{}</span> {}</span>',
        word or _("négatif"),
        text,
    )


@register.filter
def money(amount: Decimal | None) -> str:
    return formatting.money_text(amount)


@register.filter
def count(number: Decimal | int | str | None) -> str:
    """A capped count ("1 000+") comes as text and stays as it is."""
    return number if isinstance(number, str) else formatting.number_text(number)


@register.filter
def office_date(day: date | datetime | None) -> str:
    return formatting.date_text(day)


@register.filter
def office_datetime(moment: datetime | date | None) -> str:
    return formatting.datetime_text(moment)


@register.filter
def office_month(day: date | None) -> str:
    return formatting.month_text(day)


@register.filter
def distance(day: date | datetime | None, on: date | None = None) -> str:
    return formatting.distance_text(day, on=on or clock.today())


@register.filter
def iso(day: date | datetime | None) -> str:
    """For the datetime attribute of <time>."""
    return day.isoformat() if day else ""


@register.inclusion_tag("components/deadline.html")
def deadline(
    day: date | datetime | None, on: date | None = None, done: bool = False, soon: int = SOON_DAYS
) -> dict[str, Any]:
    """A date with its distance in words; overdue first and named so."""
    if day is None:
        return {"day": None}
    reference = on or clock.today()
    days = (formatting.as_date(day) - reference).days
    state = "neutral" if done or days > soon else "late" if days < 0 else "attention"
    words = formatting.distance_text(day, on=reference)
    if state == "late":
        words = formatting.overdue_text(day, on=reference)
    return {"day": day, "state": state, "words": words, "done": done}


@register.inclusion_tag("components/status.html")
def status(state: str, word: Text) -> dict[str, Any]:
    """State as word, shape and colour."""
    return {"state": state, "word": word}


# --- parts of a case page ----------------------------------------------------------------------------


@register.inclusion_tag("components/identity_bar.html")
def identity_bar(identity: Any) -> dict[str, Any]:
    return {"identity": identity}


@register.inclusion_tag("components/figures.html")
def figures(items: Iterable[Any]) -> dict[str, Any]:
    return {"figures": items}


@register.inclusion_tag("components/timeline.html")
def timeline(entries: Iterable[Any], heading_level: int = 3) -> dict[str, Any]:
    """Entries newest first, grouped by month."""
    told = [
        {"entry": entry, "kind": _get(entry, "kind") or "system", "word": _kind_word(entry)}
        for entry in entries
    ]
    months = groupby(told, key=lambda line: formatting.as_date(_get(line["entry"], "when")).replace(day=1))
    return {
        "months": [{"month": month, "lines": list(lines)} for month, lines in months],
        "heading": f"h{heading_level}",
    }


@register.inclusion_tag("components/table.html")
def data_table(table: Any) -> dict[str, Any]:
    """A table whose rows become labelled blocks on a narrow screen."""
    columns = [_column(column) for column in _get(table, "columns")]
    return {
        "table": table,
        "columns": columns,
        "rows": [_row(row, columns) for row in _get(table, "rows") or ()],
        "totals": [_row(row, columns) for row in _get(table, "totals") or ()],
    }


@register.inclusion_tag("components/task_list.html")
def task_list(tasks: Iterable[Any]) -> dict[str, Any]:
    return {"tasks": tasks}


@register.inclusion_tag("components/explanation.html")
def explanation(node: Any) -> dict[str, Any]:
    """The calculation as a tree: each step its amount, its legal source, its parameters."""
    return {"node": explaining.told(node)}


@register.inclusion_tag("components/summary_list.html")
def summary_list(rows: Iterable[Any]) -> dict[str, Any]:
    return {"rows": rows}


@register.inclusion_tag("components/allocation.html")
def allocation(parts: Iterable[Any]) -> dict[str, Any]:
    """How one receipt was spread over the debt lines."""
    parts = list(parts)
    laid = charts.stacked([Decimal(_get(part, "amount")) for part in parts], 100)
    return {
        "parts": [
            {"part": part, "x": f"{start:.2f}", "width": f"{size:.2f}", "place": place % 6 + 1}
            for place, (part, (start, size)) in enumerate(zip(parts, laid, strict=True))
        ]
    }


# --- waiting, empty, remarks -------------------------------------------------------------------------


@register.inclusion_tag("components/empty_state.html")
def empty_state(title: Text, text: Text = "", url: str = "", action: Text = "") -> dict[str, Any]:
    return {"title": title, "text": text, "url": url, "action": action}


@register.inclusion_tag("components/progress.html", takes_context=True)
def progress(context: Context, job: Any) -> dict[str, Any]:
    state = str(_get(job, "state") or "running")
    tag_state, word = JOB_STATES.get(state, JOB_STATES["running"])
    value, total = _get(job, "value") or 0, _get(job, "total")
    return {
        "job": job,
        "status": _get(job, "status") or {"state": tag_state, "word": word},
        "share": formatting.percent_text(Decimal(value) / Decimal(total)) if total else "",
        "over": state in {"done", "failed", "cancelled"},
        "csrf_token": context.get("csrf_token"),
    }


@register.inclusion_tag("components/alert.html")
def alert(kind: str, text: Text, title: Text = "", url: str = "", action: Text = "") -> dict[str, Any]:
    return {"state": kind, "text": text, "title": title, "url": url, "action": action}


@register.inclusion_tag("components/inset.html")
def inset(text: Text, title: Text = "") -> dict[str, Any]:
    return {"text": text, "title": title}


# --- finding one's way -------------------------------------------------------------------------------


@register.inclusion_tag("components/stepper.html")
def stepper(steps: Iterable[Any]) -> dict[str, Any]:
    steps = list(steps)
    return {
        "steps": [
            {"step": step, "state": _get(step, "state"), "word": STEP_WORDS[_get(step, "state")]}
            for step in steps
        ],
        "current": next((n for n, step in enumerate(steps, 1) if _get(step, "state") == "current"), None),
        "total": len(steps),
    }


@register.inclusion_tag("components/filters.html")
def filters(groups: Iterable[Any]) -> dict[str, Any]:
    return {"groups": groups}


@register.inclusion_tag("components/tabs.html")
def tabs(items: Iterable[Any]) -> dict[str, Any]:
    return {"tabs": items}


@register.inclusion_tag("components/pagination.html", takes_context=True)
def pagination(context: Context, page: "Page[Any]", param: str = "page") -> dict[str, Any]:
    """Previous, next and the pages around; the other GET parameters stay."""

    def link(number: int) -> str:
        query = context["request"].GET.copy()
        query[param] = number
        return f"?{query.urlencode()}"

    pages = page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)
    return {
        "page": page,
        "previous": link(page.previous_page_number()) if page.has_previous() else "",
        "next": link(page.next_page_number()) if page.has_next() else "",
        "pages": [
            {"number": number, "url": link(number) if isinstance(number, int) else ""} for number in pages
        ],
    }


# --- forms -------------------------------------------------------------------------------------------


@register.inclusion_tag("django/forms/field.html")
def field(bound: BoundField, width: str = "", optional: bool = False, hint: Text = "") -> dict[str, Any]:
    return {"field": bound, "width": width, "optional": optional, "hint": hint}


@register.inclusion_tag("components/error_summary.html")
def error_summary(*forms: "BaseForm | BaseFormSet[Any]") -> dict[str, Any]:
    """Every fault of the forms, each a link to its field."""
    return {"errors": [line for form in forms for line in _errors(form)]}


@register.filter
def widget_kind(bound: BoundField) -> str:
    """Class name of the widget, in lower case: ``textinput``, ``checkboxinput``."""
    return type(bound.field.widget).__name__.lower()


@register.simple_tag
def shape(state: str) -> SafeString:
    """The shape that goes with a state, so that colour never speaks alone."""
    return SHAPES.get(state, SHAPES["neutral"])


def _svg(path: str) -> SafeString:
    # The paths are the literals below: no outside text enters.
    return mark_safe(  # noqa: S308 - constant markup
        f'<svg class="shape" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{path}</svg>'
    )


SHAPES = {
    "neutral": _svg('<circle cx="6" cy="6" r="4" class="shape__line"/>'),
    "underway": _svg('<circle cx="6" cy="6" r="4" class="shape__line"/><path d="M6 2a4 4 0 0 1 0 8z"/>'),
    "attention": _svg('<path d="M6 1.2 11.3 10.6H.7z"/>'),
    "late": _svg('<path d="M6 .6 11.4 6 6 11.4.6 6z"/>'),
    "good": _svg('<path class="shape__line" d="m1.8 6.4 2.9 2.9 5.5-6"/>'),
    "money": _svg('<circle cx="6" cy="6" r="4.6"/>'),
    "decision": _svg('<path d="M1.6 1.6h8.8v8.8H1.6z"/>'),
    "consultation": _svg(
        '<circle cx="5" cy="5" r="3.4" class="shape__line"/><path class="shape__line" d="m7.6 7.6 3 3"/>'
    ),
    "bailiff": _svg('<path d="M6 1 11 10.4H1z"/>'),
    "letter": _svg('<path class="shape__line" d="M1.2 2.6h9.6v6.8H1.2zM1.2 3l4.8 3.8L10.8 3"/>'),
    "deadline": _svg(
        '<circle cx="6" cy="6" r="4.6" class="shape__line"/><path class="shape__line" d="M6 3.4V6l1.8 1.2"/>'
    ),
    "system": _svg('<circle cx="6" cy="6" r="2.2"/>'),
}


def _errors(form: "BaseForm | BaseFormSet[Any]") -> Iterator[dict[str, Any]]:
    if isinstance(form, BaseFormSet):
        yield from ({"text": text} for text in form.non_form_errors())
        for part in form.forms:
            yield from _errors(part)
        return
    for name, messages in form.errors.items():
        bound = form[name] if name in form.fields else None
        for message in messages:
            yield {"text": message, "label": bound.label if bound else "", "target": _target(bound)}


def _target(bound: BoundField | None) -> str:
    if bound is None:
        return ""
    # A group of radios has no single id: its first choice takes the focus.
    return bound.id_for_label or f"{bound.auto_id}_0"


def _get(item: Any, name: str) -> Any:
    return item.get(name) if isinstance(item, Mapping) else getattr(item, name, None)


def _kind_word(entry: Any) -> Text:
    return TIMELINE_KINDS.get(_get(entry, "kind") or "system", TIMELINE_KINDS["system"])


def _column(column: Any) -> dict[str, Any]:
    kind = _get(column, "kind") or "text"
    return {
        "label": _get(column, "label"),
        "kind": kind,
        "css": COLUMN_CLASSES.get(kind, ""),
        "sort_url": _get(column, "sort_url"),
        "sorted": _get(column, "sorted"),
    }


def _row(row: Any, columns: list[dict[str, Any]]) -> dict[str, Any]:
    cells = []
    for column, cell in zip(columns, _get(row, "cells"), strict=False):
        wrapped = cell if isinstance(cell, Mapping) and "value" in cell else {"value": cell}
        kind = column["kind"]
        if isinstance(wrapped["value"], str | Promise):
            kind = "text"  # a word in a column of dates or amounts: "Total", "à payer"
        css = f"{column['css']} blank" if wrapped["value"] in (None, "") else column["css"]
        cells.append({**wrapped, "column": column, "kind": kind, "css": css})
    return {"cells": cells, "row": row}
