"""Two people at the same moment: one run a month, one approval."""

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import connection

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.advances.models import AdvanceRun, RunChange, RunState
from secal.advances.services import runs
from secal.advances.services.runs import RunError
from secal.office import jobs
from secal.office.models import Job
from tests.advances.rights import MONTH, grant

EXECUTION = date(2026, 11, 24)
AT_ONCE = 4


def at_once(acts: list[Callable[[], Any]]) -> list[Any]:
    """Run each act in a thread of its own, started together; their results or errors, in order."""
    results: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts), timeout=20)

    def run(place: int) -> None:
        start.wait()
        try:
            results[place] = acts[place]()
        except (RunError, Refused) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def prepare_as(user: User) -> Callable[[], AdvanceRun]:
    def act() -> AdvanceRun:
        with acting_as(user.pk):
            return runs.prepare(month=MONTH, execution_on=EXECUTION)

    return act


def approve_as(user: User, run: AdvanceRun) -> Callable[[], AdvanceRun]:
    def act() -> AdvanceRun:
        with acting_as(user.pk):
            return runs.approve(run_id=run.pk)

    return act


def test_a_month_prepared_by_several_at_once_has_one_run(
    committed_database: str, make_user: Callable[..., User], monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "ring_bell", lambda job_id: None)
    officers = [make_user(Role.CASE_OFFICER) for _ in range(AT_ONCE)]
    found = at_once([prepare_as(officer) for officer in officers])
    assert len({run.pk for run in found}) == 1
    assert AdvanceRun.objects.count() == 1
    assert Job.objects.filter(kind="advances.compute").count() == 1


def test_a_run_approved_by_several_at_once_is_approved_once(
    committed_database: str, officer: User, make_user: Callable[..., User], monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "ring_bell", lambda job_id: None)
    grant(officer=officer)
    run = prepare_as(officer)()
    jobs.run(Job.objects.get().pk)
    approvers = [make_user(Role.APPROVER) for _ in range(AT_ONCE)]
    results = at_once([approve_as(approver, run) for approver in approvers])
    refused = [result for result in results if isinstance(result, RunError)]
    assert [error.code for error in refused] == ["run.cannot_approve"] * (AT_ONCE - 1)
    run.refresh_from_db()
    assert run.state == RunState.APPROVED
    assert RunChange.objects.filter(run=run, action="approve").count() == 1
    assert Job.objects.filter(kind="advances.send").count() == 1


def test_approval_and_giving_up_at_once_leave_one_of_the_two(
    committed_database: str, officer: User, approver: User, monkeypatch: Any
) -> None:
    monkeypatch.setattr(jobs, "ring_bell", lambda job_id: None)
    grant(officer=officer)
    run = prepare_as(officer)()
    jobs.run(Job.objects.get().pk)

    def give_up() -> AdvanceRun:
        with acting_as(officer.pk):
            return runs.cancel(run_id=run.pk)

    results = at_once([approve_as(approver, run), give_up])
    assert sum(isinstance(result, RunError) for result in results) == 1
    run.refresh_from_db()
    assert (run.state == RunState.APPROVED) == Job.objects.filter(kind="advances.send").exists()
