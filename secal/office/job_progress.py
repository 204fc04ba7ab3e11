"""Background jobs as people see them: who may look, how far they are, in words."""

import uuid
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.policy import decide, require
from secal.office.formatting import datetime_text, number_text
from secal.office.jobs import ABANDONED, kind_of
from secal.office.models import Job, JobState

RUNNING = (JobState.WAITING, JobState.RUNNING)
SHOWN_IN_FRAME = 3
SECONDS_A_MINUTE = 60


def visible_jobs() -> QuerySet[Job]:
    """Casework sees every job; others the ones they asked for. Jobs hold no personal data."""
    actor = require("job.view_own")
    jobs = Job.objects.select_related("requested_by").order_by("-created_at")
    return jobs if decide(actor, "job.view").permitted else jobs.filter(requested_by=actor.user_id)


def get_job(job_id: uuid.UUID) -> Job | None:
    """One job. Raises Refused, hidden, when it is somebody else's and the role does not reach it."""
    actor = require("job.view_own")
    job = Job.objects.select_related("requested_by").filter(pk=job_id).first()
    if job is not None and job.requested_by_id != actor.id and not decide(actor, "job.view").permitted:
        raise Refused("job.view", "not_own_job", _("Ce travail n’est pas le vôtre."), hidden=True)
    return job


def at_work_for(actor: Actor) -> list[dict[str, Any]]:
    """The jobs that this person asked for and that are not over: the frame reminds of them on every page."""
    jobs = Job.objects.filter(requested_by=actor.id, state__in=RUNNING).order_by("-created_at")[
        :SHOWN_IN_FRAME
    ]
    return [
        {
            "title": title(job),
            "url": reverse("office:job", args=[job.pk]),
            "value": job.done,
            "total": job.total,
        }
        for job in jobs
    ]


def shown(job: Job) -> dict[str, Any]:
    """The job for `components/progress.html`."""
    return {
        "label": title(job),
        "value": job.done,
        "total": job.total,
        "state": job.state,
        "detail": _elapsed(job),
    }


def title(job: Job) -> str:
    kind = kind_of(job)
    return str(kind.title) if kind else job.kind


def error_words(job: Job) -> str:
    """What went wrong and what to do, from the code that the row keeps. Empty when nothing did."""
    if not job.error:
        return ""
    kind = kind_of(job)
    if kind and job.error in kind.errors:
        return str(kind.errors[job.error])
    if job.error == ABANDONED:
        return _("Le travail s’est interrompu plusieurs fois. Relancez-le ; s’il échoue encore, signalez-le.")
    return _(
        "Une erreur inattendue (%(code)s) a arrêté le travail. Relancez-le ; s’il échoue "
        "encore, signalez ce code."
    ) % {"code": job.error}


def result_url(job: Job) -> str:
    """Where to see what came of it; "" when the page of the job says it all."""
    kind = kind_of(job)
    return kind.page(job) if kind and kind.page else ""


def found_words(job: Job) -> str:
    """What a job that is done found; "" for a kind that does not say."""
    kind = kind_of(job)
    return kind.found(job) if kind and kind.found and job.state == JobState.DONE else ""


def facts(job: Job) -> list[dict[str, Any]]:
    """Rows for a summary list."""
    rows: list[dict[str, Any]] = [
        {
            "label": _("Demandé par"),
            "value": job.requested_by.display_name if job.requested_by else _("le service"),
        },
        {"label": _("Demandé le"), "value": datetime_text(job.created_at)},
    ]
    if job.total:
        rows.append(
            {
                "label": _("Avancement"),
                "value": _("%(done)s sur %(total)s")
                % {"done": number_text(job.done), "total": number_text(job.total)},
            }
        )
    if job.started_at:
        rows.append({"label": _("Durée"), "value": _elapsed(job)})
    if job.attempts > 1:
        rows.append({"label": _("Reprises"), "value": number_text(job.attempts - 1)})
    if job.ended_at:
        rows.append({"label": _("Terminé le"), "value": datetime_text(job.ended_at)})
    return rows


def _elapsed(job: Job) -> str:
    if job.started_at is None:
        return ""
    seconds = int(((job.ended_at or timezone.now()) - job.started_at).total_seconds())
    minutes, seconds = divmod(max(seconds, 0), SECONDS_A_MINUTE)
    if minutes:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": seconds}
    return _("%(seconds)d s") % {"seconds": seconds}
