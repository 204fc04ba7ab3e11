"""What each room keeps about a unit (a file, a debtor), and how it goes when it may be kept no longer.

A unit is erased as a whole. The room that owns its root registers the unit; every room registers the tables
in which it keeps rows of it. Who erases and who watches reach the rooms through this register only: they
import none of them. Look-ups get the alias of the database connection to read through.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from graphlib import CycleError, TopologicalSorter
from typing import Any

from django.db import models
from django.utils.functional import Promise

Model = type[models.Model]
Words = str | Promise


@dataclass(frozen=True, slots=True)
class DueUnit:
    """A unit that has to go. `since`: the first day on which it may be kept no longer."""

    id: uuid.UUID
    number: str
    ground: str
    since: date


class TraceKind(StrEnum):
    """What the scan for residue looks for, and how strictly."""

    TEXT = "text"
    """A value of one person only (NISS, account, address): found nowhere, in no spelling."""
    NAME = "name"
    """A name that others may bear: found in no row of the unit, and in no table that nobody registered."""
    DIGEST = "digest"
    """A blind index, in hexadecimal."""
    SEALED = "sealed"
    """A data key: nothing sealed with it is left."""
    IDENTIFIER = "identifier"
    """The identifier of an erased row."""


@dataclass(frozen=True, slots=True)
class Trace:
    """One value that must be found nowhere once the unit is erased. `owner`: the row that it is about."""

    kind: TraceKind
    label: str
    value: str
    owner: uuid.UUID | None = None

    @classmethod
    def text(cls, label: str, value: str, *, owner: uuid.UUID | None = None) -> Trace:
        return cls(TraceKind.TEXT, label, value, owner)

    @classmethod
    def name(cls, label: str, value: str, *, owner: uuid.UUID | None = None) -> Trace:
        return cls(TraceKind.NAME, label, value, owner)


@dataclass(frozen=True, slots=True)
class Unit:
    """What is erased as a whole: its root row, when it is due, and what must not be found afterwards."""

    kind: str
    title: Words
    root: Model
    number: str
    """Field of the root that holds its number."""
    institution: str
    """Who answers for it: "secal" or "onss"."""
    grounds: Mapping[str, Words]
    """Each ground of erasure in words, by its code."""
    due: Callable[[date], Iterable[DueUnit]]
    """The units that have to go on this day, longest due first."""
    still_due: Callable[[uuid.UUID, date], bool]
    """Asked again with the root locked, just before it is erased."""
    traces: Callable[[uuid.UUID], Iterable[Trace]]
    """Texts and names of the unit itself. Digests, keys and identifiers are gathered from the rows."""


@dataclass(frozen=True, slots=True)
class Erasing:
    """What an eraser of a room is told: where to write, and about what."""

    using: str
    unit_id: uuid.UUID
    rows: Sequence[Any]
    """Primary keys of the model's rows of this unit."""
    identifiers: frozenset[uuid.UUID]
    """Everything that is being erased with the unit."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A table in which a room keeps rows of a unit.

    by      look-up path from the model to the unit's root, or to a column with its identifier; "" for the
            root itself.
    rows    instead of `by`, for rows that units share: (using, unit_id) -> those that no other unit names.
    eraser  instead of deletion: what it does to the rows, and how many it changed, by table. Set-based and
            repeatable; it runs before anything is deleted.
    traces  texts and names in these rows: (using, rows) -> traces.
    history whether rows of simple_history go as well.
    pointing columns of rows that stay, in which identifiers of erased rows may stay too: they point at
            nothing. Never the identifier of the unit itself.
    """

    model: Model
    unit: str
    by: str = ""
    title: Words = ""
    rows: Callable[[str, uuid.UUID], Iterable[Any]] | None = None
    eraser: Callable[[Erasing], Mapping[str, int]] | None = None
    traces: Callable[[str, Sequence[Any]], Iterable[Trace]] | None = None
    history: bool = True
    pointing: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    @property
    def shared(self) -> bool:
        """Whether other units may name these rows as well."""
        return self.rows is not None

    @property
    def history_model(self) -> Model | None:
        return history_of(self.model) if self.history else None

    def rows_of(self, using: str, unit_id: uuid.UUID) -> list[Any]:
        """Primary keys of the rows that go with the unit."""
        if self.rows is not None:
            return sorted(set(self.rows(using, unit_id)))
        look_up = {self.by or "pk": unit_id}
        found = self.model._base_manager.using(using).filter(**look_up).order_by("pk").distinct()
        return list(found.values_list("pk", flat=True))


@dataclass(slots=True)
class _Register:
    units: dict[str, Unit] = field(default_factory=dict)
    kept: dict[tuple[str, str], Kept] = field(default_factory=dict)
    exempt: dict[Model, Words] = field(default_factory=dict)
    erased: list[Callable[[str], uuid.UUID | None]] = field(default_factory=list)


_register = _Register()


def register_unit(unit: Unit) -> None:
    """Declare a unit of erasure. The room that owns its root does so when it is ready."""
    _register.units[unit.kind] = unit


def keep(*entries: Kept) -> None:
    """Declare tables in which the room keeps rows of units."""
    for entry in entries:
        _register.kept[entry.unit, entry.label] = entry


def exempt(model: Model, reason: Words) -> None:
    """Declare that the rows of a model are not erased with any unit, and why."""
    _register.exempt[model] = reason


def remember(erased: Callable[[str], uuid.UUID | None]) -> None:
    """Declare who knows which unit an erased file's number, or the number of its certificate, was of."""
    _register.erased.append(erased)


def erased_unit(number: str) -> uuid.UUID | None:
    """The unit that had this number, or whose certificate has it; None when none was erased."""
    return next(filter(None, (known(number) for known in _register.erased)), None)


def units() -> tuple[Unit, ...]:
    return tuple(_register.units[kind] for kind in sorted(_register.units))


def unit(kind: str) -> Unit:
    """Raises KeyError for a kind that no room registered."""
    return _register.units[kind]


def exemptions() -> dict[Model, Words]:
    return dict(_register.exempt)


def kept_of(kind: str) -> tuple[Kept, ...]:
    """What rooms keep of units of this kind, in the order of erasure: rows before what they name."""
    entries = {entry.model: entry for entry in _register.kept.values() if entry.unit == kind}
    graph: dict[Model, set[Model]] = {model: set() for model in sorted(entries, key=_label)}
    for model in graph:
        for named in _named_by(model) & set(graph) - {model}:
            graph[named].add(model)
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError:
        # Foreign keys are checked at commit: where tables name one another, any order will do.
        order = list(graph)
    return tuple(entries[model] for model in order)


def entries() -> tuple[Kept, ...]:
    """Everything that rooms keep, of any unit."""
    return tuple(_register.kept.values())


def kept_models() -> frozenset[Model]:
    """Every model that is kept for some unit."""
    return frozenset(entry.model for entry in _register.kept.values())


def tables_of(entry: Kept) -> tuple[str, ...]:
    """The table, and that of its history."""
    past = entry.history_model
    return (entry.table, past._meta.db_table) if past else (entry.table,)


def key_column(model: Model) -> str:
    """The column of the primary key; rows of history carry it too."""
    return str(model._meta.pk.column)


def history_of(model: Model) -> Model | None:
    """The model of simple_history's rows; None for a model without history."""
    name = getattr(model._meta, "simple_history_manager_attribute", None)
    return getattr(model, name).model if name else None


def _named_by(model: Model) -> set[Model]:
    return {
        related.remote_field.model
        for related in model._meta.concrete_fields
        if related.remote_field is not None
    }


def _label(model: Model) -> str:
    return model._meta.label_lower
