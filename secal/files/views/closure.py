"""Closing a file: the officer in charge proposes after reading the check page, a second person decides."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from secal.access.actors import current_actor
from secal.access.policy import Facts, decide
from secal.cases import selectors
from secal.cases.closing_selectors import last_closure, proposed_closure
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import AlimonyFile, Closure, ClosureGround, ClosureState, FileState
from secal.cases.panels import board
from secal.cases.selectors import facts_about
from secal.cases.services.closure import Study, close_file, propose_closure, return_closure, study
from secal.files.forms.closure import ClosureForm
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.explaining import told
from secal.office.panels import Action, Panel
from secal.office.screens import page, screen

FIELDS = ("number", "state", "parties", "ledger")
STATES = {
    ClosureState.PROPOSED: "attention",
    ClosureState.APPROVED: "good",
    ClosureState.RETURNED: "late",
}


@require_http_methods(["GET", "POST"])
@screen("file.propose_closure", of=ALIMONY_FILE)
def propose(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Choose a ground, read what stands for and against, propose. Nothing is kept before it is proposed."""
    file = selectors.get_file(file_id, act="file.propose_closure", purpose="file.closure", fields=FIELDS)
    form = ClosureForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            if request.POST.get("step") == "propose":
                propose_closure(file_id=file.pk, on=today(), **form.answers())
                messages.success(
                    request, _("La clôture est proposée : un second signataire doit l’approuver.")
                )
                return redirect("files:page", file_id=file.pk)
            if request.POST.get("step") == "check":
                return _check_page(request, file, form, study(file, on=today(), **form.answers()))
        except DomainError as error:
            form.refuse(error)
    context = {
        "file": file,
        "identity": _identity(file),
        "form": form,
        "proposed": proposed_closure(file),
        "active": file.state == FileState.ACTIVE,
    }
    return page(request, "files/closure.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@screen("file.close", of=ALIMONY_FILE)
def approve(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The second person reads the proposal as things stand today, and closes the file or sends it back."""
    file = selectors.get_file(file_id, act="file.close", purpose="file.closure", fields=FIELDS)
    closure = proposed_closure(file)
    if closure is None:
        if request.method == "POST":
            messages.warning(request, _("Cette clôture vient d’être décidée."))
            return redirect("files:page", file_id=file.pk)
        raise Http404
    if request.method == "POST":
        try:
            return _decided(request, file, closure)
        except DomainError as error:
            messages.error(request, error.text(_))
    seen = study(file, ground=ClosureGround(closure.ground), on=today(), renounced_on=closure.renounced_on)
    permission = decide(current_actor(), "file.close", Facts(prepared_by=closure.proposed_by_id))
    context = {
        "file": file,
        "identity": _identity(file),
        "facts": _facts(closure),
        "refused": permission.message,
        **_study_context(seen),
    }
    return page(request, "files/closure_approve.html", context)


def register() -> None:
    """The file page offers the act, and shows what became of it."""
    board.register_panel(Panel("closure", _("Clôture"), "files/closure_panel.html", _panel, order=15))
    board.register_actions(_actions)


def _decided(request: HttpRequest, file: AlimonyFile, closure: Closure) -> HttpResponse:
    if request.POST.get("decision") == "approve":
        close_file(closure_id=closure.pk, on=today())
        messages.success(request, _("Le dossier est clôturé."))
    else:
        return_closure(closure_id=closure.pk, on=today())
        messages.success(request, _("La proposition est renvoyée au gestionnaire."))
    return redirect("files:page", file_id=file.pk)


def _check_page(request: HttpRequest, file: AlimonyFile, form: ClosureForm, seen: Study) -> HttpResponse:
    day = form.cleaned_data["renounced_on"]
    facts: list[dict[str, Any]] = [{"label": _("Motif"), "value": seen.ground.label}]
    if day:
        facts.append({"label": _("Date de la renonciation"), "date": day})
    context = {
        "file": file,
        "identity": _identity(file),
        "facts": facts,
        "answers": [("ground", seen.ground.value), ("renounced_on", day.isoformat() if day else "")],
        **_study_context(seen),
    }
    return page(request, "files/closure_check.html", context)


def _study_context(seen: Study) -> dict[str, Any]:
    return {
        "allowed": seen.allowed,
        "obstacles": [obstacle.text(_) for obstacle in seen.obstacles],
        "missing": bool(seen.answer.missing),
        "explanation": told(seen.answer.explanation),
    }


def _facts(closure: Closure) -> list[dict[str, Any]]:
    facts: list[dict[str, Any]] = [{"label": _("Motif"), "value": closure.get_ground_display()}]
    if closure.renounced_on:
        facts.append({"label": _("Date de la renonciation"), "date": closure.renounced_on})
    facts += [
        {"label": _("Proposée par"), "value": closure.proposed_by.display_name},
        {"label": _("Proposée le"), "date": closure.proposed_on},
    ]
    if closure.decided_by is not None:
        facts += [
            {"label": _("Décidée par"), "value": closure.decided_by.display_name},
            {"label": _("Décidée le"), "date": closure.decided_on},
        ]
    return facts


def _identity(file: AlimonyFile) -> dict[str, Any]:
    return selectors.identity(file, url=reverse("files:page", args=[file.pk]))


def _panel(file: AlimonyFile) -> dict[str, Any] | None:
    if file.state not in (FileState.ACTIVE, FileState.CLOSED):
        return None
    closure = last_closure(file)
    if closure is None:
        return None
    state = ClosureState(closure.state)
    return {"status": {"state": STATES[state], "word": state.label}, "facts": _facts(closure)}


def _actions(file: AlimonyFile) -> list[Action]:
    if file.state != FileState.ACTIVE:
        return []
    actor, closure = current_actor(), proposed_closure(file)
    if closure is not None:
        permission = decide(actor, "file.close", facts_about(file.pk, "file.close"))
        if permission.reason == "role_missing":
            return []
        url = reverse("files:close", args=[file.pk])
        return [Action(_("Approuver la clôture"), url, primary=True, reason=permission.message)]
    permission = decide(actor, "file.propose_closure", facts_about(file.pk, "file.propose_closure"))
    if permission.reason == "role_missing":
        return []
    url = reverse("files:propose-closure", args=[file.pk])
    return [Action(_("Clôturer le dossier"), url, reason=permission.message)]
