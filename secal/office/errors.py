"""The styled error pages. Each says what happened, what is safe, what to do, and an incident number."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from audit.log import events
from secal.access.errors import Refused


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: names the missing right and who has it, when the policy said so."""
    refusal = exception if isinstance(exception, Refused) else None
    return _page(request, "403", 403, refusal=refusal)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of ours: a refusal like any other, so it is logged."""
    events.record_refusal("request", reason="csrf")
    return _page(request, "403_csrf", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """429: says after how many seconds to try again."""
    response = _page(request, "429", 429, retry_after=retry_after)
    response.headers["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it is the database that does not answer."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _page(request, "503", 503)
    return _page(request, "500", 500)


def _page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"errors/{name}.html", context, status=status)
