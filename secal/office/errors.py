"""The styled error pages. Each says what happened, what is safe, what to do, and an incident number."""

from typing import Any

import structlog
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from secal.access.errors import Refused

log = structlog.get_logger(__name__)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: names the missing right and who has it, when the policy said so."""
    refusal = exception if isinstance(exception, Refused) else None
    return _page(request, "403", 403, refusal=refusal)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "403_csrf", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def too_many(request: HttpRequest) -> HttpResponse:
    return _page(request, "429", 429)


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, "500", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    return _page(request, "503", 503)


def _page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"errors/{name}.html", context, status=status)
