"""The timeline of a file, and the work that it asks for: the only writers of both."""

import uuid
from datetime import date
from typing import Any

from secal.access.actors import current_actor
from secal.cases.models import AlimonyFile, CaseEvent, EventKind, WorkItem, WorkKind


def add_event(
    file: AlimonyFile, *, kind: EventKind, code: str, on: date, params: dict[str, Any] | None = None
) -> CaseEvent:
    """One line of the timeline: a code with its parameters, no personal value."""
    actor = current_actor()
    return CaseEvent.objects.create(
        file=file, kind=kind, code=code, params=params or {}, happened_on=on, actor=actor.id, actor_name=actor.name
    )


def ask_work(
    file: AlimonyFile, *, kind: WorkKind, source: uuid.UUID, since: date, due_on: date, legal_reference: str = ""
) -> WorkItem:
    """Put something on the list of the officer in charge; asking again re-opens it with the new day."""
    item, _created = WorkItem.objects.update_or_create(
        kind=kind,
        source=source,
        defaults={
            "file": file,
            "since": since,
            "due_on": due_on,
            "done_on": None,
            "legal_reference": legal_reference,
        },
    )
    return item


def finish_work(*, kind: WorkKind, source: uuid.UUID, on: date) -> None:
    """The work is done: it leaves the list."""
    WorkItem.objects.filter(kind=kind, source=source, done_on=None).update(done_on=on)
