"""Today and now, asked at the edge only (views, tasks, commands, the door of a file). Rules and services take
dates and moments as arguments.
"""

from datetime import date, datetime

from django.utils import timezone


def today() -> date:
    """The date in Brussels."""
    return timezone.localdate()


def now() -> datetime:
    """The moment, with its zone."""
    return timezone.now()
