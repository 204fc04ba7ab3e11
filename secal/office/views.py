"""The office's own pages: the way in, search, law in force, jobs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from secal.kernel.identifiers import detect_kind
from secal.office import menu
from secal.office import search as searching
from secal.office.fields import printable
from secal.office.screens import page, screen
from secal.office.throttle import throttled

SEARCHES_A_MINUTE = 30


@require_GET
@screen("office.home")
def home(request: HttpRequest) -> HttpResponse:
    """To each the first task of their menu."""
    return redirect(menu.lines_of(request.actor)[0].url_name)  # type: ignore[attr-defined]


@require_POST
@screen("office.search")
@throttled("office.search", limit=SEARCHES_A_MINUTE)
def search(request: HttpRequest) -> HttpResponse:
    """Answers a search; the text travels in the body, never in an address."""
    text = printable(request.POST.get("q", "")).strip()[:120]
    reading = detect_kind(text)
    groups = searching.answer(reading) if text else []
    exact = [hit for group in groups for hit in group.hits if hit.exact]
    if len(exact) == 1:
        return redirect(exact[0].url)
    context = {
        "text": text,
        "reading": reading,
        "understood": searching.KIND_WORDS[reading.kind],
        "problem": _(reading.message) % reading.params if reading.message else "",
        "groups": groups,
    }
    return page(request, "office/search.html", context)
