"""What the register of users writes in the security log: whose rights, which, and why they ended."""

import uuid

from audit.log import events as log


def user_registered(*, user: uuid.UUID) -> None:
    log.record_write("user.register", subject=user)


def appointed(*, user: uuid.UUID, appointment: uuid.UUID) -> None:
    log.record_write("user.appoint", subject=user, reason=str(appointment))


def placed(*, user: uuid.UUID, appointment: uuid.UUID) -> None:
    log.record_write("user.place", subject=user, reason=str(appointment))


def role_granted(*, user: uuid.UUID, role: str) -> None:
    log.record_write("user.grant", subject=user, reason=str(role))


def charged(*, user: uuid.UUID, mission: str) -> None:
    log.record_write("user.charge", subject=user, reason=str(mission))


def right_ended(*, user: uuid.UUID, reason: str) -> None:
    log.record_write("user.end", subject=user, reason=reason)


def suspended(*, user: uuid.UUID, reason: str) -> None:
    log.record_write("user.suspend", subject=user, reason=reason)
