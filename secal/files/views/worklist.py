"""My work today: what is due, why, since when, by when; overdue first."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from secal.access.actors import current_actor
from secal.cases import selectors
from secal.cases.models import WorkItem, WorkKind
from secal.files import events
from secal.files.work_links import link_of
from secal.office.clock import today
from secal.office.screens import page, screen

PER_PAGE = 25
COUNTED_AT_MOST = 1000


if TYPE_CHECKING:
    AnyPaginator = Paginator[Any]
else:
    AnyPaginator = Paginator


class CappedPaginator(AnyPaginator):
    """Counts no further than the cap: a list of a hundred thousand lines costs no more than one of a
    thousand."""

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        counted: int = rows.order_by().values("pk")[:COUNTED_AT_MOST].count()
        return counted


@require_GET
@screen("worklist.view")
def worklist(request: HttpRequest) -> HttpResponse:
    """The open work on my files, filtered by kind. What is shown is logged, one row a line."""
    items = selectors.worklist(current_actor())
    kind = request.GET.get("kind", "")
    shown = items.filter(kind=kind) if kind in WorkKind.values else items
    lines = CappedPaginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    events.worklist_read((item.file.creditor_id, item.file_id) for item in lines)
    return page(
        request,
        "files/worklist.html",
        {"lines": lines, "tasks": _tasks(lines), "filters": _filters(items, kind), "late": _late(items)},
    )


def open_work() -> int:
    """The number beside the menu line, capped."""
    items = selectors.worklist(current_actor())
    return items.order_by().values("pk")[:COUNTED_AT_MOST].count()


def _tasks(lines: Iterable[WorkItem]) -> list[dict[str, Any]]:
    return [
        {
            "title": f"{item.get_kind_display()} – {item.file.number}",
            "url": link_of(item),
            "why": _why(item),
            "since": item.since,
            "due": item.due_on,
        }
        for item in lines
    ]


def _why(item: WorkItem) -> str:
    parties = _("%(creditor)s contre %(debtor)s") % {
        "creditor": item.file.creditor,
        "debtor": item.file.debtor,
    }
    return f"{parties} · {item.legal_reference}" if item.legal_reference else parties


def _late(items: QuerySet[WorkItem]) -> int:
    return items.filter(due_on__lt=today()).order_by().values("pk")[:COUNTED_AT_MOST].count()


def _filters(items: QuerySet[WorkItem], current: str) -> list[dict[str, Any]]:
    present = list(items.order_by().values_list("kind", flat=True)[:COUNTED_AT_MOST])
    address = reverse("files:worklist")
    choices = [{"label": _("Tout"), "url": address, "current": not current, "count": _capped(len(present))}]
    choices += [
        {
            "label": kind.label,
            "url": f"{address}?kind={kind.value}",
            "current": current == kind.value,
            "count": _capped(present.count(kind.value)),
        }
        for kind in WorkKind
        if kind.value in present or kind.value == current
    ]
    return [{"label": _("À faire"), "choices": choices}]


def _capped(number: int) -> int | str:
    return number if number < COUNTED_AT_MOST else _("1 000+")
