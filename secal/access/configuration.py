"""Changes of configuration, users, roles and reference data, kept by django-auditlog.

Only the fields that a model names are kept: a list of what may be, never of what may not, and no masks.
Sealed values and blind indexes are refused at registration. Reads, refusals and everything about a person of
a file belong to the security log and to the history of business models.
"""

from typing import Any

from auditlog.models import LogEntry
from auditlog.registry import auditlog
from django.db import models
from django.db.models.signals import pre_save

from secal.access.actors import actor_or_none
from secal.access.history import refuse_bulk_writes
from secal.vault.fields import BlindIndexField, SealedField

FIELDS: dict[str, tuple[str, ...]] = {}
"""What is kept of each model, by its label: "access.User"."""


def track(model: type[models.Model], *fields: str) -> None:
    """Keep each change of these fields of the model, and refuse writes that would pass by.

    Raises ValueError for a sealed field, for an index of one, and for an empty list.
    """
    for name in fields:
        if isinstance(model._meta.get_field(name), SealedField | BlindIndexField):
            raise ValueError(f"{model._meta.label}.{name} is sealed: its changes are not kept here")
    if not fields:
        raise ValueError(f"{model._meta.label}: name the fields whose changes are kept")
    auditlog.register(model, include_fields=list(fields))
    FIELDS[model._meta.label] = fields
    refuse_bulk_writes(model)


def sign(instance: LogEntry, **_signal: Any) -> None:
    """Each entry names the actor at work by identifier; the object by its key, not by its words."""
    actor = actor_or_none()
    instance.object_repr = ""
    instance.additional_data = {
        "actor": str(actor.id) if actor else "",
        "name": actor.name if actor and actor.is_service else "",
        "capacity": actor.capacity if actor else "",
    }


def begin() -> None:
    """Called once, when the application starts."""
    from secal.access.models import Appointment, Charge, Office, User, UserRole

    pre_save.connect(sign, sender=LogEntry, dispatch_uid="access.configuration.sign")
    track(User, "given_name", "family_name", "language", "section", "office", "is_active")
    track(
        Appointment,
        "user",
        "plane",
        "section",
        "office",
        "valid_from",
        "valid_until",
        "ended_at",
        "end_reason",
    )
    track(UserRole, "user", "role", "valid_from", "valid_until", "ended_at", "end_reason")
    track(Charge, "user", "mission", "decision", "valid_from", "valid_until", "ended_at", "end_reason")
    track(Office, "name", "arrondissement", "language", "iban", "is_active")
