"""Two thousand attempts in raw SQL under the application's and the portal's database users: none succeeds.

The database is exactly an office's own, with the demonstration's data in it. The registrar of the attempts
has registered persons and files, and has been an officer since: separation follows the person, not the role.
"""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from secal.access.identities import niss_index
from secal.config.demo.personas import PERSONAS
from tests.access import attempts
from tests.access.attempts import Tally, at, forgeries, open_seat, picked_locks, readings, shuffled, try_all
from tests.access.strict import OPEN_TO_ALL, at_work, seated
from tests.conftest import drop_database
from tests.sown import clone_sown

SEED = 20261122
RITA, LUC, BART, SOPHIE = "demo-rita-claes", "demo-luc-dubois", "demo-bart-goossens", "demo-sophie-moreau"
TARGET = 2000
SEATS = {
    "registration": (uuid.uuid4(), "registrar"),
    "user_administration": (uuid.uuid4(), "user_registrar"),
    "casework": (uuid.uuid4(), "case_officer"),
    "oversight": (uuid.uuid4(), "dpo"),
}
"""Somebody in each plane of the office, who never registered anybody."""

MOVED = """
UPDATE access_userrole SET ended_at = now(), ended_by = user_id, end_reason = 'moved',
       valid_until = current_date - 1 WHERE user_id = %(user)s;
UPDATE access_appointment SET ended_at = now(), ended_by = user_id, end_reason = 'moved',
       valid_until = current_date - 1 WHERE user_id = %(user)s;
"""
BECOMES = """
WITH a AS (
    INSERT INTO access_appointment (id, user_id, plane, section, valid_from, entered_at, end_reason)
    VALUES (gen_random_uuid(), %(user)s, 'casework', 'Bruxelles', current_date, now(), '') RETURNING id)
INSERT INTO access_userrole (id, user_id, appointment_id, role, plane, valid_from, entered_at, end_reason)
SELECT gen_random_uuid(), %(user)s, a.id, 'case_officer', 'casework', current_date, now(), '' FROM a
"""


@dataclass(frozen=True, slots=True)
class World:
    """A strict office: addresses of its database users, tokens of its people, and what is whose."""

    name: str
    app: str
    portal: str
    administrator: str
    tokens: dict[str, str]
    users: dict[str, uuid.UUID]
    barred: dict[str, str]
    """Tables with the rows of persons and files that Rita registered."""
    persons: dict[str, str]
    """Tables of persons and files, with a condition for all rows."""
    signed: dict[str, list[str]]
    tables: list[str]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock():
        name = clone_sown()
    try:
        yield _world(name)
    finally:
        with django_db_blocker.unblock():
            drop_database(name)


def _world(name: str) -> World:
    administrator = at(os.environ["ADMIN_DATABASE_URL"], name)
    door = at(os.environ["DOOR_DATABASE_URL"], name)
    numbers = {persona.subject: niss_index(persona.niss) for persona in PERSONAS}
    with psycopg.connect(administrator, autocommit=True) as connection:
        users = {
            subject: connection.execute(
                "SELECT id FROM access_user WHERE subject = %s", [subject]
            ).fetchone()[0]
            for subject in (RITA, LUC, BART, SOPHIE)
        }
        # Rita moved to casework, long before anybody tries anything.
        connection.execute("SET session_replication_role = replica")
        connection.execute(MOVED.replace("%(user)s", f"'{users[RITA]}'").encode())
        connection.execute(BECOMES.replace("%(user)s", f"'{users[RITA]}'").encode())
        for plane, (who, role) in SEATS.items():
            connection.execute(seated(who, role, plane).encode())
        connection.execute("RESET session_replication_role")
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                " WHERE n.nspname IN ('public', 'keystore', 'seat', 'seclog') AND c.relkind IN ('r', 'p')"
                " AND NOT c.relispartition ORDER BY 1"
            ).fetchall()
        ]
        signed: dict[str, list[str]] = {}
        for table, arguments in connection.execute(
            "SELECT t.tgrelid::regclass::text, encode(t.tgargs, 'escape') FROM pg_trigger t"
            " WHERE t.tgname = 'signed' ORDER BY 1"
        ).fetchall():
            signed[table] = [name.lstrip("~") for name in arguments.split("\\000") if name]
        barred, persons = _targets(connection, users[RITA])
    return World(
        name=name,
        app=at(os.environ["DATABASE_URL"], name),
        portal=at(os.environ["PORTAL_DATABASE_URL"], name),
        administrator=administrator,
        tokens={
            RITA: open_seat(door, RITA, numbers[RITA]),
            LUC: open_seat(door, LUC, numbers[LUC]),
            BART: open_seat(door, BART, numbers[BART]),
            SOPHIE: open_seat(door, SOPHIE, numbers[SOPHIE], "portal"),
        },
        users=users,
        barred=barred,
        persons=persons,
        signed=signed,
        tables=tables,
    )


def _targets(connection: psycopg.Connection[Any], rita: uuid.UUID) -> tuple[dict[str, str], dict[str, str]]:
    """What Rita registered, table by table; and all of it. Conditions hold literal identifiers only."""

    def listed(query: str) -> str:
        found = [f"'{row[0]}'" for row in connection.execute(query.encode(), [rita]).fetchall()]
        assert found, query
        return ", ".join(found)

    persons = listed(
        "SELECT DISTINCT person_id FROM people_registrationact WHERE actor_id = %s AND person_id IS NOT NULL"
    )
    files = listed(
        "SELECT DISTINCT file FROM people_registrationact WHERE actor_id = %s AND file IS NOT NULL"
    )
    books = listed(
        "SELECT book_id FROM cases_alimonyfile WHERE id IN"
        " (SELECT file FROM people_registrationact WHERE actor_id = %s)"
    )
    keys = listed(
        "SELECT key_id FROM cases_alimonyfile WHERE id IN"
        " (SELECT file FROM people_registrationact WHERE actor_id = %s)"
    )
    barred = {
        "people_person": f"id IN ({persons})",
        "people_paymentaccount": f"person_id IN ({persons})",
        "people_historicalperson": f"id IN ({persons})",
        "cases_beneficiary": f"child_id IN ({persons})",
        "cases_alimonyfile": f"id IN ({files})",
        "cases_historicalalimonyfile": f"id IN ({files})",
        "cases_application": f"file_id IN ({files})",
        "cases_attachment": f"file_id IN ({files})",
        "cases_executorytitle": f"file_id IN ({files})",
        "cases_monthlyterm": f"file_id IN ({files})",
        "cases_caseevent": f"file_id IN ({files})",
        "cases_workitem": f"file_id IN ({files})",
        "cases_assignment": f"file_id IN ({files})",
        "cases_filepermission": f"content_object_id IN ({files})",
        "solvency_suspension": f"file_id IN ({files})",
        "solvency_historicalsuspension": f"file_id IN ({files})",
        "ledger_receipt": f"book_id IN ({books})",
        "ledger_paymentinstruction": f"book_id IN ({books})",
        "ledger_allocation": f"entry_id IN (SELECT id FROM ledger_journalentry WHERE book_id IN ({books}))",
        "keystore.data_key": f"id IN ({keys})",
    }
    everybodys = {table: f"{condition.split()[0]} IS NOT NULL" for table, condition in barred.items()}
    # A bailiff has the keys of the files that they work on: of employers, not of this service.
    of_alimony = "SELECT key_id FROM cases_alimonyfile UNION SELECT key_id FROM people_person"
    found = ", ".join(f"'{row[0]}'" for row in connection.execute(of_alimony).fetchall())
    return barred, {**everybodys, "keystore.data_key": f"id IN ({found})"}


def counted(world: World) -> dict[str, int]:
    """Rows of every table but those that tell of attempts themselves."""
    with psycopg.connect(world.administrator) as connection:
        return {
            table: connection.execute(f"SELECT count(*) FROM {table}".encode()).fetchone()[0]
            for table in world.tables
            if table not in ("seat.at_work",)
        }


@pytest.mark.obligation("12/057 §22", "12/057 §21", "forbidden 2")
def test_no_attempt_in_raw_sql_succeeds_and_nothing_changes(world: World) -> None:
    before = counted(world)
    tally = Tally()
    rita, luc = world.users[RITA], world.users[LUC]
    # An officer who registered in an earlier life; nobody at all; who keeps the register; a bailiff.
    try_all(world.app, world.tokens[RITA], shuffled(readings(world.barred, luc), SEED), tally)
    try_all(world.app, "", shuffled(readings(world.persons, luc), SEED + 1), tally)
    try_all(world.app, world.tokens[BART], shuffled(readings(world.persons, luc), SEED + 2), tally)
    try_all(world.portal, world.tokens[SOPHIE], shuffled(readings(world.persons, luc), SEED + 3), tally)
    with psycopg.connect(world.administrator) as connection:
        forged = list(forgeries(connection, world.signed, luc))
    try_all(world.app, world.tokens[RITA], forged, tally)
    try_all(world.app, "", forged, tally)
    try_all(world.portal, world.tokens[SOPHIE], list(forged), tally)
    try_all(world.app, world.tokens[LUC], picked_locks(world.tables, "secal_app"), tally)
    try_all(world.portal, world.tokens[SOPHIE], picked_locks(world.tables, "secal_portal"), tally)
    assert tally.succeeded == [], tally.succeeded[:20]
    assert tally.odd == [], tally.odd[:20]
    assert tally.tried >= TARGET, tally.tried
    assert counted(world) == before
    assert rita != luc


def test_the_attempts_can_succeed_where_nothing_forbids_them(world: World) -> None:
    """The generator itself is alive: an officer who registered nothing reads what Rita may not."""
    tally = Tally()
    wanted = [one for one in readings(world.barred, world.users[RITA]) if one.name.endswith(" rows, plainly")]
    try_all(world.app, world.tokens[LUC], wanted, tally)
    assert {name.split()[0] for name in tally.succeeded} >= {
        "people_person",
        "cases_alimonyfile",
        "keystore.data_key",
    }
    assert attempts.REFUSED


OWN_WORK = {"files_intakedraft", "files_draftpaper", "people_identityproposal", "cases_application"}
"""Tables in which a registrar sees what they do themselves."""
OF_THE_REGISTER = (
    "arrears_delegation",
    "arrears_historicaldelegation",
    "chamber_",
    "recovery_cases_mandatepermission",
    "register_",
)


def rows_seen(world: World, plane: str | None) -> set[str]:
    """The tables that give a row to somebody of this plane; without one, to nobody."""
    who = SEATS[plane][0] if plane else None
    with at_work(world.name, who) as connection:
        return {
            table
            for table in _readable(world)
            if connection.execute(f"SELECT FROM {table} LIMIT 1".encode()).fetchone() is not None
        }


def _readable(world: World) -> list[str]:
    with psycopg.connect(world.administrator) as connection:
        granted = connection.execute(
            "SELECT name FROM unnest(%s::text[]) name WHERE has_table_privilege('secal_app', name, 'SELECT')",
            [world.tables],
        ).fetchall()
    return [name for (name,) in granted if name not in OPEN_TO_ALL]


@pytest.mark.obligation("12/057 §22", "12/057 §21")
def test_where_nobody_is_at_work_no_table_gives_a_row(world: World) -> None:
    assert rows_seen(world, None) == set()


@pytest.mark.obligation("12/057 §22", "12/057 §21")
def test_who_registers_sees_no_table_but_their_own_work(world: World) -> None:
    assert rows_seen(world, "registration") - OWN_WORK == set()


@pytest.mark.obligation("12/057 §22", "12/057 §21")
def test_who_keeps_the_register_of_users_sees_no_table_of_persons_files_and_money(world: World) -> None:
    assert {
        name for name in rows_seen(world, "user_administration") if not name.startswith(OF_THE_REGISTER)
    } == set()


def test_casework_and_the_watchers_see_every_table_that_has_rows_for_them(world: World) -> None:
    """Without this the tests above would pass in an empty office."""
    filled = {table for table, count in counted(world).items() if count} & set(_readable(world))
    seen = rows_seen(world, "casework")
    assert len(seen) > 60
    unseen = {name for name in filled - seen if not name.startswith(OF_THE_REGISTER)}
    assert unseen <= {"files_intakedraft", "files_draftpaper", "people_identityproposal"}
    assert filled - rows_seen(world, "oversight") <= {
        "files_intakedraft",
        "files_draftpaper",
        "people_identityproposal",
    }


def test_a_guard_counts_what_the_writer_does_not_see(world: World) -> None:
    """A registrar sees no run of payments: a line that they add to an approved one is refused anyway."""
    with psycopg.connect(world.administrator) as connection:
        line = connection.execute(
            "SELECT l.run_id, l.right_id FROM advances_runline l"
            " JOIN advances_advancerun r ON r.id = l.run_id WHERE r.state <> 'preparing' LIMIT 1"
        ).fetchone()
    assert line is not None
    with (
        at_work(world.name, SEATS["registration"][0]) as connection,
        pytest.raises(psycopg.errors.CheckViolation, match="takes no more lines"),
    ):
        connection.execute(
            "INSERT INTO advances_runline (id, amount, state, exclusion, explanation, run_id, right_id)"
            " VALUES (gen_random_uuid(), 100, 'candidate', '', '{}', %s, %s)",
            line,
        )
