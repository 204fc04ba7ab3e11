"""Sensitive acts need the card once more: used within the last five minutes, not merely at the login.

Whoever comes with an older use goes to the door and back to the page that they wanted. What they had sent is
never sent again for them: they decide once more, with the card. A form gets a page with the way to the door
on it, no redirection: the content security policy (`form-action`) lets no form end at the identity provider.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from audit.log import events as log
from secal.access.errors import Refused
from secal.access.policy import SENSITIVE_ACTS
from secal.access.way_back import SAFE, page_of

FRESH_FOR = timedelta(minutes=5)
CLOCKS_DIFFER = timedelta(seconds=30)
"""By how much the provider's clock may be ahead of ours."""
NOT_FRESH = "card_not_fresh"
"""The reason of a refusal that a fresh use of the card would lift."""


def fresh_enough(authenticated_at: datetime | None, now: datetime) -> bool:
    """Whether a card used then still stands for its holder now, in a sensitive act."""
    return authenticated_at is not None and -CLOCKS_DIFFER <= now - authenticated_at <= FRESH_FOR


class StepUpMiddleware:
    """Sends whoever comes to a sensitive act with an old use of their card to the door.

    Stands before ActorMiddleware: what a refused view had written is undone before it sees the refusal.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], arguments: Any, named: Any
    ) -> HttpResponse | None:
        act = getattr(view, "act", "")
        if act not in SENSITIVE_ACTS or getattr(request, "actor", None) is None:
            return None
        used_at = getattr(request, "authenticated_at", None)
        if fresh_enough(used_at, timezone.now()):
            return None
        log.record_refusal(act, reason=NOT_FRESH)
        return to_the_door(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A service found the act sensitive: already logged, and undone."""
        if isinstance(exception, Refused) and exception.reason == NOT_FRESH:
            return to_the_door(request)
        return None


def to_the_door(request: HttpRequest) -> HttpResponse:
    door = f"{reverse('access:confirm')}?{urlencode({'next': page_of(request)})}"
    if request.method in SAFE:
        return redirect(door)
    return render(request, "access/card_again.html", {"door": door}, status=403)
