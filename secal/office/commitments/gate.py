"""Nothing opens to somebody who has not accepted the texts in force: neither page nor form nor data."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from audit.log import events as log
from secal.access.commitments.refusal import MESSAGE, REASON, WHO_MAY
from secal.access.errors import Refused
from secal.access.seats import OUTSIDE

PAGE = "commitments:mine"
STAY_OPEN = (
    PAGE,
    "access:logout",
    "access:login",
    "access:begin",
    "access:callback",
    "access:card",
    "access:confirm",
    "set_language",
)
"""The pages of somebody who has not: the texts, the language they are read in, the way out and in again."""
PROBLEM = "application/problem+json"


class CommitmentMiddleware:
    """Stands behind ActorMiddleware. Asked at every request: a new version closes the door at once."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        actor = getattr(request, "actor", None)
        if actor is None or stays_open(request.path) or actor.committed:
            return self.get_response(request)
        if request.method in ("GET", "HEAD") and not _asked_by_a_program(request):
            return redirect(f"{reverse(PAGE)}?{urlencode({'next': request.get_full_path()})}")
        return _refuse(request)


def stays_open(path: str) -> bool:
    """The few addresses of STAY_OPEN, the texts one accepted, and what is served without anybody at work."""
    return path.startswith((*OUTSIDE, reverse(PAGE))) or path in {reverse(name) for name in STAY_OPEN}


def _asked_by_a_program(request: HttpRequest) -> bool:
    """A part of a page, or data: a redirect would put a whole page in its place."""
    accepted = request.headers.get("Accept", "")
    return "HX-Request" in request.headers or ("json" in accepted and "text/html" not in accepted)


def _refuse(request: HttpRequest) -> HttpResponse:
    """403 and its row in the security log."""
    log.record_refusal("request", reason=REASON)
    if "json" in request.headers.get("Accept", "") and "HX-Request" not in request.headers:
        problem = {"status": 403, "title": str(MESSAGE), "detail": str(WHO_MAY), "code": REASON}
        return JsonResponse(problem, status=403, content_type=PROBLEM)
    raise Refused("request", REASON, MESSAGE, who_may=WHO_MAY)
