"""What the Chamber's list leaves in the security log. Never a value of a message."""

import uuid
from collections.abc import Iterable

from audit.log import events as log

PURPOSE = "chamber"


def message_received(*, outcome: str, reason: str) -> None:
    """A message came in: accepted, refused or held, and why."""
    log.record_job("chamber.receive", reason=f"{outcome}:{reason}" if reason else outcome)


def release_given(*, second: bool) -> None:
    """A watcher agreed that a held list is carried out."""
    log.record_write("chamber.release_second" if second else "chamber.release", purpose=PURPOSE)


def list_set_aside() -> None:
    """A watcher decided that a held list is never carried out."""
    log.record_write("chamber.set_aside", purpose=PURPOSE)


def alarm_noted() -> None:
    """A watcher looked at the messages that were refused."""
    log.record_write("alarm.note", purpose=PURPOSE)


def proposal_closed(*, user: uuid.UUID | None) -> None:
    """The user registrar dealt with a proposal."""
    log.record_write("proposal.close", subject=user, purpose=PURPOSE)


def users_compared(users: Iterable[uuid.UUID]) -> None:
    """Users whom the report of differences names are about to be shown."""
    lines: list[tuple[uuid.UUID | None, uuid.UUID | None]] = [(user, None) for user in users]
    log.record_list_read("chamber.view", purpose=PURPOSE, lines=lines, fields=("name", "office"))
