"""Headers that every answer carries, and the incident number that ties an answer to its log lines."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from secal.office import incidents

PERMISSIONS_POLICY = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "geolocation",
        "gyroscope",
        "microphone",
        "payment",
        "usb",
    )
)


class HeadersMiddleware:
    """Nothing personal is cached; no powerful browser feature is on. Static files keep their own caching."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if not request.path.startswith("/static/"):
            response.headers["Cache-Control"] = "no-store"
        return response


class IncidentMiddleware:
    """A number for this request: shown on error pages and present in every log line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with incidents.numbered(f"{secrets.randbelow(16**8):08X}"):
            return self.get_response(request)
