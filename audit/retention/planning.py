"""What an erasure must know before it destroys anything: the unit's rows, and what to look for afterwards."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.db import models

from secal.office import keeping
from secal.office.keeping import Kept, Trace, TraceKind
from secal.vault.fields import BlindIndexField

SHORTEST = 5
"""Shorter texts are found everywhere and prove nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The rows of a unit by the label of their model, and the traces that they leave."""

    unit_kind: str
    unit_id: uuid.UUID
    rows: dict[str, list[Any]]
    traces: tuple[Trace, ...]

    @property
    def identifiers(self) -> frozenset[uuid.UUID]:
        return frozenset(
            uuid.UUID(trace.value) for trace in self.traces if trace.kind is TraceKind.IDENTIFIER
        )

    def own_rows(self) -> frozenset[tuple[str, str]]:
        """(table, primary key as text) of each row of the unit; history counts as the row it tells of."""
        return frozenset(
            (table, str(pk))
            for entry in keeping.kept_of(self.unit_kind)
            for table in keeping.tables_of(entry)
            for pk in self.rows.get(entry.label, [])
        )

    def without(self, stayed: dict[str, set[Any]]) -> Plan:
        """The plan without rows that stay because another unit names them, and without their traces."""
        gone = {pk for pks in stayed.values() for pk in pks}
        rows = {
            label: [pk for pk in pks if pk not in stayed.get(label, set())]
            for label, pks in self.rows.items()
        }
        return replace(
            self, rows=rows, traces=tuple(trace for trace in self.traces if trace.owner not in gone)
        )

    def as_text(self) -> str:
        """For sealing. It holds personal values."""
        return json.dumps(
            {
                "kind": self.unit_kind,
                "id": str(self.unit_id),
                "rows": {label: [str(pk) for pk in pks] for label, pks in self.rows.items()},
                "traces": [
                    [trace.kind, trace.label, trace.value, str(trace.owner) if trace.owner else ""]
                    for trace in self.traces
                ],
            }
        )

    @classmethod
    def from_text(cls, text: str) -> Plan:
        read = json.loads(text)
        known = {entry.label: entry for entry in keeping.kept_of(read["kind"])}
        return cls(
            unit_kind=read["kind"],
            unit_id=uuid.UUID(read["id"]),
            rows={
                label: [known[label].model._meta.pk.to_python(pk) for pk in pks]
                for label, pks in read["rows"].items()
                if label in known
            },
            traces=tuple(
                Trace(TraceKind(kind), label, value, uuid.UUID(owner) if owner else None)
                for kind, label, value, owner in read["traces"]
            ),
        )


def make_plan(unit_kind: str, unit_id: uuid.UUID, *, using: str) -> Plan:
    """The rows of the unit as they are now, and every trace of them. Reads personal values."""
    unit = keeping.unit(unit_kind)
    rows: dict[str, list[Any]] = {}
    traces = {Trace(TraceKind.IDENTIFIER, "unit", str(unit_id)): None}
    traces |= dict.fromkeys(_long_enough(unit.traces(unit_id)))
    for entry in keeping.kept_of(unit_kind):
        rows[entry.label] = entry.rows_of(using, unit_id)
        traces |= dict.fromkeys(_traces_of(entry, rows[entry.label], using))
    return Plan(unit_kind, unit_id, rows, tuple(traces))


def root_keys(plan: Plan, *, using: str) -> set[uuid.UUID]:
    """The data keys of the unit's own root: destroyed before anything else."""
    model = keeping.unit(plan.unit_kind).root
    return own_keys(model, [plan.unit_id], using=using)


def own_keys(model: type[models.Model], rows: Iterable[Any], *, using: str) -> set[uuid.UUID]:
    """The data keys that these rows name as theirs."""
    if not _has_own_key(model):
        return set()
    found = model._base_manager.using(using).filter(pk__in=list(rows)).exclude(key_id=None)
    return set(found.values_list("key_id", flat=True))


def _traces_of(entry: Kept, rows: list[Any], using: str) -> Iterator[Trace]:
    if not rows:
        return
    if entry.traces is not None:
        yield from _long_enough(entry.traces(using, rows))
    yield from _digests(entry, rows, using)
    if entry.eraser is None:
        yield from _identifiers(entry, rows)
        yield from _keys(entry, rows, using)


def _digests(entry: Kept, rows: list[Any], using: str) -> Iterator[Trace]:
    for column in entry.model._meta.concrete_fields:
        if isinstance(column, BlindIndexField):
            found = entry.model._base_manager.using(using).filter(pk__in=rows)
            for pk, digest in found.exclude(**{column.name: None}).values_list("pk", column.name):
                yield Trace(TraceKind.DIGEST, f"{entry.label}.{column.name}", bytes(digest).hex(), _owner(pk))


def _identifiers(entry: Kept, rows: list[Any]) -> Iterator[Trace]:
    for pk in rows:
        if isinstance(pk, uuid.UUID):
            yield Trace(TraceKind.IDENTIFIER, entry.label, str(pk), pk)


def _keys(entry: Kept, rows: list[Any], using: str) -> Iterator[Trace]:
    if not _has_own_key(entry.model):
        return
    found = entry.model._base_manager.using(using).filter(pk__in=rows).exclude(key_id=None)
    for pk, key_id in found.values_list("pk", "key_id"):
        yield Trace(TraceKind.IDENTIFIER, f"{entry.label}.key_id", str(key_id), _owner(pk))
        yield Trace(TraceKind.SEALED, entry.label, str(key_id), _owner(pk))


def _has_own_key(model: type[models.Model]) -> bool:
    return any(column.name == "key_id" for column in model._meta.concrete_fields)


def _owner(pk: Any) -> uuid.UUID | None:
    return pk if isinstance(pk, uuid.UUID) else None


def _long_enough(traces: Iterable[Trace]) -> Iterator[Trace]:
    return (trace for trace in traces if len(trace.value.strip()) >= SHORTEST)
