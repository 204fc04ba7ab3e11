"""History as differences: what each change of a file's rows, or of the configuration, was before and after.

Sealed values are compared as they lie, sealed, and never opened.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from auditlog.models import LogEntry
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.console import events, naming
from audit.console.field_words import FIELDS
from audit.log.reading import Why
from secal.access.models import User
from secal.access.policy import require
from secal.office import formatting, keeping
from secal.people.models import Employer, Person
from secal.vault.fields import BlindIndexField, SealedField

SEALED, SEALED_CHANGED = "•••", gettext_lazy("•••, modifié")
UNSHOWN = frozenset({"id", "key_id", "search_name", "created_at", "is_superuser"})
KINDS = {"+": gettext_lazy("créé"), "~": gettext_lazy("modifié"), "-": gettext_lazy("effacé")}
LONGEST = 240
SUBJECTS = (Person, Employer)


@dataclass(frozen=True, slots=True)
class Difference:
    """One field before and after. None: there was nothing."""

    label: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one row: of what, when, by whom."""

    title: str | Promise
    at: datetime
    by: str
    kind: str | Promise
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Past:
    """Every change of a file, newest first."""

    number: str
    title: str | Promise
    changes: tuple[Change, ...]


def of_unit(number: str, *, why: Why) -> Past | None:
    """The past of the file with this number; None when there is no such file. Raises Refused. Logged."""
    require("log.history")
    found = naming.unit_of_number(number)
    if found is None:
        return None
    unit, key = found
    rows: list[tuple[keeping.Kept, list[Any]]] = []
    for kept in keeping.kept_of(unit.kind):
        if kept.history_model is not None:
            rows.append((kept, _rows(kept, unit, key)))
    subjects = {pk for kept, pks in rows if kept.model in SUBJECTS for pk in pks}
    events.history_read(why=why, file=key, subjects=sorted(subjects))
    told = [line for kept, pks in rows for line in _changes(kept, pks)]
    who = naming.actors(row.history_user_id for row, *_rest in told)
    changes = [
        Change(
            title=kept.title or kept.model._meta.verbose_name or kept.label,
            at=row.history_date,
            by=who.get(row.history_user_id, ""),
            kind=KINDS[row.history_type],
            differences=differences,
        )
        for row, kept, differences in told
    ]
    return Past(number, unit.title, tuple(sorted(changes, key=lambda change: change.at, reverse=True)))


def configuration() -> "models.QuerySet[LogEntry]":
    """Changes of users, roles and reference data, newest first. Raises Refused. Tell a page by `told`."""
    require("log.history")
    entries: models.QuerySet[LogEntry] = LogEntry.objects.select_related("content_type").order_by("-pk")
    return entries


def told(entries: Iterable[LogEntry]) -> list[Change]:
    """These entries with names for what they name. Logged; a query for each kind of object."""
    shown = list(entries)
    events.configuration_read()
    objects = _objects(shown)
    named = {_uuid((entry.additional_data or {}).get("actor")) for entry in shown}
    mentioned = {_uuid(value) for entry in shown for pair in _pairs(entry) for value in pair[1:]}
    who = naming.actors(named | mentioned)
    return [_entry(entry, objects, who) for entry in shown]


def _rows(kept: keeping.Kept, unit: keeping.Unit, key: uuid.UUID) -> list[Any]:
    """The rows of the file, also those that it shares with others: the persons that it names."""
    if not kept.shared:
        return kept.rows_of("default", key)
    rows = set(kept.rows_of("default", key))
    for other in keeping.kept_of(unit.kind):
        if other.shared:
            continue
        for field in other.model._meta.concrete_fields:
            if field.remote_field and field.remote_field.model is kept.model:
                lines = other.model._base_manager.filter(**{other.by or "pk": key})
                rows |= set(lines.values_list(field.attname, flat=True))
    return [row for row in rows if row is not None]


def _changes(
    kept: keeping.Kept, pks: list[Any]
) -> Iterator[tuple[Any, keeping.Kept, tuple[Difference, ...]]]:
    """Each history row of these rows with what it changed against the one before."""
    past: Any = kept.history_model
    rows = past._base_manager.filter(**{f"{kept.model._meta.pk.attname}__in": pks})
    ordered = rows.order_by(kept.model._meta.pk.attname, "history_date", "history_id")
    for _key, group in groupby(ordered, key=lambda row: getattr(row, kept.model._meta.pk.attname)):
        before = None
        for row in group:
            yield row, kept, tuple(_differences(past.tracked_fields, before, row))
            before = row


def _differences(fields: Iterable[Any], before: Any, after: Any) -> Iterator[Difference]:
    gone = after.history_type == "-"
    for field in fields:
        if field.name in UNSHOWN or isinstance(field, BlindIndexField):
            continue
        old = getattr(before, field.attname) if before is not None else None
        new = None if gone else getattr(after, field.attname)
        if _same(old, new):
            continue
        label = str(_(FIELDS[field.name]) if field.name in FIELDS else field.verbose_name)
        yield Difference(label, _value(field, old), _value(field, new, changed=old is not None))


def _same(old: Any, new: Any) -> bool:
    empty = (None, "")
    return bool(old == new) or (old in empty and new in empty)


def _value(field: Any, value: Any, *, changed: bool = False) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(field, SealedField | models.BinaryField):
        return str(SEALED_CHANGED) if changed else SEALED
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if isinstance(value, datetime | date):
        return formatting.datetime_text(value)
    if isinstance(value, Decimal):
        return formatting.number_text(value)
    if isinstance(value, list):
        return ", ".join(str(part) for part in value)
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _entry(entry: LogEntry, objects: Mapping[Any, str], who: Mapping[uuid.UUID, str]) -> Change:
    signed = entry.additional_data or {}
    model = entry.content_type.model_class()
    kind = {LogEntry.Action.CREATE: "+", LogEntry.Action.DELETE: "-"}.get(entry.action, "~")
    title = model._meta.verbose_name if model else entry.content_type.model
    actor = _uuid(signed.get("actor"))
    return Change(
        title=f"{title} – {objects.get((entry.content_type_id, entry.object_pk), entry.object_pk)}",
        at=entry.timestamp,
        by=(who.get(actor, "") if actor else "") or signed.get("name", ""),
        kind=KINDS[kind],
        differences=tuple(
            Difference(_field_label(model, name), _kept(model, name, old, who), _kept(model, name, new, who))
            for name, old, new in _pairs(entry)
        ),
    )


def _pairs(entry: LogEntry) -> list[tuple[str, str, str]]:
    return [(name, pair[0], pair[1]) for name, pair in (entry.changes or {}).items() if len(pair) == 2]


def _field_label(model: Any, name: str) -> str:
    if name in FIELDS:
        return _(FIELDS[name])
    return str(model._meta.get_field(name).verbose_name) if model else name


def _kept(model: Any, name: str, text: str, who: Mapping[uuid.UUID, str]) -> str | None:
    """A value as django-auditlog wrote it: text, "None" for nothing."""
    if text in ("None", ""):
        return None
    identifier = _uuid(text)
    if identifier is not None and identifier in who:
        return who[identifier]
    field = model._meta.get_field(name) if model else None
    if field is not None and getattr(field, "flatchoices", None):
        return str(dict(field.flatchoices).get(text, text))
    if text in ("True", "False"):
        return _plain(text == "True")
    return text


def _objects(entries: Iterable[LogEntry]) -> dict[Any, str]:
    """What each entry is about, where it still exists; of a role or plane, whose it is."""
    found: dict[Any, str] = {}
    by_type: dict[Any, set[str]] = {}
    types = {}
    for entry in entries:
        types[entry.content_type_id] = entry.content_type
        by_type.setdefault(entry.content_type_id, set()).add(entry.object_pk)
    for identifier, keys in by_type.items():
        model = types[identifier].model_class()
        if model is None:
            continue
        rows = model._base_manager.filter(pk__in=keys)
        if any(field.name == "user" for field in model._meta.concrete_fields):
            rows = rows.select_related("user")
        for row in rows:
            owner = getattr(row, "user", None)
            found[identifier, str(row.pk)] = owner.display_name if isinstance(owner, User) else str(row)
    return found


def _uuid(text: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None
