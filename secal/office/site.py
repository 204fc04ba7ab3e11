"""The office's own AdminSite: Django's admin framework, our front door, our menu."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from secal.access import views as access_views
from secal.office import menu
from secal.office.job_progress import at_work_for

LEFT_OUT = frozenset({"password_change", "password_change_done", "autocomplete", "view_on_site"})


class OfficeSite(admin.AdminSite):
    site_title = _("SECAL")
    site_header = _("SECAL")
    index_title = _("Données de référence")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return getattr(request, "actor", None) is not None

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        actor = getattr(request, "actor", None)
        return {
            **super().each_context(request),
            "menu": menu.for_request(request),
            "running_jobs": at_work_for(actor) if actor else [],
        }

    def get_urls(self) -> list[Any]:
        """Without the pages that have no place here: nobody has a password, nothing is looked up."""
        return [line for line in super().get_urls() if getattr(line, "name", "") not in LEFT_OUT]

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("access:login")

    def logout(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The one way out, which the security log knows."""
        return access_views.logout(request)


site = OfficeSite(name="admin")
