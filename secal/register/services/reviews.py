"""The only writers of quarterly reviews: the co-ordinator opens and answers, a second watcher confirms."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.models import Appointment, Charge, UserRole
from secal.access.models.rights import Right
from secal.access.policy import Facts, require
from secal.access.roles import Plane
from secal.access.selectors import running
from secal.register import events
from secal.register.errors import (
    already_confirmed,
    already_opened,
    answered_already,
    answered_by_confirmer,
    unanswered,
    unknown_line,
)
from secal.register.models import Review, ReviewLine, RightKind, Verdict
from secal.register.rules import due_day, quarter_of
from secal.register.selectors.reviews import answers
from secal.register.wording import right_text

WITH = ("user", "entered_by")


def open_review(*, on: date) -> Review:
    """Freeze every right in force on this day, for the review of its quarter. Raises Refused, ReviewError."""
    actor = require("review.open")
    try:
        with transaction.atomic():
            review = Review.objects.create(
                period=quarter_of(on), opened_by_id=actor.id, opened_on=on, due_on=due_day(on)
            )
    except IntegrityError as error:
        raise already_opened() from error
    lines = _lines_in_force(on)
    for place, line in enumerate(lines, start=1):
        line.review, line.place = review, place
    ReviewLine.objects.bulk_create(lines, batch_size=500)
    events.review_opened()
    return review


def answer(review_id: uuid.UUID, verdicts: Mapping[uuid.UUID, Verdict], *, on: date) -> int:
    """Say of these lines that the right stays or ends; how many answers changed. Never of one's own.

    Raises Refused; ReviewError for a confirmed review, for a line of another review, and for one that
    somebody else answered: then no answer is kept.
    """
    actor = require("review.answer")
    review = _open(review_id)
    lines = list(review.lines.select_for_update().filter(pk__in=verdicts).order_by("place"))
    if len(lines) != len(verdicts):
        raise unknown_line()
    changed = [line for line in lines if line.verdict != verdicts[line.pk]]
    for line in changed:
        _require_answerable(actor, review, line)
    for line in changed:
        line.verdict, line.decided_by_id, line.decided_on = verdicts[line.pk], actor.id, on
        events.review_answered(holder=line.holder_id, verdict=line.verdict)
    ReviewLine.objects.bulk_update(changed, ["verdict", "decided_by", "decided_on"], batch_size=500)
    return len(changed)


def confirm(review_id: uuid.UUID, *, on: date) -> Review:
    """Confirm an answered review as its second person; nothing of it changes any more.

    Raises Refused; ReviewError while a line is unanswered, and for who answered other lines than the
    co-ordinator's.
    """
    found = Review.objects.select_for_update().get(pk=review_id)
    actor = require("review.confirm", Facts(prepared_by=found.opened_by_id))
    review = _open(review_id)
    if left := review.lines.filter(verdict="").count():
        raise unanswered(left)
    if review.lines.filter(decided_by=actor.id).exclude(holder=review.opened_by_id).exists():
        raise answered_by_confirmer()
    review.confirmed_by_id, review.confirmed_on = actor.id, on
    review.save(update_fields=["confirmed_by", "confirmed_on"])
    events.review_confirmed()
    return review


def _require_answerable(actor: Actor, review: Review, line: ReviewLine) -> None:
    if not answers(actor, review, line):
        raise Refused(
            "review.answer",
            "own_entry" if line.holder_id == actor.id else "not_theirs_to_answer",
            _("Nul ne répond pour ses propres droits, et qui confirme ne répond pas pour les autres."),
            who_may=_("Le coordinateur de la sécurité ; pour ses propres droits, le délégué."),
            subject=line.holder_id,
        )
    if line.decided_by is not None and line.decided_by_id != actor.id:
        right = right_text(line.kind, line.what)
        raise answered_already(line.holder_name, right, line.decided_by.display_name)


def _open(review_id: uuid.UUID) -> Review:
    review = Review.objects.select_for_update().get(pk=review_id)
    if review.confirmed_by_id is not None:
        raise already_confirmed()
    return review


def _lines_in_force(on: date) -> list[ReviewLine]:
    """Every right in force, by holder, the appointment before what hangs on it."""
    lines = [
        *[
            _line(row, RightKind.APPOINTMENT, row.plane, row.plane, _where(row))
            for row in _running(Appointment, on, "office")
        ],
        *[
            _line(row, RightKind.ROLE, row.plane, row.role, _where(row.appointment))
            for row in _running(UserRole, on, "appointment__office")
        ],
        *[
            _line(row, RightKind.CHARGE, Plane.CASEWORK, row.mission, row.user.section)
            for row in _running(Charge, on)
        ],
    ]
    order = list(RightKind)
    return sorted(
        lines,
        key=lambda line: (
            line.holder_name,
            str(line.holder_id),
            order.index(RightKind(line.kind)),
            line.what,
        ),
    )


def _line(row: Right, kind: RightKind, plane: str, what: str, section: str) -> ReviewLine:
    right: Any = row
    return ReviewLine(
        holder=right.user,
        holder_name=f"{right.user.family_name} {right.user.given_name}",
        kind=kind,
        right_id=right.pk,
        plane=plane,
        what=what,
        section=section,
        valid_from=right.valid_from,
        valid_until=right.valid_until,
        entered_by_name=right.entered_by.display_name if right.entered_by else "",
    )


def _running(model: Any, on: date, *more: str) -> Any:
    return model.objects.filter(running(on)).select_related(*WITH, *more)


def _where(appointment: Appointment) -> str:
    return appointment.office.name if appointment.office else appointment.section
