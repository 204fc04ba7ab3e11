"""The job of the month's terms: asked for by the beat, run in steps, finished whoever starts it again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import transaction

from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.cases.models import MonthlyTerm
from secal.files import jobs as terms_jobs
from secal.files.tasks import make_terms_due
from secal.office import jobs
from secal.office.models import Job
from tests import stories

NOVEMBER = date(2026, 11, 1)


def _job(period: str) -> Job:
    with service_work("terms"), transaction.atomic():
        return jobs.request_job(terms_jobs.KIND, period, ring=False)


def test_the_job_makes_the_months_terms_in_steps_and_says_how_far_it_is(
    registrar: User, officer: User, settings: Any
) -> None:
    settings.JOB_ROWS_A_STEP = 2
    stories.granted_file(registrar=registrar, officer=officer, children=3)
    told: list[tuple[int, int]] = []
    job = jobs.run(_job("2026-11").pk, report=lambda done, total: told.append((done, total)))
    assert (job.state, job.result, told) == ("done", {"terms": 3}, [(2, 3), (3, 3)])
    assert MonthlyTerm.objects.filter(month=NOVEMBER, claim__isnull=False).count() == 3


def test_a_worker_killed_between_two_steps_is_followed_by_one_that_finishes(
    registrar: User, officer: User, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.JOB_ROWS_A_STEP = 1
    stories.granted_file(registrar=registrar, officer=officer, children=3)
    real, calls = terms_jobs.make_terms_due, []

    def dies(**arguments: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**arguments)

    monkeypatch.setattr(terms_jobs, "make_terms_due", dies)
    job = _job("2026-11")
    with pytest.raises(KeyboardInterrupt):
        jobs.run(job.pk)
    assert MonthlyTerm.objects.filter(month=NOVEMBER).count() == 1
    Job.objects.filter(pk=job.pk).update(lease_until=datetime(2020, 1, 1, tzinfo=UTC))
    assert jobs.run(job.pk).state == "done"
    assert MonthlyTerm.objects.filter(month=NOVEMBER, claim__isnull=False).count() == 3


def test_the_beat_asks_for_this_month_and_the_last_and_finds_known_jobs_again(
    db: None, monkeypatch: pytest.MonkeyPatch, make_user: Callable[..., User]
) -> None:
    monkeypatch.setattr("secal.files.tasks.today", lambda: date(2026, 11, 21))
    for _time in range(2):
        make_terms_due()
    assert sorted(Job.objects.values_list("kind", "period")) == [
        ("files.terms", "2026-10"),
        ("files.terms", "2026-11"),
    ]
