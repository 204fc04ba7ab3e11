"""What erasures leave in the security log: who approved, what began, what ended. Never a value."""

import uuid

from audit.log import events as log

PURPOSE = "retention"


def list_proposed() -> None:
    """The service put what is due on a list."""
    log.record_write("erasure.propose", purpose=PURPOSE)


def list_approved(*, second: bool) -> None:
    """A watcher approved a list."""
    log.record_write("erasure.approve_second" if second else "erasure.approve", purpose=PURPOSE)


def list_rejected() -> None:
    """A watcher rejected a list."""
    log.record_write("erasure.reject", purpose=PURPOSE)


def erasure_begun(*, unit: uuid.UUID) -> None:
    """What identifies the persons of a unit was read, to look for it afterwards."""
    log.record_read("erasure.begin", purpose=PURPOSE, file=unit, fields=("traces",))


def unit_kept_back(*, unit: uuid.UUID) -> None:
    """A unit on an approved list is not erased."""
    log.record_write("erasure.keep_back", file=unit, purpose=PURPOSE)


def keys_destroyed(*, unit: uuid.UUID) -> None:
    """The data keys of a unit no longer exist."""
    log.record_write("erasure.keys", file=unit, purpose=PURPOSE)


def rows_erased(*, unit: uuid.UUID) -> None:
    """The rows of a unit no longer exist."""
    log.record_write("erasure.rows", file=unit, purpose=PURPOSE)


def residue_found(*, unit: uuid.UUID) -> None:
    """The scan found something of an erased unit."""
    log.record_write("erasure.residue", file=unit, purpose=PURPOSE)


def certificate_made(*, unit: uuid.UUID) -> None:
    """The scan found nothing: the erasure is certified."""
    log.record_write("erasure.certify", file=unit, purpose=PURPOSE)


def certificate_exported(*, unit: uuid.UUID) -> None:
    """A certificate left the office as a file."""
    log.record_export("erasure.certificate", purpose=PURPOSE, file=unit, fields=("certificate",))
