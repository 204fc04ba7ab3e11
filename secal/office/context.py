"""What every template may know about the office."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from secal.access.policy import decide
from secal.office import incidents


def office(request: HttpRequest) -> dict[str, Any]:
    """Version, banner, the person at work, and the incident number for error pages."""
    actor = getattr(request, "actor", None)
    words = {"site_header": _("Portail des huissiers")} if settings.SITE.admits_portal else {}
    return {
        **words,
        "portal": settings.SITE.admits_portal,
        "office_version": settings.VERSION,
        "demo_banner": settings.DEMO_BANNER,
        "actor": actor,
        "may_search": actor is not None and decide(actor, "office.search").permitted,
        "incident": incidents.current(),
    }
