"""Whatever hangs on a file is registered with how it is erased: a new table is found without being listed."""

import uuid
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import connection, models

from secal.office import keeping
from secal.office.keeping import Kept
from secal.vault.fields import SealedModel

NAMING = """
SELECT referring.relname, referred.relname
FROM pg_constraint c
JOIN pg_class referring ON referring.oid = c.conrelid
JOIN pg_class referred ON referred.oid = c.confrelid
WHERE c.contype = 'f'
"""


def _hanging_on(root: str) -> set[str]:
    """Every table with a foreign key to the root, or to a table that has one, as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(NAMING)
        naming = cursor.fetchall()
    found = {root}
    while more := {referring for referring, referred in naming if referred in found} - found:
        found |= more
    return found


def _answered_for(kind: str) -> set[str]:
    """Tables that a room answers for: kept for this kind, or exempt with a reason."""
    kept = {table for entry in keeping.kept_of(kind) for table in keeping.tables_of(entry)}
    return kept | {model._meta.db_table for model in keeping.exemptions()}


@pytest.mark.obligation("17/006 §7", "17/006 §15")
@pytest.mark.django_db
@pytest.mark.parametrize("unit", keeping.units(), ids=lambda unit: unit.kind)
def test_every_table_that_hangs_on_a_unit_is_registered_with_how_it_is_erased(unit: keeping.Unit) -> None:
    assert _hanging_on(unit.root._meta.db_table) - _answered_for(unit.kind) == set()


def test_there_are_units() -> None:
    assert {"alimony_file", "recovery_file"} <= {unit.kind for unit in keeping.units()}


def test_every_model_with_sealed_values_belongs_to_a_unit_or_says_why_not() -> None:
    sealed = {model for model in apps.get_models() if issubclass(model, SealedModel)}
    assert sealed - keeping.kept_models() - set(keeping.exemptions()) == set()


def test_every_exemption_gives_its_reason() -> None:
    assert [model.__name__ for model, reason in keeping.exemptions().items() if not str(reason).strip()] == []


@pytest.mark.parametrize("unit", keeping.units(), ids=lambda unit: unit.kind)
def test_the_root_is_kept_and_rows_go_before_what_they_name(unit: keeping.Unit) -> None:
    order = [entry.model for entry in keeping.kept_of(unit.kind)]
    assert unit.root in order
    place = {model: number for number, model in enumerate(order)}
    for model in order:
        for named in _named_by(model):
            assert named == model or named not in place or place[model] < place[named], (model, named)


@pytest.mark.parametrize("entry", keeping.entries(), ids=lambda entry: f"{entry.unit}:{entry.label}")
@pytest.mark.django_db
def test_every_path_leads_to_the_unit(entry: Kept) -> None:
    """It compiles and runs: a field that was renamed is noticed here, not at night."""
    assert entry.rows_of("default", uuid.uuid4()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("unit", keeping.units(), ids=lambda unit: unit.kind)
def test_a_root_is_deleted_by_an_approved_erasure_only(unit: keeping.Unit) -> None:
    table = unit.root._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgargs FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE t.tgrelid = %s::regclass AND p.proname = 'retention_guard' AND t.tgenabled = 'O'",
            [table],
        )
        assert [bytes(arguments) for (arguments,) in cursor.fetchall()] == [unit.kind.encode() + b"\x00"]
        for role in ("secal_app", "secal_portal"):
            cursor.execute("SELECT has_table_privilege(%s, %s, 'DELETE')", [role, table])
            assert cursor.fetchone() == (False,), role


@pytest.mark.django_db
def test_whoever_erases_sees_every_row() -> None:
    """Row security hides rows without a word: an erasure and its scan would pass them by."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_class c WHERE c.relrowsecurity AND NOT EXISTS ("
            "  SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd = '*' AND p.polpermissive"
            "  AND ('secal_eraser'::regrole = ANY(p.polroles) OR p.polroles = '{0}')"
            "  AND pg_get_expr(p.polqual, p.polrelid) = 'true')"
        )
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_whoever_erases_can_read_every_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'm') AND n.nspname IN ('public', 'keystore')"
            " AND NOT has_table_privilege('secal_eraser', c.oid, 'SELECT')"
        )
        assert cursor.fetchall() == []


def _named_by(model: type[models.Model]) -> Iterable[type[models.Model]]:
    return [
        column.remote_field.model
        for column in model._meta.concrete_fields
        if column.remote_field is not None and isinstance(column.remote_field.model, type)
    ]


def test_every_sealed_row_says_which_key_seals_it() -> None:
    silent = [
        model.__name__
        for model in apps.get_models()
        if issubclass(model, SealedModel) and getattr(model.sealing_key_id, "__isabstractmethod__", False)
    ]
    assert silent == []
