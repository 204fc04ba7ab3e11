"""The power goes in the middle of a run, more than once: nobody is paid twice, nobody is forgotten.

Here it goes where money moves; with SECAL_KILLS=whole also while the list is reckoned and while the bank
reads (`manage.py prove --only kills`).
"""

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.advances.models import AdvanceRun, LineState, RunLine, RunState
from secal.advances.services import runs
from secal.config.demo.bank import Bank
from secal.config.services import valkey
from secal.config.services.places import State
from secal.config.services.process import stop
from secal.ledger.models import EntryKind, JournalEntry, PaymentInstruction
from secal.ledger.services.payments import message_id_for
from secal.office.jobs import request_job
from secal.office.models import Job, JobState
from tests.advances.many import grant_in_bulk
from tests.advances.rights import MONTH
from tests.advances.slow_bank import slow_line
from tests.advances.worker import Worker, environment_for, ring_sweeper, wait_for

COUNT = 1050
WHOLE = os.environ.get("SECAL_KILLS") == "whole"
REPORT = "SECAL_KILLS_REPORT"
"""Where the number of kills is written, for who asked."""
EXECUTION, AFTER = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[str]:
    """A Valkey of its own."""
    tmp_path.chmod(0o711)
    state = State(tmp_path / "state")
    state.make()
    record, running = valkey.start(state)
    yield f"redis://:{state.password(valkey.NAME)}@127.0.0.1:{record.port}/0"
    stop(running, valkey.STOP_SIGNALS)


@pytest.mark.obligation("12/057 §1")
def test_killed_in_the_middle_nobody_is_paid_twice_and_nobody_forgotten(
    committed_database: str,
    broker: str,
    bank: Bank,
    tmp_path: Path,
    officer: User,
    approver: User,
    request: pytest.FixtureRequest,
) -> None:
    """Killed while orders are written and while the bank's word is booked; the whole form also while
    candidates are reckoned and while the bank reads.
    """
    grant_in_bulk(COUNT, officer=officer)
    with slow_line(bank.url) as line:
        environment = environment_for(
            database=committed_database, broker=broker, bank_url=line.url, state=tmp_path / "state"
        )
        workers = Workers(tmp_path, environment, broker)
        request.addfinalizer(workers.end)
        with acting_as(officer.pk):
            run = runs.prepare(month=MONTH, execution_on=EXECUTION)
        if WHOLE:
            workers.kill_holder_when(lambda: 0 < RunLine.objects.count() < COUNT)
        workers.go_on_until(lambda: state_of(run) == RunState.PROPOSED)

        with acting_as(approver.pk):
            runs.approve(run_id=run.pk)
        workers.kill_holder_when(lambda: 0 < PaymentInstruction.objects.count() < COUNT)
        if WHOLE:
            workers.kill_holder_when(line.arrived.is_set)
        else:
            workers.go_on_until(line.arrived.is_set)
        assert len(bank.payments()) == COUNT
        assert state_of(run) == RunState.APPROVED

        line.let_go()
        workers.go_on_until(lambda: state_of(run) == RunState.SENT)
        bank.advance_to(AFTER)
        ask_for_reports(officer)
        workers.kill_holder_when(lambda: 0 < booked() < COUNT)
        workers.go_on_until(lambda: not Job.objects.exclude(state=JobState.DONE).exists())
        workers.end()

    lines = set(RunLine.objects.filter(run=run).values_list("pk", flat=True))
    record = Counter(payment["end_to_end_id"] for payment in bank.payments() if payment["booked_at"])
    assert len(lines) == COUNT
    assert record == Counter(message_id_for(line) for line in lines)
    assert booked() == COUNT
    assert not RunLine.objects.exclude(state=LineState.PAID).exists()
    assert state_of(run) == RunState.CONFIRMED
    if path := os.environ.get(REPORT):
        Path(path).write_text(json.dumps({"tried": workers.kills, "failed": 0}), encoding="utf-8")


def state_of(run: AdvanceRun) -> str:
    return AdvanceRun.objects.values_list("state", flat=True).get(pk=run.pk)


def booked() -> int:
    return JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).count()


class Workers:
    """Two workers at a time; whoever holds the job is killed, another starts. The sweeper's bell rings
    as beat's would.
    """

    def __init__(self, folder: Path, environment: dict[str, str], broker: str) -> None:
        self.folder, self.environment, self.broker = folder, environment, broker
        self.alive = [Worker(folder, environment), Worker(folder, environment)]
        self.kills = 0

    def kill_holder_when(self, condition: Callable[[], bool]) -> None:
        self.go_on_until(condition)
        holder = Job.objects.get(state=JobState.RUNNING).worker
        [victim] = [worker for worker in self.alive if f":{worker.process.pid}:" in holder]
        victim.kill()
        self.kills += 1
        self.alive.remove(victim)
        self.alive.append(Worker(self.folder, self.environment))

    def go_on_until(self, condition: Callable[[], bool]) -> None:
        wait_for(condition, seconds=60, what=self.told, meanwhile=lambda: ring_sweeper(self.broker))

    def told(self) -> str:
        return "\n".join(worker.tail() for worker in self.alive)

    def end(self) -> None:
        while self.alive:
            self.alive.pop().kill()


def ask_for_reports(officer: User) -> None:
    with acting_as(officer.pk):
        request_job("ledger.collect", "2026-11-24T06:00:00", ring=False)
