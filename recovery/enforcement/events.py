"""What this room leaves in the security log."""

import uuid
from collections.abc import Iterable, Sequence

from audit.log import events as log

PURPOSE = "recovery"
"""The one purpose of the concession (art. 40 §8, 2nd)."""


def title_transmitted(*, file: uuid.UUID, fields: Sequence[str]) -> None:
    """A title of this file left for the concessionaire, with these data."""
    log.record_export("title.transmit", purpose=PURPOSE, file=file, fields=fields)


def extract_downloaded(*, file: uuid.UUID, fields: Sequence[str]) -> None:
    """The extract of a transmission, with data of this file, was downloaded."""
    log.record_export("title.extract", purpose=PURPOSE, file=file, fields=fields)


def lines_read(
    act: str, *, lines: Iterable[tuple[uuid.UUID | None, uuid.UUID | None]], fields: Sequence[str]
) -> None:
    """Lines (employer, file) of a list of this room are about to be shown."""
    log.record_list_read(act, purpose=PURPOSE, lines=lines, fields=fields)


def irrecoverability_proposed(*, file: uuid.UUID) -> None:
    """An agent proposed to give a file up."""
    log.record_write("irrecoverable.propose", file=file, purpose=PURPOSE)


def irrecoverability_decided(*, file: uuid.UUID) -> None:
    """A second person approved or refused to give a file up."""
    log.record_write("irrecoverable.approve", file=file, purpose=PURPOSE)


def outcome_found(*, file: uuid.UUID) -> None:
    """A file was found paid, or found to owe again."""
    log.record_write("recovery.settle", file=file, purpose=PURPOSE)


def file_ended(*, file: uuid.UUID) -> None:
    """A file ended: outcome and intervention both; what is kept of it is kept for a time only from now on."""
    log.record_write("recovery.end", file=file, purpose=PURPOSE)
