"""A database in which commits are real, as fresh for each test as a clone, and much sooner there.

A test leaves rows; those are deleted, those of before are put back, and the next test gets the same database.
Where it changed anything else (a table, a function, a policy), it is dropped and cloned anew.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo

MARKS = """
SELECT 'tables ' || count(*) || ' ' || sum(hashtext(c.xmin::text || c.relname)::bigint)
       || ' ' || sum(c.reltuples) FILTER (WHERE c.relkind = 'r') FROM pg_class c WHERE c.oid >= 16384
UNION ALL SELECT 'columns ' || count(*) || ' ' || sum(hashtext(a.xmin::text)::bigint)
       FROM pg_attribute a WHERE a.attrelid >= 16384
UNION ALL SELECT 'functions ' || count(*) || ' ' || sum(hashtext(p.xmin::text)::bigint) FROM pg_proc p
UNION ALL SELECT 'triggers ' || count(*) || ' ' || sum(hashtext(t.xmin::text)::bigint) FROM pg_trigger t
UNION ALL SELECT 'policies ' || count(*) || ' ' || sum(hashtext(p.xmin::text)::bigint) FROM pg_policy p
UNION ALL SELECT 'constraints ' || count(*) || ' ' || sum(hashtext(c.xmin::text)::bigint) FROM pg_constraint c
UNION ALL SELECT 'schemas ' || count(*) || ' ' || sum(hashtext(n.xmin::text)::bigint)
       FROM pg_namespace n WHERE n.nspname NOT LIKE 'pg\\_%'
UNION ALL SELECT 'statistics ' || count(*) FROM pg_statistic s WHERE s.starelid >= 16384
UNION ALL SELECT 'settings ' || coalesce(string_agg(s.setconfig::text, ' ' ORDER BY s.setrole), '')
       FROM pg_db_role_setting s
       JOIN pg_database d ON d.oid = s.setdatabase AND d.datname = current_database()
UNION ALL SELECT 'members ' || string_agg(m.roleid || ' ' || m.member, ',' ORDER BY m.roleid, m.member)
       FROM pg_auth_members m
"""
"""What a test changes when it does more than write rows. Gathered statistics count: plans rest on them."""
TABLES = """
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_t'
"""
"""Their names as SQL writes them."""
SEQUENCES = """
SELECT format('%I.%I', schemaname, sequencename)::regclass::oid, start_value, last_value FROM pg_sequences
"""


COLUMNS = """
SELECT quote_ident(attname) FROM pg_attribute
 WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum
"""


@dataclass(frozen=True)
class Written:
    """The rows of a table as they were, in PostgreSQL's own words."""

    columns: str
    rows: bytes


@dataclass(frozen=True)
class Fresh:
    """What a database was before any test. `digests` follow the rows, which are others once put back."""

    marks: frozenset[str]
    empty: tuple[str, ...]
    written: dict[str, Written]
    digests: dict[str, str]
    sequences: dict[int, int | None]


class Spare:
    """The one database of this process that tests may commit in, one test after the other."""

    def __init__(self, clone: Callable[[], str], drop: Callable[[str], None]) -> None:
        self._clone, self._drop = clone, drop
        self._name = ""
        self._fresh: Fresh | None = None

    @contextmanager
    def taken(self) -> Iterator[str]:
        """Its name; afterwards it is as it was, or gone."""
        name = self._take()
        try:
            yield name
        finally:
            self._give_back()

    def _take(self) -> str:
        if not self._name:
            self._name = self._clone()
            with _administrator(self._name) as admin:
                self._fresh = _look(admin)
        return self._name

    def _give_back(self) -> None:
        fresh = self._fresh
        assert fresh is not None
        with _administrator(self._name) as admin:
            _alone(admin)
            whole = _restored(admin, fresh)
        if not whole:
            self.end()

    def end(self) -> None:
        if self._name:
            self._drop(self._name)
        self._name, self._fresh = "", None


def _administrator(database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=database))


def _alone(admin: psycopg.Connection[Any]) -> None:
    """Nobody whom the test left behind writes any more."""
    admin.execute(
        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def _look(admin: psycopg.Connection[Any]) -> Fresh:
    tables = [name for (name,) in admin.execute(TABLES).fetchall()]
    filled = _filled(admin, tables)
    return Fresh(
        marks=_marks(admin),
        empty=tuple(one for one in tables if one not in filled),
        written={one: _copied(admin, one) for one in filled},
        digests=_digests(admin, filled),
        sequences={oid: last for oid, _start, last in admin.execute(SEQUENCES).fetchall()},
    )


def _restored(admin: psycopg.Connection[Any], fresh: Fresh) -> bool:
    """Undo what a test did to rows; False where that does not make the database what it was."""
    if _marks(admin) != fresh.marks:
        return False
    # Neither triggers nor references stand in the way of the superuser who cleans up.
    admin.execute("SET LOCAL session_replication_role = replica")
    for one in _filled(admin, fresh.empty):
        admin.execute(f"DELETE FROM {one}".encode())
    changed = [one for one, now in _digests(admin, fresh.written).items() if now != fresh.digests[one]]
    for one in changed:
        _put_back(admin, one, fresh.written[one])
    fresh.digests.update(_digests(admin, changed))
    for oid, start, last in admin.execute(SEQUENCES).fetchall():
        before = fresh.sequences[oid]
        if last != before:
            admin.execute(
                "SELECT setval(%s::oid::regclass, %s, %s)", [oid, before or start, before is not None]
            )
    return True


def _marks(admin: psycopg.Connection[Any]) -> frozenset[str]:
    return frozenset(mark for (mark,) in admin.execute(MARKS).fetchall())


def _filled(admin: psycopg.Connection[Any], tables: Sequence[str]) -> list[str]:
    """Those in which there is a row."""
    asked = [f"SELECT {place} WHERE EXISTS (SELECT FROM {one})" for place, one in enumerate(tables)]
    rows = admin.execute(" UNION ALL ".join(asked).encode()).fetchall()
    return [tables[place] for (place,) in rows]


def _digests(admin: psycopg.Connection[Any], tables: Iterable[str]) -> dict[str, str]:
    """Which rows each holds, in which version."""
    places = list(tables)
    asked = [
        f"SELECT {place}, count(*) || ' ' || coalesce(sum(hashtext(t.xmin::text || t.ctid::text)::bigint), 0)"
        f" FROM {one} t"
        for place, one in enumerate(places)
    ]
    rows = admin.execute(" UNION ALL ".join(asked).encode()).fetchall() if asked else []
    return {places[place]: str(digest) for place, digest in rows}


def _copied(admin: psycopg.Connection[Any], table: str) -> Written:
    names = admin.execute(COLUMNS, [table]).fetchall()
    columns = ", ".join(name for (name,) in names)
    with admin.cursor().copy(f"COPY {table} ({columns}) TO STDOUT".encode()) as told:
        return Written(columns, b"".join(told))


def _put_back(admin: psycopg.Connection[Any], table: str, written: Written) -> None:
    admin.execute(f"DELETE FROM {table}".encode())
    with admin.cursor().copy(f"COPY {table} ({written.columns}) FROM STDIN".encode()) as taken:
        taken.write(written.rows)
