"""The programs of the demonstration and how they are started: what each is told, and when it serves."""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from recovery.chamber.freshness import last_accepted_at
from recovery.chamber.rules import portal_open
from secal.config.celery import app as celery_app
from secal.config.demo import chamber as demo_chamber
from secal.config.demo.bank import Bank, program
from secal.config.demo.chamber import Chamber
from secal.config.demo.processes import Addresses, NotReady, Processes, Program, answers, port_from, says
from secal.config.services import process

READY_SECONDS = 50.0
LOOK_SECONDS = 0.1
WEB_WORKERS, WEB_THREADS, JOB_WORKERS = 2, 4, 2
LOOPBACK = "127.0.0.1"
BANK_MEMORY = "bank.sqlite3"


@dataclass(frozen=True)
class Open:
    """A running demonstration: where its parts are. `web` is the office, `portal` the bailiffs'."""

    web: str
    portal: str
    identity: str
    bank: Bank
    chamber: Chamber
    processes: Processes


@contextmanager
def open_office(*, port: int, beat: bool = True, to_keep: bool = True) -> Iterator[Open]:
    """Start everything, yield when it serves, stop everything in order, whatever happened; at once where its
    data are not to be kept."""
    state = Path(settings.STATE_DIR)
    processes, addresses = Processes(state / "logs"), Addresses(state)
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    try:
        identity = start_identity(processes)
        the_bank = start_bank(processes, state)
        the_chamber = start_chamber(processes, state)
        web_port = port_from(port)
        portal_port = port_from(web_port + 1)
        told = environment(identity=identity, bank=the_bank.url) | demo_chamber.told(the_chamber, state)
        for program in programs(web_port, portal_port, state, told, beat=beat):
            processes.start(program)
        processes.await_ready(seconds=READY_SECONDS)
        places = {
            "web": f"http://{LOOPBACK}:{web_port}",
            "portal": f"http://{LOOPBACK}:{portal_port}",
            "identity": identity,
        }
        addresses.write({**places, "bank": the_bank.url, "chamber": the_chamber.page})
        fetch_list()
        yield Open(**places, bank=the_bank, chamber=the_chamber, processes=processes)
    finally:
        addresses.remove()
        if to_keep:
            processes.stop()
        else:
            processes.end_at_once()


def start_identity(processes: Processes) -> str:
    """The identity provider; it says its address on the first line of its log."""
    command = [sys.executable, "-u", "-m", "secal.config.demo.identity", "--port", "0"]
    running = processes.start(Program("identity", command, says("http://")))
    processes.await_ready(seconds=READY_SECONDS)
    address = running.log.read_text(encoding="utf-8").partition("http://")[2].split()[0]
    return f"http://{address}"


def start_bank(processes: Processes, state: Path) -> Bank:
    """The bank, with its own memory in the state folder, and the office's account there."""
    running = Bank(process.free_port())
    processes.start(program(running.port, database=str(state / BANK_MEMORY)))
    processes.await_ready(seconds=READY_SECONDS)
    running.open_account(name=settings.OFFICE_NAME, iban=settings.OFFICE_IBAN, bic=settings.OFFICE_BIC)
    return running


def start_chamber(processes: Processes, state: Path) -> Chamber:
    """The National Chamber, with its key and its memory in the state folder."""
    running = Chamber(process.free_port())
    processes.start(demo_chamber.program(running.port, state))
    processes.await_ready(seconds=READY_SECONDS)
    return running


def fetch_list() -> None:
    """Have the worker fetch the Chamber's list now: the portal opens with the first one. Raises NotReady."""
    ring_for_lists()
    deadline = time.monotonic() + READY_SECONDS
    while not portal_open(last_accepted_at(), timezone.now()):
        if time.monotonic() > deadline:
            raise NotReady("the Chamber's list was not accepted")
        time.sleep(LOOK_SECONDS)


def ring_for_lists() -> None:
    """What the scheduler does every minute, now."""
    with celery_app.connection_for_write(os.environ["REDIS_URL"]) as broker:
        celery_app.send_task("chamber.receive_lists", connection=broker)


def environment(*, identity: str, bank: str) -> dict[str, str]:
    """What the office's programs are told beyond our own environment."""
    return {
        "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
        "SECAL_STATE_DIR": str(settings.STATE_DIR),
        "OIDC_ISSUER": identity,
        "BANK_URL": bank,
    }


def site(name: str, port: int, state: Path, told: dict[str, str]) -> Program:
    """A web server for one of the sites."""
    return Program(
        name,
        [
            sys.executable,
            "-m",
            "gunicorn",
            "secal.config.wsgi:application",
            "--bind",
            f"{LOOPBACK}:{port}",
            "--preload",
            "--workers",
            str(WEB_WORKERS),
            "--threads",
            str(WEB_THREADS),
            "--graceful-timeout",
            "5",
            "--worker-tmp-dir",
            str(state),
            "--no-control-socket",
        ],
        answers(f"http://{LOOPBACK}:{port}/health"),
        environment=told,
    )


def may_use(*names: str) -> dict[str, str]:
    """The addresses of the database users that a program needs beside the application's."""
    return {name: os.environ[name] for name in names if name in os.environ}


def programs(
    port: int, portal_port: int, state: Path, told: dict[str, str], *, beat: bool
) -> Iterator[Program]:
    """The two sites, worker and beat, in the order in which they start."""
    office = {"SECAL_SITE": "office", **may_use("WATCH_DATABASE_URL", "DOOR_DATABASE_URL")}
    yield site("web", port, state, {**told, **office})
    portal = {
        "SECAL_SITE": "portal",
        "DATABASE_URL": "",
        **may_use("PORTAL_DATABASE_URL", "DOOR_DATABASE_URL"),
    }
    yield site("portal", portal_port, state, {**told, **portal})
    worker = {"SECAL_SITE": "worker", "DATABASE_URL": "", **may_use("WORKER_DATABASE_URL")}
    celery = [sys.executable, "-m", "celery", "--app", "secal.config.celery"]
    yield Program(
        "worker",
        [
            *celery,
            "worker",
            "--concurrency",
            str(JOB_WORKERS),
            "--loglevel",
            "INFO",
            "--without-gossip",
            "--without-mingle",
            "--hostname",
            f"demo-{port}@%h",
        ],
        says(" ready."),
        death_signal=signal.SIGQUIT,
        environment={**told, **worker, **may_use("ERASER_DATABASE_URL")},
    )
    if beat:
        yield Program(
            "beat",
            [
                *celery,
                "beat",
                "--loglevel",
                "INFO",
                "--pidfile",
                "",
                "--schedule",
                str(state / "celerybeat-schedule"),
            ],
            says("beat: Starting"),
            environment={**told, **worker},
        )
