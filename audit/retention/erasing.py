"""The erasure of one unit, step by step: remember, prove the search, destroy keys, erase rows, certify.

Each step is one transaction that also notes itself, and finds it noted when it comes again: a worker killed
anywhere is followed by another that goes on. Nothing is destroyed before the item is `erasing`, which the
database grants to approved lists only; no certificate is made before a scan that found nothing.

What destroys goes through the connection `eraser`, a role of the database that may delete; what only prepares
goes through the application's own.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import connections, models, transaction
from psycopg import sql

from audit.log.context import writing_through
from audit.retention import events
from audit.retention.certificate import issue
from audit.retention.models import ErasureItem, ItemState
from audit.retention.planning import Plan, make_plan, own_keys, root_keys
from audit.retention.scan import UUID_SHAPE, Hit, Scan, Sought
from audit.retention.states import move_item
from audit.retention.wording import NO_LONGER_DUE, SCAN_BLIND
from secal.office import keeping
from secal.office.keeping import Erasing, Kept
from secal.office.models import Job
from secal.vault.keystore import create_key, destroy_keys

ERASER = "eraser"
MATERIAL = ("state", "steps", "key_id", "material")


def begin(item_id: uuid.UUID, *, on: date) -> ItemState:
    """Lock the unit, ask again whether it is due, and remember what an erasure must know, sealed.

    A unit that is due no longer, or gone, is kept back.
    """
    item = _locked(item_id, "default")
    if item.state == ItemState.RESIDUE:
        return _try_again(item)
    if item.state != ItemState.WAITING:
        return ItemState(item.state)
    unit = keeping.unit(item.unit_kind)
    root = unit.root._base_manager.select_for_update().filter(pk=item.unit_id).first()
    if root is None or not unit.still_due(item.unit_id, on):
        return keep_back(item, NO_LONGER_DUE)
    plan = make_plan(item.unit_kind, item.unit_id, using="default")
    move_item(item, "begin")
    item.key_id = create_key("erasure")
    item.seal_value("material", plan.as_text())
    _note(item, "begun")
    item.save(update_fields=MATERIAL)
    events.erasure_begun(unit=item.unit_id)
    return ItemState(item.state)


def sought(item: ErasureItem) -> Sought:
    """What the search looks for on behalf of this item."""
    plan = Plan.from_text(item.open_value("material"))
    return Sought(plan.unit_id, plan.traces, plan.own_rows())


def prove(item_id: uuid.UUID, missing: Sequence[str]) -> ItemState:
    """Note that the search found the unit before its erasure; one that it did not find is kept back."""
    item = _locked(item_id, "default")
    if item.state != ItemState.ERASING or "control" in item.steps:
        return ItemState(item.state)
    if missing:
        item.scan = {"missed": list(missing)}
        return keep_back(item, SCAN_BLIND)
    _note(item, "control")
    item.save(update_fields=["steps"])
    return ItemState(item.state)


def keep_back(item: ErasureItem, reason: str) -> ItemState:
    """Leave a unit as it is, and say why. What was remembered of it is forgotten with its key."""
    forgotten = item.key_id
    move_item(item, "keep_back")
    item.reason, item.key_id, item.material = reason, None, None
    item.save(update_fields=[*MATERIAL, "reason", "scan"])
    events.unit_kept_back(unit=item.unit_id)
    if forgotten is not None:
        transaction.on_commit(lambda: destroy_keys([forgotten], using=ERASER))
    return ItemState.KEPT_BACK


def destroy_unit_keys(item_id: uuid.UUID) -> None:
    """Destroy the keys of the unit's root: from here on nothing sealed with them can be read, anywhere."""
    with _erasing(item_id, "keys") as item:
        if item is None:
            return
        plan = Plan.from_text(item.open_value("material"))
        destroyed = destroy_keys(root_keys(plan, using=ERASER), using=ERASER)
        item.counts = {**item.counts, "keys": item.counts.get("keys", 0) + destroyed}
        item.save(using=ERASER, update_fields=["steps", "counts"])
        events.keys_destroyed(unit=item.unit_id)


def erase_rows(item_id: uuid.UUID) -> None:
    """Erase what the rooms keep of the unit, in one transaction: live rows, their history, differences, jobs.

    Rows that units share are locked and asked for again: one that another unit names by now stays.
    """
    with _erasing(item_id, "rows") as item:
        if item is None:
            return
        plan = _as_it_is_now(Plan.from_text(item.open_value("material")))
        entries = keeping.kept_of(plan.unit_kind)
        counts: Counter[str] = Counter(item.counts.get("rows", {}))
        keys = {
            key
            for entry in entries
            if entry.eraser is None
            for key in own_keys(entry.model, plan.rows[entry.label], using=ERASER)
        }
        destroyed = destroy_keys(keys, using=ERASER)
        for entry in entries:
            if entry.eraser is not None and plan.rows[entry.label]:
                told = Erasing(ERASER, plan.unit_id, plan.rows[entry.label], plan.identifiers)
                counts.update(entry.eraser(told))
        for entry in entries:
            if entry.eraser is None:
                counts.update(_erase(entry, plan))
        counts.update(_erase_jobs(plan))
        item.counts = {
            "keys": item.counts.get("keys", 0) + destroyed,
            "rows": {table: number for table, number in sorted(counts.items()) if number},
        }
        item.seal_value("material", plan.as_text())
        item.save(using=ERASER, update_fields=["steps", "counts", "material"])
        events.rows_erased(unit=item.unit_id)


def conclude(item_id: uuid.UUID, scan: Scan, *, on: date) -> ItemState:
    """Certify an erasure of which the scan found nothing; else say where something is left."""
    hits = scan.hits[ErasureItem.objects.values_list("unit_id", flat=True).get(pk=item_id)]
    with transaction.atomic(using=ERASER), writing_through(ERASER):
        item = _locked(item_id, ERASER)
        if item.state != ItemState.ERASING or "rows" not in item.steps:
            return ItemState(item.state)
        _note(item, "scan")
        item.scan = {
            "tables": scan.tables,
            "columns": scan.columns,
            "hits": sum(hit.rows for hit in hits),
            "where": _where(hits),
        }
        if hits:
            move_item(item, "leave_residue")
            item.save(using=ERASER, update_fields=["state", "steps", "scan"])
            events.residue_found(unit=item.unit_id)
            return ItemState.RESIDUE
        item.save(using=ERASER, update_fields=["steps", "scan"])
        issue(item, on=on, using=ERASER)
        forgotten = item.sealing_key_id()
        move_item(item, "certify")
        item.key_id, item.material = None, None
        item.save(using=ERASER, update_fields=MATERIAL)
        destroy_keys([forgotten], using=ERASER)
        events.certificate_made(unit=item.unit_id)
    return ItemState.ERASED


def _try_again(item: ErasureItem) -> ItemState:
    """Something was left: once its room has registered it, its rows are erased and the scan is made again."""
    move_item(item, "try_again")
    item.steps = {step: at for step, at in item.steps.items() if step not in ("rows", "scan")}
    item.save(update_fields=["state", "steps"])
    return ItemState(item.state)


@contextmanager
def _erasing(item_id: uuid.UUID, step: str) -> Iterator[ErasureItem | None]:
    """One destroying step: the item, locked, with the step noted; None when there is nothing to do."""
    with transaction.atomic(using=ERASER), writing_through(ERASER):
        item = _locked(item_id, ERASER)
        if item.state != ItemState.ERASING or "control" not in item.steps or step in item.steps:
            yield None
        else:
            _note(item, step)
            yield item


def _locked(item_id: uuid.UUID, using: str) -> ErasureItem:
    return ErasureItem.objects.using(using).select_for_update().get(pk=item_id)


def _note(item: ErasureItem, step: str) -> None:
    item.steps = {**item.steps, step: datetime.now(UTC).isoformat(timespec="microseconds")}


def _where(hits: Sequence[Hit]) -> list[dict[str, Any]]:
    return [
        {"table": hit.table, "column": hit.column, "kind": hit.kind.value, "rows": hit.rows} for hit in hits
    ]


def _as_it_is_now(plan: Plan) -> Plan:
    """The plan with rows that came since, and without shared rows that another unit names by now."""
    root = keeping.unit(plan.unit_kind).root
    root_is_there = bool(_lock(root, [plan.unit_id]))
    rows: dict[str, list[Any]] = {}
    stayed: dict[str, set[Any]] = {}
    for entry in keeping.kept_of(plan.unit_kind):
        before = plan.rows.get(entry.label, [])
        if entry.shared:
            _lock(entry.model, before)
            now = entry.rows_of(ERASER, plan.unit_id) if root_is_there else []
            stayed[entry.label] = set(before) - set(now) if root_is_there else set()
            rows[entry.label] = [pk for pk in before if pk not in stayed[entry.label]]
        else:
            rows[entry.label] = sorted({*before, *entry.rows_of(ERASER, plan.unit_id)})
    return Plan(plan.unit_kind, plan.unit_id, rows, plan.traces).without(stayed)


def _lock(model: type[models.Model], rows: Sequence[Any]) -> list[Any]:
    """Lock these rows until the end of the transaction: nobody can name them in between."""
    found = model._base_manager.using(ERASER).filter(pk__in=list(rows)).order_by("pk")
    return list(found.select_for_update().values_list("pk", flat=True))


def _erase(entry: Kept, plan: Plan) -> Counter[str]:
    """Delete the rows of one table with their history and the differences that the audit trail kept."""
    rows = plan.rows[entry.label]
    counts: Counter[str] = Counter()
    past = entry.history_model
    if past is not None:
        counts[past._meta.db_table] += _delete_history(entry, past, plan)
    if not rows:
        return counts
    if apps.is_installed("auditlog"):
        kind = ContentType.objects.db_manager(ERASER).get_for_model(entry.model, for_concrete_model=False)
        counts["auditlog_logentry"] += _execute(
            sql.SQL("DELETE FROM auditlog_logentry WHERE content_type_id = %s AND object_pk = ANY(%s)"),
            [kind.pk, [str(pk) for pk in rows]],
        )
    counts[entry.table] += _execute(
        sql.SQL("DELETE FROM {} WHERE {} = ANY(%s)").format(
            sql.Identifier(entry.table), sql.Identifier(keeping.key_column(entry.model))
        ),
        [rows],
    )
    return counts


def _delete_history(entry: Kept, past: type[models.Model], plan: Plan) -> int:
    """Rows of history of these rows, and of rows that once hung on the same parents and are gone."""
    conditions = [sql.SQL("{} = ANY(%s)").format(sql.Identifier(keeping.key_column(entry.model)))]
    values: list[Any] = [plan.rows[entry.label]]
    step = entry.by.split("__", maxsplit=1)[0]
    if step:
        column = entry.model._meta.get_field(step)
        if isinstance(column, models.ForeignKey):
            parents = plan.rows.get(column.remote_field.model._meta.label_lower, [])
            if parents:
                conditions.append(sql.SQL("{} = ANY(%s)").format(sql.Identifier(column.column)))
                values.append(parents)
    given = [(condition, value) for condition, value in zip(conditions, values, strict=True) if value]
    if not given:
        return 0
    statement = sql.SQL("DELETE FROM {} WHERE {}").format(
        sql.Identifier(past._meta.db_table), sql.SQL(" OR ").join(condition for condition, _value in given)
    )
    return _execute(statement, [value for _condition, value in given])


def _erase_jobs(plan: Plan) -> Counter[str]:
    """Delete the background jobs that were about the unit or a row of it."""
    statement = sql.SQL(
        "DELETE FROM {} WHERE EXISTS (SELECT 1"
        " FROM regexp_matches(lower(period || ' ' || result::text), %s, 'g') AS found (parts)"
        " WHERE replace(found.parts[1], '-', '')::uuid = ANY(%s::uuid[]))"
    ).format(sql.Identifier(Job._meta.db_table))
    return Counter({Job._meta.db_table: _execute(statement, [UUID_SHAPE, list(plan.identifiers)])})


def _execute(statement: sql.Composable, values: Sequence[Any]) -> int:
    with connections[ERASER].cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)
