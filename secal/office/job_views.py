"""The page of a background job, and the list of them."""

import uuid

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from secal.office import job_progress
from secal.office.models import Job
from secal.office.screens import Matter, page, screen
from secal.office.templatetags.office import JOB_STATES

JOBS_A_PAGE = 50
REFRESH_SECONDS = 3
JOB = Matter(
    "job", gettext_lazy("Travail de fond"), gettext_lazy("qui l’a demandé ; le traitement les voit tous")
)


def following(request: HttpRequest, response: HttpResponse, *, working: bool) -> HttpResponse:
    """Have the browser ask again by itself while work goes on, unless the reader stopped it (`?live=0`)."""
    if working and is_live(request):
        response.headers["Refresh"] = str(REFRESH_SECONDS)
    return response


def is_live(request: HttpRequest) -> bool:
    return request.GET.get("live") != "0"


@require_GET
@screen("job.view_own", of=JOB)
def job(request: HttpRequest, job_id: uuid.UUID) -> HttpResponse:
    """How far a job is; the page asks again by itself until the job is over."""
    found = job_progress.get_job(job_id)
    if found is None:
        raise Http404
    context = {
        "job": found,
        "title": job_progress.title(found),
        "shown": job_progress.shown(found),
        "facts": job_progress.facts(found),
        "error_words": job_progress.error_words(found),
        "found_words": job_progress.found_words(found),
        "result_url": job_progress.result_url(found),
        "working": found.state in job_progress.RUNNING,
        "live": is_live(request),
    }
    response = page(request, "office/job.html", context)
    return following(request, response, working=found.state in job_progress.RUNNING)


@require_GET
@screen("job.view_own")
def jobs(request: HttpRequest) -> HttpResponse:
    """The jobs that the person may see, newest first."""
    listed = Paginator(job_progress.visible_jobs(), JOBS_A_PAGE).get_page(request.GET.get("page"))
    table = {
        "caption": _("Travaux"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Travail")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Demandé le"), "kind": "date"},
            {"label": _("Demandé par")},
        ],
        "rows": [{"cells": _cells(one)} for one in listed],
        "empty": {
            "title": _("Aucun travail"),
            "text": _("Les travaux de longue haleine que vous lancez paraissent ici."),
        },
    }
    return page(request, "office/jobs.html", {"table": table, "listed": listed})


def _cells(one: Job) -> list[object]:
    state, word = JOB_STATES[one.state]
    return [
        {"value": job_progress.title(one), "url": reverse("office:job", args=[one.pk])},
        {"value": {"state": state, "word": word}},
        one.created_at,
        one.requested_by.display_name if one.requested_by else _("le service"),
    ]
