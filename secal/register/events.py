"""What this room leaves in the security log: who read the register, ended sessions, answered a review."""

import uuid
from collections.abc import Iterable, Sequence

from audit.log import events as log

PURPOSE = "register"
LISTED = ("name", "plane", "roles", "missions", "session")


def register_read(*, users: Iterable[uuid.UUID]) -> None:
    """A page of the register is about to be shown: a row a person."""
    lines: list[tuple[uuid.UUID | None, uuid.UUID | None]] = [(user, None) for user in users]
    log.record_list_read("register.view", purpose=PURPOSE, lines=lines, fields=LISTED)


def entry_read(*, user: uuid.UUID, fields: Sequence[str] = ("name", "rights", "past")) -> None:
    """What the register keeps of one person is about to be shown, or so much of it."""
    log.record_read("register.view", purpose=PURPOSE, subject=user, fields=fields)


def matrix_read() -> None:
    """Everybody's rights on a day are about to be shown."""
    log.record_read("register.matrix", purpose=PURPOSE, fields=("name", "roles", "missions"))


def sessions_read() -> None:
    """Who works now is about to be shown."""
    log.record_read("sessions.view", purpose=PURPOSE, fields=("name", "session"))


def sessions_ended(*, user: uuid.UUID) -> None:
    """A watcher ended somebody's session."""
    log.record_write("sessions.end", subject=user, purpose=PURPOSE)


def review_opened() -> None:
    """Every right in force was frozen for review."""
    log.record_write("review.open", purpose=PURPOSE)


def review_answered(*, holder: uuid.UUID, verdict: str) -> None:
    """A watcher said of a right that it stays or ends."""
    log.record_write("review.answer", subject=holder, purpose=PURPOSE, reason=verdict)


def review_confirmed() -> None:
    """A second watcher confirmed a review."""
    log.record_write("review.confirm", purpose=PURPOSE)


def evidence_made() -> None:
    """The evidence of a review left the office as a document."""
    log.record_export("register.matrix", purpose=PURPOSE, fields=("name", "rights", "verdict"))
