"""Today, asked at the edge only (views, tasks, commands). Rules and services take dates as arguments."""

from datetime import date

from django.utils import timezone


def today() -> date:
    """The date in Brussels."""
    return timezone.localdate()
