"""What a bailiff opens first: the titles given to their office."""

from django.http import HttpRequest, HttpResponse

from recovery.portal.pages import page
from secal.access.models import Office
from secal.office.screens import screen


@screen("portal.list")
def home(request: HttpRequest) -> HttpResponse:
    """The files mandated to the office of the bailiff at work."""
    actor = request.actor  # type: ignore[attr-defined]
    return page(request, "portal/home.html", {"office": Office.objects.get(pk=actor.office)})
