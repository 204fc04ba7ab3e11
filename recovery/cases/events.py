"""What this room leaves in the security log."""

import uuid
from collections.abc import Iterable, Sequence

from audit.log import events as log


def file_read(act: str, *, file: uuid.UUID, employer: uuid.UUID, purpose: str, fields: Sequence[str]) -> None:
    """A recovery file is about to be shown."""
    log.record_read(act, purpose=purpose, subject=employer, file=file, fields=fields)


def files_listed(act: str, *, purpose: str, lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Lines (employer, file) of a list of files are about to be shown."""
    log.record_list_read(act, purpose=purpose, lines=lines, fields=("number", "name"))


def document_read(act: str, *, file: uuid.UUID, purpose: str, kind: str) -> None:
    """A paper of a file is about to be opened."""
    log.record_read(act, purpose=purpose, file=file, fields=(f"document:{kind}",))


def file_opened(*, file: uuid.UUID, employer: uuid.UUID) -> None:
    """A recovery file was opened for an employer."""
    log.record_write("debt.record", subject=employer, file=file, purpose="recovery")


def mandate_given(*, file: uuid.UUID, office: uuid.UUID) -> None:
    """A title was given to a bailiff's office."""
    log.record_write("mandate.give", subject=office, file=file, purpose="recovery")


def mandate_ended(*, file: uuid.UUID, office: uuid.UUID) -> None:
    """A bailiff's office handed a title back, or closed its intervention."""
    log.record_write("mandate.close", subject=office, file=file, purpose="recovery")


def bailiff_admitted(*, user: uuid.UUID) -> None:
    """A bailiff who joined an office received its running mandates."""
    log.record_write("mandate.admit", subject=user)
