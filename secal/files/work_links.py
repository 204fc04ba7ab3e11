"""Where each kind of work is done: the address in the room that does it, by name, so that no room is
imported."""

from django.urls import NoReverseMatch, reverse

from secal.cases.models import WorkItem, WorkKind

PAGES = {
    WorkKind.DECIDE_ADVANCE: "advances:decide",
    WorkKind.REVIEW_SOLVENCY: "solvency:review",
}
"""Address of the act, taking the file; every other kind of work begins on the file page."""


def link_of(item: WorkItem) -> str:
    """The address at which this work is done."""
    name = PAGES.get(WorkKind(item.kind))
    try:
        return reverse(name, args=[item.file_id]) if name else reverse("files:page", args=[item.file_id])
    except NoReverseMatch:
        return reverse("files:page", args=[item.file_id])
