"""What this room leaves in the security log."""

import uuid
from collections.abc import Iterable

from audit.log import events as log


def draft_read(*, draft: uuid.UUID) -> None:
    """A registrar goes on with an application that they are writing."""
    log.record_read("application.register", purpose="intake.draft", file=draft, fields=("draft",))


def draft_discarded(*, draft: uuid.UUID) -> None:
    """A registrar threw away an application that was never sent."""
    log.record_write("application.register", file=draft, purpose="intake.discard")


def worklist_read(lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Lines (creditor, file) of the worklist are about to be shown."""
    log.record_list_read(
        "worklist.view", purpose="worklist", lines=lines, fields=("number", "name", "due_on")
    )
