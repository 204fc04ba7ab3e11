"""Writing rows in bulk: parents first, personal values sealed on the way, history rows made by the database.

Everything goes through the application's own role and connection, inside the caller's transaction: every
constraint and trigger judges the rows, and either all of them are there or none.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

from secal.access.actors import current_actor
from secal.vault.keystore import new_key_material
from secal.vault.sealing import Place, Sealed, seal_with

ORDER = (
    "people.Person",
    "people.PaymentAccount",
    "people.RegistrationAct",
    "ledger.Book",
    "ledger.Claim",
    "ledger.JournalEntry",
    "ledger.Posting",
    "cases.AlimonyFile",
    "cases.ExecutoryTitle",
    "cases.Beneficiary",
    "cases.MonthlyTerm",
    "cases.Application",
    "cases.Attachment",
    "cases.Assignment",
    "cases.CaseEvent",
    "cases.WorkItem",
    "advances.AdvanceDecision",
    "advances.AdvanceRight",
    "advances.AdvanceRun",
    "advances.RunChange",
    "advances.RunLine",
    "ledger.PaymentFile",
    "ledger.PaymentInstruction",
    "ledger.BankStatement",
    "ledger.BankMovement",
    "ledger.Receipt",
    "ledger.Allocation",
    "solvency.SolvencyReview",
    "solvency.Reexamination",
    "people.Employer",
    "recovery_cases.RecoveryFile",
    "recovery_cases.FileEvent",
    "arrears.Debt",
    "arrears.DebtCharge",
    "arrears.FormalNotice",
    "arrears.NoticeLine",
    "arrears.SpecialRoll",
    "arrears.RollLine",
    "recovery_cases.Title",
    "enforcement.Transmission",
    "enforcement.TransmittedTitle",
    "recovery_cases.Mandate",
    "recovery_cases.Act",
)
"""Foreign keys are checked at the end of the transaction, triggers at once: an entry before its postings."""

WITH_HISTORY = (
    "people.Person",
    "people.PaymentAccount",
    "cases.AlimonyFile",
    "cases.ExecutoryTitle",
    "cases.Beneficiary",
    "cases.Application",
    "people.Employer",
    "recovery_cases.RecoveryFile",
    "recovery_cases.Title",
    "recovery_cases.Mandate",
    "arrears.Debt",
    "arrears.FormalNotice",
    "arrears.NoticeLine",
    "arrears.SpecialRoll",
)


def moment(day: date, step: int = 0) -> datetime:
    """An hour of that working day, later with each step: when a row says that it was made."""
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(seconds=97 * min(step, 300))


class Table:
    """One model's rows on their way: columns in the order of the model, defaults filled in."""

    def __init__(self, label: str) -> None:
        self.model: type[models.Model] = apps.get_model(label)
        self.fields = list(self.model._meta.concrete_fields)
        self.name = self.model._meta.db_table
        self.rows: list[list[Any]] = []
        self.defaults = {
            field.attname: field.get_default() for field in self.fields if field.has_default() or field.null
        }
        self.json_places = [
            place for place, field in enumerate(self.fields) if isinstance(field, models.JSONField)
        ]
        self.count = 0


class Loader:
    """Collects rows and writes them; `flush` may be called as often as memory asks."""

    def __init__(self) -> None:
        self.tables = {label: Table(label) for label in ORDER}
        self._names = {
            label: [field.attname for field in table.fields] for label, table in self.tables.items()
        }
        self._keys: dict[uuid.UUID, bytes] = {}
        self._wrapped: list[tuple[Any, ...]] = []

    def add(self, label: str, **values: Any) -> None:
        """One row; a column that is not given takes its model's default."""
        table = self.tables[label]
        defaults = table.defaults
        table.rows.append([values[name] if name in values else defaults[name] for name in self._names[label]])

    def new_key(self, key_id: uuid.UUID, purpose: str) -> uuid.UUID:
        """Make a data key with that identifier; values can be sealed with it from now on."""
        key, wrapped = new_key_material(key_id)
        self._keys[key_id] = key
        self._wrapped.append((key_id, purpose, wrapped, settings.VAULT_KEK_VERSION))
        return key_id

    def seal(self, label: str, column: str, row: uuid.UUID, key_id: uuid.UUID, value: str | bytes) -> Sealed:
        """A value sealed for its cell with a key of `new_key`."""
        raw = value.encode() if isinstance(value, str) else value
        return seal_with(self._keys[key_id], key_id, raw, Place(self.tables[label].name, column, row))

    def counts(self) -> dict[str, int]:
        """Rows written so far, by model."""
        return {label: table.count for label, table in self.tables.items()}

    def flush(self) -> None:
        """Write what was collected."""
        with connection.cursor() as cursor:
            if self._wrapped:
                columns = ("id", "purpose", "wrapped", "kek_version")
                write_rows(cursor, sql.Identifier("keystore", "data_key"), columns, self._wrapped)
                self._wrapped = []
            for table in self.tables.values():
                if table.rows:
                    self._copy(cursor, table)

    def _copy(self, cursor: Any, table: Table) -> None:
        for row in table.rows:
            for place in table.json_places:
                row[place] = json.dumps(row[place], ensure_ascii=False)
        columns = [field.column for field in table.fields]
        write_rows(cursor, sql.Identifier(table.name), columns, table.rows)
        table.count += len(table.rows)
        table.rows = []

    def write_history(self) -> None:
        """One "created" line of history for each row of the models that keep it."""
        with connection.cursor() as cursor:
            for label in WITH_HISTORY:
                model = self.tables[label].model
                history = apps.get_model(model._meta.app_label, f"Historical{model.__name__}")
                columns = sql.SQL(", ").join(
                    sql.Identifier(field.column) for field in self.tables[label].fields
                )
                cursor.execute(
                    sql.SQL(
                        "INSERT INTO {history} ({columns}, history_date, history_type, history_user_id) "
                        "SELECT {columns}, now(), '+', %s FROM {table} AS origin "
                        "WHERE NOT EXISTS (SELECT 1 FROM {history} AS known WHERE known.id = origin.id)"
                    ).format(
                        history=sql.Identifier(history._meta.db_table),
                        table=sql.Identifier(self.tables[label].name),
                        columns=columns,
                    ),
                    [current_actor().id],
                )


def write_rows(
    cursor: Any, table: sql.Identifier, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """These rows by COPY; where row security forbids it, by one INSERT of arrays."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    name = table.as_string(None)
    cursor.execute("SELECT relrowsecurity FROM pg_class WHERE oid = %s::regclass", [name])
    if not cursor.fetchone()[0]:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(table, names)) as copy:
            for row in rows:
                copy.write_row(row)
        return
    cursor.execute(
        "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass", [name]
    )
    types = dict(cursor.fetchall())
    arrays = sql.SQL(", ").join(sql.SQL("%s::{}[]").format(sql.SQL(types[column])) for column in columns)
    statement = sql.SQL("INSERT INTO {} ({}) SELECT * FROM unnest({})").format(table, names, arrays)
    cursor.execute(statement, [list(column) for column in zip(*rows, strict=True)])
