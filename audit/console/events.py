"""What this room leaves in the security log, beyond the questions that the log writes by itself."""

import uuid
from collections.abc import Iterable

from audit.log import events as log
from audit.log.reading import Why


def names_shown(act: str, *, why: Why, subjects: Iterable[uuid.UUID]) -> None:
    """The names of these persons or employers are about to be shown."""
    log.record_list_read(
        act, purpose=why.code, lines=[(subject, None) for subject in subjects], fields=("name",)
    )


def history_read(*, why: Why, file: uuid.UUID, subjects: Iterable[uuid.UUID]) -> None:
    """Every change of a file and of the persons in it is about to be shown."""
    log.record_list_read(
        "log.history",
        purpose=why.code,
        lines=[(None, file), *[(subject, file) for subject in subjects]],
        fields=("history",),
    )


def configuration_read() -> None:
    """Changes of users, roles and reference data are about to be shown."""
    log.record_read("log.history", purpose="configuration", fields=("configuration",))


def obligations_read() -> None:
    """The proofs of the obligations are about to be shown; no personal data."""
    log.record_read("obligations.view", purpose="audit")
