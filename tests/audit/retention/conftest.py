"""Closed files that have to go, their watchers, and a database in which commits are real."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import psycopg
import pytest
from django.conf import settings
from psycopg.conninfo import make_conninfo

from audit.retention import jobs as _jobs  # noqa: F401 - registers the kinds of job
from audit.retention.models import ErasureList
from audit.retention.services import ERASE_JOB, approve, propose_list
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import AlimonyFile
from secal.office import jobs
from secal.office.clock import today
from secal.office.models import Job
from tests import stories
from tests.closing import close_long_ago
from tests.conftest import broker_at

CLOSED_ON = date(2026, 11, 10)
BROKERS_FROM = 10


@pytest.fixture(autouse=True)
def _nobody_hears_the_bell(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests run the job themselves."""
    monkeypatch.setattr(jobs, "ring_bell", lambda _job_id: None)


@pytest.fixture(autouse=True)
def _searches_a_broker_of_its_own(process_number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test of another process leaves behind to be found is not found here."""
    monkeypatch.setattr(settings, "REDIS_URL", broker_at(BROKERS_FROM + process_number))


@pytest.fixture
def dpo(make_user: Callable[..., User]) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dina", family_name="Vermeulen")


@pytest.fixture
def coordinator(make_user: Callable[..., User]) -> User:
    return make_user(Role.SECURITY_COORDINATOR, given_name="Karel", family_name="Wouters")


@pytest.fixture
def due_file(registrar: User, officer: User, approver: User) -> Callable[..., AlimonyFile]:
    """A granted file, closed by two persons, and since then so many years went by that it has to go."""

    def make(**changes: Any) -> AlimonyFile:
        file = stories.granted_file(registrar=registrar, officer=officer, **changes)
        close_long_ago(file, officer=officer, approver=approver, on=CLOSED_ON)
        return file

    return make


@pytest.fixture
def proposed() -> Callable[[], ErasureList]:
    def make() -> ErasureList:
        with service_work("retention"):
            made = propose_list(on=today())
        assert made is not None
        return made

    return make


@pytest.fixture
def approved(proposed: Callable[[], ErasureList], dpo: User, coordinator: User) -> Callable[[], ErasureList]:
    """A list of what is due, approved by both watchers."""

    def make() -> ErasureList:
        made = proposed()
        for watcher in (dpo, coordinator):
            with acting_as(watcher.pk):
                approve(list_id=made.pk)
        made.refresh_from_db()
        return made

    return make


@pytest.fixture
def run_erasure() -> Callable[[ErasureList], Job]:
    """Run the job of a list to its end, as the worker that comes next does."""

    def run(erasure_list: ErasureList) -> Job:
        Job.objects.filter(kind=ERASE_JOB, period=str(erasure_list.pk)).update(
            lease_until="2000-01-01T00:00Z"
        )
        with service_work("retention"):
            job = jobs.request_job(ERASE_JOB, str(erasure_list.pk), ring=False)
        return jobs.run(job.pk)

    return run


@pytest.fixture
def administrator(committed_database: str) -> Iterator[psycopg.Connection[Any]]:
    """Whoever may read every table: what the application's role cannot see is looked at too."""
    address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=committed_database)
    with psycopg.connect(address, autocommit=True) as connection:
        yield connection
