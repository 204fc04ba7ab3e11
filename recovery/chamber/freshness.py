"""How fresh the Chamber's list is, for everybody who must know: one moment, asked of the database and kept
for half a minute. The portal's database user reads nothing else of this room."""

from datetime import datetime

from django.core.cache import cache
from django.db import connection

CACHED = "chamber:last-accepted"
KEPT_SECONDS = 30


def last_accepted_at() -> datetime | None:
    """When a message was last accepted, as the database says (migration 0002): a full list that is held, and
    everything after it, counts only once it was released or followed by one that was accepted."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT chamber_last_accepted()")
        moment: datetime | None = cursor.fetchone()[0]
    return moment


def recently_accepted_at() -> datetime | None:
    """The same, at most half a minute old. The moment is kept, never the verdict: time goes on."""
    kept: datetime | None = cache.get(CACHED)
    if kept is None:
        kept = last_accepted_at()
        if kept is not None:
            cache.set(CACHED, kept, KEPT_SECONDS)
    return kept


def forget() -> None:
    """Something was accepted: ask the database again."""
    cache.delete(CACHED)
