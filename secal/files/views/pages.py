"""The file page and what stands around it: the list of files, the NISS on request, the giving to an
officer."""

import uuid
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from secal.access.actors import current_actor
from secal.access.policy import decide
from secal.cases import events, selectors
from secal.cases.errors import CaseError
from secal.cases.event_words import timeline_entry
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import AlimonyFile, Beneficiary, CaseEvent, FileState, WorkItem
from secal.cases.panels import board
from secal.cases.services import assign
from secal.files.forms.assignment import AssignmentForm
from secal.files.views.tabs import tabs_of
from secal.files.views.worklist import CappedPaginator
from secal.files.work_links import link_of
from secal.kernel.identifiers import format_niss, format_ogm
from secal.ledger.models import EntryKind
from secal.ledger.selectors import book_figures, book_lines, book_months
from secal.office.clock import today
from secal.office.formatting import money_text, percent_text
from secal.office.screens import page, screen
from secal.people.models import Person
from secal.people.selectors import masked_niss, niss_of

PER_PAGE = 25
LAST_LINES, NEXT_DEADLINES, LATEST_EVENTS = 5, 3, 40


@require_GET
@screen("file.list")
def file_list(request: HttpRequest) -> HttpResponse:
    """The files that I may open, newest first, filtered by state."""
    state = request.GET.get("state", "")
    files = selectors.files_of(current_actor())
    shown = files.filter(state=state) if state in FileState.values else files
    lines = CappedPaginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    events.files_listed("file.list", purpose="list", lines=[(file.creditor_id, file.pk) for file in lines])
    return page(
        request,
        "files/list.html",
        {"lines": lines, "table": _files_table(lines), "filters": _state_filters(state)},
    )


@require_GET
@screen("file.open", of=ALIMONY_FILE)
def file_page(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Everything about a file at a glance; each context brings its panel and its acts."""
    file = selectors.get_file(
        file_id, purpose="file.work", fields=("number", "state", "parties", "ledger", "timeline", "work")
    )
    return page(request, "files/page.html", _page_context(request, file, revealed=None))


@require_POST
@screen("person.identify", of=ALIMONY_FILE)
def identify(request: HttpRequest, file_id: uuid.UUID, person_id: uuid.UUID) -> HttpResponse:
    """The same page with one NISS in full: a disclosure of its own, logged as such."""
    file = selectors.get_file(file_id, act="person.identify", purpose="identification", fields=("parties",))
    person = next(
        (one for one, _role in _people(file, selectors.beneficiaries(file)) if one.pk == person_id), None
    )
    if person is None:
        raise Http404
    revealed = (person.pk, format_niss(niss_of(person, file=file.pk)))
    return page(request, "files/page.html", _page_context(request, file, revealed=revealed))


@require_http_methods(["GET", "POST"])
@screen("file.assign", of=ALIMONY_FILE)
def assignment(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Give the file to another officer of the section; never to oneself."""
    file = selectors.get_file(file_id, act="file.assign", purpose="assignment", fields=("number", "parties"))
    candidates = selectors.eligible_officers(file, on=today())
    form = AssignmentForm(request.POST if request.method == "POST" else None, candidates=candidates)
    if request.method == "POST" and form.is_valid():
        try:
            assign(file_id=file.pk, officer_id=uuid.UUID(form.cleaned_data["officer"]), on=today())
        except CaseError as error:
            form.add_error("officer", error.text(_))
        else:
            messages.success(request, _("Le dossier est attribué."))
            return redirect("files:page", file_id=file.pk)
    context = {"file": file, "identity": _identity(file), "form": form, "candidates": candidates}
    return page(request, "files/assign.html", context)


def _page_context(
    request: HttpRequest, file: AlimonyFile, *, revealed: tuple[uuid.UUID, str] | None
) -> dict[str, Any]:
    children = selectors.beneficiaries(file)
    people = _people(file, children)
    events.people_read(file=file.pk, persons=[person.pk for person, _role in people], purpose="file.work")
    work = list(WorkItem.objects.filter(file=file, done_on=None).select_related("file").order_by("due_on"))
    happened = CaseEvent.objects.filter(file=file).order_by("-happened_on", "-at")[:LATEST_EVENTS]
    return {
        "file": file,
        "identity": _identity(file),
        "actions": _actions(file),
        "tabs": tabs_of(file, current="page"),
        "figures": _figures(file),
        "months": book_months(file.book, until=today()),
        "ledger": _ledger_table(file),
        "ogm": format_ogm(file.book.communication),
        "people": _people_rows(people, children, file, revealed),
        "work": [_task(item) for item in work[:NEXT_DEADLINES]],
        "missing": selectors.missing_items(file.application),
        "panels": [
            {
                "name": panel.name,
                "title": panel.title,
                "html": render_to_string(panel.template, context, request),
            }
            for panel, context in board.panels_of(file)
        ],
        "timeline": [timeline_entry(event) for event in happened],
    }


def _identity(file: AlimonyFile) -> dict[str, Any]:
    return selectors.identity(file, url=reverse("files:page", args=[file.pk]))


def _actions(file: AlimonyFile) -> list[Any]:
    actions: list[Any] = list(board.actions_of(file))
    if decide(current_actor(), "file.assign").permitted:
        url = reverse("files:assign", args=[file.pk])
        actions.append(
            {"title": _("Attribuer à un autre gestionnaire"), "url": url, "primary": False, "reason": ""}
        )
    return actions


def _figures(file: AlimonyFile) -> list[dict[str, Any]]:
    figures = book_figures(file.book)
    url = reverse("ledger:book", args=[file.book_id])
    paid = figures.advances_paid
    share = percent_text(figures.recovered / paid) if paid else "–"
    hint = _("%(amount)s reçus en trop, à rembourser") % {"amount": money_text(figures.unallocated)}
    return [
        {"label": _("Arriérés"), "amount": figures.arrears, "url": url, "strong": True},
        {"label": _("Avances versées"), "amount": paid, "url": url},
        {
            "label": _("Récupéré"),
            "amount": figures.recovered,
            "url": url,
            "hint": hint if figures.unallocated > Decimal(0) else "",
        },
        {"label": _("Récupéré / avances"), "value": share},
    ]


def _ledger_table(file: AlimonyFile) -> dict[str, Any]:
    return {
        "caption": _("Dernières écritures"),
        "columns": [
            {"label": _("Date"), "kind": "date"},
            {"label": _("Écriture")},
            {"label": _("Dû"), "kind": "money"},
            {"label": _("Payé"), "kind": "money"},
            {"label": _("Solde dû"), "kind": "money"},
        ],
        "rows": [
            {
                "cells": [
                    line.booked_on,
                    EntryKind(line.kind).label,
                    line.due or None,
                    line.paid or None,
                    line.balance,
                ]
            }
            for line in book_lines(file.book, limit=LAST_LINES)
        ],
        "empty": {
            "title": _("Aucune écriture"),
            "text": _("La première vient quand la demande est accordée : arriérés, termes, avances."),
        },
    }


def _people(file: AlimonyFile, children: list[Beneficiary]) -> list[tuple[Person, str]]:
    parties = [(file.creditor, _("Créancier")), (file.debtor, _("Débiteur"))]
    return parties + [(line.child, _("Enfant")) for line in children]


def _people_rows(
    people: list[tuple[Person, str]],
    children: list[Beneficiary],
    file: AlimonyFile,
    revealed: tuple[uuid.UUID, str] | None,
) -> list[dict[str, Any]]:
    masked = masked_niss([person for person, _role in people])
    amounts = {line.child_id: line.monthly_amount for line in children}
    return [
        {
            "role": role,
            "name": str(person),
            "born": person.birth_date,
            "niss": revealed[1] if revealed and revealed[0] == person.pk else masked[person.pk],
            "revealed": bool(revealed and revealed[0] == person.pk),
            "amount": amounts.get(person.pk) if role == _("Enfant") else None,
            "url": reverse("files:identify", args=[file.pk, person.pk]) if person.niss is not None else "",
        }
        for person, role in people
    ]


def _task(item: WorkItem) -> dict[str, Any]:
    link = link_of(item)
    return {
        "title": item.get_kind_display(),
        "url": "" if link == reverse("files:page", args=[item.file_id]) else link,
        "why": item.legal_reference,
        "since": item.since,
        "due": item.due_on,
    }


def _files_table(lines: Any) -> dict[str, Any]:
    return {
        "caption": _("Dossiers"),
        "columns": [
            {"label": _("Numéro")},
            {"label": _("Créancier")},
            {"label": _("Débiteur")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Ouvert le"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": file.number, "url": reverse("files:page", args=[file.pk])},
                    str(file.creditor),
                    str(file.debtor),
                    {
                        "value": {
                            "state": selectors.STATE_SHAPES[FileState(file.state)],
                            "word": file.get_state_display(),
                        }
                    },
                    file.opened_on,
                ]
            }
            for file in lines
        ],
        "empty": {
            "title": _("Aucun dossier"),
            "text": _(
                "Vous voyez ici les dossiers qui vous sont attribués, ou ceux de "
                "votre section si vous approuvez."
            ),
        },
    }


def _state_filters(current: str) -> list[dict[str, Any]]:
    address = reverse("files:list")
    choices = [{"label": _("Tous"), "url": address, "current": not current}]
    choices += [
        {"label": state.label, "url": f"{address}?state={state.value}", "current": current == state.value}
        for state in FileState
    ]
    return [{"label": _("État"), "choices": choices}]
