"""The ceremony: the first watchers are entered by whoever owns the schema, before anybody can log in.

The connection of the owner is the one that the guards of the register let through; no site and no worker has
it. Nobody is at work then, so the security log takes no line: its writers are those who sit somewhere. The
rows themselves say that they came by the ceremony (nobody entered them), and the configuration log keeps
them.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q

from secal.access.identities import NumberIndexes
from secal.access.models import Appointment, User, UserRole
from secal.access.roles import PLANE_OF_ROLE, Plane, Role
from secal.access.selectors import running

OWNER = "owner"
"""The connection of the schema's owner."""
FIRST = {role.value: role for role in (Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER)}
"""Whom the ceremony enters: those that no keeper of the register may."""


class CeremonyRefused(Exception):
    """Not like this: the words say why."""


@dataclass(frozen=True, slots=True)
class First:
    """One of the first watchers."""

    subject: str
    given_name: str
    family_name: str
    role: Role
    section: str
    language: str
    number: NumberIndexes | None


def in_office(role: Role, *, on: date) -> list[str]:
    """Who holds the role on this day: the ceremony says it before it adds another."""
    held = UserRole.objects.using(OWNER).filter(running(on), role=role, user__is_active=True)
    return [row.user.display_name for row in held.select_related("user").order_by("user__family_name", "pk")]


def appoint_first(first: First, *, on: date) -> uuid.UUID:
    """Enter the person, their appointment and role, from this day.

    Raises CeremonyRefused for whom the register knows already: what is there is changed by its keepers.
    """
    if first.role not in FIRST.values():
        raise CeremonyRefused(f"the ceremony enters {', '.join(FIRST)}, and nobody else")
    known = Q(subject=first.subject) | (Q(niss_bi=first.number.person) if first.number else Q())
    plane: Plane = PLANE_OF_ROLE[first.role]
    with transaction.atomic(using=OWNER):
        if User.objects.using(OWNER).filter(known).exists():
            raise CeremonyRefused("this person, or this federal identifier, is in the register already")
        user = User(
            subject=first.subject,
            given_name=first.given_name,
            family_name=first.family_name,
            language=first.language,
            section=first.section,
            niss_bi=first.number.person if first.number else None,
            employer_bi=first.number.employer if first.number else None,
        )
        user.save(using=OWNER)
        appointment = Appointment(user=user, plane=plane, section=first.section, valid_from=on)
        appointment.save(using=OWNER)
        UserRole(user=user, appointment=appointment, role=first.role, plane=plane, valid_from=on).save(
            using=OWNER
        )
    identifier: uuid.UUID = user.pk
    return identifier
