"""Reading quarterly reviews: the list, one with its lines, what is overdue, the facts of its evidence."""

import hashlib
import json
import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet

from secal.access.actors import Actor
from secal.access.policy import require
from secal.access.roles import Role
from secal.register import events
from secal.register.models import Review, ReviewLine, Verdict
from secal.register.rules import quarter_of


@dataclass(frozen=True, slots=True)
class Standing:
    """A review with what its lines count."""

    review: Review
    lines: int
    kept: int
    to_end: int
    unanswered: int
    overdue: bool
    """Lines are unanswered and the due day is past."""


def reviews(*, on: date) -> list[Standing]:
    """All reviews, newest first. Raises Refused."""
    require("register.matrix")
    return [_standing(review, on) for review in _counted().order_by("-period")]


def review(review_id: uuid.UUID, *, on: date) -> Standing | None:
    """One review; None when there is none such. Raises Refused."""
    require("register.matrix")
    found = _counted().filter(pk=review_id).first()
    return _standing(found, on) if found else None


def lines(review_id: uuid.UUID, *, unanswered: bool = False) -> QuerySet[ReviewLine]:
    """The lines of a review in their order. Raises Refused. Logged."""
    require("register.matrix")
    events.matrix_read()
    found = ReviewLine.objects.filter(review=review_id).select_related("decided_by").order_by("place")
    return found.filter(verdict="") if unanswered else found


def may_open(*, on: date) -> bool:
    """Whether the quarter has no review yet."""
    return not Review.objects.filter(period=quarter_of(on)).exists()


def answers(actor: Actor, review: Review, line: ReviewLine) -> bool:
    """Whether this watcher may answer the line: never one's own; the co-ordinator all others, and who
    confirms only those of the co-ordinator who opened."""
    if line.holder_id == actor.id or review.confirmed_by_id is not None:
        return False
    return Role.SECURITY_COORDINATOR in actor.roles or line.holder_id == review.opened_by_id


def waiting(actor: Actor, found: Review) -> QuerySet[ReviewLine]:
    """The lines without an answer that this watcher may answer, in their order; `answers` says which."""
    open_lines = found.lines.filter(verdict="").exclude(holder=actor.id).order_by("place")
    if Role.SECURITY_COORDINATOR in actor.roles:
        return open_lines
    return open_lines.filter(holder=found.opened_by_id)


def frozen(found: Review) -> list[ReviewLine]:
    """All lines of a confirmed review, for its evidence. Raises Refused. Logged as leaving the office."""
    require("register.matrix")
    events.evidence_made()
    return list(ReviewLine.objects.filter(review=found).select_related("decided_by").order_by("place"))


def digest(found: Review, rows: list[ReviewLine]) -> str:
    """SHA-256 of all that the review froze and decided: two documents of one review can be compared."""
    facts = [
        [
            found.period,
            found.opened_by_id,
            found.opened_on,
            found.due_on,
            found.confirmed_by_id,
            found.confirmed_on,
        ],
        *[
            [
                *(row.place, row.holder_id, row.kind, row.right_id, row.plane, row.what, row.section),
                *(row.valid_from, row.valid_until, row.verdict, row.decided_by_id, row.decided_on),
            ]
            for row in rows
        ],
    ]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()


def _counted() -> QuerySet[Review]:
    counts = {
        "count_lines": Count("lines"),
        "count_kept": Count("lines", filter=Q(lines__verdict=Verdict.KEEP)),
        "count_to_end": Count("lines", filter=Q(lines__verdict=Verdict.END)),
        "count_unanswered": Count("lines", filter=Q(lines__verdict="")),
    }
    return Review.objects.select_related("opened_by", "confirmed_by").annotate(**counts)


def _standing(found: Review, on: date) -> Standing:
    counted: Any = found
    return Standing(
        review=found,
        lines=counted.count_lines,
        kept=counted.count_kept,
        to_end=counted.count_to_end,
        unanswered=counted.count_unanswered,
        overdue=bool(counted.count_unanswered) and on > found.due_on,
    )
