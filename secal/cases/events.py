"""What this room leaves in the security log."""

import uuid
from collections.abc import Iterable, Sequence

from audit.log import events as log


def file_read(act: str, *, file: uuid.UUID, purpose: str, fields: Sequence[str]) -> None:
    """A file is about to be shown."""
    log.record_read(act, purpose=purpose, file=file, fields=fields)


def paper_read(*, file: uuid.UUID, kind: str) -> None:
    """A paper of a file is about to be opened."""
    log.record_read("file.open", purpose="file.work", file=file, fields=(f"paper:{kind}",))


def people_read(*, file: uuid.UUID, persons: Iterable[uuid.UUID], purpose: str) -> None:
    """The persons of a file are about to be shown with their masked NISS."""
    log.record_list_read(
        "file.open",
        purpose=purpose,
        lines=[(person, file) for person in persons],
        fields=("name", "birth_date", "niss_masked"),
    )


def files_listed(act: str, *, purpose: str, lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Lines (person, file) of a list of files are about to be shown."""
    log.record_list_read(act, purpose=purpose, lines=lines, fields=("number", "name"))


def application_received(*, file: uuid.UUID) -> None:
    """An application was recorded and its file opened."""
    log.record_write("application.register", file=file, purpose="intake")


def application_completed(*, file: uuid.UUID) -> None:
    """Missing parts of an application were brought."""
    log.record_write("application.complete", file=file, purpose="intake")


def file_assigned(*, file: uuid.UUID, officer: uuid.UUID) -> None:
    """A file was given to an officer."""
    log.record_write("file.assign", subject=officer, file=file)


def file_taken_over(*, file: uuid.UUID) -> None:
    """The service collects the maintenance from now on."""
    log.record_write("file.take_over", file=file)


def file_refused(*, file: uuid.UUID) -> None:
    """The application was refused."""
    log.record_write("file.refuse", file=file)


def closure_proposed(*, file: uuid.UUID) -> None:
    """The officer in charge asks to close a file."""
    log.record_write("file.propose_closure", file=file)


def closure_returned(*, file: uuid.UUID) -> None:
    """A second person sent the proposal back."""
    log.record_write("file.return_closure", file=file)


def file_closed(*, file: uuid.UUID) -> None:
    """A second person closed the file."""
    log.record_write("file.close", file=file)
