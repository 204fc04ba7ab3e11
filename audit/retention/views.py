"""The watchers' pages: what has to go, lists with their two approvals, what came of them, certificates."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from audit.retention import selectors, services, tables
from audit.retention.forms import RejectForm
from audit.retention.matters import CERTIFICATE, ERASURE_LIST
from audit.retention.models import ListState
from secal.access.policy import may
from secal.kernel.errors import DomainError
from secal.office import job_progress
from secal.office.clock import today
from secal.office.job_views import following, is_live
from secal.office.models import Job
from secal.office.screens import page, screen

A_PAGE = 50


@require_GET
@screen("erasure.view")
def due(request: HttpRequest) -> HttpResponse:
    """What may no longer be kept today, the alarms, and the lists that wait."""
    lines = Paginator(selectors.due_units(on=today()), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "lines": lines,
        "table": tables.due(lines.object_list),
        "open": tables.lists(selectors.open_lists()),
        "alarms": tables.alarms(selectors.residues()),
    }
    return page(request, "retention/due.html", context)


@require_GET
@screen("erasure.view")
def lists(request: HttpRequest) -> HttpResponse:
    """Every list, newest first."""
    rows = Paginator(selectors.lists(), A_PAGE).get_page(request.GET.get("page"))
    return page(request, "retention/lists.html", {"rows": rows, "table": tables.lists(rows.object_list)})


@require_GET
@screen("erasure.view", of=ERASURE_LIST)
def erasure_list(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """One list: what it names, who approved it, what came of each unit."""
    return _list_page(request, list_id, RejectForm())


@require_POST
@screen("erasure.approve", of=ERASURE_LIST)
def approve(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """The reader's approval; the second one sets the erasure going."""
    _known(list_id)
    try:
        approved = services.approve(list_id=list_id)
    except DomainError as error:
        messages.error(request, error.text(_))
        return redirect("retention:list", list_id)
    if approved.state == ListState.APPROVED:
        messages.success(request, _("La liste est approuvée par deux personnes : l’effacement commence."))
    else:
        messages.success(
            request, _("Votre approbation est notée. Une seconde personne doit approuver la liste.")
        )
    return redirect("retention:list", list_id)


@require_POST
@screen("erasure.approve", of=ERASURE_LIST)
def reject(request: HttpRequest, list_id: uuid.UUID) -> HttpResponse:
    """Set a list aside, with the reason."""
    _known(list_id)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _list_page(request, list_id, form)
    try:
        services.reject(list_id=list_id, reason=form.cleaned_data["reason"])
    except DomainError as error:
        messages.error(request, error.text(_))
    else:
        messages.success(request, _("La liste est rejetée : rien n’est effacé."))
    return redirect("retention:list", list_id)


@require_GET
@screen("erasure.view")
def certificates(request: HttpRequest) -> HttpResponse:
    """Certificates of erasure, newest first."""
    rows = Paginator(selectors.certificates(), A_PAGE).get_page(request.GET.get("page"))
    table = tables.certificates(rows.object_list)
    return page(request, "retention/certificates.html", {"rows": rows, "table": table})


@require_GET
@screen("erasure.view", of=CERTIFICATE)
def certificate(request: HttpRequest, certificate_id: uuid.UUID) -> HttpResponse:
    """The document of a certificate."""
    found = selectors.certificate_document(certificate_id)
    if found is None:
        raise Http404
    headers = {"Content-Disposition": f'attachment; filename="{found.number}.pdf"'}
    return HttpResponse(bytes(found.pdf), content_type="application/pdf", headers=headers)


def _known(list_id: uuid.UUID) -> selectors.WatchedList:
    watched = selectors.watched_list(list_id)
    if watched is None:
        raise Http404
    return watched


def _list_page(request: HttpRequest, list_id: uuid.UUID, form: RejectForm) -> HttpResponse:
    watched = _known(list_id)
    rows = Paginator(selectors.items_of(list_id), A_PAGE).get_page(request.GET.get("page"))
    job = Job.objects.filter(kind=services.ERASE_JOB, period=str(list_id)).first()
    working = job is not None and job.state in job_progress.RUNNING
    context: dict[str, Any] = {
        "list": watched.row,
        "status": tables.list_status(watched.row),
        "facts": tables.facts(watched, rows.paginator.count),
        "approvals": tables.approvals(watched),
        "changes": watched.row.changes.order_by("at"),
        "rows": rows,
        "table": tables.items(rows.object_list),
        "form": form,
        "proposed": watched.row.state == ListState.PROPOSED,
        "may_approve": may("erasure.approve"),
        "blocked": tables.blocked(watched),
        "job": job_progress.shown(job) if job else None,
        "error_words": job_progress.error_words(job) if job else "",
        "working": working,
        "live": is_live(request),
    }
    return following(request, page(request, "retention/list.html", context), working=working)
