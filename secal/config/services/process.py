"""Server processes that die with manage.py: start, recognise, stop.

A child asks the kernel to be interrupted when its parent dies (PR_SET_PDEATHSIG), so that `kill -9` of
manage.py leaves nothing behind. The request belongs to the creating thread: start servers from the main
thread.
"""

from __future__ import annotations

import ctypes
import json
import os
import pwd
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from secal.config.trouble import ExitCode, Trouble

PR_SET_PDEATHSIG = 1
UNPRIVILEGED = ("nobody", "postgres", "daemon")
ATTEMPTS_AT_A_PORT = 5


@dataclass(frozen=True)
class Account:
    """The unprivileged account that servers run under when manage.py runs as root."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Record:
    """What a start leaves in var/services for the next: enough to find and to recognise the server. No
    secret.
    """

    pid: int
    started: str
    port: int
    owner_pid: int
    owner_started: str

    def is_serving(self) -> bool:
        """Do both the server and the manage.py that owns it still run?"""
        return self.server_runs() and start_time(self.owner_pid) == self.owner_started

    def server_runs(self) -> bool:
        """Is the process with this number still the one that was recorded?"""
        return start_time(self.pid) == self.started


def refuse_other_systems() -> None:
    """Embedded servers need Linux: the kernel ends them with their parent."""
    if not sys.platform.startswith("linux"):
        raise Trouble(
            ExitCode.SERVER_MISSING,
            f"the built-in database and broker run on Linux only (this is {sys.platform}).",
            "set DATABASE_URL (PostgreSQL 15 or newer) and REDIS_URL, then start again.",
        )


def unprivileged_account() -> Account | None:
    """The account for servers when we are root; None when we are not, and servers simply run as ourselves."""
    if os.geteuid() != 0:
        return None
    for name in UNPRIVILEGED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise Trouble(
        ExitCode.SERVER_FAILED,
        f"PostgreSQL does not run as root, and none of the accounts {', '.join(UNPRIVILEGED)} exists.",
        "start manage.py as an ordinary user, or set DATABASE_URL and REDIS_URL.",
    )


def spawn(
    command: Sequence[str],
    *,
    account: Account | None,
    log: IO[bytes],
    stdin: int = subprocess.DEVNULL,
    stop_signal: signal.Signals = signal.SIGINT,
) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own (ctrl-C reaches manage.py only), bound to our life."""
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError(
            "servers are started from the main thread: they die with the thread that made them"
        )
    return subprocess.Popen(  # noqa: S603 - a server program that we found
        list(command),
        stdin=stdin,
        stdout=log,
        stderr=log,
        cwd="/",
        env=bare_environment(),
        start_new_session=True,
        preexec_fn=end_with_parent(os.getpid(), stop_signal),
        **identity(account),
    )


def end_with_parent(parent: int, stop_signal: signal.Signals) -> Callable[[], None]:
    """What the child does between the change of account (which clears the request) and exec."""
    prctl = ctypes.CDLL(None, use_errno=True).prctl

    def bind() -> None:
        prctl(PR_SET_PDEATHSIG, int(stop_signal), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return bind


def identity(account: Account | None) -> dict[str, Any]:
    """Keyword arguments of subprocess that change the account, or none."""
    return {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}


def bare_environment() -> dict[str, str]:
    """Servers get no variable of ours: no address, no key."""
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}


def runs_as(account: Account | None, command: Sequence[str]) -> bool:
    """Can this account execute the command? Tried, not guessed: modes, ACLs and mount options all count."""
    try:
        done = subprocess.run(  # noqa: S603 - a server program that we found
            list(command),
            capture_output=True,
            cwd="/",
            env=bare_environment(),
            timeout=20,
            **identity(account),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def stop(process: subprocess.Popen[bytes], signals: Sequence[tuple[signal.Signals, float]]) -> None:
    """Send each signal in turn with its patience in seconds, until the server has ended."""
    for name, patience in signals:
        if process.poll() is not None:
            return
        process.send_signal(name)
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            continue
    process.wait(5)


def start_time(pid: int) -> str | None:
    """Clock ticks at which the process began, as /proc tells; None when it is gone or a zombie."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def record_of(process: subprocess.Popen[bytes], port: int) -> Record:
    """The record of a server that this process has just started."""
    return Record(
        process.pid, start_time(process.pid) or "", port, os.getpid(), start_time(os.getpid()) or ""
    )


def read_record(path: Path) -> Record | None:
    """The record of an earlier start, or None when there is none that can be read."""
    try:
        return Record(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_record(path: Path, record: Record) -> None:
    """Write in one step: a reader sees the old record or the new one."""
    draft = path.with_suffix(f".{os.getpid()}")
    draft.write_text(json.dumps(asdict(record)) + "\n", encoding="utf-8")
    draft.replace(path)


def wait_until_ended(record: Record, *, seconds: float) -> bool:
    """Wait for a server whose owner has died: the kernel has told it to stop, it may be writing still."""
    deadline = time.monotonic() + seconds
    while record.server_runs():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port() -> int:
    """A loopback port that was free a moment ago; the caller tries again when somebody was faster."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def tail(log: Path, lines: int = 3) -> str:
    """The last lines of a server's log, for an error message."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "(no log)"
    return " | ".join(text.strip().splitlines()[-lines:]) or "(empty log)"
