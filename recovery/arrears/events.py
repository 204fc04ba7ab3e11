"""What this room leaves in the security log."""

import uuid

from audit.log import events as log

PURPOSE = "recovery"


def debt_recorded(*, file: uuid.UUID, employer: uuid.UUID) -> None:
    """A quarter's debt was recorded and booked."""
    log.record_write("debt.record", subject=employer, file=file, purpose=PURPOSE)


def notice_sent(*, file: uuid.UUID) -> None:
    """A formal notice was composed and sent."""
    log.record_write("notice.send", file=file, purpose=PURPOSE)


def notice_presented(*, file: uuid.UUID) -> None:
    """The day on which a notice was presented was recorded."""
    log.record_write("notice.present", file=file, purpose=PURPOSE)


def contest_recorded(*, file: uuid.UUID) -> None:
    """The debtor disputes lines of a notice."""
    log.record_write("notice.contest", file=file, purpose=PURPOSE)


def roll_drawn(*, file: uuid.UUID) -> None:
    """A special roll was drawn up."""
    log.record_write("roll.draw", file=file, purpose=PURPOSE)


def roll_withdrawn(*, file: uuid.UUID) -> None:
    """A roll that was not signed was withdrawn."""
    log.record_write("roll.withdraw", file=file, purpose=PURPOSE)


def roll_signed(*, file: uuid.UUID) -> None:
    """A special roll was made enforceable."""
    log.record_write("roll.sign", file=file, purpose=PURPOSE)


def constraint_issued(*, file: uuid.UUID) -> None:
    """A constraint was issued."""
    log.record_write("constraint.issue", file=file, purpose=PURPOSE)


def opposition_recorded(*, file: uuid.UUID) -> None:
    """An opposition to a constraint was recorded."""
    log.record_write("opposition.record", file=file, purpose=PURPOSE)


def opposition_decided(*, file: uuid.UUID) -> None:
    """The judge's decision on an opposition was recorded."""
    log.record_write("opposition.decide", file=file, purpose=PURPOSE)


def delegation_recorded(*, delegate: uuid.UUID) -> None:
    """A delegation of the Management Committee was recorded, or its end."""
    log.record_write("delegation.record", subject=delegate)
