"""The life of one entry as a timeline: what was entered and ended, by whom and why, what changed."""

from collections.abc import Iterator
from typing import Any

from auditlog.models import LogEntry
from django.utils.translation import gettext as _

from secal.access.models import User
from secal.register.models import RightKind
from secal.register.selectors.people import Person, actor_of_change
from secal.register.wording import days_text, reason_text, right_text

NOTHING = ("", "None")


def timeline(person: Person) -> list[dict[str, Any]]:
    """Entries of `{% timeline %}`, newest first."""
    told: list[dict[str, Any]] = []
    for kind, rows in (
        (RightKind.APPOINTMENT, person.appointments),
        (RightKind.ROLE, person.roles),
        (RightKind.CHARGE, person.charges),
    ):
        for row in rows:
            told += _of_right(kind, row, person)
    told += [_of_change(entry, person) for entry in person.changes if _differences(entry)]
    return sorted(told, key=lambda entry: entry["when"], reverse=True)


def what_of(kind: str, right: Any) -> str:
    """Code of the plane, role or mission."""
    names = {RightKind.APPOINTMENT: "plane", RightKind.ROLE: "role", RightKind.CHARGE: "mission"}
    return str(getattr(right, names[RightKind(kind)]))


def _of_right(kind: RightKind, right: Any, person: Person) -> Iterator[dict[str, Any]]:
    words = right_text(kind, what_of(kind, right))
    yield {
        "when": right.entered_at,
        "kind": "decision",
        "title": _("%(kind)s : %(right)s") % {"kind": RightKind(kind).label.capitalize(), "right": words},
        "body": _body(kind, right),
        "by": person.names.get(right.entered_by_id, "") or _("la cérémonie d’installation"),
    }
    if right.ended_at:
        yield {
            "when": right.ended_at,
            "kind": "deadline",
            "title": _("Fin : %(right)s") % {"right": words},
            "body": reason_text(right.end_reason),
            "by": person.names.get(right.ended_by, ""),
        }


def _body(kind: RightKind, right: Any) -> str:
    days = days_text(right.valid_from, right.valid_until)
    if kind is RightKind.APPOINTMENT:
        where = right.office.name if right.office else right.section
        return _("%(where)s, %(days)s") % {"where": where, "days": days}
    if kind is RightKind.CHARGE:
        return _("%(days)s ; note %(decision)s") % {"days": days, "decision": right.decision}
    return days


def _of_change(entry: LogEntry, person: Person) -> dict[str, Any]:
    signed = entry.additional_data or {}
    actor = actor_of_change(entry)
    return {
        "when": entry.timestamp,
        "kind": "system",
        "title": _("Inscription modifiée"),
        "body": " ; ".join(_differences(entry)),
        "by": (person.names.get(actor, "") if actor else "") or signed.get("name", ""),
    }


def _differences(entry: LogEntry) -> list[str]:
    """Field, before and after. The office is shown by the appointment, not by its identifier."""
    return [
        _("%(field)s : %(old)s → %(new)s")
        % {"field": _label(name), "old": _value(pair[0]), "new": _value(pair[1])}
        for name, pair in (entry.changes or {}).items()
        if name != "office" and len(pair) == 2
    ]


def _label(name: str) -> str:
    field: Any = User._meta.get_field(name)
    return str(field.verbose_name)


def _value(text: str) -> str:
    return {"True": _("oui"), "False": _("non")}.get(text, "–" if text in NOTHING else text)
