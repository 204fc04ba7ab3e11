"""What the bell and the beat ring: the office's worker books what bailiffs recorded. Nothing in the
payload."""

from celery import shared_task
from django.utils import timezone

from recovery.portal import booking


@shared_task(name="portal.book_waiting")
def book_waiting() -> dict[str, int]:
    return booking.book_waiting(at=timezone.now())
