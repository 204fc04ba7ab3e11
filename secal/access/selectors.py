"""Reading users: who may work today, and as what."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.models import UserRole
from secal.access.roles import Plane, Role


def anonymous() -> AnonymousUser:
    return AnonymousUser()


def actor_or_none(user_id: uuid.UUID) -> Actor | None:
    """The actor for a user who is active and holds at least one role today; asked at every request."""
    today = timezone.localdate()
    rows = list(
        UserRole.objects.filter(
            Q(valid_until=None) | Q(valid_until__gte=today),
            user_id=user_id,
            user__is_active=True,
            valid_from__lte=today,
        ).select_related("user")
    )
    if not rows:
        return None
    user = rows[0].user
    return Actor(
        id=user.pk,
        name=user.display_name,
        plane=Plane(rows[0].plane),
        roles=frozenset(Role(row.role) for row in rows),
        section=user.section,
        language=user.language,
        niss_bi=user.niss_bi,
        office=user.office_id,
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
