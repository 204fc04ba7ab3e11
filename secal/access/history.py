"""Who changed what: history rows of business models, written for every change of a row and for nothing less.

History rows name the actor at work, a person or a service identity, taken from the unit of work. Writes that
pass by `save()` would leave no history, so the managers of every tracked model refuse them; `create_many` and
`update_many` write many rows and their history together.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, TypeVar
from uuid import UUID

from django.db import models, transaction
from simple_history.models import HistoricalRecords

from secal.access.actors import actor_or_none

M = TypeVar("M", bound=models.Model)
BATCH = 500


class BulkWriteRefused(TypeError):
    """A tracked model was written past its history."""


class TrackedQuerySet(models.QuerySet[M]):
    """Reads as any other; writes only row by row, through `save()`."""

    def update(self, **_values: Any) -> NoReturn:
        refuse(self.model, "update")

    def bulk_create(self, *_args: Any, **_options: Any) -> NoReturn:
        refuse(self.model, "bulk_create")

    def bulk_update(self, *_args: Any, **_options: Any) -> NoReturn:
        refuse(self.model, "bulk_update")

    # Else templates and managers would call the ones that refuse by their other names.
    update.alters_data = True  # type: ignore[attr-defined]
    bulk_create.alters_data = True  # type: ignore[attr-defined]
    bulk_update.alters_data = True  # type: ignore[attr-defined]


class TrackedManager(models.Manager[M]):
    """The manager of a tracked model, and of every relation to it. Managers of one's own derive from it."""

    def get_queryset(self) -> models.QuerySet[M]:
        return TrackedQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]


class Tracked(HistoricalRecords):  # type: ignore[misc]
    """History that also guards the managers of its model."""

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        if self.cls is sender:
            refuse_bulk_writes(sender)


class WrittenUnseen(models.Model):
    """A row that asks the database for nothing back: who may add to a history need not be able to read it."""

    class Meta:
        abstract = True

    def _do_insert(self, manager: Any, using: Any, fields: Any, returning_fields: Any, raw: Any) -> Any:
        insert: Any = super()._do_insert  # type: ignore[misc]
        return insert(manager, using, fields, [], raw)


def history() -> HistoricalRecords:
    """The history of a business model. Its user column holds the actor's identifier, also a service's."""
    return Tracked(
        bases=(WrittenUnseen,),
        history_user_id_field=models.UUIDField(null=True, editable=False),
        get_user=_actor_id,
        history_user_getter=_read,
        history_user_setter=_write,
    )


def refuse_bulk_writes(model: type[models.Model]) -> None:
    """Make the managers of the model, and those of relations to it, hand out a TrackedQuerySet.

    Raises TypeError for a manager of the model's own that does not derive from TrackedManager.
    """
    for manager in model._meta.local_managers:
        if isinstance(manager, TrackedManager):
            continue
        if type(manager) is not models.Manager:
            raise TypeError(f"{model.__name__}.{manager.name} must derive from TrackedManager")
        # Relations subclass the manager's class: what is set on the instance alone would not reach them.
        manager.__class__ = TrackedManager
    model._meta._expire_cache()  # type: ignore[attr-defined]


def create_many(model: type[M], rows: Iterable[M], *, batch: int = BATCH) -> list[M]:
    """Insert many rows of a model with history, and a history line for each, in one transaction."""
    with transaction.atomic():
        made: list[M] = model._base_manager.bulk_create(list(rows), batch_size=batch)
        _history_of(model).bulk_history_create(made, batch_size=batch)
    return made


def update_many(model: type[M], rows: Sequence[M], fields: Sequence[str], *, batch: int = BATCH) -> int:
    """Write these fields of many rows of a model with history, and a history line for each."""
    with transaction.atomic():
        changed = model._base_manager.bulk_update(rows, fields, batch_size=batch)
        _history_of(model).bulk_history_create(rows, batch_size=batch, update=True)
    return changed


def refuse(model: type[models.Model], how: str) -> NoReturn:
    raise BulkWriteRefused(
        f"{model.__name__} keeps its history: {how}() would pass by it;"
        " use save(), or secal.access.history.create_many and update_many"
    )


def _history_of(model: type[models.Model]) -> Any:
    name = getattr(model._meta, "simple_history_manager_attribute", None)
    if name is None:
        raise BulkWriteRefused(f"{model.__name__} keeps no history of rows: write them one by one")
    return getattr(model, name)


def _actor_id(instance: Any, **_context: Any) -> UUID | None:
    actor = actor_or_none()
    return actor.id if actor else None


def _read(row: Any) -> UUID | None:
    identifier: UUID | None = row.history_user_id
    return identifier


def _write(row: Any, identifier: UUID | None) -> None:
    row.history_user_id = identifier
