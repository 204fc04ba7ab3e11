"""The search for residue reads every table, in every spelling, and tells where without telling what."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from audit.retention import outside
from audit.retention.scan import Sought, missing_kinds, search
from secal.office.keeping import Trace, TraceKind

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

NISS = "84020312345"
UNIT = uuid.UUID(int=77)
KEY = uuid.UUID(int=78)
DIGEST = bytes(range(32))
Keep = Callable[[str, str, Any], None]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """Put a value into a table that nobody knows, and look through the same connection."""
    with connections["owner"].cursor() as cursor:

        def put(table: str, kind: str, value: Any) -> None:
            cursor.execute(f"CREATE TABLE {table} (told {kind})")
            cursor.execute(f"INSERT INTO {table} VALUES (%s)", [value])

        yield put


def found(*traces: Trace) -> set[tuple[str, str]]:
    seen = search([Sought(UNIT, traces, frozenset())], using="owner")
    return {(hit.table, hit.column) for hit in seen.hits[UNIT]}


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("text", "het nummer 84.02.03-123.45 dus"),
        ("varchar(60)", NISS),
        ("jsonb", '{"a": [{"niss": "840203 123 45"}]}'),
        ("text[]", ["x", NISS]),
        ("bytea", b"%PDF clear " + NISS.encode() + b" text"),
    ],
)
def test_a_number_is_found_in_every_kind_of_column_and_spelling(keep: Keep, kind: str, value: Any) -> None:
    keep("unknown_to_all", kind, value)
    assert found(Trace.text("niss", NISS)) == {("public.unknown_to_all", "told")}


@pytest.mark.parametrize("value", ["ÉLODIE  d'Hondt", "mevr. Elodie D’hondt, Gent"])
def test_a_name_is_found_without_accents_or_capitals(keep: Keep, value: str) -> None:
    keep("unknown_to_all", "text", value.replace("’", "'"))
    assert found(Trace.name("name", "Élodie D'Hondt")) == {("public.unknown_to_all", "told")}


def test_part_of_another_name_or_number_is_not_a_find(keep: Keep) -> None:
    keep("unknown_to_all", "text", f"Tom Maesen, {NISS}6")
    assert found(Trace.name("name", "Tom Maes"), Trace.text("niss", NISS)) == set()


@pytest.mark.parametrize(
    ("kind", "value", "trace"),
    [
        ("bytea", DIGEST, Trace(TraceKind.DIGEST, "niss", DIGEST.hex())),
        ("text", DIGEST.hex(), Trace(TraceKind.DIGEST, "niss", DIGEST.hex())),
        ("bytea", b"\x01" + KEY.bytes + b"x" * 40, Trace(TraceKind.SEALED, "file", str(KEY))),
        ("uuid", KEY, Trace(TraceKind.IDENTIFIER, "row", str(KEY))),
        ("text", f"voir {KEY.hex}.", Trace(TraceKind.IDENTIFIER, "row", str(KEY))),
        ("jsonb", f'{{"file": "{KEY}"}}', Trace(TraceKind.IDENTIFIER, "row", str(KEY))),
        ("uuid[]", [KEY], Trace(TraceKind.IDENTIFIER, "row", str(KEY))),
    ],
)
def test_digests_sealed_values_and_identifiers_are_found(
    keep: Keep, kind: str, value: Any, trace: Trace
) -> None:
    keep("unknown_to_all", kind, value)
    assert found(trace) == {("public.unknown_to_all", "told")}


def test_a_search_that_finds_nothing_of_a_kind_is_blind_for_it() -> None:
    sought = Sought(UNIT, [Trace(TraceKind.SEALED, "file", str(KEY)), Trace.text("niss", NISS)], frozenset())
    seen = search([sought], using="owner")
    assert missing_kinds([sought], seen, using="owner") == {UNIT: ("sealed",)}


def test_files_and_payloads_are_read_too(tmp_path: Path) -> None:
    traces = [Trace.text("niss", NISS), Trace.name("name", "Élodie Dhondt")]
    (tmp_path / "logs").mkdir()
    (tmp_path / "logs" / "office.log").write_text("asked for 84.02.03-123.45\n")
    (tmp_path / "clean.log").write_text("nothing\n")
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache" / "kept").write_text("élodie dhondt")
    assert outside.in_files(tmp_path, traces, leave_out={"cache"}) == [tmp_path / "logs" / "office.log"]
    assert len(outside.in_files(tmp_path, traces)) == 2
