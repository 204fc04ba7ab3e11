"""How rights and sessions end, whoever decided it: a keeper of the register, or the Chamber."""

import uuid
from collections.abc import Iterable
from datetime import date

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from secal.access.models import Appointment
from secal.access.models.rights import Right


def end_rights(rights: Iterable[Right], *, by: uuid.UUID, reason: str) -> None:
    """Over from this moment, for ever: the database takes no other. What had not begun ends on its first day,
    and never was in force."""
    now = timezone.now()
    today = timezone.localdate(now)
    for right in rights:
        last = max(today, right.valid_from)
        right.ended_at, right.ended_by, right.end_reason = now, by, reason
        right.valid_until = last if right.valid_until is None else min(right.valid_until, last)
        right.save(update_fields=["ended_at", "ended_by", "end_reason", "valid_until"])


def end_sessions(user_id: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seat.end_sessions(%s)", [user_id])


def last_begun(user_id: uuid.UUID, today: date) -> QuerySet[Appointment]:
    """The one appointment by which the entry of somebody without any work is kept."""
    begun = Appointment.objects.filter(user=user_id, valid_from__lte=today)
    last: QuerySet[Appointment] = begun.order_by("-valid_from", "-entered_at")[:1]
    return last
