"""The two watchers' pages: the matrix of rights with what changed, and the sessions of now."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from secal.access.actors import current_actor
from secal.access.policy import may
from secal.access.roles import Plane
from secal.office.clock import today
from secal.office.formatting import date_text
from secal.office.screens import page, screen
from secal.register.forms import DayForm
from secal.register.matters import ENTRY
from secal.register.rules import Mark
from secal.register.selectors import watching as selectors
from secal.register.selectors.people import is_entered
from secal.register.services.sessions import end_sessions

A_PAGE = 50


@require_GET
@screen("register.matrix")
def matrix(request: HttpRequest) -> HttpResponse:
    """Persons by roles and missions on a day; what was added or ended since the last quarter began."""
    form = DayForm(request.GET if "jour" in request.GET else None, initial={"jour": today()})
    on = (form.is_valid() and form.cleaned_data["jour"]) or today()
    text = request.GET.get("domaine", "")
    plane = Plane(text) if text in Plane.values else Plane.CASEWORK
    changed = request.GET.get("changes") == "1"
    holders = Paginator(selectors.holders(plane, on=on, changed=changed), A_PAGE).get_page(
        request.GET.get("page")
    )
    rows = selectors.rows(list(holders.object_list), plane, on=on)
    context = {
        "form": form,
        "plane": plane,
        "changed": changed,
        "columns": [column.label for column in selectors.columns(plane)],
        "rows": [{"user": row.user, "cells": _cells(row, plane)} for row in rows],
        "holders": holders,
        "filters": _filters(plane, changed, on),
        "since": selectors.since(on),
        "on": on,
    }
    return page(request, "register/matrix.html", context)


@require_GET
@screen("sessions.view")
def sessions(request: HttpRequest) -> HttpResponse:
    """Who works now."""
    lines = Paginator(selectors.sessions_now(), A_PAGE).get_page(request.GET.get("page"))
    shown = [
        {"seated": line, "plane": Plane(line.session.plane).label, "own": line.user.pk == current_actor().id}
        for line in lines.object_list
    ]
    return page(
        request, "register/sessions.html", {"lines": lines, "shown": shown, "may_end": may("sessions.end")}
    )


@require_POST
@screen("sessions.end", of=ENTRY)
def end_session(request: HttpRequest, user_id: uuid.UUID) -> HttpResponse:
    """Somebody's session is over at their next request."""
    if not is_entered(user_id):
        raise Http404
    if end_sessions(user_id):
        messages.success(request, _("La session est terminée : il faut se reconnecter avec la carte."))
    else:
        messages.info(request, _("Cette personne n’avait plus de session."))
    return redirect("register:sessions")


def _cells(row: selectors.Row, plane: Plane) -> list[dict[str, Any]]:
    labels = [column.label for column in selectors.columns(plane)]
    return [{"label": label, **_cell(cell)} for label, cell in zip(labels, row.cells, strict=True)]


def _cell(cell: selectors.Cell | None) -> dict[str, Any]:
    """Word and shape of each mark: colour never speaks alone."""
    if cell is None:
        return {}
    if cell.mark is Mark.HELD:
        return {"state": "good", "word": _("en vigueur"), "quiet": True, "hint": ""}
    if cell.mark is Mark.ADDED:
        return {"state": "attention", "word": _("ajouté"), "hint": date_text(cell.first)}
    return {"state": "late", "word": _("terminé"), "hint": date_text(cell.last)}


def _filters(plane: Plane, changed: bool, on: date) -> list[dict[str, Any]]:
    day = date_text(on)

    def address(one: Plane, only: bool) -> str:
        return f"?domaine={one}&changes={int(only)}&jour={day}"

    return [
        {
            "label": _("Domaine"),
            "choices": [
                {"label": one.label, "url": address(one, changed), "current": one is plane} for one in Plane
            ],
        },
        {
            "label": _("Montrer"),
            "choices": [
                {"label": _("Tous les droits"), "url": address(plane, False), "current": not changed},
                {"label": _("Seulement ce qui a changé"), "url": address(plane, True), "current": changed},
            ],
        },
    ]
