"""The ceremony: the first watchers are entered by whoever owns the schema, before anybody can log in.

The connection of the owner is the one that the guards of the register let through; no site and no worker has
it. Nobody is at work then, so the security log takes no line: its writers are those who sit somewhere. The
rows themselves say that they came by the ceremony (nobody entered them), and the configuration log keeps
them.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q

from secal.access.identities import NumberIndexes
from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.models.rights import not_over, running
from secal.access.roles import PLANE_OF_ROLE, Plane, Role

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
    number: NumberIndexes
    """Nobody opens a seat without: the provider always proves one."""


def in_office(role: Role, *, on: date) -> list[str]:
    """Who holds the role on this day: the ceremony says it before it adds another."""
    held = UserRole.objects.using(OWNER).filter(running(on), role=role, user__is_active=True)
    return [row.user.display_name for row in held.select_related("user").order_by("user__family_name", "pk")]


def appoint_first(first: First, *, on: date) -> uuid.UUID:
    """Enter the person, their appointment and role, from this day. Of whom the register knows already, the
    entry stays and is active again.

    Raises CeremonyRefused for who still has rights, or is to have some: their keepers end them first.
    """
    if first.role not in FIRST.values():
        raise CeremonyRefused(f"the ceremony enters {', '.join(FIRST)}, and nobody else")
    plane: Plane = PLANE_OF_ROLE[first.role]
    try:
        with transaction.atomic(using=OWNER):
            user = _known(first, on) or User(
                subject=first.subject,
                given_name=first.given_name,
                family_name=first.family_name,
                language=first.language,
            )
            user.niss_bi, user.employer_bi = first.number.person, first.number.employer
            user.section, user.office, user.is_active = first.section, None, True
            user.save(using=OWNER)
            appointment = Appointment(user=user, plane=plane, section=first.section, valid_from=on)
            appointment.save(using=OWNER)
            role = UserRole(user=user, appointment=appointment, role=first.role, plane=plane, valid_from=on)
            role.save(using=OWNER)
    except IntegrityError as error:
        raise CeremonyRefused("this person did other work today: they begin tomorrow") from error
    identifier: uuid.UUID = user.pk
    return identifier


def _known(first: First, on: date) -> User | None:
    """Whom the register knows by both, identifier and number; one who was entered without a number, by the
    first."""
    found = User.objects.using(OWNER).select_for_update()
    known = list(found.filter(Q(subject=first.subject) | Q(niss_bi=first.number.person)))
    if not known:
        return None
    user = known[0]
    number = first.number.person if user.niss_bi is None else bytes(user.niss_bi)
    if len(known) > 1 or (user.subject, number) != (first.subject, first.number.person):
        raise CeremonyRefused("the number, or the federal identifier, is another person’s in the register")
    for rights in (Appointment, UserRole, Charge):
        if rights.objects.using(OWNER).filter(not_over(on), user=user).exists():
            raise CeremonyRefused("this person has rights in force or to come: their keepers end them first")
    return user
