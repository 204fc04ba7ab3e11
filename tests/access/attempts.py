"""Raw SQL that an intruder would try with a site's database user, generated from the catalogue itself.

An attempt succeeds when it gives back a row of somebody whom the person at work may never see, or changes
anything. Each is made in a transaction of its own, which is committed if the database lets it.
"""

import hashlib
import random
import secrets
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

REFUSED = (
    psycopg.errors.InsufficientPrivilege,
    psycopg.errors.CheckViolation,
    psycopg.errors.ExclusionViolation,
    psycopg.errors.ForeignKeyViolation,
    psycopg.errors.RaiseException,
    psycopg.errors.FeatureNotSupported,
    psycopg.errors.ActiveSqlTransaction,
    psycopg.errors.CantChangeRuntimeParam,
    psycopg.errors.UndefinedObject,
    psycopg.errors.UndefinedFunction,
    psycopg.errors.NotNullViolation,
    psycopg.errors.UniqueViolation,
    psycopg.errors.InvalidParameterValue,
    psycopg.errors.WrongObjectType,
    psycopg.errors.DependentObjectsStillExist,
    psycopg.errors.GeneratedAlways,
)
"""How a database says no. Anything else (a syntax error, an unknown name) is a fault of the attempt."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is tried: as whom (a token, or "" for nobody), after what, and the statement that must give
    nothing."""

    name: str
    statement: str
    before: tuple[str, ...] = ()
    gives_rows: bool = False
    """Rows that come back are a success; else it is enough that the statement is let through."""


@dataclass
class Tally:
    tried: int = 0
    succeeded: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    """Attempts that failed for a reason that is no refusal."""


def try_all(address: str, token: str, attempts: Iterator[Attempt] | Sequence[Attempt], tally: Tally) -> None:
    """Make the attempts with one connection, each in its own transaction, at work with the token."""
    with psycopg.connect(address, autocommit=True) as connection:
        for attempt in attempts:
            tally.tried += 1
            if (outcome := _try(connection, token, attempt)) == "succeeded":
                tally.succeeded.append(attempt.name)
            elif outcome:
                tally.odd.append(f"{attempt.name}: {outcome}")


def _try(connection: psycopg.Connection[Any], token: str, attempt: Attempt) -> str:
    try:
        with connection.transaction():
            if token:
                entered = connection.execute("SELECT user_id FROM seat.enter(%s)", [token]).fetchone()
                assert entered is not None
                assert entered[0] is not None, "the seat of the attempt is not open"
            for step in attempt.before:
                _let(connection, step)
            cursor = connection.execute(attempt.statement.encode())
            if attempt.gives_rows:
                return "succeeded" if cursor.description and cursor.fetchone() else ""
            return "succeeded" if cursor.rowcount != 0 else ""
    except REFUSED:
        return ""
    except psycopg.Error as error:
        return f"{type(error).__name__} {error.diag.message_primary}"


def _let(connection: psycopg.Connection[Any], step: str) -> None:
    """A step on the way, which may be refused without ending the attempt."""
    try:
        with connection.transaction():
            connection.execute(step.encode())
    except REFUSED:
        return


def open_seat(door: str, subject: str, number: bytes, site: str = "office") -> str:
    """A real token for this person, given by the door."""
    token = secrets.token_urlsafe(32)
    with psycopg.connect(door, autocommit=True) as connection:
        row = connection.execute(
            "SELECT user_id, refusal FROM seat.open(%s, %s, %s, %s, now(), 14400, 900)",
            [subject, number, hashlib.sha256(token.encode()).digest(), site],
        ).fetchone()
    assert row is not None
    assert row[1] is None, (subject, row)
    return token


STANCES = {
    "plainly": (),
    "as another, by a variable": (
        "SELECT set_config('seat.me', '{other}', true)",
        "SELECT set_config('app.user', '{other}', false)",
    ),
    "as the owner": ("SET ROLE secal_owner",),
    "as the worker": ("SET ROLE secal_worker", "SELECT seat.enter_service('advances')"),
    "by the session": ("SET SESSION AUTHORIZATION secal_owner",),
    "with a table of its own": (
        "CREATE TEMP TABLE at_work (connection int, txid xid8, identity uuid, plane text, sees_persons bool)",
        "CREATE TEMP TABLE people_registrationact (actor_id uuid, person_id uuid, file uuid)",
        "SET search_path = pg_temp, public",
    ),
    "with a function of its own": (
        "CREATE FUNCTION pg_temp.me() RETURNS uuid LANGUAGE sql AS $$SELECT '{other}'::uuid$$",
        "CREATE OR REPLACE FUNCTION seat.me() RETURNS uuid LANGUAGE sql AS $$SELECT '{other}'::uuid$$",
        "CREATE OR REPLACE FUNCTION barred_persons() RETURNS uuid[] LANGUAGE sql"
        " AS $$SELECT '{{}}'::uuid[]$$",
    ),
    "without guards": (
        "SET session_replication_role = replica",
        "SET row_security = off",
        "ALTER TABLE people_person DISABLE ROW LEVEL SECURITY",
        "ALTER TABLE {table} DISABLE TRIGGER ALL",
    ),
    "seated by hand": (
        "INSERT INTO seat.at_work"
        " VALUES (pg_backend_pid(), pg_current_xact_id(), '{other}', 'casework', true)",
        "SELECT seat.sit('{other}', 'casework', true)",
    ),
    "after a change of role": (
        "UPDATE access_userrole SET role = 'case_officer', plane = 'casework'",
        "UPDATE access_appointment SET plane = 'casework'",
        "DELETE FROM people_registrationact",
        "UPDATE people_registrationact SET actor_id = '{other}'",
    ),
}
"""What is done first: each step may be refused, and must not help."""

READS = {
    "rows": "SELECT * FROM {table} WHERE {condition}",
    "whole": "SELECT row_of FROM {table} row_of WHERE {condition}",
    "for update": "SELECT 1 FROM {table} WHERE {condition} FOR UPDATE",
    "copy": "COPY (SELECT * FROM {table} WHERE {condition}) TO '/tmp/taken'",
    "by changing": "UPDATE {table} SET {column} = {column} WHERE {condition} RETURNING *",
    "by removing": "DELETE FROM {table} WHERE {condition} RETURNING *",
    "counted": "SELECT 1 WHERE EXISTS (SELECT FROM {table} WHERE {condition})",
    "as json": "SELECT to_jsonb(t) FROM {table} t WHERE {condition}",
}


def readings(targets: dict[str, str], other: uuid.UUID) -> Iterator[Attempt]:
    """Every way to read each table, in every stance. `targets`: the table and the rows that must not come."""
    for table, condition in targets.items():
        column = condition.split()[0]
        words = {"table": table, "condition": condition, "column": column, "other": other}
        for stance, steps in STANCES.items():
            for how, statement in READS.items():
                yield Attempt(
                    f"{table} {how}, {stance}",
                    statement.format(**words),
                    tuple(step.format(**words) for step in steps),
                    gives_rows=True,
                )


def forgeries(
    connection: psycopg.Connection[Any], signed: dict[str, list[str]], other: uuid.UUID
) -> Iterator[Attempt]:
    """A row in the name of another, in every table that names who acted: a new one, and one that is there."""
    for table, columns in signed.items():
        row = connection.execute(
            sql.SQL("SELECT to_jsonb(t) FROM {} t LIMIT 1").format(sql.Identifier(table))
        ).fetchone()
        for column in columns:
            yield Attempt(f"{table}.{column} changed", f"UPDATE {table} SET {column} = '{other}'")
            if row is None:
                continue
            yield Attempt(
                f"{table}.{column} new",
                f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, to_jsonb(t) ||"
                f" jsonb_build_object('{column}', '{other}', '{_key(row[0])}', {_fresh(row[0])}))).*"
                f" FROM {table} t LIMIT 1",
            )


def _key(row: dict[str, Any]) -> str:
    return "history_id" if "history_id" in row else "id"


def _fresh(row: dict[str, Any]) -> str:
    return "987654321" if "history_id" in row else "gen_random_uuid()"


LOCKS = (
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE {table} OWNER TO {user}",
    "TRUNCATE {table} CASCADE",
    "DROP TABLE {table} CASCADE",
    "CREATE POLICY all_mine ON {table} USING (true)",
    "CREATE TRIGGER mine BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION seat.signs()",
    # Where nothing may be granted, PostgreSQL only warns.
    "DO $$ BEGIN GRANT ALL ON {table} TO {user};"
    " IF NOT has_table_privilege('{user}', '{table}', 'TRUNCATE')"
    " THEN RAISE insufficient_privilege; END IF; END $$",
)


def picked_locks(tables: Sequence[str], user: str) -> Iterator[Attempt]:
    """The guards of each table taken away."""
    for table in tables:
        for statement in LOCKS:
            yield Attempt(f"{statement} {table}", statement.format(table=table, user=user))


def shuffled(attempts: Iterator[Attempt], seed: int) -> list[Attempt]:
    """In an order of the seed: no attempt may depend on the one before."""
    listed = list(attempts)
    random.Random(seed).shuffle(listed)  # noqa: S311 - an order, no secret
    return listed


def at(address: str, database: str) -> str:
    return make_conninfo(address, dbname=database)


Counting = Callable[[], dict[str, int]]
