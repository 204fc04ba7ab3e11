"""Background jobs. The row is the truth; Celery rings the bell; a sweeper rings again what nobody answers.

A room registers a handler for a kind of job. A handler works in steps: each call of `step()` opens one unit of
work, commits its part together with the progress, and must be repeatable: a worker killed between two steps is
followed by another that starts the handler again and finds in the database what is already done.
"""

import os
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Now

from secal.access.actors import actor_or_none
from secal.access.unit_of_work import service_work
from secal.office.models import Job, JobState

log = structlog.get_logger(__name__)

LEASE = timedelta(seconds=60)
MAX_ATTEMPTS = 10
Reporter = Callable[[int, int], None]
"""Told (done, total) after each step: the terminal's progress bar."""


class LeaseLost(Exception):
    """Another worker took this job over while we were away: stop at once."""


@dataclass(slots=True)
class JobRun:
    """One worker's hold on a job."""

    job_id: uuid.UUID
    kind: str
    period: str
    service: str
    worker: str
    requested_by: uuid.UUID | None
    report: Reporter | None = None
    result: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def step(self, *, done: int | None = None, total: int | None = None) -> Iterator[None]:
        """One committed part of the job under its service identity, with the lease renewed. Raises LeaseLost."""
        with service_work(self.service):
            yield
            changes: dict[str, Any] = {"lease_until": Now() + LEASE}
            if total is not None:
                changes["total"] = total
            if done is not None:
                changes["done"] = done
            held = Job.objects.filter(pk=self.job_id, worker=self.worker, state=JobState.RUNNING).update(**changes)
            if not held:
                raise LeaseLost(self.kind)
        if self.report is not None and done is not None:
            self.report(done, total or 0)


Handler = Callable[[JobRun], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class JobKind:
    name: str
    service: str
    """Service identity under which it works (secal.access.policy.SERVICE_ACTS)."""
    handler: Handler


_kinds: dict[str, JobKind] = {}


def register(name: str, *, service: str) -> Callable[[Handler], Handler]:
    """Declare the handler of a kind of job: `@register("advances.compute", service="advances")`."""

    def decorate(handler: Handler) -> Handler:
        _kinds[name] = JobKind(name, service, handler)
        return handler

    return decorate


def kinds() -> list[str]:
    return sorted(_kinds)


def request_job(kind: str, period: str, *, ring: bool = True) -> Job:
    """The job of this kind and period: made if it is new, found if it exists, waiting again if it failed.

    The bell rings when the transaction commits.
    """
    if kind not in _kinds:
        raise KeyError(f"no handler for jobs of kind {kind}")
    actor = actor_or_none()
    job, _made = Job.objects.get_or_create(
        kind=kind, period=period, defaults={"requested_by_id": actor.user_id if actor else None}
    )
    if job.state == JobState.FAILED:
        Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(state=JobState.WAITING, attempts=0, error="")
        job.refresh_from_db()
    if ring and job.state == JobState.WAITING:
        transaction.on_commit(lambda: ring_bell(job.pk))
    return job


def ring_bell(job_id: uuid.UUID) -> None:
    """Tell a worker. A broker that is down is no loss: the sweeper rings again."""
    from kombu.exceptions import OperationalError

    from secal.office.tasks import run_job

    try:
        run_job.apply_async(args=[str(job_id)], retry=False)
    except (OperationalError, OSError) as error:
        log.warning("bell_not_heard", job=str(job_id), error=type(error).__name__)


def run(job_id: uuid.UUID, *, report: Reporter | None = None) -> Job:
    """Run a job to its end in this process, unless somebody else holds it. Returns the row as it ended."""
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
    job = _take(job_id, worker)
    if job is None:
        return Job.objects.get(pk=job_id)
    kind = _kinds[job.kind]
    hold = JobRun(job.pk, job.kind, job.period, kind.service, worker, job.requested_by_id, report)
    try:
        result = kind.handler(hold)
    except LeaseLost:
        log.warning("job_lease_lost", job=str(job_id), kind=job.kind)
    except Exception as error:
        _end(hold, JobState.FAILED, error=f"{type(error).__name__}", result={})
        log.exception("job_failed", job=str(job_id), kind=job.kind)
        raise
    else:
        _end(hold, JobState.DONE, error="", result=result)
    return Job.objects.get(pk=job_id)


def jobs_to_ring() -> list[uuid.UUID]:
    """Jobs that wait, or whose worker let its lease run out."""
    return list(
        Job.objects.filter(
            Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=Now()), attempts__lt=MAX_ATTEMPTS
        )
        .order_by("created_at")
        .values_list("pk", flat=True)[:200]
    )


def _take(job_id: uuid.UUID, worker: str) -> Job | None:
    """Take the job if it waits or was abandoned: one statement, so that one worker wins."""
    taken = (
        Job.objects.filter(pk=job_id)
        .filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=Now()))
        .update(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=Now() + LEASE,
            attempts=F("attempts") + 1,
            started_at=Now(),
            ended_at=None,
        )
    )
    return Job.objects.get(pk=job_id) if taken else None


def _end(hold: JobRun, state: JobState, *, error: str, result: dict[str, Any]) -> None:
    Job.objects.filter(pk=hold.job_id, worker=hold.worker).update(
        state=state, error=error[:200], result=result, lease_until=None, ended_at=Now()
    )
