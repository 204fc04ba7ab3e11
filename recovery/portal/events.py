"""What a bailiff's work leaves in the security log."""

import uuid
from collections.abc import Iterable

from audit.log import events as log

PURPOSE = "recovery"


def files_listed(lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """A page of the bailiff's files is about to be shown: (employer, file) a line."""
    log.record_list_read(
        "portal.list", purpose=PURPOSE, lines=lines, fields=("number", "name", "due", "deadlines", "acts")
    )


def document_taken(*, file: uuid.UUID, kind: str) -> None:
    """A paper of a file left as a file on the bailiff's own machine."""
    log.record_export("portal.open", purpose=PURPOSE, file=file, fields=(f"document:{kind}",))


def act_recorded(*, file: uuid.UUID) -> None:
    """A bailiff recorded an act."""
    log.record_write("act.record", file=file, purpose=PURPOSE)


def payment_recorded(*, file: uuid.UUID) -> None:
    """A bailiff recorded a sum received."""
    log.record_write("payment.record", file=file, purpose=PURPOSE)


def deed_kept(*, file: uuid.UUID) -> None:
    """A bailiff added a deed."""
    log.record_write("deed.upload", file=file, purpose=PURPOSE)


def collection_booked(*, file: uuid.UUID) -> None:
    """The office's worker booked what a bailiff recorded."""
    log.record_write("collection.book", file=file, purpose=PURPOSE)
