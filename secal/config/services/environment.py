"""Fill the environment variables that the settings read, starting servers for those that nobody gave.

After `provide` these are set: DATABASE_URL (application), OWNER_DATABASE_URL (schema owner),
ADMIN_DATABASE_URL (administrator), one address for each other role (WORKER_, PORTAL_, DOOR_, ERASER_
and WATCH_DATABASE_URL), REDIS_URL, SECAL_STATE_DIR, and SECAL_SERVICES=provided, which tells child
processes to use what they find.
"""

from __future__ import annotations

import atexit
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg

from secal.config.services import postgres, process, roles, valkey
from secal.config.services.places import OURS_TO_PASS, ROOT, Passwords, State, data_folder, fingerprint
from secal.config.services.process import Record
from secal.config.trouble import ExitCode, Trouble, trouble_from_os_error

DATABASE = "secal"
OLDEST_REDIS = (6, 2)
TEST_SLOTS = 32
MARK = "SECAL_SERVICES"

Signals = Sequence[tuple[signal.Signals, float]]


@dataclass
class Services:
    """What this process provides: what it started (and will stop), what it found, what it borrowed."""

    state: State
    started: list[tuple[subprocess.Popen[bytes], Signals]] = field(default_factory=list)
    found: dict[str, Record] = field(default_factory=dict)
    scratch: bool = False
    slot: IO[str] | None = None
    pid: int = field(default_factory=os.getpid)

    def keep(
        self, name: str, record: Record, running: subprocess.Popen[bytes] | None, signals: Signals
    ) -> Record:
        """Remember a server: ours to stop, or somebody else's."""
        if running:
            self.started.append((running, signals))
        else:
            self.found[name] = record
        return record

    def lost(self) -> list[str]:
        """Names of servers that another manage.py started and that have ended since."""
        return [name for name, record in self.found.items() if not record.is_serving()]

    def stop(self) -> None:
        """Stop what we started, in reverse order; a fork of this process stops nothing."""
        if os.getpid() != self.pid:
            return
        while self.started:
            process.stop(*self.started.pop())
        if self.scratch:
            account = process.unprivileged_account()
            shutil.rmtree(data_folder(self.state, postgres.NAME, account), ignore_errors=True)
            shutil.rmtree(self.state.folder, ignore_errors=True)
            self.scratch = False


def provide(*, purpose: str = "work") -> Services | None:
    """Set the variables for `purpose`: "work" (demo and commands), "test" (a slot of its own) or "scratch".

    Returns None when a parent process has provided them already. Servers stop when this process ends.
    """
    if os.environ.get(MARK) == "provided":
        return None
    services = Services(State(Path()))
    atexit.register(services.stop)
    end_in_order_when_asked()
    try:
        choose_state(services, purpose)
        with services.state.alone():
            provide_database(services, fast=purpose == "test" or os.environ.get("SECAL_PG_FAST") == "1")
            provide_broker(services)
    except OSError as error:
        services.stop()
        raise trouble_from_os_error(error, error.filename or services.state.folder) from error
    except BaseException:
        services.stop()
        raise
    os.environ["SECAL_STATE_DIR"] = str(services.state.folder)
    os.environ[MARK] = "provided"
    return services


def end_in_order_when_asked() -> None:
    """SIGTERM runs the exit handlers too, unless the command has a handler of its own."""
    if signal.getsignal(signal.SIGTERM) is signal.SIG_DFL:
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


def choose_state(services: Services, purpose: str) -> None:
    """The state folder: SECAL_STATE_DIR, else var/, a free test slot in it, or a new folder that goes at
    the end.
    """
    given = os.environ.get("SECAL_STATE_DIR")
    if given:
        services.state = State(Path(given).resolve())
    elif purpose == "scratch":
        folder = Path(tempfile.mkdtemp(prefix="secal-scratch-"))
        # Others may pass, not look: the database server runs under an account of its own when we are root.
        folder.chmod(OURS_TO_PASS)
        services.state, services.scratch = State(folder), True
    elif purpose == "test":
        services.state, services.slot = free_slot(ROOT / "var" / "test")
    else:
        services.state = State(ROOT / "var")


def free_slot(parent: Path) -> tuple[State, IO[str]]:
    """A state folder that no other test run uses: runs beside each other never share a database."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in range(1, TEST_SLOTS + 1):
        handle = (parent / f"slot-{number}.lock").open("a")
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            handle.close()
            continue
        return State(parent / f"slot-{number}"), handle
    raise Trouble(
        ExitCode.SERVER_FAILED,
        f"{TEST_SLOTS} test runs of this checkout are going on already.",
        "wait until one of them ends.",
    )


def provide_database(services: Services, *, fast: bool) -> None:
    """DATABASE_URL and its two sisters: as given, derived from the given administrator, or embedded."""
    given = {name for name in DATABASE_VARIABLES if os.environ.get(name)}
    if "DATABASE_URL" in given and "OWNER_DATABASE_URL" in given:
        return
    if given:
        administrator_url = os.environ.get("ADMIN_DATABASE_URL") or os.environ.get("DATABASE_URL")
        if not administrator_url:
            raise Trouble(
                ExitCode.SERVER_UNSUITABLE,
                "OWNER_DATABASE_URL is set without DATABASE_URL.",
                "set both, or only DATABASE_URL (an administrator's address), or none.",
            )
        use_outside_server(services, administrator_url)
        return
    record = services.keep(postgres.NAME, *postgres.ensure(services.state, fast=fast), postgres.STOP_SIGNALS)
    password = services.state.password(postgres.SUPERUSER)
    address = f"postgresql://{postgres.SUPERUSER}:{password}@127.0.0.1:{record.port}/{DATABASE}"
    install(address, {name: services.state.password(name) for name in roles.LOGIN_ROLES})
    if services.slot:
        drop_leftovers(address)


def drop_leftovers(address: str) -> None:
    """Drop what a killed test run left in this slot; nobody else uses it."""
    with roles.administrator(address) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9a-f]{12}$'"
        ).fetchall()
    for (name,) in names:
        roles.drop_database(address, name)


DATABASE_VARIABLES = ("DATABASE_URL", "OWNER_DATABASE_URL", "ADMIN_DATABASE_URL")


def use_outside_server(services: Services, address: str) -> None:
    """Take the given role as administrator, and keep generated passwords for ours in var/, one file a
    server.
    """
    parts = urlsplit(address)
    if not parts.path.strip("/"):
        address = urlunsplit(parts._replace(path=f"/{DATABASE}"))
    check_administrator(address)
    # The roles belong to the whole server: test slots share one file.
    folder = (ROOT / "var") if services.slot else services.state.folder
    server = fingerprint((parts.hostname, parts.port, parts.query))
    kept = Passwords(folder / "services" / f"outside-{server}.json")
    install(address, {name: kept.get(name) for name in roles.LOGIN_ROLES})


def check_administrator(address: str) -> None:
    """The role must be able to make databases and roles."""
    with roles.administrator(address, dbname="postgres") as connection:
        roles.check_server(connection)
        query = (
            "SELECT rolsuper OR (rolcreatedb AND rolcreaterole) FROM pg_roles WHERE rolname = current_user"
        )
        row = connection.execute(query).fetchone()
        if not row or not row[0]:
            raise Trouble(
                ExitCode.SERVER_UNSUITABLE,
                f"the role {connection.info.user} of DATABASE_URL may not create databases and roles.",
                "demo and test need an administrator there (a superuser, or CREATEDB and CREATEROLE); "
                "or set DATABASE_URL and OWNER_DATABASE_URL to roles made by `manage.py install_roles`.",
            )


def install(address: str, passwords: dict[str, str]) -> None:
    """Make database and roles, and set the addresses of all of them."""
    try:
        roles.create_database(address, urlsplit(address).path.strip("/"))
        roles.install(address, passwords=passwords)
    except psycopg.Error as error:
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the database roles were not installed: {error.diag.message_primary or type(error).__name__}",
            "let a superuser run the output of `manage.py install_roles` on that server.",
        ) from error
    os.environ["ADMIN_DATABASE_URL"] = address
    for variable, role in ADDRESS_OF_ROLE.items():
        os.environ[variable] = with_login(address, role, passwords[role])


ADDRESS_OF_ROLE = {
    "OWNER_DATABASE_URL": roles.OWNER,
    "DATABASE_URL": roles.APPLICATION,
    "WORKER_DATABASE_URL": roles.WORKER,
    "PORTAL_DATABASE_URL": roles.PORTAL,
    "DOOR_DATABASE_URL": roles.DOOR,
    "ERASER_DATABASE_URL": roles.ERASER,
    "WATCH_DATABASE_URL": roles.WATCH,
}


def with_login(address: str, user: str, password: str) -> str:
    """The same server and database under another login."""
    parts = urlsplit(address)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(user, safe='')}:{quote(password, safe='')}@{place}"))


def provide_broker(services: Services) -> None:
    """REDIS_URL: as given (and checked), or embedded."""
    given = os.environ.get("REDIS_URL")
    if given:
        check_broker(given)
        return
    record = services.keep(valkey.NAME, *valkey.ensure(services.state), valkey.STOP_SIGNALS)
    os.environ["REDIS_URL"] = f"redis://:{services.state.password(valkey.NAME)}@127.0.0.1:{record.port}/0"


def check_broker(address: str) -> None:
    """Refuse a broker that does not answer, or is too old."""
    import redis  # a third of a second, needed only here

    try:
        with redis.Redis.from_url(address, socket_connect_timeout=10) as client:
            version = str(client.info("server")["redis_version"])
    except (redis.RedisError, ValueError) as error:
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the server of REDIS_URL does not answer ({type(error).__name__}).",
            "check the address and its password, or leave REDIS_URL unset to use the built-in server.",
        ) from error
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_REDIS:
        raise Trouble(
            ExitCode.SERVER_UNSUITABLE,
            f"the server of REDIS_URL is version {version}; 6.2 or newer is needed.",
            "use a newer Redis or Valkey, or leave REDIS_URL unset to use the built-in server.",
        )
