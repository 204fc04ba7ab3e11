"""What decisions leave in the security log."""

import uuid

from audit.log import events as log


def application_decided(*, file: uuid.UUID, creditor: uuid.UUID) -> None:
    """An officer decided on an application."""
    log.record_write("advance.decide", file=file, subject=creditor, purpose="decision")
