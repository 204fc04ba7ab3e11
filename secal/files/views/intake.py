"""Intake: what a registrar began and recorded, the five steps of an application, and what completes it
later."""

import re
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from secal.access.actors import current_actor
from secal.cases.errors import CaseError
from secal.cases.matters import APPLICATION, OPEN_APPLICATION
from secal.cases.models import Application, ApplicationState, AttachmentKind
from secal.cases.selectors import missing_items, own_application, own_applications, own_incomplete_application
from secal.cases.services import complete_application
from secal.files import drafts, services
from secal.files.forms.completion import CompletionForm
from secal.files.forms.intake import TermsForm
from secal.files.matters import DRAFT
from secal.files.models import IntakeDraft
from secal.files.selectors import laid_papers, open_drafts, own_draft, papers_of, was_sent
from secal.files.views.summary import summary_of
from secal.office.clock import today
from secal.office.screens import page, screen

PER_PAGE = 25
_REMOVE = re.compile(r"remove-(\d{1,3})", re.ASCII)
_PAPER = re.compile(r"paper-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.ASCII)


@require_GET
@screen("application.list_own")
def intake(request: HttpRequest) -> HttpResponse:
    """What I began and what I recorded: number, day, state, what is missing. Nothing about the persons."""
    actor = current_actor()
    applications = Paginator(own_applications(actor), PER_PAGE).get_page(request.GET.get("page"))
    table = {
        "caption": _("Demandes que j’ai enregistrées"),
        "columns": [
            {"label": _("Numéro")},
            {"label": _("Reçue le"), "kind": "date"},
            {"label": _("État"), "kind": "status"},
            {"label": _("Il manque")},
        ],
        "rows": [_application_row(application) for application in applications],
        "empty": {
            "title": _("Vous n’avez encore enregistré aucune demande."),
            "text": _("Une demande apparaît ici dès qu’elle est envoyée, sans rien dire des personnes."),
        },
    }
    begun = [{"draft": draft, "url": _resume(draft)} for draft in open_drafts(actor)[:20]]
    return page(request, "files/intake.html", {"begun": begun, "table": table, "applications": applications})


@require_POST
@screen("application.register")
def start(request: HttpRequest) -> HttpResponse:
    draft = services.begin_draft()
    return redirect("files:step", file_id=draft.pk, step=drafts.ORDER[0])


@require_POST
@screen("application.register", of=DRAFT)
def discard(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    services.discard_draft(file_id)
    messages.success(request, _("La demande en préparation est supprimée. Rien n’en a été enregistré."))
    return redirect("files:intake")


@require_http_methods(["GET", "POST"])
@screen("application.register", of=DRAFT)
def step(request: HttpRequest, file_id: uuid.UUID, step: str) -> HttpResponse:
    """One of the five steps. Whatever was typed is kept, also when it does not hold."""
    if was_sent(file_id):
        return redirect("files:received", file_id=file_id)
    draft = own_draft(file_id, lock=request.method == "POST")
    content = drafts.read(draft)
    if request.method == "POST":
        content[step] = drafts.part_of(request.POST.dict(), step)
    try:
        if request.method == "POST":
            return _take_step(request, draft, content, step)
        bound = step in content and content[step].done
        return _show(
            request, draft, content, step, drafts.forms_of(step, content, today=today(), bound=bound), bound
        )
    except drafts.StepMissing as missing:
        messages.warning(request, _("Complétez d’abord cette étape : la suivante en dépend."))
        return redirect("files:step", file_id=draft.pk, step=missing.step)


@require_http_methods(["GET", "POST"])
@screen("application.register", of=DRAFT)
def check(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Everything once more before it is sent; sending answers the same whoever the persons are."""
    if was_sent(file_id):
        return redirect("files:received", file_id=file_id)
    draft = own_draft(file_id, lock=request.method == "POST")
    content = drafts.read(draft)
    faulty = drafts.faulty_steps(content, today())
    if faulty:
        messages.warning(request, _("Cette étape est à corriger avant l’envoi."))
        return redirect("files:step", file_id=draft.pk, step=faulty[0])
    statement = drafts.statement_of(
        draft, content, papers_of(draft) if request.method == "POST" else (), today=today()
    )
    problem = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                services.send_draft(draft, statement, on=today())
            return redirect("files:received", file_id=draft.pk)
        except CaseError as error:
            # Only what the application itself says can be wrong here: it is said to the one who typed it.
            problem = error.text(_)
    return page(
        request,
        "files/check.html",
        {
            "draft": draft,
            "problem": problem,
            "sections": summary_of(statement, laid_papers(draft), draft.pk),
            "steps": _stepper(draft, content, current="", faulty=faulty),
        },
    )


@require_GET
@screen("application.register", of=APPLICATION)
def received(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The one answer to an application: its number, and what it still misses."""
    application = own_application(file_id)
    return page(
        request,
        "files/received.html",
        {"application": application, "missing": missing_items(application)},
    )


@require_http_methods(["GET", "POST"])
@screen("application.register", of=OPEN_APPLICATION)
def papers(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Bring what an incomplete application misses. Nothing recorded before is shown."""
    application = own_incomplete_application(file_id)
    form = CompletionForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        missing=application.missing,
    )
    if request.method == "POST" and form.is_valid():
        after = complete_application(file_id, brought=form.completion(), on=today())
        if after.state == ApplicationState.INCOMPLETE:
            messages.success(
                request, _("C’est enregistré. La demande reste incomplète : voyez ce qui manque encore.")
            )
            return redirect("files:papers", file_id=file_id)
        return redirect("files:received", file_id=file_id)
    return page(
        request,
        "files/papers.html",
        {"application": application, "form": form, "missing": missing_items(application)},
    )


def _take_step(request: HttpRequest, draft: IntakeDraft, content: drafts.Content, step: str) -> HttpResponse:
    action = request.POST.get("action", "next")
    here = redirect("files:step", file_id=draft.pk, step=step)
    if action == "add":
        content[step].rows.append(drafts.new_row(step))
    elif row := _REMOVE.fullmatch(action):
        _remove_row(content[step], int(row[1]))
    elif paper := _PAPER.fullmatch(action):
        services.take_paper_away(draft, uuid.UUID(paper[1]))
    forms = drafts.forms_of(step, content, today=today(), bound=True, files=request.FILES)
    valid = forms.is_valid()
    if forms.main is not None and _too_heavy(request):
        forms.main.add_error(
            None,
            _("L’envoi dépasse 64 Mo en tout : aucune pièce n’est arrivée. Envoyez les pièces une à une."),
        )
        valid = False
    if isinstance(forms.main, TermsForm):
        for kind, (name, data, content_type) in forms.main.papers():
            services.lay_paper(draft, kind, name, data, content_type)
    content[step].done = action == "next" and valid
    services.save_part(draft, content, step)
    if action == "later":
        messages.success(request, _("La demande est gardée. Reprenez-la quand vous voulez."))
        return redirect("files:intake")
    if action != "next":
        return here
    if not valid:
        return _show(request, draft, content, step, forms, True)
    following = drafts.ORDER.index(step) + 1
    if following == len(drafts.ORDER):
        return redirect("files:check", file_id=draft.pk)
    return redirect("files:step", file_id=draft.pk, step=drafts.ORDER[following])


def _too_heavy(request: HttpRequest) -> bool:
    """Beyond this size the papers of a request are not read at all (they would have to lie on disk)."""
    return int(request.META.get("CONTENT_LENGTH") or 0) > settings.FILE_UPLOAD_MAX_MEMORY_SIZE


def _remove_row(part: drafts.Part, number: int) -> None:
    if number < len(part.rows):
        del part.rows[number]


def _show(
    request: HttpRequest,
    draft: IntakeDraft,
    content: drafts.Content,
    step: str,
    forms: drafts.StepForms,
    bound: bool,
) -> HttpResponse:
    faulty = [step] if bound and not forms.is_valid() else []
    context: dict[str, Any] = {
        "draft": draft,
        "step": step,
        "heading": drafts.STEPS[step],
        "main": forms.main,
        "rows": forms.rows,
        "bound": bound,
        "steps": _stepper(draft, content, current=step, faulty=faulty),
    }
    if isinstance(forms.main, TermsForm):
        context["papers"] = [
            {"id": paper.pk, "name": paper.open_value("name"), "kind": AttachmentKind(paper.kind).label}
            for paper in laid_papers(draft)
        ]
    return page(request, f"files/steps/{step}.html", context)


def _stepper(
    draft: IntakeDraft, content: drafts.Content, *, current: str, faulty: list[str]
) -> list[dict[str, Any]]:
    steps = []
    for place, (name, title) in enumerate(drafts.STEPS.items(), 1):
        reached = place <= draft.step
        done = name in content and content[name].done
        state = "error" if name in faulty else "current" if name == current else "done" if done else "todo"
        url = reverse("files:step", kwargs={"file_id": draft.pk, "step": name}) if reached else ""
        steps.append({"title": title, "url": url, "state": state})
    checking = "current" if not current else "todo"
    steps.append({"title": _("Vérification"), "url": "", "state": checking})
    return steps


def _resume(draft: IntakeDraft) -> str:
    if draft.step >= drafts.CHECK:
        return reverse("files:check", args=[draft.pk])
    return reverse("files:step", kwargs={"file_id": draft.pk, "step": drafts.ORDER[draft.step - 1]})


def _application_row(application: Application) -> dict[str, Any]:
    incomplete = application.state == ApplicationState.INCOMPLETE
    status = {
        "state": "attention" if incomplete else "good",
        "word": _("incomplète") if incomplete else _("complète"),
    }
    missing = ", ".join(_(item.title) for item in missing_items(application))
    url = reverse("files:papers", args=[application.file_id]) if incomplete else ""
    return {
        "cells": [
            {
                "value": application.number,
                "url": url,
                "hint": _("Apporter ce qui manque") if incomplete else "",
            },
            application.received_on,
            status,
            missing or _("rien"),
        ]
    }
