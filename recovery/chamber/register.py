"""Our own register of users, as far as this room reads it: who works in the portal, known by which index."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from recovery.chamber.planning import Person
from secal.access.models import Appointment, User
from secal.access.models.rights import not_over, running
from secal.access.roles import Plane


@dataclass(frozen=True, slots=True)
class PortalUser:
    """An active user of the portal, as the report of differences names them."""

    id: uuid.UUID
    name: str
    office: str
    last_seen_on: date | None
    """The day of their last seat."""
    since: date
    """First day of their appointment: who never came is dormant from then on."""


def active_users() -> QuerySet[User]:
    """Who may enter the portal today, as far as their account and their appointment say."""
    return User.objects.filter(Exists(_of_portal(running(timezone.localdate()))), is_active=True)


def people_named(indexes: Iterable[bytes], *, on: date) -> dict[bytes, Person]:
    """Users with one of these indexes. Active is only who works in the portal, or is appointed there for a
    later day: the feed ends no other access."""
    found = User.objects.filter(niss_bi__in=list(indexes)).annotate(
        appointed=Exists(_of_portal(not_over(on))), working=Exists(_of_portal(running(on)))
    )
    people: dict[bytes, Person] = {}
    for user in found.order_by("pk"):
        index = bytes(user.niss_bi or b"")
        before = people.get(index) or Person(user.pk)
        people[index] = Person(
            before.user_id,
            before.active + ((user.pk,) if user.is_active and user.appointed else ()),
            before.working + ((user.pk,) if user.is_active and user.working else ()),
        )
    return people


def as_rows(users: QuerySet[User]) -> list[PortalUser]:
    """These active users of the portal, by name, with the day on which each last came."""
    current = _of_portal(running(timezone.localdate()))
    found = users.select_related("office").annotate(since=Subquery(current.values("valid_from")[:1]))
    seen = _last_seen()
    return [
        PortalUser(
            id=user.pk,
            name=user.display_name,
            office=user.office.name if user.office else "",
            last_seen_on=seen.get(user.pk),
            since=user.since,
        )
        for user in found.order_by("family_name", "given_name", "pk")
    ]


def is_dormant(user: PortalUser, *, on: date, days: int) -> bool:
    """Whether they have not come for more than so many days, in the appointment that they have now."""
    last = max(user.last_seen_on or user.since, user.since)
    return on - last > timedelta(days=days)


def _of_portal(which: Q) -> QuerySet[Appointment]:
    return Appointment.objects.filter(which, user=OuterRef("pk"), plane=Plane.PORTAL)


def _last_seen() -> dict[uuid.UUID, date]:
    """By user: the day of the last seat. The database tells it to watchers and to who keeps the register."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id, at FROM seat.last_opened()")
        return {user_id: timezone.localdate(at) for user_id, at in cursor.fetchall()}
