"""Reading users: who may work today, and as what."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from secal.access.actors import Actor
from secal.access.commitments.selectors import committed
from secal.access.errors import Refused
from secal.access.models.rights import running as running
from secal.access.roles import Mission, Plane, Role


def anonymous() -> AnonymousUser:
    return AnonymousUser()


WHO_WORKS = """
SELECT u.given_name, u.family_name, u.language, u.niss_bi, u.employer_bi, a.section, a.office_id,
       r.plane, array_agg(r.role)::text[],
       ARRAY(SELECT c.mission::text FROM access_charge c WHERE c.user_id = %(user)s
                AND c.ended_at IS NULL AND c.valid_from <= %(today)s
                AND coalesce(c.valid_until >= %(today)s, true))
  FROM access_userrole r
  JOIN access_appointment a ON a.id = r.appointment_id
  JOIN access_user u ON u.id = r.user_id
 WHERE r.user_id = %(user)s AND u.is_active
   AND r.ended_at IS NULL AND r.valid_from <= %(today)s AND coalesce(r.valid_until >= %(today)s, true)
   AND a.ended_at IS NULL AND a.valid_from <= %(today)s AND coalesce(a.valid_until >= %(today)s, true)
 GROUP BY u.id, a.id, r.plane
"""
"""One statement, since every request asks it: the rights that are `running`."""


def actor_or_none(user_id: uuid.UUID) -> Actor | None:
    """The actor for a user who is active, appointed, and holds at least one role today; asked at every
    request."""
    with connection.cursor() as cursor:
        cursor.execute(WHO_WORKS, {"user": user_id, "today": timezone.localdate()})
        rows = cursor.fetchall()
    if len(rows) != 1:
        return None
    given, family, language, niss_bi, employer_bi, section, office, plane, roles, missions = rows[0]
    return Actor(
        id=user_id,
        name=f"{given} {family}",
        plane=Plane(plane),
        roles=frozenset(map(Role, roles)),
        missions=frozenset(map(Mission, missions)),
        section=section,
        language=language,
        niss_bi=niss_bi,
        employer_bi=employer_bi,
        office=office,
        committed=committed(user_id),
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
