"""Background jobs. The row is the truth; Celery rings the bell; a sweeper rings again what nobody answers.

A room registers a handler for a kind of job. A handler works in steps: each call of `step()` opens one
unit of work, commits its part together with the progress, and must be repeatable: a worker killed between
two steps is followed by another that starts the handler again and finds in the database what is done.
"""

import os
import socket
import threading
import traceback
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import Promise

from secal.access.actors import actor_or_none
from secal.access.unit_of_work import service_work
from secal.kernel.errors import DomainError
from secal.office.models import Job, JobState

log = structlog.get_logger(__name__)

MAX_ATTEMPTS = 10
ROOT = Path(__file__).resolve().parents[2]
OURS = ("secal", "recovery", "audit")
ABANDONED = "job.abandoned"
"""Error of a job that lost its worker again and again."""

Reporter = Callable[[int, int], None]
"""Told (done, total) after each step: the terminal's progress bar."""
Unit = Callable[[str], AbstractContextManager[None]]
"""A unit of work of the service of this name."""


class LeaseLost(Exception):
    """Another worker took this job over while we were away: stop at once."""


class Postponed(DomainError):
    """What the job needs is away for now (a bank that does not answer): the sweeper tries again."""


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
    unit: Unit = service_work
    result: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def step(self, *, done: int | None = None, total: int | None = None) -> Iterator[None]:
        """One committed part of the job under its service identity, with the lease renewed. Raises LeaseLost.

        Call `progress` inside (and `tell` after) when the count is known only at the end of the step.
        """
        with self.unit(self.service):
            yield
            self.progress(done=done, total=total)
        if done is not None:
            self.tell(done, total or 0)

    def progress(self, *, done: int | None = None, total: int | None = None) -> None:
        """Note how far the job is and renew the lease, in the transaction of the step. Raises LeaseLost."""
        changes: dict[str, Any] = {"lease_until": Now() + lease()}
        if total is not None:
            changes["total"] = total
        if done is not None:
            changes["done"] = done
        held = Job.objects.filter(pk=self.job_id, worker=self.worker, state=JobState.RUNNING)
        if not held.update(**changes):
            raise LeaseLost(self.kind)

    def tell(self, done: int, total: int) -> None:
        """Move the terminal's progress bar, once the step is committed."""
        if self.report is not None:
            self.report(done, total)


Handler = Callable[[JobRun], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class JobKind:
    name: str
    service: str
    """Service identity under which it works (secal.access.policy.SERVICE_ACTS)."""
    handler: Handler
    title: str | Promise
    errors: Mapping[str, str | Promise]
    """Sentence with a remedy for each error code that the job may end with."""
    page: Callable[[Job], str] | None
    """Address of the page that shows what came of it."""
    found: Callable[[Job], str] | None
    """What came of it, in a sentence, where no page of its own says so."""


_kinds: dict[str, JobKind] = {}


def register(
    name: str,
    *,
    service: str,
    title: str | Promise = "",
    errors: Mapping[str, str | Promise] | None = None,
    page: Callable[[Job], str] | None = None,
    found: Callable[[Job], str] | None = None,
) -> Callable[[Handler], Handler]:
    """Declare the handler of a kind of job: `@register("advances.compute", service="advances")`."""

    def decorate(handler: Handler) -> Handler:
        _kinds[name] = JobKind(name, service, handler, title or name, errors or {}, page, found)
        return handler

    return decorate


def kinds() -> list[str]:
    return sorted(_kinds)


def kind_of(job: Job) -> JobKind | None:
    """The kind of a job; None for a row of a kind that this version no longer knows."""
    return _kinds.get(job.kind)


def lease() -> timedelta:
    """How long a worker may be silent before another takes its job over."""
    return timedelta(seconds=settings.JOB_LEASE_SECONDS)


def request_job(kind: str, period: str, *, ring: bool = True, requested: bool = True) -> Job:
    """The job of this kind and period: made if it is new, found if it exists, waiting again if it failed.

    The bell rings when the transaction commits. Not `requested`: it follows from what the person did without
    being theirs, and they are told nothing of it.
    """
    if kind not in _kinds:
        raise KeyError(f"no handler for jobs of kind {kind}")
    actor = actor_or_none() if requested else None
    job, _made = Job.objects.get_or_create(
        kind=kind, period=period, defaults={"requested_by_id": actor.user_id if actor else None}
    )
    if job.state == JobState.FAILED:
        Job.objects.filter(pk=job.pk, state=JobState.FAILED).update(
            state=JobState.WAITING, attempts=0, error="", lease_until=None, ended_at=None
        )
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


def run(job_id: uuid.UUID, *, report: Reporter | None = None, unit: Unit = service_work) -> Job:
    """Run a job to its end in this process, unless somebody else holds it. Returns the row as it ended.

    A failure is in the row, by its code: an exception's own words may quote personal data, so they go
    neither into the row nor up to the task queue's log.
    """
    worker = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
    job = _take(job_id, worker)
    if job is None:
        return Job.objects.get(pk=job_id)
    kind = kind_of(job)
    hold = JobRun(
        job.pk, job.kind, job.period, kind.service if kind else "", worker, job.requested_by_id, report, unit
    )
    if kind is None:
        _end(hold, JobState.FAILED, error="job.unknown_kind", result={})
        return Job.objects.get(pk=job_id)
    try:
        with _heartbeat(hold):
            result = kind.handler(hold)
    except LeaseLost:
        log.warning("job_lease_lost", job=str(job_id), kind=job.kind)
    except Postponed as error:
        log.warning("job_postponed", job=str(job_id), kind=job.kind, error=error.code)
        _end(hold, JobState.WAITING, error=error.code, result={})
        # What is away is not this job's fault: waiting for it uses up no attempt.
        Job.objects.filter(pk=job_id, state=JobState.WAITING).update(attempts=F("attempts") - 1)
    except Exception as error:
        log.error("job_failed", job=str(job_id), kind=job.kind, error=error_code(error), at=_place(error))
        _end(hold, JobState.FAILED, error=error_code(error), result={})
    else:
        _end(hold, JobState.DONE, error="", result=result)
    return Job.objects.get(pk=job_id)


def error_code(error: Exception) -> str:
    """What a failed job keeps: the code of a domain error, else the exception's type. Never its words."""
    return error.code if isinstance(error, DomainError) else type(error).__name__


def jobs_to_ring() -> list[uuid.UUID]:
    """Jobs that wait, or whose worker let its lease run out. One that keeps losing its worker ends here."""
    silent = Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=Now())
    tired = Job.objects.filter(silent, attempts__gte=MAX_ATTEMPTS)
    tired.filter(error="").update(error=ABANDONED)
    tired.update(state=JobState.FAILED, lease_until=None, ended_at=Now())
    return list(Job.objects.filter(silent).order_by("created_at").values_list("pk", flat=True)[:200])


def _take(job_id: uuid.UUID, worker: str) -> Job | None:
    """Take the job if it waits or was abandoned: one statement, so that one worker wins."""
    taken = (
        Job.objects.filter(pk=job_id)
        .filter(Q(state=JobState.WAITING) | Q(state=JobState.RUNNING, lease_until__lt=Now()))
        .update(
            state=JobState.RUNNING,
            worker=worker,
            lease_until=Now() + lease(),
            attempts=F("attempts") + 1,
            started_at=Now(),
            ended_at=None,
        )
    )
    return Job.objects.get(pk=job_id) if taken else None


@contextmanager
def _heartbeat(hold: JobRun) -> Iterator[None]:
    """Renew the lease while this process lives, however long a step takes: the lease measures death,
    not slowness.
    """
    over = threading.Event()
    pulse = threading.Thread(target=_beat, args=(hold, over), name=f"lease-{hold.job_id}", daemon=True)
    pulse.start()
    try:
        yield
    finally:
        over.set()
        pulse.join()


def _beat(hold: JobRun, over: threading.Event) -> None:
    """On a database connection of its own, three times a lease; ends with the job or with the lease."""
    held = Job.objects.filter(pk=hold.job_id, worker=hold.worker, state=JobState.RUNNING)
    try:
        while not over.wait(lease().total_seconds() / 3):
            if not held.update(lease_until=Now() + lease()):
                return
    except DatabaseError as error:
        log.warning("job_heartbeat_failed", job=str(hold.job_id), error=type(error).__name__)
    finally:
        connection.close()


def _end(hold: JobRun, state: JobState, *, error: str, result: dict[str, Any]) -> None:
    """The last word, if the job is still ours."""
    Job.objects.filter(pk=hold.job_id, worker=hold.worker, state=JobState.RUNNING).update(
        state=state,
        error=error[:200],
        result=result,
        lease_until=None,
        ended_at=None if state == JobState.WAITING else Now(),
    )


def _place(error: Exception) -> str:
    """File and line of ours where it happened, for the log."""
    places = [
        f"{path.relative_to(ROOT)}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if (path := Path(frame.filename)).is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in OURS
    ]
    return places[-1] if places else ""
