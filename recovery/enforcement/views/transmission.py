"""The directorate's pages of transmission: choose, look at what will go, confirm, see what went."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from recovery.enforcement import tables
from recovery.enforcement.extracts import extract_csv
from recovery.enforcement.matters import TRANSMISSION
from recovery.enforcement.selectors import transmission as selectors
from recovery.enforcement.selectors.extracts import title_amount
from recovery.enforcement.services import transmission as service
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen

A_PAGE = 50
CHOSEN_AT_MOST = 500


@require_http_methods(["GET", "POST"])
@screen("title.transmit")
def to_transmit(request: HttpRequest) -> HttpResponse:
    """Constraints that wait: tick them, look at what will go and what will not and why, then send."""
    if request.method == "GET":
        return _choose(request)
    chosen = _chosen(request)
    try:
        if request.POST.get("step") == "confirm":
            return _send(request, chosen)
        preview = service.preview(title_ids=chosen, on=today())
    except DomainError as error:
        return _choose(request, problem=error.text(_))
    context = {
        "going": preview.going,
        "going_table": tables.preview_going(preview.going),
        "skipped": preview.skipped,
        "skipped_table": tables.preview_skipped(preview.skipped),
        "counts": _counts(len(preview.going), len(preview.skipped)),
    }
    return page(request, "enforcement/preview.html", context)


@require_GET
@screen("title.transmit")
def transmissions(request: HttpRequest) -> HttpResponse:
    """What went to the concessionaire, newest first."""
    lines = Paginator(selectors.transmissions(), A_PAGE).get_page(request.GET.get("page"))
    context = {"lines": lines, "table": tables.transmissions(list(lines.object_list))}
    return page(request, "enforcement/transmissions.html", context)


@require_GET
@screen("title.transmit", of=TRANSMISSION)
def transmission(request: HttpRequest, transmission_id: uuid.UUID) -> HttpResponse:
    """One transmission with its titles."""
    found = selectors.get_transmission(transmission_id)
    if found is None:
        raise Http404
    lines = Paginator(selectors.titles_of(found), A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_titles(shown)
    context = {
        "transmission": found,
        "facts": [
            {"label": _("Responsable du traitement"), "value": found.controller},
            {"label": _("Sous-traitant"), "value": found.processor},
            {"label": _("Finalité"), "value": _("recouvrement des créances impayées de l’ONSS")},
            {"label": _("Transmis le"), "date": found.transmitted_on},
            {"label": _("Par"), "value": found.transmitted_by.display_name},
        ],
        "lines": lines,
        "table": {**tables.preview_going(shown), "caption": _("Titres transmis")},
    }
    return page(request, "enforcement/transmission.html", context)


@require_GET
@screen("title.transmit", of=TRANSMISSION)
def extract(request: HttpRequest, transmission_id: uuid.UUID) -> HttpResponse:
    """The extract as a file. Each debtor in it leaves an export line in the security log."""
    found = selectors.get_transmission(transmission_id)
    if found is None:
        raise Http404
    content = extract_csv(found, selectors.open_extract(found))
    name = f"transmission-{found.transmitted_on.isoformat()}.csv"
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _choose(request: HttpRequest, *, problem: str = "") -> HttpResponse:
    lines = Paginator(selectors.issued_titles(), A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_titles(shown)
    rows = [{"title": title, "amount": title_amount(title)} for title in shown]
    context = {"lines": lines, "rows": rows, "problem": problem}
    return page(request, "enforcement/to_transmit.html", context, status=422 if problem else 200)


def _send(request: HttpRequest, chosen: list[uuid.UUID]) -> HttpResponse:
    sent = service.transmit(title_ids=chosen, on=today())
    count = sent.lines.count()
    told = ngettext("%(n)d titre transmis à %(who)s.", "%(n)d titres transmis à %(who)s.", count)
    messages.success(request, told % {"n": count, "who": sent.processor})
    return redirect("enforcement:transmission", sent.pk)


def _chosen(request: HttpRequest) -> list[uuid.UUID]:
    found = []
    for text in request.POST.getlist("titles")[:CHOSEN_AT_MOST]:
        try:
            found.append(uuid.UUID(text))
        except ValueError as error:
            raise Http404 from error
    return found


def _counts(going: int, skipped: int) -> dict[str, Any]:
    return {
        "going": ngettext("%(n)d titre sera transmis", "%(n)d titres seront transmis", going) % {"n": going},
        "skipped": ngettext("%(n)d titre reste", "%(n)d titres restent", skipped) % {"n": skipped},
    }
