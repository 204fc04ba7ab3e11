"""The search for residue. It knows nothing of how rows are erased: it reads every table of the database.

Texts are compared without accents and case, numbers also when written with signs between their digits. A
name that others bear is excused in a registered table, in a row that is not the unit's. Nothing found is ever
kept or shown: a hit is a table, a column and a count.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connections
from psycopg import sql

from audit.retention.errors import unreadable
from secal.office import keeping
from secal.office.keeping import Trace, TraceKind
from secal.vault.sealing import VERSION

OUTSIDE = ("information_schema", "seclog", "seat")
"""Schemas that are not read: the security log keeps who was looked at, without values; `seat` holds who sits
at the portal."""
EXCUSED = (TraceKind.NAME, TraceKind.DIGEST)
OWN_RECORDS = {
    ("public.retention_erasureitem", "unit_id"),
    ("public.retention_erasureitem", "number"),
    ("public.retention_certificate", "manifest"),
}
"""Where the records of erasures themselves name the unit, by identifier and number."""
NUMBER = "number"
"""Label of the trace that is the number of the unit."""
HEAD = len(VERSION) + 16
"""Bytes of a sealed value that name its key."""
UUID_SHAPE = "[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
BETWEEN = "[-./ ]*"
"""What people write between the digits of a number."""

COLUMNS = """
SELECT n.nspname, c.relname, a.attname,
       CASE WHEN t.typname = 'uuid' THEN 'uuid' WHEN t.typname = 'bytea' THEN 'bytea'
            WHEN t.typcategory IN ('S', 'A') OR t.typname IN ('json', 'jsonb', 'xml') THEN 'text' END,
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_type t ON t.oid = a.atttypid
WHERE c.relkind IN ('r', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> ALL(%s)
ORDER BY 1, 2, a.attnum
"""


@dataclass(frozen=True, slots=True)
class Sought:
    """What is looked for on behalf of one unit."""

    unit_id: uuid.UUID
    traces: Sequence[Trace]
    rows: frozenset[tuple[str, str]]
    """(table, primary key) of its rows."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Something was found: where, of what kind, in how many rows. Never what."""

    table: str
    column: str
    kind: TraceKind
    rows: int


@dataclass(frozen=True, slots=True)
class Scan:
    """What a search read, and what it found for each unit."""

    tables: int
    columns: int
    hits: Mapping[uuid.UUID, Sequence[Hit]]


@dataclass(frozen=True, slots=True)
class _Table:
    schema: str
    name: str
    columns: tuple[tuple[str, str], ...]
    """(name, kind) of those that can hold a trace."""
    identity: str | None
    """Column with the primary key of the row, in a table that a room registered."""
    pointing: frozenset[str]
    """Columns that may go on naming erased rows."""

    @property
    def full_name(self) -> str:
        return f"{self.schema}.{self.name}"


@dataclass(slots=True)
class _Needles:
    """The traces of all units looked for at once, by how they are compared, and whose they are."""

    words: dict[str, set[tuple[uuid.UUID, Trace]]] = field(default_factory=dict)
    """Pattern -> owners."""
    digests: dict[bytes, set[tuple[uuid.UUID, Trace]]] = field(default_factory=dict)
    heads: dict[bytes, set[tuple[uuid.UUID, Trace]]] = field(default_factory=dict)
    identifiers: dict[uuid.UUID, set[tuple[uuid.UUID, Trace]]] = field(default_factory=dict)


def search(sought: Sequence[Sought], *, using: str) -> Scan:
    """Read every table once for all these units. Raises RetentionError for a table that cannot be read."""
    needles = _needles(sought, using)
    tables = list(_tables(using))
    rows = {one.unit_id: one.rows for one in sought}
    found: Counter[tuple[uuid.UUID, str, str, TraceKind]] = Counter()
    for table in tables:
        for identity, cells in _in_table(table, needles, using):
            found.update(
                {
                    (owner, table.full_name, column, trace.kind)
                    for column, owner, trace in cells
                    if not _is_excused(table, identity, column, trace, owner, rows[owner])
                }
            )
    hits: dict[uuid.UUID, list[Hit]] = {one.unit_id: [] for one in sought}
    for (owner, table_name, column, kind), count in sorted(found.items()):
        hits[owner].append(Hit(table_name, column, kind, count))
    return Scan(len(tables), sum(len(table.columns) for table in tables), hits)


def missing_kinds(sought: Sequence[Sought], scan: Scan, *, using: str) -> dict[uuid.UUID, tuple[str, ...]]:
    """The proof of the search before an erasure: kinds of trace of each unit that it failed to find.

    What is sealed lies nowhere in clear, so a text cannot be found before either: its pattern must recognise
    the text in the spelling given.
    """
    blind: dict[uuid.UUID, tuple[str, ...]] = {}
    for one in sought:
        wanted = {trace.kind for trace in one.traces} - {TraceKind.TEXT}
        seen = {hit.kind for hit in scan.hits[one.unit_id]}
        missing = sorted(kind.value for kind in wanted - seen)
        texts = [trace.value for trace in one.traces if trace.kind is TraceKind.TEXT]
        if not all(_recognised(texts, using)):
            missing.append(TraceKind.TEXT.value)
        if missing:
            blind[one.unit_id] = tuple(missing)
    return blind


def _is_excused(
    table: _Table,
    identity: str | None,
    column: str,
    trace: Trace,
    owner: uuid.UUID,
    own_rows: frozenset[tuple[str, str]],
) -> bool:
    if (table.full_name, column) in OWN_RECORDS:
        return trace.value == str(owner) or (trace.kind is TraceKind.TEXT and trace.label == NUMBER)
    if trace.kind in EXCUSED and identity is not None:
        return (table.name, identity) not in own_rows
    return trace.kind is TraceKind.IDENTIFIER and column in table.pointing and trace.value != str(owner)


def _tables(using: str) -> Iterator[_Table]:
    identities = dict(_identities())
    pointing = {entry.table: frozenset(entry.pointing) for entry in keeping.entries()}
    with connections[using].cursor() as cursor:
        cursor.execute(COLUMNS, [list(OUTSIDE)])
        lines = cursor.fetchall()
    grouped: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, name, column, kind, readable in lines:
        if not readable:
            raise unreadable(f"{schema}.{name}")
        columns = grouped.setdefault((schema, name), [])
        if kind is not None:
            columns.append((column, kind))
    for (schema, name), columns in grouped.items():
        if columns:
            registered = schema == "public"
            yield _Table(
                schema,
                name,
                tuple(columns),
                identities.get(name) if registered else None,
                pointing.get(name, frozenset()) if registered else frozenset(),
            )


def _identities() -> Iterator[tuple[str, str]]:
    """Tables that somebody answers for, with the column that names the row of a unit."""
    for model in keeping.kept_models() | set(keeping.exemptions()):
        column = keeping.key_column(model)
        yield model._meta.db_table, column
        past = keeping.history_of(model)
        if past is not None:
            yield past._meta.db_table, column
    if apps.is_installed("auditlog"):
        yield "auditlog_logentry", "object_pk"


def _needles(sought: Sequence[Sought], using: str) -> _Needles:
    needles = _Needles()
    texts = [
        (one.unit_id, trace)
        for one in sought
        for trace in one.traces
        if trace.kind in (TraceKind.TEXT, TraceKind.NAME)
    ]
    plain = _plain([trace.value for _owner, trace in texts], using)
    for (owner, trace), value in zip(texts, plain, strict=True):
        needles.words.setdefault(_pattern(trace.kind, value), set()).add((owner, trace))
    for one in sought:
        for trace in one.traces:
            entry = (one.unit_id, trace)
            if trace.kind is TraceKind.DIGEST:
                needles.digests.setdefault(bytes.fromhex(trace.value), set()).add(entry)
                needles.words.setdefault(trace.value, set()).add(entry)
            elif trace.kind is TraceKind.SEALED:
                needles.heads.setdefault(VERSION + uuid.UUID(trace.value).bytes, set()).add(entry)
            elif trace.kind is TraceKind.IDENTIFIER:
                needles.identifiers.setdefault(uuid.UUID(trace.value), set()).add(entry)
    return needles


def _plain(values: Sequence[str], using: str) -> list[str]:
    """The values as the database compares them: without accents, in lower case."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT lower(public.unaccent(value))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (value, place) ORDER BY place",
            [list(values)],
        )
        return [value for (value,) in cursor.fetchall()]


def _pattern(kind: TraceKind, value: str) -> str:
    """A regular expression that PostgreSQL and Python read alike."""
    compact = re.sub(r"[-./ ]", "", value)
    if (
        kind is TraceKind.TEXT
        and compact.isalnum()
        and any(sign.isdigit() for sign in compact)
        and " " not in value.strip()
    ):
        return f"(?<![0-9]){BETWEEN.join(compact)}(?![0-9])"
    words = r"\s+".join(re.escape(word) for word in value.split())
    return rf"(?<!\w){words}(?!\w)"


def _recognised(values: Sequence[str], using: str) -> list[bool]:
    if not values:
        return []
    patterns = [_pattern(TraceKind.TEXT, value) for value in _plain(values, using)]
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT lower(public.unaccent(value)) ~ pattern"
            " FROM unnest(%s::text[], %s::text[]) AS given (value, pattern)",
            [list(values), patterns],
        )
        return [bool(seen) for (seen,) in cursor.fetchall()]


def _in_table(
    table: _Table, needles: _Needles, using: str
) -> Iterator[tuple[str | None, list[tuple[str, uuid.UUID, Trace]]]]:
    """Each row of the table that holds a needle: which row it is, and in which column, whose trace."""
    matchers = {pattern: re.compile(pattern) for pattern in needles.words}
    with connections[using].cursor() as cursor:
        cursor.execute(_question(table), _parameters(needles))
        for identity, *cells in cursor.fetchall():
            of_row = [
                (column, owner, trace)
                for (column, kind), cell in zip(table.columns, cells, strict=True)
                if cell is not None
                for owner, trace in _in_cell(kind, cell, needles, matchers)
            ]
            if not of_row:
                # The database saw something that we do not: nobody may call that clean.
                raise unreadable(table.full_name)
            yield identity, of_row


def _in_cell(
    kind: str, cell: Any, needles: _Needles, matchers: Mapping[str, re.Pattern[str]]
) -> set[tuple[uuid.UUID, Trace]]:
    if kind == "uuid":
        return needles.identifiers.get(cell, set())
    found: set[tuple[uuid.UUID, Trace]] = set()
    if kind == "bytea":
        raw = bytes(cell)
        found |= needles.digests.get(raw, set()) | needles.heads.get(raw[:HEAD], set())
        text = "" if raw[:1] == VERSION else raw.decode("latin-1").lower()
    else:
        text = cell
    for pattern, matcher in matchers.items():
        if matcher.search(text):
            found |= needles.words[pattern]
    for written in re.findall(UUID_SHAPE, text):
        found |= needles.identifiers.get(uuid.UUID(written), set())
    return found


def _question(table: _Table) -> sql.Composed:
    """The rows of the table in which some cell holds some needle, with the cells as they are compared."""
    shown, conditions = [], []
    for name, kind in table.columns:
        column = sql.Identifier(name)
        shown.append((TEXT if kind == "text" else sql.SQL("{0}")).format(column))
        conditions.append(CONDITIONS[kind].format(column))
    identity = (
        sql.SQL("{}::text").format(sql.Identifier(table.identity))
        if table.identity
        else sql.SQL("NULL::text")
    )
    return sql.SQL("SELECT {}, {} FROM {} WHERE {}").format(
        identity,
        sql.SQL(", ").join(shown),
        sql.Identifier(table.schema, table.name),
        sql.SQL(" OR ").join(conditions),
    )


def _parameters(needles: _Needles) -> dict[str, Any]:
    return {
        "shape": UUID_SHAPE,
        "words": "|".join(sorted(needles.words)) or NEVER,
        "digests": list(needles.digests),
        "heads": list(needles.heads),
        "identifiers": list(needles.identifiers),
    }


NEVER = "a(?!a)a"
TEXT = sql.SQL("lower(public.unaccent({0}::text))")
NAMES_IDENTIFIER = (
    "EXISTS (SELECT 1 FROM regexp_matches(%TEXT%, %(shape)s, 'g') AS found (parts)"
    " WHERE replace(found.parts[1], '-', '')::uuid = ANY(%(identifiers)s::uuid[]))"
)
CLEAR_BYTES = "lower(encode({0}, 'escape'))"
CONDITIONS = {
    "uuid": sql.SQL("{0} = ANY(%(identifiers)s::uuid[])"),
    "text": sql.SQL(
        "lower(public.unaccent({0}::text)) ~ %(words)s OR "
        + NAMES_IDENTIFIER.replace("%TEXT%", "lower({0}::text)")
    ),
    "bytea": sql.SQL(
        "{0} = ANY(%(digests)s::bytea[]) OR substr({0}, 1, 17) = ANY(%(heads)s::bytea[])"
        " OR (substr({0}, 1, 1) <> '\\x01'::bytea AND ("
        + CLEAR_BYTES
        + " ~ %(words)s OR "
        + NAMES_IDENTIFIER.replace("%TEXT%", CLEAR_BYTES)
        + "))"
    ),
}
