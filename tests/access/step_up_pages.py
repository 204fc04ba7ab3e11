"""Addresses for the tests of the fresh card: a sensitive act, another, and one that finds out late."""

from collections.abc import Callable
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import path

from secal.access.errors import Refused
from secal.access.step_up import NOT_FRESH
from secal.config.urls import handler400, handler403, handler404, handler500
from secal.config.urls import urlpatterns as office
from secal.office.models import Job

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]

USED_AT = "test.used_at"
SENT: list[str] = []
"""The forms that reached a view."""


def page(act: str) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest) -> HttpResponse:
        SENT.append(f"{request.method} {act}")
        return HttpResponse("done")

    view.act = act  # type: ignore[attr-defined]
    return view


def finds_out(request: HttpRequest) -> HttpResponse:
    """Writes, and then a service says that the act needs a fresh card."""
    Job.objects.create(kind="test", period="written")
    raise Refused("run.approve", NOT_FRESH, "")


finds_out.act = "office.home"  # type: ignore[attr-defined]


class CardUsedAt:
    """Tells when the card was used, as the middleware of seats does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        used_at: datetime | None = request.META.get(USED_AT)
        request.authenticated_at = used_at  # type: ignore[attr-defined]
        return self.get_response(request)


urlpatterns = [
    path("essai/approuver/", page("run.approve")),
    path("essai/lire/", page("office.law")),
    path("essai/decouvrir/", finds_out),
    *office,
]
