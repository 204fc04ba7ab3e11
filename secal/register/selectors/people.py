"""The register: who is entered, in which capacity they work today, what was ever entered about one."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from secal.access.actors import service_actor
from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.models.rights import Right, not_over, running
from secal.access.policy import SERVICE_ACTS, require
from secal.access.roles import Plane
from secal.register import events
from secal.register.models import ReviewLine, RightKind, Verdict

MODELS: dict[str, type[Right]] = {
    RightKind.APPOINTMENT: Appointment,
    RightKind.ROLE: UserRole,
    RightKind.CHARGE: Charge,
}
MOST_FOUND = 50
TO_CHANGE = ("name", "rights")
"""What the pages show on which a right of somebody is entered or ended."""
R = TypeVar("R", bound=Right)


class Scope(StrEnum):
    """Whom a list shows: who works today, who does not (any more, or not yet), everybody."""

    IN_FORCE = "en-vigueur"
    ENDED = "sans-designation"
    ALL = "tous"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in."""

    user_id: uuid.UUID
    plane: str
    opened_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the register."""

    user: User
    appointment: Appointment | None
    """In force or to come; None for who has none."""
    roles: tuple[UserRole, ...]
    charges: tuple[Charge, ...]
    session: Session | None
    to_end: int
    """Rights that a confirmed review said to end and that are still there."""


@dataclass(frozen=True, slots=True)
class Person:
    """Everything about one person, newest first."""

    user: User
    appointments: tuple[Appointment, ...]
    roles: tuple[UserRole, ...]
    charges: tuple[Charge, ...]
    names: dict[uuid.UUID, str]
    """Who entered and ended: members of staff and services."""
    changes: tuple[LogEntry, ...]
    """What the configuration log kept of the entry itself."""
    session: Session | None
    to_end: frozenset[uuid.UUID]


def entries(*, on: date, plane: Plane | None = None, scope: Scope = Scope.IN_FORCE) -> QuerySet[User]:
    """Who is entered, by name. Raises Refused. Tell a page of it by `told`, which logs."""
    require("register.view")
    appointed = Appointment.objects.filter(user=OuterRef("pk"))
    in_plane = appointed.filter(plane=plane) if plane else appointed
    found: QuerySet[User] = User.objects.order_by("family_name", "given_name", "pk")
    if scope is Scope.IN_FORCE:
        return found.filter(Exists(in_plane.filter(running(on))), is_active=True)
    if scope is Scope.ENDED:
        found = found.filter(~Exists(appointed.filter(running(on))) | Q(is_active=False))
    return found.filter(Exists(in_plane)) if plane else found


def search(text: str) -> list[User]:
    """Whose names hold every word, at most MOST_FOUND. Raises Refused."""
    require("register.view")
    words = text.split()
    if not words:
        return []
    condition = Q()
    for word in words:
        condition &= Q(given_name__icontains=word) | Q(family_name__icontains=word)
    return list(User.objects.filter(condition).order_by("family_name", "given_name", "pk")[:MOST_FOUND])


def told(users: Sequence[User], *, on: date) -> list[Entry]:
    """These persons with capacity, roles and missions. Each is logged; as many queries for one as for a
    page."""
    require("register.view")
    ids = [user.pk for user in users]
    events.register_read(users=ids)
    current = Q(not_over(on), user__in=ids)
    appointments = _by_user(
        Appointment.objects.filter(current).select_related("office").order_by("-valid_from")
    )
    roles = _by_user(UserRole.objects.filter(current).order_by("role", "valid_from"))
    charges = _by_user(Charge.objects.filter(current).order_by("mission", "valid_from"))
    sessions = open_sessions()
    left = to_end(ids, on=on)
    return [
        Entry(
            user=user,
            # The first by its days: the one in force, before one that is still to come.
            appointment=next(reversed(appointments.get(user.pk, ())), None),
            roles=tuple(roles.get(user.pk, ())),
            charges=tuple(charges.get(user.pk, ())),
            session=sessions.get(user.pk),
            to_end=len(left.get(user.pk, ())),
        )
        for user in users
    ]


def person(user_id: uuid.UUID, *, on: date) -> Person | None:
    """Everything the register keeps of one person; None for no such entry. Raises Refused. Logged."""
    require("register.view")
    user = User.objects.filter(pk=user_id).first()
    if user is None:
        return None
    events.entry_read(user=user.pk)
    newest: list[Any] = [F("ended_at").desc(nulls_first=True), "-valid_from", "pk"]
    appointments = tuple(user.appointments.select_related("office").order_by(*newest))
    roles = tuple(user.roles.order_by(*newest))
    charges = tuple(user.charges.order_by(*newest))
    rights: list[Any] = [*appointments, *roles, *charges]
    entered = {right.entered_by_id for right in rights}
    changes = _changes(user)
    signed = {_uuid((entry.additional_data or {}).get("actor")) for entry in changes}
    return Person(
        user=user,
        appointments=appointments,
        roles=roles,
        charges=charges,
        names=names_of({*entered, *signed, *(right.ended_by for right in rights)}),
        changes=changes,
        session=open_sessions().get(user.pk),
        to_end=frozenset(to_end([user.pk], on=on).get(user.pk, ())),
    )


def the_user(user_id: uuid.UUID) -> User | None:
    """Whose entry is about to be changed. Raises Refused. Logged."""
    require("register.view")
    user = User.objects.filter(pk=user_id).first()
    if user is not None:
        events.entry_read(user=user.pk, fields=TO_CHANGE)
    return user


def sections() -> list[str]:
    """Where staff work or are to work, by name; an office of bailiffs is none. Raises Refused."""
    require("register.view")
    appointed = Appointment.objects.filter(ended_at=None).exclude(plane=Plane.PORTAL)
    return list(appointed.values_list("section", flat=True).distinct().order_by("section"))


def is_entered(user_id: uuid.UUID) -> bool:
    """Whether there is such an entry, without a look at it. Raises Refused."""
    require("register.view")
    return User.objects.filter(pk=user_id).exists()


def current_appointment(user: User, *, on: date) -> Appointment | None:
    """The appointment in force, or the next to come."""
    return user.appointments.filter(not_over(on)).order_by("valid_from").first()


def right(kind: str, right_id: uuid.UUID) -> Right | None:
    """One right of somebody, with its holder. Raises Refused. Logged."""
    require("register.view")
    rights: Any = MODELS[kind]._default_manager
    found: Any = rights.select_related("user").filter(pk=right_id).first()
    if found is not None:
        events.entry_read(user=found.user_id, fields=TO_CHANGE)
    one: Right | None = found
    return one


def open_sessions() -> dict[uuid.UUID, Session]:
    """Who is logged in now, as the database tells those who keep and watch the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, plane, opened_at, seen_at FROM seat.sessions()")
        found = [Session(*row) for row in cursor.fetchall()]
    return {session.user_id: session for session in found}


def to_end(users: Collection[uuid.UUID], *, on: date) -> dict[uuid.UUID, list[uuid.UUID]]:
    """By holder: rights that a confirmed review said to end, that nobody ended yet and that still last."""
    lines = ReviewLine.objects.filter(
        holder__in=users, verdict=Verdict.END, review__confirmed_by__isnull=False
    )
    return _still_there(lines, on)


def number_to_end(*, on: date) -> int:
    """How many rights wait to be ended after a review, for the head of the register."""
    lines = ReviewLine.objects.filter(verdict=Verdict.END, review__confirmed_by__isnull=False)
    return sum(map(len, _still_there(lines, on).values()))


def names_of(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Names of those who acted: members of staff, and background services by theirs. One query."""
    wanted = {identifier for identifier in ids if identifier}
    services = {service_actor(name.partition(":")[2]).id: name for name in SERVICE_ACTS}
    found = {identifier: services[identifier] for identifier in wanted & set(services)}
    staff = User.objects.filter(pk__in=wanted - set(found))
    return {**found, **{user.pk: user.display_name for user in staff}}


def actor_of_change(entry: LogEntry) -> uuid.UUID | None:
    return _uuid((entry.additional_data or {}).get("actor"))


def _still_there(lines: QuerySet[ReviewLine], on: date) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Of these lines the rights that were not ended since, nor by their own last day; by holder."""
    running_still = [
        Q(kind=kind) & Exists(model._default_manager.filter(not_over(on), pk=OuterRef("right_id")))
        for kind, model in MODELS.items()
    ]
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    left = lines.filter(running_still[0] | running_still[1] | running_still[2])
    for holder, right_id in left.values_list("holder", "right_id").distinct():
        found.setdefault(holder, []).append(right_id)
    return found


def _by_user(rights: "QuerySet[R]") -> dict[uuid.UUID, list[R]]:
    found: dict[uuid.UUID, list[R]] = {}
    for row in rights:
        found.setdefault(row.user_id, []).append(row)  # type: ignore[attr-defined]
    return found


def _changes(user: User) -> tuple[LogEntry, ...]:
    kind = ContentType.objects.get_for_model(User)
    kept = LogEntry.objects.filter(content_type=kind, object_pk=str(user.pk), action=LogEntry.Action.UPDATE)
    return tuple(kept.order_by("-pk"))


def _uuid(text: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if isinstance(text, str) and len(text) == 36 else None
    except ValueError:
        return None
