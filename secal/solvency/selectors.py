"""Reading solvency reviews: a file's history, what one review found, the calendar of one's files."""

import json
import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.cases.models import AlimonyFile, FileState
from secal.cases.selectors import get_file, visible_files
from secal.law import parameter
from secal.solvency import events
from secal.solvency.models import LATEST_FIRST, Reexamination, ReviewOutcome, SolvencyReview
from secal.solvency.rules import CalendarParameters, InventoryLine

FIELDS = ("file", "parties", "means", "charges", "motive")


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """A review with its sealed parts opened."""

    review: SolvencyReview
    reasons: str
    inventory: tuple[InventoryLine, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """What an officer has before them when they review a debtor."""

    file: AlimonyFile
    history: list[SolvencyReview]
    last: OpenedReview | None
    reexamination: Reexamination | None


def review_room(file_id: uuid.UUID) -> Room:
    """The file's reviews for the officer who may make another. Raises Refused."""
    file = get_file(file_id, act="solvency.review", purpose="solvency", fields=FIELDS)
    history = history_of(file)
    return Room(
        file=file,
        history=history,
        last=_opened(history[0]) if history else None,
        reexamination=calendar_line(file),
    )


def past_review(file_id: uuid.UUID, review_id: uuid.UUID) -> OpenedReview | None:
    """What one review found, for whoever may open its file; None for another file's. Raises Refused."""
    file = get_file(file_id, act="file.open", purpose="solvency", fields=("file", "parties"))
    review = (
        SolvencyReview.objects.filter(pk=review_id, file=file).select_related("file", "reviewed_by").first()
    )
    if review is None:
        return None
    events.review_read(file=file.pk, debtor=file.debtor_id)
    return _opened(review)


def history_of(file: AlimonyFile) -> list[SolvencyReview]:
    """Every review of a file that was opened through `get_file`, latest first; nothing sealed is opened."""
    return list(
        SolvencyReview.objects.filter(file=file).select_related("file", "reviewed_by").order_by(*LATEST_FIRST)
    )


def calendar_line(file: AlimonyFile) -> Reexamination | None:
    return Reexamination.objects.filter(file=file).first()


def calendar() -> QuerySet[Reexamination]:
    """When each debtor of the files of this person is looked at again, soonest first. Raises Refused.

    The caller logs the lines that it shows (`log_calendar`).
    """
    actor = require("solvency.list")
    return (
        Reexamination.objects.filter(
            file__in=visible_files(actor).filter(state=FileState.ACTIVE).values("pk")
        )
        .select_related("file__creditor", "file__debtor", "review")
        .order_by("due_on", "file__number")
    )


def log_calendar(lines: list[Reexamination]) -> None:
    """The lines are about to be shown."""
    current_actor()
    events.calendar_read(lines=[(line.file.debtor_id, line.file_id) for line in lines])


def calendar_parameters(outcome: str, *, on: date) -> CalendarParameters:
    """The office's usual delay after this outcome, and the longest."""
    return CalendarParameters(
        months=parameter("solvency_next_review_months", on=on, outcome=str(ReviewOutcome(outcome))).integer(),
        latest=parameter("solvency_review_latest_months", on=on).integer(),
    )


def _opened(review: SolvencyReview) -> OpenedReview:
    frozen = json.loads(review.open_value("means") or '{"lines": []}')
    return OpenedReview(
        review=review,
        reasons=review.open_value("reasons"),
        inventory=tuple(
            InventoryLine(line["kind"], line["label"], Decimal(line["amount"]), line["source"])
            for line in frozen["lines"]
        ),
    )
