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


def statement_examined(*, file: uuid.UUID) -> None:
    """What an application states was compared with what the office holds."""
    log.record_write("application.examine", file=file, purpose="intake")


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


def identity_proposed(act: str, *, proposal: uuid.UUID) -> None:
    """A registrar asks to change who somebody is. The row names the proposal: the person is not told."""
    log.record_write(act, subject=proposal, purpose="identification")


def identity_decided(act: str, *, proposal: uuid.UUID) -> None:
    """Another registrar agreed or refused."""
    log.record_write(act, subject=proposal, purpose="identification")


def identity_settled(*, proposal: uuid.UUID) -> None:
    """An approved change was carried out, or found impossible."""
    log.record_write("identity.settle", subject=proposal, purpose="identification")


def identity_of_ones_own(*, proposal: uuid.UUID) -> None:
    """An approved change was stopped: it was about who proposed or decided it."""
    log.record_refusal("identity.settle", reason="actor_is_party", subject=proposal)


def identity_paper_read(act: str, *, proposal: uuid.UUID) -> None:
    """A registrar who decides reads the reason and the paper of a proposal."""
    log.record_read(act, purpose="identification", subject=proposal, fields=("reason", "paper"))


def emergency_asked(*, file: uuid.UUID) -> None:
    """An officer asks for emergency access to a file."""
    log.record_write("emergency.ask", file=file, purpose="emergency")


def emergency_answered(*, file: uuid.UUID, asker: uuid.UUID, allowed: bool) -> None:
    """Somebody of another section allowed it, or not."""
    act = "emergency.allow" if allowed else "emergency.deny"
    log.record_write(act, subject=asker, file=file, purpose="emergency")


def emergency_reviewed(*, file: uuid.UUID, asker: uuid.UUID) -> None:
    """Oversight said whether it was justified."""
    log.record_write("emergency.review", subject=asker, file=file, purpose="emergency")


def requests_read(act: str, *, lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Requests (asker, file) are about to be shown with their reasons."""
    log.record_list_read(act, purpose="emergency", lines=lines, fields=("number", "name", "reason"))


def officer_recused(*, file: uuid.UUID) -> None:
    """The officer in charge declared a conflict of interest."""
    log.record_write("conflict.declare", file=file)


def person_protected(*, person: uuid.UUID, file: uuid.UUID) -> None:
    """A person was marked as protected."""
    log.record_write("protection.mark", subject=person, file=file, purpose="protection")


def protection_lifted(*, person: uuid.UUID) -> None:
    """A person is protected no more."""
    log.record_write("protection.lift", subject=person, purpose="protection")


def protections_read(*, persons: Sequence[uuid.UUID]) -> None:
    """Who is protected is about to be shown."""
    log.record_list_read(
        "protection.mark",
        purpose="protection",
        lines=[(person, None) for person in persons],
        fields=("name",),
    )


def protection_looked_up(*, file: uuid.UUID, persons: Sequence[uuid.UUID]) -> None:
    """The persons of a file are about to be shown to choose whom to protect."""
    log.record_list_read(
        "protection.mark",
        purpose="protection",
        lines=[(person, file) for person in persons],
        fields=("name",),
    )


def opening_asked(*, file: uuid.UUID) -> None:
    """Somebody asks to open the file of a protected person."""
    log.record_write("protection.ask", file=file, purpose="protection")


def opening_hidden(*, file: uuid.UUID, reason: str) -> None:
    """Somebody asked to open the protected file of somebody else, and was not told that it exists."""
    log.record_refusal("protection.ask", reason=reason, file=file)


def opening_agreed(*, file: uuid.UUID, asker: uuid.UUID) -> None:
    """One of the two agreements was given."""
    log.record_write("protection.clear", subject=asker, file=file, purpose="protection")
