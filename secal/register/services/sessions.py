"""Ending somebody's session: theirs is over at their next request, their rights stay as they are."""

import uuid

from django.db import connection

from secal.access.policy import Facts, require
from secal.register import events


def end_sessions(user_id: uuid.UUID) -> int:
    """End every open session of a person; how many there were. Raises Refused."""
    require("sessions.end", Facts(subject=user_id))
    with connection.cursor() as cursor:
        cursor.execute("SELECT seat.end_sessions(%s)", [user_id])
        ended: int = cursor.fetchone()[0]
    if ended:
        events.sessions_ended(user=user_id)
    return ended
