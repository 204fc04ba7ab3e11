"""The programs of the demonstration: started together, watched, stopped in order, gone with their parent.

Each program writes to a log of its own in `<state>/logs`. A program asks the kernel to be ended when
manage.py dies, so that `kill -9` of manage.py leaves nothing behind; that request belongs to the thread
that starts it, which must be the main one.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from secal.config.services import process
from secal.config.services.places import ROOT, write_private

POLL_SECONDS = 0.1
STOP_SIGNALS = ((signal.SIGTERM, 10.0), (signal.SIGQUIT, 3.0), (signal.SIGKILL, 5.0))

NOT_FOR_PROGRAMS = frozenset(
    {
        "ADMIN_DATABASE_URL",
        "OWNER_DATABASE_URL",
        "WORKER_DATABASE_URL",
        "PORTAL_DATABASE_URL",
        "DOOR_DATABASE_URL",
        "ERASER_DATABASE_URL",
        "WATCH_DATABASE_URL",
    }
)
"""Addresses of database users that a program only learns when it is told: one above the application never."""

Ready = Callable[[Path], bool]
"""Told where the log is; True once the program serves."""


class ProgramEnded(Exception):
    """A program ended that should have gone on; `tail` is the end of its log."""

    def __init__(self, name: str, code: int, tail: str) -> None:
        super().__init__(f"{name} ended with code {code}: {tail}")
        self.name = name
        self.code = code
        self.tail = tail


class NotReady(Exception):
    """A program did not serve in time."""


@dataclass(frozen=True)
class Program:
    """What to run, how to see that it serves, and the signal that the kernel sends when we die."""

    name: str
    command: Sequence[str]
    ready: Ready
    death_signal: signal.Signals = signal.SIGTERM
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Running:
    program: Program
    popen: subprocess.Popen[bytes]
    log: Path


class Processes:
    """The programs that this process started, in order."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[Running] = []

    def start(self, program: Program) -> Running:
        """Start a program in a session of its own: ctrl-C reaches manage.py only, which stops it in order."""
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("programs die with the thread that started them: use the main thread")
        self.logs.mkdir(parents=True, exist_ok=True)
        log = self.logs / f"{program.name}.log"
        common = {name: value for name, value in os.environ.items() if name not in NOT_FOR_PROGRAMS}
        with log.open("wb") as output:
            popen = subprocess.Popen(  # noqa: S603 - our own programs
                list(program.command),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=ROOT,
                env={**common, **program.environment},
                start_new_session=True,
                preexec_fn=process.end_with_parent(os.getpid(), program.death_signal),
            )
        running = Running(program, popen, log)
        self.running.append(running)
        return running

    def await_ready(self, *, seconds: float) -> None:
        """Wait until every program serves. Raises ProgramEnded, NotReady."""
        deadline = time.monotonic() + seconds
        waiting = list(self.running)
        while waiting:
            self.refuse_ended()
            waiting = [one for one in waiting if not one.program.ready(one.log)]
            if waiting and time.monotonic() > deadline:
                first = waiting[0]
                raise NotReady(
                    f"{first.program.name} does not serve after {seconds:.0f} s: {process.tail(first.log, 8)}"
                )
            if waiting:
                time.sleep(POLL_SECONDS)

    def refuse_ended(self) -> None:
        """Raise ProgramEnded for the first program that is no more."""
        for one in self.running:
            code = one.popen.poll()
            if code is not None:
                raise ProgramEnded(one.program.name, code, process.tail(one.log, 8))

    def stop(self) -> None:
        """Stop everything, last started first; a program that ignores us is killed in the end."""
        while self.running:
            one = self.running.pop()
            process.stop(one.popen, STOP_SIGNALS)
            end_session(one.popen.pid)

    def end_at_once(self) -> None:
        """End everything without asking, where nobody misses what a program still had to finish."""
        for one in self.running:
            end_session(one.popen.pid)
        self.stop()


def end_session(leader: int) -> None:
    """End what a program that was killed left in its session (a worker's pool, a web server's workers)."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        return


def answers(url: str) -> Ready:
    """The program serves when this address answers, whatever it says."""

    def ready(_log: Path) -> bool:
        try:
            with urllib.request.urlopen(url, timeout=5):  # noqa: S310 - loopback
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return error.code < 500
        except (urllib.error.URLError, OSError):
            return False

    return ready


def says(words: str) -> Ready:
    """The program serves when its log says so."""
    return lambda log: words in log.read_text(encoding="utf-8", errors="replace")


def port_from(wanted: int) -> int:
    """`wanted` if nobody listens there, else the next free port above it."""
    for port in range(wanted, min(wanted + 200, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise NotReady(f"no free port from {wanted} on")


class Addresses:
    """`<state>/demo.json`: where the parts of a running demonstration are; mode 600, gone when it stops."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "demo.json"

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Hold the one place of a demonstration of this folder; False when another has it. Dies with us."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def write(self, addresses: Mapping[str, object]) -> None:
        draft = self.path.with_suffix(f".{os.getpid()}")
        mark = {"pid": os.getpid(), "started": process.start_time(os.getpid())}
        write_private(draft, json.dumps({**mark, **addresses}, indent=2) + "\n")
        draft.replace(self.path)

    def of_running(self) -> dict[str, Any] | None:
        """What a demonstration that runs has written; None when there is none, or it is still starting."""
        try:
            known: dict[str, Any] = json.loads(self.path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return None
        return known if process.start_time(int(known["pid"])) == known["started"] else None

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)
