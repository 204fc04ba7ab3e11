"""The portal closes when the National Chamber has been silent for too long: nobody enters on an old list."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from recovery.chamber.selectors import portal_is_open
from secal.access.seats import OUTSIDE

LANGUAGE = "/langue/"
RETRY_SECONDS = 300


class PortalOpenMiddleware:
    """Asked at every request of the portal, its login included, before anybody is at work."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if (
            not settings.SITE.admits_portal
            or request.path.startswith((*OUTSIDE, LANGUAGE))
            or portal_is_open()
        ):
            return self.get_response(request)
        response = render(request, "chamber/closed.html", status=503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        response.headers["Cache-Control"] = "no-store"
        return response
