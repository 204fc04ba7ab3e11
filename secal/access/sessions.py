"""How long a session lasts: eight hours in all, fifteen minutes without a request."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from audit.log import events as log
from audit.log.context import LogContext, logging_as
from secal.access.actors import Actor
from secal.access.unit_of_work import OUTSIDE

OPENED, SEEN, ENDED = "opened_at", "seen_at", "session_ended"
SEEN_EVERY = 60
"""Seconds between two notes of the last request: not a write for each."""


def open_session(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Start both clocks; connected to Django's own signal of a login, so that no login goes without."""
    request.session[OPENED] = request.session[SEEN] = _now()


def log_session(act: str, actor: Actor, record: Callable[[str], None]) -> None:
    """A row of the security log about a session, with its holder as actor."""
    with logging_as(LogContext(actor=actor.id, capacity=actor.capacity, section=actor.section, request="")):
        record(act)


class SessionLimitsMiddleware:
    """Ends a session that lasted long enough. Stands before ActorMiddleware: nobody is at work yet."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(OUTSIDE) and SESSION_KEY in request.session:
            over = _why_over(request)
            if over:
                _end(request, over)
            elif _now() - request.session[SEEN] >= SEEN_EVERY:
                request.session[SEEN] = _now()
        return self.get_response(request)


def _why_over(request: HttpRequest) -> str:
    """The reason to end the session now, or "". Without clocks it is nobody's; a leaver's never revives."""
    if not request.user.is_authenticated:
        return "leaver"
    opened, seen = request.session.get(OPENED), request.session.get(SEEN)
    if not isinstance(opened, int) or not isinstance(seen, int):
        return "unknown"
    if _now() - opened >= settings.SESSION_COOKIE_AGE:
        return "whole"
    return "idle" if _now() - seen >= settings.SESSION_IDLE_SECONDS else ""


def _end(request: HttpRequest, reason: str) -> None:
    context = LogContext(actor=UUID(request.session[SESSION_KEY]), capacity="", section="", request="")
    with logging_as(context):
        log.record_logout(f"access.session_{reason}")
    request.session.flush()
    request.session[ENDED] = reason
    request.user = AnonymousUser()


def _now() -> int:
    return int(timezone.now().timestamp())
