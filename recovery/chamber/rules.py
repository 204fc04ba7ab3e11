"""When the National Chamber has been silent for too long, and when too many people leave at once."""

from datetime import datetime, timedelta

ALARM_AFTER = timedelta(hours=24)
CLOSED_AFTER = timedelta(hours=72)
MOST_AT_ONCE = 25
"""So many leavers at once are a mistake until two persons say that they are none."""
DORMANT_DAYS = 60


def is_silent(last_accepted_at: datetime | None, now: datetime) -> bool:
    """More than 24 hours since the last list that was accepted, or never one."""
    return last_accepted_at is None or now - last_accepted_at > ALARM_AFTER


def portal_open(last_accepted_at: datetime | None, now: datetime) -> bool:
    """Whether the list of users is fresh enough to let bailiffs in: 72 hours at most (17/006 §21)."""
    return last_accepted_at is not None and now - last_accepted_at <= CLOSED_AFTER


def too_many(*, leaving: int, before: int, users: int) -> bool:
    """Whether these removals have to wait for two persons.

    leaving  who would lose access now, without those whom the Chamber named individually
    before   who lost it so since the last full list that was accepted
    users    those with access whom that list named
    """
    if not leaving:
        return False
    total = leaving + before
    return total >= MOST_AT_ONCE or total * 10 > users
