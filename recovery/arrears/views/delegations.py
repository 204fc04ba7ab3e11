"""Delegations of the Management Committee, kept by the register of users."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from recovery.arrears import selectors
from recovery.arrears.forms.procedure import DelegationForm
from recovery.arrears.models import Delegation
from recovery.arrears.services.delegations import record_delegation
from secal.kernel.errors import DomainError
from secal.office.screens import page, screen


@require_http_methods(["GET", "POST"])
@screen("delegation.record")
def delegation_list(request: HttpRequest) -> HttpResponse:
    """Who may sign rolls and issue constraints, since when, by which act; a new one below."""
    form = DelegationForm(request.POST or None, signatories=selectors.signatories())
    if request.method == "POST" and form.is_valid():
        filled = dict(form.cleaned_data)
        try:
            record_delegation(delegate_id=filled.pop("delegate"), **filled)
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("La délégation est enregistrée."))
            return redirect("arrears:delegations")
    context = {"form": form, "table": _table(selectors.delegations())}
    return page(request, "arrears/delegations.html", context)


def _table(found: list[Delegation]) -> dict[str, Any]:
    return {
        "caption": _("Délégations"),
        "columns": [
            {"label": _("Acte")},
            {"label": _("Signataire")},
            {"label": _("À partir du"), "kind": "date"},
            {"label": _("Jusqu’au"), "kind": "date"},
            {"label": _("Rôles")},
            {"label": _("Contraintes")},
        ],
        "rows": [
            {
                "cells": [
                    row.decision,
                    row.delegate.display_name,
                    row.from_on,
                    row.until_on,
                    _("oui") if row.signs_rolls else _("non"),
                    _("oui") if row.issues_constraints else _("non"),
                ]
            }
            for row in found
        ],
        "empty": {
            "title": _("Aucune délégation"),
            "text": _("Sans délégation en vigueur, personne ne rend un rôle exécutoire."),
        },
    }
