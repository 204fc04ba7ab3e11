"""What a bailiff opens first: the files given to their office, the most urgent first."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from recovery.portal import selectors, tables
from recovery.portal.pages import page
from recovery.portal.selectors import Tab
from recovery.portal.views.common import now
from secal.access.models import Office
from secal.office.clock import today
from secal.office.screens import screen

A_PAGE = 25


@require_GET
@screen("portal.list")
def home(request: HttpRequest) -> HttpResponse:
    """My files: a tab for each thing to do, the most urgent first."""
    actor = request.actor  # type: ignore[attr-defined]
    tab = _tab(request.GET.get("onglet", ""))
    shown = Paginator(selectors.files(tab, on=today()), A_PAGE).get_page(request.GET.get("page"))
    counts = selectors.tab_counts(on=today())
    context: dict[str, Any] = {
        "office": Office.objects.filter(pk=actor.office).first(),
        "count": counts[Tab.ALL],
        "files": shown,
        "tabs": tables.tabs(counts, current=tab),
        "table": tables.files(selectors.lines(list(shown.object_list), now=now()), on=today()),
        "title": _("Mes dossiers"),
    }
    return page(request, "portal/home.html", context)


def _tab(asked: str) -> Tab:
    return Tab(asked) if asked in {tab.value for tab in Tab} else Tab.ALL
