"""Reading users: who may work today, and as what."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from secal.access.actors import Actor
from secal.access.commitments.selectors import committed
from secal.access.errors import Refused
from secal.access.models import Appointment, Charge, UserRole
from secal.access.roles import Mission, Plane, Role


def anonymous() -> AnonymousUser:
    return AnonymousUser()


def running(today: date) -> Q:
    """Rights in force on a day, and not ended before."""
    return Q(Q(valid_until=None) | Q(valid_until__gte=today), valid_from__lte=today, ended_at=None)


def actor_or_none(user_id: uuid.UUID) -> Actor | None:
    """The actor for a user who is active, appointed, and holds at least one role today; asked at every
    request."""
    today = timezone.localdate()
    rows = list(
        UserRole.objects.filter(running(today), user_id=user_id, user__is_active=True)
        .filter(appointment__in=Appointment.objects.filter(running(today), user_id=user_id))
        .select_related("user", "appointment")
        .annotate(
            missions=ArraySubquery(
                Charge.objects.filter(running(today), user_id=OuterRef("user_id")).values("mission")
            )
        )
    )
    if not rows:
        return None
    user = rows[0].user
    return Actor(
        id=user.pk,
        name=user.display_name,
        plane=Plane(rows[0].plane),
        roles=frozenset(Role(row.role) for row in rows),
        missions=frozenset(Mission(mission) for mission in rows[0].missions),
        section=rows[0].appointment.section,
        language=user.language,
        niss_bi=user.niss_bi,
        employer_bi=user.employer_bi,
        office=rows[0].appointment.office_id,
        committed=committed(user.pk),
    )


def admitted(actor: Actor | None) -> Actor | None:
    """The actor, if this site is theirs: the portal is for its own plane, the office for all others."""
    if actor is None or (actor.plane is Plane.PORTAL) is not settings.SITE.admits_portal:
        return None
    return actor


def actor_of(user_id: uuid.UUID) -> Actor:
    """The actor for this user. Raises Refused when the person may not work."""
    actor = actor_or_none(user_id)
    if actor is None:
        raise Refused("access.work", "no_role", _("Ce compte n’a aucun rôle valable aujourd’hui."))
    return actor
