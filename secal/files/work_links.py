"""Where each kind of work is done: the address in the room that does it, by name, so that no room is
imported."""

from django.urls import reverse

from secal.access.actors import current_actor
from secal.access.policy import decide
from secal.cases.models import WorkItem, WorkKind

PAGES = {
    WorkKind.DECIDE_ADVANCE: ("advances:decide", "advance.decide"),
    WorkKind.REVIEW_SOLVENCY: ("solvency:review", "solvency.review"),
    WorkKind.APPROVE_SUSPENSION: ("solvency:suspension", "suspension.decide"),
    WorkKind.REASSIGN: ("files:assign", "file.assign"),
    WorkKind.APPROVE_CLOSURE: ("files:close", "file.close"),
}
"""Address (taking the file) and act; every other kind of work begins on the file page."""


def link_of(item: WorkItem) -> str:
    """The address at which this work is done, for somebody who may do it; else the file page."""
    name, act = PAGES.get(WorkKind(item.kind), ("", ""))
    if name and decide(current_actor(), act).permitted:
        return reverse(name, args=[item.file_id])
    return reverse("files:page", args=[item.file_id])
