"""A whole appointment at once: the capacity, its roles and its missions, all of it or nothing."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from secal.access.models import Appointment
from secal.access.roles import Mission, Plane, Role
from secal.access.services import users


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody is to be appointed to, for which days."""

    plane: Plane
    section: str
    office_id: uuid.UUID | None
    roles: Sequence[Role]
    missions: Sequence[Mission]
    decision: str
    """The note that charges them with the missions."""
    valid_from: date
    valid_until: date | None


def appoint(user_id: uuid.UUID, wanted: Wanted) -> Appointment:
    """Enter the appointment with its roles and missions. Raises Refused; RegisterError, and then nothing
    of it is stored."""
    days: dict[str, Any] = {"valid_from": wanted.valid_from, "valid_until": wanted.valid_until}
    with transaction.atomic():
        appointment = users.appoint(
            user_id=user_id,
            plane=wanted.plane,
            section=wanted.section,
            office_id=wanted.office_id,
            valid_from=wanted.valid_from,
            valid_until=wanted.valid_until,
        )
        for role in wanted.roles:
            users.grant_role(appointment_id=appointment.pk, role=role, **days)
        for mission in wanted.missions:
            users.charge(user_id=user_id, mission=mission, decision=wanted.decision, **days)
    return appointment
