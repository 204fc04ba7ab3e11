"""History rows name the actor at work: a person or a service identity, taken from the unit of work."""

from typing import Any
from uuid import UUID

from django.db import models
from simple_history.models import HistoricalRecords

from secal.access.actors import actor_or_none


def history() -> HistoricalRecords:
    """The history of a business model. Its user column holds the actor's identifier, also a service's."""
    return HistoricalRecords(
        history_user_id_field=models.UUIDField(null=True, editable=False),
        get_user=_actor_id,
        history_user_getter=_read,
        history_user_setter=_write,
    )


def _actor_id(instance: Any, **_context: Any) -> UUID | None:
    actor = actor_or_none()
    return actor.id if actor else None


def _read(row: Any) -> UUID | None:
    identifier: UUID | None = row.history_user_id
    return identifier


def _write(row: Any, identifier: UUID | None) -> None:
    row.history_user_id = identifier
