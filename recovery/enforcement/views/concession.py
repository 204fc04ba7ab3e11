"""The operator's pages: titles to give, the choice of an office, and what becomes of running mandates."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from recovery.cases.models import Title
from recovery.cases.wording import arrondissement_text
from recovery.enforcement import tables
from recovery.enforcement.errors import DistributionError
from recovery.enforcement.forms import OfficeForm
from recovery.enforcement.matters import WAITING_TITLE
from recovery.enforcement.selectors import distribution as selectors
from recovery.enforcement.selectors.extracts import title_amount
from recovery.enforcement.services.distribution import give
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen

A_PAGE = 50


@require_GET
@screen("mandate.view")
def inbox(request: HttpRequest) -> HttpResponse:
    """Titles that wait for an office, longest waiting first."""
    lines = Paginator(selectors.waiting_titles(), A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_waiting(shown)
    return page(request, "enforcement/inbox.html", {"lines": lines, "table": tables.inbox(shown, on=today())})


@require_http_methods(["GET", "POST"])
@screen("mandate.give", of=WAITING_TITLE)
def distribute(request: HttpRequest, title_id: uuid.UUID) -> HttpResponse:
    """Choose the office of one title."""
    try:
        title = selectors.waiting_title(title_id)
    except DistributionError as error:
        messages.info(request, error.text(_))
        return redirect("enforcement:inbox")
    offices = selectors.competent_offices(title.file.employer.arrondissement, on=today())
    form = OfficeForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        try:
            mandate = give(title_id=title_id, office_id=uuid.UUID(form.cleaned_data["office"]), on=today())
        except DomainError as error:
            form.refuse(error)
        else:
            told = _("Titre %(title)s confié à %(office)s.")
            messages.success(request, told % {"title": title.number, "office": mandate.office.name})
            return redirect("enforcement:inbox")
    context = {"title_row": title, "facts": _facts(title), "form": form, "offices": offices}
    return page(request, "enforcement/distribute.html", context)


@require_GET
@screen("mandate.view")
def mandates(request: HttpRequest) -> HttpResponse:
    """Running mandates, the longest silent first; of one office when it is chosen."""
    chosen = _chosen_office(request)
    found = selectors.running_board()
    if chosen:
        found = found.filter(office=chosen)
    lines = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_board(shown)
    held = selectors.held_of([mandate.file.book_id for mandate in shown])
    context = {
        "lines": lines,
        "table": tables.board(shown, held, on=today()),
        "filters": _office_filters(chosen),
    }
    return page(request, "enforcement/mandates.html", context)


def _chosen_office(request: HttpRequest) -> uuid.UUID | None:
    try:
        return uuid.UUID(request.GET.get("office", ""))
    except ValueError:
        return None


def _office_filters(chosen: uuid.UUID | None) -> list[dict[str, Any]]:
    choices: list[dict[str, Any]] = [
        {"label": _("Toutes"), "url": reverse("enforcement:mandates"), "current": chosen is None}
    ]
    choices += [
        {
            "label": office.name,
            "url": f"?office={office.pk}",
            "current": office.pk == chosen,
            "count": running,
        }
        for office, running in selectors.offices_at_work()
    ]
    return [{"label": _("Étude"), "choices": choices}]


def _facts(title: Title) -> list[dict[str, Any]]:
    before = selectors.last_office_of(title)
    facts: list[dict[str, Any]] = [
        {"label": _("Débiteur"), "value": str(title.file.employer)},
        {"label": _("Arrondissement"), "value": arrondissement_text(title.file.employer.arrondissement)},
        {"label": _("Langue"), "value": tables.LANGUAGES.get(title.file.language, title.file.language)},
        {"label": _("Montant du titre"), "amount": title_amount(title)},
        {"label": _("Décerné le"), "date": title.issued_on},
    ]
    if before:
        facts.append({"label": _("Rendu par"), "value": before})
    return facts
