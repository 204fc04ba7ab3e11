"""The law in force: every legal value on a day, with its source, and what the texts leave open."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from secal.law import ParameterValue, Status, all_parameters, assumptions_in_force
from secal.law.page_wording import CHOICES, CONDITIONS, SUBJECTS
from secal.law.wording import TITLES
from secal.office.clock import today
from secal.office.explaining import legal_text, source_text
from secal.office.fields import DayField
from secal.office.screens import page, screen

STATUSES = {
    Status.READ: {"state": "good", "word": gettext_lazy("lu dans le texte")},
    Status.FLOOR: {"state": "underway", "word": gettext_lazy("minimum légal")},
    Status.EARLIER: {"state": "attention", "word": gettext_lazy("de seconde main")},
    Status.PRACTICE: {"state": "neutral", "word": gettext_lazy("choix du service")},
}


class DayForm(forms.Form):
    """The day on which the law is looked at."""

    on = DayField(label=gettext_lazy("Valeurs en vigueur le"))


@require_GET
@screen("office.law")
def law(request: HttpRequest) -> HttpResponse:
    """Assumptions first, then every subject; another day by the form. No personal data here."""
    form = DayForm(request.GET if "on" in request.GET else None, initial={"on": today()})
    on = form.cleaned_data["on"] if form.is_bound and form.is_valid() else today()
    values = [value for value in all_parameters() if value.in_force(on)]
    context = {
        "on": on,
        "form": form,
        "assumptions": _assumptions(assumptions_in_force(on)),
        "subjects": [
            {"title": _(SUBJECTS[subject]), "table": _table(subject, group)}
            for subject, group in groupby(
                sorted(values, key=lambda value: value.subject), lambda value: value.subject
            )
        ],
    }
    return page(request, "office/law.html", context)


def _assumptions(values: Iterable[ParameterValue]) -> dict[str, Any]:
    return {
        "caption": _("Hypothèses en vigueur"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Ce que les textes laissent ouvert")},
            {"label": _("Choix du service")},
            {"label": _("Fondement")},
            {"label": _("Depuis"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": _title(value), "hint": _(CHOICES[value.name]) if value.name in CHOICES else ""},
                    _told(value),
                    source_text(value.source),
                    value.valid_from,
                ]
            }
            for value in values
        ],
        "empty": {"title": _("Aucune hypothèse"), "text": _("À cette date, chaque valeur vient d’un texte.")},
    }


def _table(subject: str, values: Iterable[ParameterValue]) -> dict[str, Any]:
    return {
        "caption": _(SUBJECTS[subject]),
        "caption_hidden": True,
        "columns": [
            {"label": _("Valeur légale")},
            {"label": _("En vigueur")},
            {"label": _("Du"), "kind": "date"},
            {"label": _("Au"), "kind": "date"},
            {"label": _("Source")},
            {"label": _("Vérifiée jusqu’au"), "kind": "date"},
            {"label": _("Sûreté"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    _title(value),
                    _told(value),
                    value.valid_from,
                    value.valid_to,
                    {"value": source_text(value.source), "hint": value.act},
                    value.verified_until,
                    STATUSES[value.status],
                ]
            }
            for value in values
        ],
    }


def _title(value: ParameterValue) -> str:
    title = _(TITLES[value.name])
    if not value.conditions:
        return title
    conditions = ", ".join(_condition(name, held) for name, held in sorted(value.conditions.items()))
    return f"{title} ({conditions})"


def _condition(name: str, held: str | bool) -> str:
    key = f"{name}={held}".lower()
    return _(CONDITIONS[key]) if key in CONDITIONS else f"{name} : {held}"


def _told(value: ParameterValue) -> str:
    if value.value is None:
        return _("aucune : abrogée")
    return legal_text(value.name, value.value, value.unit or "") or _("rien de plus")
