"""The built-in servers, started for real: they serve, are shared, die with their owner, keep roles apart."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from psycopg import sql

from secal.config.services import places, postgres, process, roles
from secal.config.trouble import ExitCode, Trouble

ROOT = Path(__file__).resolve().parents[2]
VARIABLES = ("DATABASE_URL", "OWNER_DATABASE_URL", "ADMIN_DATABASE_URL", "REDIS_URL")

# What manage.py does before a command, then: report, and go on for as long as the test keeps the pipe open.
START = """
import json, os, sys
from secal.config.services.environment import provide
from secal.config.trouble import Trouble
try:
    services = provide(purpose=sys.argv[1])
except Trouble as trouble:
    print(json.dumps({"code": trouble.code, "text": trouble.text()}), flush=True)
    sys.exit(trouble.code)
print(json.dumps({
    "urls": {name: os.environ[name] for name in sys.argv[2:]},
    "started": [running.pid for running, _ in services.started],
    "found": sorted(services.found),
    "state": os.environ["SECAL_STATE_DIR"],
}), flush=True)
for line in sys.stdin:
    print(json.dumps(services.lost()), flush=True)
"""


class Start:
    """One start of the services in a process of its own."""

    def __init__(self, state: Path | None, purpose: str = "work", **variables: str) -> None:
        environment = {name: value for name, value in os.environ.items() if name not in VARIABLES}
        for name in ("SECAL_SERVICES", "SECAL_STATE_DIR", "SECAL_POSTGRES_BIN"):
            environment.pop(name, None)
        environment |= {"SECAL_PG_FAST": "1", **variables}
        if state:
            environment["SECAL_STATE_DIR"] = str(state)
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, purpose, *VARIABLES],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            cwd=ROOT,
            text=True,
        )
        assert self.process.stdout
        self.report: dict[str, Any] = json.loads(self.process.stdout.readline())

    def __getitem__(self, name: str) -> str:
        return str(self.report["urls"][name])

    def lost(self) -> list[str]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return list(json.loads(self.process.stdout.readline()))

    def end(self) -> int:
        """Let it come to its end in order."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.close()
        code = self.process.wait(30)
        self.process.stdout.close()
        return code


@contextmanager
def state_folder() -> Iterator[Path]:
    """A folder that an unprivileged server may pass through, as a checkout's var/ is."""
    folder = Path(tempfile.mkdtemp(prefix="secal-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture
def state() -> Iterator[Path]:
    with state_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def served() -> Iterator[Start]:
    with state_folder() as folder:
        start = Start(folder)
        yield start
        assert start.end() == 0


@pytest.fixture
def run_as(served: Start) -> Callable[[str, str], list[Any]]:
    """Execute one statement under the login of one of our roles."""

    def execute(role: str, statement: str) -> list[Any]:
        kept = places.Passwords(Path(served.report["state"]) / "services" / "passwords.json").known()
        parts = psycopg.conninfo.conninfo_to_dict(served["ADMIN_DATABASE_URL"])
        with psycopg.connect(**{**parts, "user": role, "password": kept[role]}) as connection:
            cursor = connection.execute(statement)  # type: ignore[arg-type]
            return cursor.fetchall() if cursor.description else []

    return execute


def gone(pids: list[int], *, seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while any(process.start_time(pid) for pid in pids):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def user_of(pid: int) -> int:
    return Path(f"/proc/{pid}").stat().st_uid


@pytest.mark.parametrize("role", ["secal_app", "secal_portal", "secal_eraser"])
def test_only_the_owner_may_change_the_schema(role: str, run_as: Callable[[str, str], list[Any]]) -> None:
    for statement in (
        "CREATE TABLE public.intruder (id integer)",
        "CREATE TEMPORARY TABLE intruder (id integer)",
        "CREATE SCHEMA intruder",
        "CREATE ROLE intruder",
        "SET ROLE secal_owner",
        "SET ROLE secal_log",
        "SET track_activities = on",
    )[: 7 if role != "secal_eraser" else 6]:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_as(role, statement)


def test_the_application_reads_and_writes_what_the_owner_made_and_the_portal_does_not(
    run_as: Callable[[str, str], list[Any]],
) -> None:
    run_as("secal_owner", "CREATE TABLE public.made (id integer GENERATED BY DEFAULT AS IDENTITY, word text)")
    run_as("secal_app", "INSERT INTO public.made (word) VALUES ('one')")
    run_as("secal_app", "UPDATE public.made SET word = 'two'")
    assert run_as("secal_app", "SELECT word FROM public.made") == [("two",)]
    for statement in (
        "DROP TABLE public.made",
        "TRUNCATE public.made",
        "ALTER TABLE public.made ADD more text",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_as("secal_app", statement)
    for role in ("secal_portal", "secal_door", "secal_watch"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            run_as(role, "SELECT word FROM public.made")
    assert run_as("secal_eraser", "SELECT word FROM public.made") == [("two",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        run_as("secal_eraser", "INSERT INTO public.made (word) VALUES ('three')")
    run_as("secal_owner", "DROP TABLE public.made")


def test_no_role_has_rights_above_the_tables_and_nobody_is_the_log_owner(served: Start) -> None:
    with psycopg.connect(served["ADMIN_DATABASE_URL"]) as connection:
        found = connection.execute(
            "SELECT rolname, rolcanlogin,"
            " rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole OR rolreplication"
            " FROM pg_roles WHERE rolname LIKE 'secal%' ORDER BY rolname"
        ).fetchall()
        members = connection.execute(
            "SELECT count(*) FROM pg_auth_members WHERE roleid = 'secal_log'::regrole"
        ).fetchone()
    assert found == [
        (name, name in roles.LOGIN_ROLES, False)
        for name in sorted([*roles.LOGIN_ROLES, *roles.NO_LOGIN_ROLES])
    ]
    assert members == (0,)


def test_the_extensions_are_there_for_the_owner_s_tables(run_as: Callable[[str, str], list[Any]]) -> None:
    statement = "SELECT public.similarity('Dubois', 'Dubios') > 0, public.unaccent('Élise'), lower('É')"
    assert run_as("secal_app", statement) == [(True, "Elise", "é")]


def test_neither_log_nor_command_line_holds_a_value_or_a_password(
    served: Start, run_as: Callable[[str, str], list[Any]]
) -> None:
    with pytest.raises(psycopg.Error):
        run_as("secal_app", "SELECT 'value-that-must-not-be-logged' FROM nowhere")
    state = Path(served.report["state"])
    kept = places.Passwords(state / "services" / "passwords.json").known().values()
    texts = [path.read_text() for path in (state / "services").glob("*.log")]
    texts += [
        Path(f"/proc/{pid}/{part}").read_text()
        for pid in served.report["started"]
        for part in ("cmdline", "environ")
    ]
    texts += [
        path.read_text() for path in (state / "services").glob("[pv]*.json") if path.name != "passwords.json"
    ]
    assert len(texts) >= 6
    assert not [
        text for text in texts for secret in [*kept, "value-that-must-not-be-logged"] if secret in text
    ]
    assert (state / "services" / "passwords.json").stat().st_mode & 0o777 == 0o600


def test_servers_listen_on_loopback_only(served: Start) -> None:
    with psycopg.connect(served["ADMIN_DATABASE_URL"]) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        assert connection.execute("SHOW unix_socket_directories").fetchone() == ("",)


def test_as_root_servers_run_under_an_unprivileged_account(served: Start) -> None:
    expected = process.unprivileged_account()
    uid = expected.uid if expected else os.geteuid()
    assert uid != 0
    assert {user_of(pid) for pid in served.report["started"]} == {uid}


def test_a_second_start_uses_the_running_servers_and_leaves_them_running(served: Start) -> None:
    second = Start(Path(served.report["state"]))
    assert second.report["started"] == []
    assert second.report["found"] == ["postgres", "valkey"]
    assert second.report["urls"] == served.report["urls"]
    assert second.lost() == []
    assert second.end() == 0
    assert all(process.start_time(pid) for pid in served.report["started"])


def test_a_role_without_the_rights_of_an_administrator_is_refused_in_words(
    served: Start, state: Path
) -> None:
    refused = Start(state, DATABASE_URL=served["DATABASE_URL"], REDIS_URL=served["REDIS_URL"])
    assert refused.end() == ExitCode.SERVER_UNSUITABLE
    assert "may not create databases and roles" in refused.report["text"]
    assert psycopg.conninfo.conninfo_to_dict(served["DATABASE_URL"])["password"] not in refused.report["text"]


def test_with_addresses_given_nothing_is_started(served: Start, state: Path) -> None:
    guest = Start(state, **served.report["urls"])
    assert (guest.report["started"], guest.report["found"]) == ([], [])
    assert guest.report["urls"] == served.report["urls"]
    assert guest.end() == 0
    assert not (state / "postgres").exists()


def test_a_broker_that_does_not_answer_is_named(served: Start, state: Path) -> None:
    urls = served.report["urls"] | {"REDIS_URL": "redis://127.0.0.1:1/0"}
    refused = Start(state, **urls)
    assert refused.end() == ExitCode.SERVER_UNSUITABLE
    assert "REDIS_URL" in refused.report["text"]


def test_test_databases_are_prepared_and_dropped_by_name(served: Start) -> None:
    address = served["ADMIN_DATABASE_URL"]
    roles.prepare_database(address, "test_prepared")
    roles.prepare_database(address, "test_prepared")
    with psycopg.connect(address, dbname="test_prepared") as connection:
        query = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"
        assert connection.execute(query).fetchone() == ("secal_owner",)
    roles.drop_database(address, "test_prepared")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(address, dbname="test_prepared")


def test_a_role_that_gained_dangerous_rights_is_refused(served: Start) -> None:
    with psycopg.connect(served["ADMIN_DATABASE_URL"], autocommit=True) as connection:
        connection.execute("ALTER ROLE secal_portal BYPASSRLS")
        try:
            with pytest.raises(psycopg.errors.RaiseException, match="secal_portal"):
                roles.install_roles(connection, {})
        finally:
            connection.execute("ALTER ROLE secal_portal NOBYPASSRLS")


def test_a_killed_owner_leaves_no_server_and_the_next_start_finds_the_data(state: Path) -> None:
    """About four seconds: two starts, one of them killed, and a guest that notices."""
    owner = Start(state)
    guest = Start(state)
    with psycopg.connect(owner["OWNER_DATABASE_URL"]) as connection:
        connection.execute("CREATE TABLE public.survivor (id integer)")

    owner.process.kill()
    owner.process.wait()
    assert gone(owner.report["started"])
    assert sorted(guest.lost()) == ["postgres", "valkey"]
    guest.end()

    next_one = Start(state)
    assert len(next_one.report["started"]) == 2
    with psycopg.connect(next_one["DATABASE_URL"]) as connection:
        assert connection.execute("SELECT count(*) FROM public.survivor").fetchone() == (0,)
    next_one.process.send_signal(signal.SIGTERM)
    assert next_one.process.wait(30) == 128 + signal.SIGTERM
    assert gone(next_one.report["started"], seconds=0)
    for start in (owner, next_one):
        start.process.stdin.close()  # type: ignore[union-attr]
        start.process.stdout.close()  # type: ignore[union-attr]


def test_the_lock_file_of_a_killed_server_does_not_stop_the_next(state: Path) -> None:
    """About three seconds: the server itself is killed, and its number then belongs to a stranger."""
    owner = Start(state)
    os.kill(owner.report["started"][0], signal.SIGKILL)
    owner.end()
    (lock,) = state.glob("postgres/data/postmaster.pid")
    lines = lock.read_text().splitlines()
    lock.write_text("\n".join([str(os.getppid()), *lines[1:]]) + "\n")
    with Start(state).process as following:
        assert following.stdin
        following.stdin.close()
        assert following.wait(30) == 0


def system_versions() -> list[Path]:
    """The built-in server, and each of the system's that is new enough."""
    return [
        postgres.find_binaries().folder,
        *(path for path in postgres.system_folders() if int(path.parent.name) >= 15),
    ]


@pytest.mark.parametrize("folder", system_versions(), ids=str)
def test_an_outside_server_is_used_through_roles_of_our_own(folder: Path, state: Path) -> None:
    """About three seconds each: every PostgreSQL of this machine plays the outside server."""
    for name in ("outside", "inside"):
        (state / name).mkdir()
        (state / name).chmod(0o711)
    outside = Start(state / "outside", SECAL_POSTGRES_BIN=str(folder))
    address = outside["ADMIN_DATABASE_URL"].replace("/secal", "/elsewhere")
    first = Start(state / "inside", DATABASE_URL=address, REDIS_URL=outside["REDIS_URL"])
    assert first.report["started"] == []
    with psycopg.connect(first["DATABASE_URL"]) as connection:
        found = connection.execute("SELECT current_user, current_database(), current_setting('is_superuser')")
        assert found.fetchone() == ("secal_app", "elsewhere", "off")
    assert first.end() == 0
    (kept,) = (state / "inside" / "services").glob("outside-*.json")
    assert kept.stat().st_mode & 0o777 == 0o600
    again = Start(state / "inside", DATABASE_URL=address, REDIS_URL=outside["REDIS_URL"])
    assert again.report["urls"] == first.report["urls"]
    assert again.end() == outside.end() == 0


@pytest.mark.parametrize("folder", system_versions(), ids=str)
def test_an_administrator_who_is_no_superuser_suffices(folder: Path, state: Path) -> None:
    """About three seconds each: a server of its own, because it changes who administers it."""
    outside = Start(state, SECAL_POSTGRES_BIN=str(folder))
    with psycopg.connect(outside["ADMIN_DATABASE_URL"], autocommit=True) as connection:
        for role in (*roles.LOGIN_ROLES, *roles.NO_LOGIN_ROLES):
            connection.execute(
                sql.SQL("ALTER ROLE {} RENAME TO {}").format(*map(sql.Identifier, (role, f"old_{role}")))
            )
        connection.execute("CREATE ROLE keeper LOGIN CREATEDB CREATEROLE PASSWORD 'keeper'")
    parts = psycopg.conninfo.conninfo_to_dict(outside["ADMIN_DATABASE_URL"])
    address = f"postgresql://keeper:keeper@127.0.0.1:{parts['port']}/kept"
    roles.create_database(address, "kept")
    with psycopg.connect(address) as connection:
        roles.check_server(connection)
        roles.install_roles(connection, {"secal_app": "word"})
        roles.install_database(connection)
        members = connection.execute(
            "SELECT count(*) FROM pg_auth_members WHERE roleid = 'secal_log'::regrole"
            " AND (pg_get_userbyid(member) <> 'keeper' OR pg_has_role('keeper', 'secal_log', 'USAGE'))"
        )
        assert members.fetchone() == (0,)
    with (
        psycopg.connect(address.replace("keeper:keeper", "secal_app:word")) as connection,
        pytest.raises(psycopg.errors.InsufficientPrivilege),
    ):
        connection.execute("CREATE TABLE public.intruder (id integer)")
    assert outside.end() == 0


def test_scratch_data_go_away_at_the_end() -> None:
    start = Start(None, "scratch")
    assert len(start.report["started"]) == 2
    assert start.end() == 0
    assert gone(start.report["started"], seconds=0)
    assert not Path(start.report["state"]).exists()


def test_where_the_account_cannot_read_programs_are_copied_and_data_kept_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, state: Path
) -> None:
    """pytest's own folder has mode 700, as root's home has; nobody but us may enter it."""
    monkeypatch.setattr(places, "KEPT_PLACES", (str(state),))
    mode = tmp_path.stat().st_mode
    account = process.unprivileged_account()
    tree = tmp_path / "closed" / "server"
    (tree / "bin").mkdir(parents=True)
    tree.parent.chmod(0o700)
    program = tree / "bin" / "postgres"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o700)
    used = places.runnable(program, account, [tree])
    assert process.runs_as(account, [str(used), "--version"])
    closed = places.State(tree.parent)
    folder = places.data_folder(closed, "postgres", account)
    assert folder.stat().st_uid == (account.uid if account else os.geteuid())
    assert folder.stat().st_mode & 0o777 == 0o700
    assert folder.is_relative_to(state) is used.is_relative_to(state) is (account is not None)
    assert tmp_path.stat().st_mode == mode
    assert tree.parent.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_somebody_else_prepared_is_not_trusted(
    state: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "KEPT_PLACES", (str(state),))
    places.kept_folder().rmdir()
    (state / f"secal-{os.geteuid()}-{places.fingerprint(places.ROOT)}").symlink_to(tmp_path)
    with pytest.raises(Trouble) as caught:
        places.kept_folder()
    assert caught.value.code == ExitCode.NOT_WRITABLE


def test_test_runs_beside_each_other_get_slots_of_their_own(tmp_path: Path) -> None:
    from secal.config.services.environment import free_slot

    first, first_handle = free_slot(tmp_path)
    second, second_handle = free_slot(tmp_path)
    assert first.folder != second.folder
    first_handle.close()
    third, third_handle = free_slot(tmp_path)
    assert third.folder == first.folder
    second_handle.close()
    third_handle.close()


def test_without_any_server_program_the_message_names_the_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECAL_POSTGRES_BIN", raising=False)
    monkeypatch.setattr(postgres, "wheel_folders", list)
    monkeypatch.setattr(postgres, "SYSTEM_BINARIES", tmp_path)
    with pytest.raises(Trouble) as caught:
        postgres.find_binaries()
    assert caught.value.code == ExitCode.SERVER_MISSING
    assert "apt-get install postgresql" in caught.value.advice


def test_install_roles_prints_sql_without_a_password(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("install_roles")
    printed = capsys.readouterr().out
    for expected in (
        "CREATE ROLE secal_log NOLOGIN NOSUPERUSER NOBYPASSRLS",
        "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        "REVOKE TEMPORARY ON DATABASE",
        "ALTER ROLE secal_portal SET track_activities = off",
        "CREATE EXTENSION IF NOT EXISTS btree_gist",
        *(f"-- {path.name}" for path in roles.ceremony_files()),
    ):
        assert expected in printed
    assert " PASSWORD " not in printed


def test_install_roles_applies_on_the_administrator_s_server(
    served: Start, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in served.report["urls"].items():
        monkeypatch.setenv(name, value)
    call_command("install_roles", "--apply")
    assert capsys.readouterr().out == "Roles, extensions and rights are in place.\n"
