"""What solvency reviews leave in the security log."""

import uuid
from collections.abc import Iterable

from audit.log import events as log


def review_signed(*, file: uuid.UUID, debtor: uuid.UUID) -> None:
    """An officer signed a review of this debtor."""
    log.record_write("solvency.review", file=file, subject=debtor, purpose="solvency")


def review_read(*, file: uuid.UUID, debtor: uuid.UUID) -> None:
    """What a review found is about to be shown."""
    log.record_read(
        "solvency.read", purpose="solvency", file=file, subject=debtor, fields=("means", "charges", "motive")
    )


def calendar_read(*, lines: Iterable[tuple[uuid.UUID, uuid.UUID]]) -> None:
    """Lines (debtor, file) of the calendar are about to be shown."""
    log.record_list_read(
        "solvency.list", purpose="solvency", lines=lines, fields=("number", "name", "outcome")
    )


def suspension_proposed(*, file: uuid.UUID) -> None:
    """The officer's review proposes to suspend the recovery."""
    log.record_write("suspension.propose", file=file, purpose="solvency")


def suspension_decided(*, file: uuid.UUID, approved: bool) -> None:
    """A second signatory approved it or sent it back."""
    log.record_write("suspension.approve" if approved else "suspension.return", file=file, purpose="solvency")
