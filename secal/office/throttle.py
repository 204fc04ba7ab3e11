"""How often one person, or one address, may do a thing in a minute. Beyond it the page says so (429)."""

from collections.abc import Callable
from functools import wraps
from typing import Any

import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from audit.log import events
from secal.office.errors import too_many

log = structlog.get_logger(__name__)
WINDOW_SECONDS = 60


def throttled(
    act: str, *, limit: int
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """At most `limit` requests a minute of one person (of one address before login) reach the view.

    The refusal is a row of the security log: somebody who searches without end is somebody to look at.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if _count(act, request) > limit:
                events.record_refusal(act, reason="too_many")
                return too_many(request, retry_after=WINDOW_SECONDS)
            return view(request, *args, **kwargs)

        return counted

    return decorate


def _count(act: str, request: HttpRequest) -> int:
    """How many times this minute, this one included; 0 when the counter does not answer."""
    actor = getattr(request, "actor", None)
    who = actor.id.hex if actor else request.META.get("REMOTE_ADDR", "")
    minute = int(timezone.now().timestamp()) // WINDOW_SECONDS
    key = f"throttle:{act}:{who}:{minute}"
    try:
        cache.add(key, 0, WINDOW_SECONDS * 2)
        return int(cache.incr(key))
    except (OSError, ValueError) as error:
        log.warning("throttle_without_counter", act=act, error=type(error).__name__)
        return 0
