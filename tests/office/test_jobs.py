"""Background jobs: one row a kind and period, one worker at a time, taken over when the worker is gone."""

import io
import json
import threading
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from secal.access.actors import current_actor
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.kernel.errors import DomainError
from secal.office import jobs
from secal.office.jobs import ABANDONED, MAX_ATTEMPTS, JobRun, LeaseLost, Postponed
from secal.office.models import Job, JobState

KIND = "test.count"


@pytest.fixture
def kind(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Declare a kind of job for this test only."""
    monkeypatch.setattr(jobs, "_kinds", dict(jobs._kinds))

    def declare(handler: Callable[[JobRun], dict[str, Any]], **more: Any) -> None:
        jobs.register(KIND, service="sweeper", **more)(handler)

    return declare


def count_to_three(hold: JobRun) -> dict[str, Any]:
    for done in range(1, 4):
        with hold.step(done=done, total=3):
            assert current_actor().name == "service:sweeper"
    return {"counted": 3}


def waiting_job(period: str = "2026-11") -> Job:
    return jobs.request_job(KIND, period, ring=False)


def abandoned(job: Job) -> None:
    """As a worker leaves it that was killed longer ago than the lease."""
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, worker="gone:1:abc", attempts=1, lease_until=Now() - timedelta(seconds=1)
    )


@pytest.mark.django_db
def test_asking_twice_finds_the_same_job(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    assert waiting_job().pk == waiting_job().pk
    assert waiting_job("2026-12").pk != waiting_job().pk


@pytest.mark.django_db
def test_a_job_reports_its_steps_and_keeps_its_result(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    told: list[tuple[int, int]] = []
    job = jobs.run(waiting_job().pk, report=lambda done, total: told.append((done, total)))
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"counted": 3})
    assert told == [(1, 3), (2, 3), (3, 3)]
    assert job.lease_until is None


@pytest.mark.django_db
def test_a_job_that_is_done_is_not_run_again(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    first = jobs.run(waiting_job().pk)
    assert jobs.run(first.pk).attempts == 1


@pytest.mark.django_db
def test_a_job_in_other_hands_is_left_alone(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    job = waiting_job()
    Job.objects.filter(pk=job.pk).update(
        state=JobState.RUNNING, worker="other:1:abc", lease_until=Now() + timedelta(seconds=60)
    )
    assert jobs.run(job.pk).worker == "other:1:abc"
    assert job.pk not in jobs.jobs_to_ring()


@pytest.mark.django_db
def test_a_job_whose_worker_is_gone_is_rung_for_and_taken_over(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    job = waiting_job()
    abandoned(job)
    assert jobs.jobs_to_ring() == [job.pk]
    ended = jobs.run(job.pk)
    assert (ended.state, ended.attempts) == (JobState.DONE, 2)


@pytest.mark.django_db
def test_a_worker_that_lost_its_job_stops_and_undoes_its_step(kind: Callable[..., None]) -> None:
    made: list[uuid.UUID] = []

    def handler(hold: JobRun) -> dict[str, Any]:
        Job.objects.filter(pk=hold.job_id).update(worker="faster:1:abc")
        with hold.step(done=1, total=1):
            made.append(Job.objects.create(kind="test.trace", period="x").pk)
        raise AssertionError("the step must have refused")

    kind(handler)
    job = jobs.run(waiting_job().pk)
    assert (job.state, job.worker, job.done) == (JobState.RUNNING, "faster:1:abc", 0)
    assert not Job.objects.filter(pk__in=made).exists()


@pytest.mark.django_db
def test_a_lost_lease_is_an_error_of_its_own(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    hold = JobRun(waiting_job().pk, KIND, "x", "sweeper", "nobody", None)
    with pytest.raises(LeaseLost), hold.step():
        pass


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "code"),
    [
        (DomainError("bank.answer_unreadable", "Els Peeters BE71 0961 2345 6769"), "bank.answer_unreadable"),
        (ValueError("Els Peeters 85.07.30-033.28"), "ValueError"),
    ],
)
def test_a_failed_job_keeps_a_code_and_never_the_words(
    kind: Callable[..., None], caplog: pytest.LogCaptureFixture, error: Exception, code: str
) -> None:
    def handler(_hold: JobRun) -> dict[str, Any]:
        raise error

    kind(handler)
    job = jobs.run(waiting_job().pk)
    assert (job.state, job.error, job.result) == (JobState.FAILED, code, {})
    assert "Peeters" not in caplog.text
    assert "Peeters" not in json.dumps(
        list(Job.objects.values("kind", "period", "error", "result", "worker"))
    )


@pytest.mark.django_db
def test_a_failed_job_that_is_asked_for_again_waits_again(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    job = waiting_job()
    Job.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="ValueError", attempts=4)
    again = waiting_job()
    assert (again.pk, again.state, again.error, again.attempts) == (job.pk, JobState.WAITING, "", 0)


@pytest.mark.django_db
def test_a_postponed_job_waits_for_the_sweeper(kind: Callable[..., None]) -> None:
    def handler(_hold: JobRun) -> dict[str, Any]:
        raise Postponed("bank.unreachable", "")

    kind(handler)
    job = jobs.run(waiting_job().pk)
    assert (job.state, job.error) == (JobState.WAITING, "bank.unreachable")
    assert jobs.jobs_to_ring() == [job.pk]


@pytest.mark.django_db
def test_a_job_that_loses_every_worker_ends_as_failed(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    job = waiting_job()
    abandoned(job)
    Job.objects.filter(pk=job.pk).update(attempts=MAX_ATTEMPTS)
    assert jobs.jobs_to_ring() == []
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, ABANDONED)


def test_of_two_workers_one_runs_the_job(
    committed_database: str, django_db_blocker: Any, kind: Callable[..., None]
) -> None:
    entered = threading.Barrier(2, timeout=20)
    runs: list[str] = []

    def handler(hold: JobRun) -> dict[str, Any]:
        runs.append(hold.worker)
        return {}

    kind(handler)
    job = waiting_job()

    def work() -> None:
        entered.wait()
        jobs.run(job.pk)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert len(runs) == 1
    assert Job.objects.get().attempts == 1


def test_the_lease_of_a_slow_step_is_renewed_while_its_worker_lives(
    committed_database: str, settings: Any, kind: Callable[..., None]
) -> None:
    settings.JOB_LEASE_SECONDS = 0.6
    seen: list[list[uuid.UUID]] = []

    def handler(hold: JobRun) -> dict[str, Any]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(1.5)")
        seen.append(jobs.jobs_to_ring())
        with hold.step(done=1, total=1):
            pass
        return {}

    kind(handler)
    job = jobs.run(waiting_job().pk)
    assert seen == [[]]
    assert (job.state, job.attempts) == (JobState.DONE, 1)


# --- the command -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_runs_the_same_job_and_prints_json(kind: Callable[..., None]) -> None:
    kind(count_to_three)
    out = io.StringIO()
    call_command("run_job", KIND, "2026-11", "--json", stdout=out, stderr=io.StringIO())
    assert json.loads(out.getvalue()) == {
        "kind": KIND,
        "period": "2026-11",
        "state": "done",
        "done": 3,
        "total": 3,
        "error": "",
        "result": {"counted": 3},
    }


@pytest.mark.django_db
def test_the_command_fails_with_the_code_of_the_job(kind: Callable[..., None]) -> None:
    def handler(_hold: JobRun) -> dict[str, Any]:
        raise DomainError("bank.answer_unreadable", "")

    kind(handler)
    with pytest.raises(CommandError, match=r"bank\.answer_unreadable"):
        call_command("run_job", KIND, "2026-11", stdout=io.StringIO(), stderr=io.StringIO())


# --- the page ----------------------------------------------------------------------------------------


@pytest.fixture
def asked(kind: Callable[..., None], officer: User) -> Iterator[Job]:
    kind(
        count_to_three,
        title="Compter",
        errors={"bank.unreachable": "La banque dort."},
        page=lambda job: "/ailleurs/",
    )
    with acting_as(officer.pk):
        job = waiting_job()
    yield job


def told(client: Client, job: Job) -> str:
    return client.get(reverse("office:job", args=[job.pk])).content.decode()


def test_the_page_asks_again_by_itself_only_while_the_job_works(
    asked: Job, officer: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(officer)
    Job.objects.filter(pk=asked.pk).update(state=JobState.RUNNING, done=120, total=480, started_at=Now())
    address = reverse("office:job", args=[asked.pk])
    answer = client.get(address)
    assert answer.headers["Refresh"] == "3"
    assert 'value="120"' in answer.content.decode()
    assert 'max="480"' in answer.content.decode()
    assert "Refresh" not in client.get(address, {"live": "0"}).headers
    Job.objects.filter(pk=asked.pk).update(state=JobState.DONE, ended_at=Now())
    answer = client.get(address)
    assert "Refresh" not in answer.headers
    assert 'href="/ailleurs/"' in answer.content.decode()


def test_the_page_says_what_went_wrong_in_words(
    asked: Job, officer: User, client_for: Callable[[User], Client]
) -> None:
    Job.objects.filter(pk=asked.pk).update(state=JobState.FAILED, error="bank.unreachable")
    assert "La banque dort." in told(client_for(officer), asked)
    Job.objects.filter(pk=asked.pk).update(error="ValueError")
    assert "ValueError" in told(client_for(officer), asked)


def test_casework_sees_every_job_and_others_only_their_own(
    asked: Job,
    approver: User,
    registrar: User,
    client_for: Callable[[User], Client],
    security_log: Callable[..., list[dict[str, Any]]],
) -> None:
    address = reverse("office:job", args=[asked.pk])
    assert client_for(approver).get(address).status_code == 200
    assert client_for(registrar).get(address).status_code == 404
    assert security_log(kind="DENY", act="job.view", actor=registrar.pk)
    Job.objects.filter(pk=asked.pk).update(requested_by=registrar)
    assert client_for(registrar).get(address).status_code == 200


def test_a_running_job_follows_its_person_on_every_page(
    asked: Job, officer: User, other_officer: User, client_for: Callable[[User], Client]
) -> None:
    address = reverse("office:job", args=[asked.pk])
    assert address in client_for(officer).get(reverse("office:jobs")).content.decode()
    assert (
        f'<a href="{address}">Compter</a>'
        in client_for(officer).get(reverse("advances:runs")).content.decode()
    )
    assert address not in client_for(other_officer).get(reverse("advances:runs")).content.decode()


@pytest.mark.parametrize("count", [1, 10, 40])
def test_the_list_of_jobs_costs_the_same_for_one_or_many(
    asked: Job,
    officer: User,
    client_for: Callable[[User], Client],
    django_assert_max_num_queries: Any,
    count: int,
) -> None:
    for number in range(count):
        jobs.request_job(KIND, f"list-{number}", ring=False)
    client = client_for(officer)
    with django_assert_max_num_queries(14):
        assert client.get(reverse("office:jobs")).status_code == 200
