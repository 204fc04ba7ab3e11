"""What this room leaves in the security log."""

import uuid

from audit.log import events as log


def niss_revealed(*, person: uuid.UUID, file: uuid.UUID) -> None:
    """The whole NISS of a person is about to be shown, on request."""
    log.record_read("person.identify", purpose="identification", subject=person, file=file, fields=("niss",))


def account_read(*, persons: list[uuid.UUID], purpose: str) -> None:
    """The accounts of these persons are about to be used or shown."""
    log.record_list_read(
        "person.account", purpose=purpose, lines=[(person, None) for person in persons], fields=("iban",)
    )


def person_registered(*, person: uuid.UUID, file: uuid.UUID | None) -> None:
    """A person was recorded or linked: one wording for both."""
    log.record_write("person.register", subject=person, file=file)


def employer_registered(*, employer: uuid.UUID) -> None:
    """An employer was recorded or linked: one wording for both."""
    log.record_write("employer.register", subject=employer, purpose="recovery")


def employer_read(act: str, *, employer: uuid.UUID) -> None:
    """An employer is about to be shown outside a file."""
    log.record_read(act, purpose="recovery", subject=employer, fields=("name", "language"))
