"""The way out: somebody whom the Chamber no longer vouches for loses all access to the portal, in this
transaction. What they are elsewhere is not the Chamber's to end."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime

from django.db.models import Q
from django.utils import timezone

from recovery.chamber.models import Cause, Departure
from secal.access import events
from secal.access.models import Appointment, User
from secal.access.models.rights import not_over
from secal.access.policy import Facts, require
from secal.access.roles import Plane
from secal.access.services.ending import end_rights, end_sessions, last_begun
from secal.access.services.following import tell_left

REASON = "chamber.left"


def end_access(departure: Departure, *, at: datetime) -> bool:
    """End what this user could do in the portal; false when nothing was left to end. Raises Refused.

    Appointments of the portal and their roles end at once; with one that runs today, the sessions, which can
    be of no other plane on the same day. The account closes unless they are appointed elsewhere too. The
    permissions on mandated files go with either (recovery.cases).
    """
    user_id = departure.user_id
    actor = require("user.suspend", Facts(subject=user_id))
    user = User.objects.select_for_update(of=("self",)).get(pk=user_id)
    on = timezone.localdate(at)
    appointments = _appointments(departure, at)
    if not user.is_active or not appointments:
        return False
    for appointment in appointments:
        ending = [*appointment.roles.filter(not_over(on)), appointment]
        end_rights(ending, by=actor.id, reason=REASON)
    if any(appointment.valid_from <= on for appointment in appointments):
        end_sessions(user_id)
    closes = _closes(user_id, on)
    if closes:
        user.is_active = False
        user.save(update_fields=["is_active"])
    tell_left(user_id)
    tell = events.suspended if closes else events.right_ended
    tell(user=user_id, reason=REASON)
    return True


def is_overtaken(departure: Departure, *, at: datetime) -> bool:
    """Whether they were appointed in the portal anew after it was noted: that decision came later."""
    on = timezone.localdate(at)
    anew = Q(not_over(on), plane=Plane.PORTAL, user__is_active=True, entered_at__gt=departure.noted_at)
    return departure.noted_at < at and Appointment.objects.filter(anew, user=departure.user_id).exists()


def _appointments(departure: Departure, at: datetime) -> Sequence[Appointment]:
    """Those in the portal that the departure takes away. Of a period that is not in force only what runs
    today; of a departure that waited, nothing that was entered since."""
    on = timezone.localdate(at)
    which = Q(not_over(on), user=departure.user_id, plane=Plane.PORTAL)
    if departure.cause == Cause.LAPSED:
        which &= Q(valid_from__lte=on)
    if departure.noted_at < at:
        which &= Q(entered_at__lte=departure.noted_at)
    return list(Appointment.objects.filter(which).order_by("valid_from"))


def _closes(user_id: uuid.UUID, on: date) -> bool:
    """Whether the portal was their only place. Where their last appointment was of another plane the account
    is not the Chamber's to close, and the database says so too (access_user_is_kept)."""
    if Appointment.objects.filter(not_over(on), user=user_id).exists():
        return False
    return all(last.plane == Plane.PORTAL for last in last_begun(user_id, on))
