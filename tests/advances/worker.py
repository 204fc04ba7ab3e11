"""A real Celery worker process on a real broker, which a test may kill as the power may go."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from celery import Celery
from django.db import connections
from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """One worker process in a session of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.log = folder / f"worker-{time.monotonic_ns()}.log"
        command = [sys.executable, "-m", "celery", "-A", "secal.config.celery", "worker"]
        command += ["--pool", "solo", "--loglevel", "info", "--without-gossip", "--without-mingle"]
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to the whole session: nothing of it can tidy up."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)

    def tail(self) -> str:
        return self.log.read_text()[-3000:]


def environment_for(*, database: str, broker: str, bank_url: str, state: Path) -> dict[str, str]:
    """What a worker must know to work on this test's database, broker and bank; with a short lease."""
    settings = connections["default"].settings_dict
    address = make_conninfo(
        host=settings["HOST"],
        port=settings["PORT"],
        user=settings["USER"],
        password=settings["PASSWORD"] or None,
        dbname=database,
    )
    return {
        "DATABASE_URL": address,
        "OWNER_DATABASE_URL": "",
        "REDIS_URL": broker,
        "BANK_URL": bank_url,
        "JOB_LEASE_SECONDS": "2",
        # Many small steps: the killer cannot miss the moment between two of them.
        "JOB_ROWS_A_STEP": "40",
        "DJANGO_SETTINGS_MODULE": "secal.config.settings.test",
        "SECAL_STATE_DIR": str(state),
        "SECAL_SERVICES": "provided",
    }


def ring_sweeper(broker: str) -> None:
    """What beat does every thirty seconds."""
    with Celery(broker=broker, set_as_current=False) as bell:
        bell.send_task("office.sweep_jobs")


def wait_for(
    condition: Callable[[], bool],
    *,
    seconds: float,
    what: Callable[[], str] = lambda: "",
    meanwhile: Callable[[], None] = lambda: None,
    every: float = 0.005,
) -> None:
    """Look until it is so; `meanwhile` runs about once a second."""
    deadline = time.monotonic() + seconds
    next_call = 0.0
    while not condition():
        now = time.monotonic()
        if now > deadline:
            raise AssertionError(f"not so after {seconds:.0f} s: {what()}")
        if now >= next_call:
            meanwhile()
            next_call = now + 1.0
        time.sleep(every)
