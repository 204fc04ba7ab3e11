"""pgbouncer in transaction mode before a scratch database: a transaction gets any connection that is free."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

from secal.config.proving.scratch import Scratch
from secal.config.services import process
from secal.config.services.places import OURS_TO_PASS, write_private
from secal.config.trouble import ExitCode, Trouble

PROGRAM = "pgbouncer"
PLACES = ("/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin")
DATABASE = "secal"
USERS, LOG = "users.txt", "pooler.log"
PATIENCE_SECONDS = 15.0
STOP_SIGNALS = ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0))


def find_program() -> Path:
    """The system's pgbouncer; SECAL_PGBOUNCER_BIN names another. Raises Trouble when there is none."""
    chosen = os.environ.get("SECAL_PGBOUNCER_BIN")
    path = os.pathsep.join([os.environ.get("PATH", ""), *PLACES])
    found = shutil.which(chosen or PROGRAM, path=path)
    if found is None:
        raise Trouble(
            ExitCode.SERVER_MISSING,
            f"{chosen or PROGRAM} was not found: transactions cannot be pooled.",
            "install it (Debian: apt-get install -y --no-install-recommends pgbouncer), "
            "or let SECAL_PGBOUNCER_BIN name it.",
        )
    return Path(found)


@contextmanager
def pooled(scratch: Scratch, role: str, *, size: int, clients: int) -> Iterator[str]:
    """A pooler with `size` connections to the database under this role; gives the address for clients."""
    program = find_program()
    folder = Path(tempfile.mkdtemp(prefix="secal-pooler-"))
    folder.chmod(OURS_TO_PASS)
    running: list[subprocess.Popen[bytes]] = []
    try:
        for _ in range(process.ATTEMPTS_AT_A_PORT):
            address = _start(program, folder, running, scratch.parts(role), size=size, clients=clients)
            if _serves(running[-1].pid, address):
                break
        else:
            raise Trouble(
                ExitCode.SERVER_FAILED,
                f"{PROGRAM} did not start: {process.tail(folder / LOG)}",
                f"try `{program} --version` as an ordinary user.",
            )
        yield address
    finally:
        for one in running:
            process.stop(one, STOP_SIGNALS)
        shutil.rmtree(folder, ignore_errors=True)


def _start(
    program: Path,
    folder: Path,
    running: list[subprocess.Popen[bytes]],
    server: dict[str, Any],
    *,
    size: int,
    clients: int,
) -> str:
    """One start on a port that seems free: its address. The password is in a file of mode 600."""
    account, port = process.unprivileged_account(), process.free_port()
    user, password = server["user"], server.get("password", "")
    settings = _settings(server, folder, port=port, size=size, clients=clients)
    for name, text in (("pooler.ini", settings), (USERS, f'"{user}" "{password}"\n')):
        write_private(folder / name, text)
        if account:
            os.chown(folder / name, account.uid, account.gid)
    command = [str(program), str(folder / "pooler.ini")]
    with (folder / LOG).open("wb") as output:
        running.append(process.spawn(command, account=account, log=output, stop_signal=signal.SIGTERM))
    secret = {"password": password} if password else {}
    return make_conninfo(host="127.0.0.1", port=port, dbname=DATABASE, user=user, **secret)


def _settings(server: dict[str, Any], folder: Path, *, port: int, size: int, clients: int) -> str:
    """Loopback only. Nothing is reset between two transactions: what one leaves, the next one meets."""
    place = f"host={server.get('host', '127.0.0.1')} port={server.get('port', '5432')}"
    return f"""\
[databases]
{DATABASE} = {place} dbname={server["dbname"]}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = {"scram-sha-256" if server.get("password") else "trust"}
auth_file = {folder / USERS}
pool_mode = transaction
default_pool_size = {size}
max_client_conn = {clients + 10}
log_connections = 0
log_disconnections = 0
"""


def _serves(pid: int, address: str) -> bool:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.start_time(pid) and time.monotonic() < deadline:
        try:
            with psycopg.connect(address, connect_timeout=5, prepare_threshold=None) as connection:
                connection.execute("SELECT 1")
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False
