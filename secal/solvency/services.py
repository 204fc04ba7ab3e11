"""The only writers of solvency reviews and of the calendar that brings debtors back."""

import json
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.cases.models import AlimonyFile, EventKind, FileState, WorkKind
from secal.cases.selectors import get_file
from secal.cases.timeline import add_event, ask_work_of_many, finish_work_of_file
from secal.kernel.errors import gettext_noop
from secal.law import parameter
from secal.solvency import events
from secal.solvency.models import Procedure, Reexamination, ReviewOutcome, SolvencyReview
from secal.solvency.rules import (
    InventoryLine,
    ReviewError,
    balance,
    next_review,
    procedure_for,
    require_motive,
)
from secal.solvency.selectors import FIELDS, calendar_parameters
from secal.solvency.suspensions import propose_suspension, refuse_while_one_waits, withdraw_suspension


@dataclass(frozen=True, slots=True)
class Findings:
    """What the officer found. procedure "" where the outcome leaves no choice; no next day: the usual one."""

    outcome: ReviewOutcome
    reasons: str
    inventory: tuple[InventoryLine, ...] = ()
    procedure: str = ""
    next_review_on: date | None = None


@dataclass(frozen=True, slots=True)
class Conclusion:
    """Findings after the rules: what will be written when they are signed."""

    outcome: ReviewOutcome
    procedure: Procedure
    reasons: str
    next_review_on: date
    inventory: tuple[InventoryLine, ...]


def conclude(findings: Findings, *, on: date) -> Conclusion:
    """Check findings without writing. Raises ReviewError."""
    balance(findings.inventory)
    return Conclusion(
        outcome=findings.outcome,
        procedure=Procedure(procedure_for(findings.outcome, findings.procedure)),
        reasons=require_motive(findings.reasons),
        next_review_on=next_review(
            findings.next_review_on, on=on, parameters=calendar_parameters(findings.outcome, on=on)
        ),
        inventory=findings.inventory,
    )


def record_review(*, file_id: uuid.UUID, findings: Findings, on: date) -> SolvencyReview:
    """Sign a review as the officer in charge; the calendar brings the debtor back on the day it names. A
    suspension is only proposed by it.

    Raises Refused, ReviewError.
    """
    file = get_file(file_id, act="solvency.review", purpose="solvency", fields=FIELDS, lock=True)
    if file.state != FileState.ACTIVE:
        raise ReviewError(
            "review.state",
            gettext_noop(
                "La solvabilité ne s’examine que dans un dossier en recouvrement. "
                "Rechargez la page du dossier."
            ),
        )
    refuse_while_one_waits(file)
    conclusion = conclude(findings, on=on)
    review = _write(file, conclusion, on)
    Reexamination.objects.update_or_create(
        file=file, defaults={"review": review, "due_on": review.next_review_on, "brought_back_on": None}
    )
    finish_work_of_file(file, kind=WorkKind.REVIEW_SOLVENCY, on=on)
    add_event(
        file,
        kind=EventKind.REVIEW,
        code="solvency_reviewed",
        on=on,
        params={"outcome": review.outcome, "next_review_on": review.next_review_on.isoformat()},
    )
    if review.procedure == Procedure.SUSPENSION:
        propose_suspension(review, on=on)
    events.review_signed(file=file.pk, debtor=file.debtor_id)
    return review


def schedule_first_review(file: AlimonyFile, on: date) -> None:
    """The debtor of a file that the service takes over is first looked at after the office's usual delay."""
    days = parameter("solvency_first_review_days", on=on).integer().value
    Reexamination.objects.get_or_create(file=file, defaults={"due_on": on + timedelta(days=days)})


def take_off_calendar(file: AlimonyFile, on: date) -> None:
    """The file is closed: its debtor does not come back. The reviews themselves stay."""
    Reexamination.objects.filter(file=file).delete()
    withdraw_suspension(file, on)


def count_due(*, on: date) -> int:
    """How many re-examinations have come and are not brought back yet."""
    require("solvency.bring_back")
    return _due(on).count()


def bring_back_due(*, on: date, limit: int = 500) -> int:
    """Put at most `limit` re-examinations due by that day on their officers' lists; returns how many.

    Repeatable: what was brought back stays so until a new review. 0 means that the day is done.
    """
    require("solvency.bring_back")
    chosen = list(_due(on).select_for_update(of=("self",)).order_by("due_on", "pk")[:limit])
    Reexamination.objects.filter(pk__in=[line.pk for line in chosen]).update(brought_back_on=on)
    ask_work_of_many(
        [(line.file_id, line.due_on) for line in chosen],
        kind=WorkKind.REVIEW_SOLVENCY,
        code="solvency_due",
        on=on,
        legal_reference=parameter("solvency_review_latest_months", on=on).article,
    )
    return len(chosen)


def _due(on: date) -> QuerySet[Reexamination]:
    return Reexamination.objects.filter(due_on__lte=on, brought_back_on=None, file__state=FileState.ACTIVE)


def _write(file: AlimonyFile, conclusion: Conclusion, on: date) -> SolvencyReview:
    review = SolvencyReview(
        file=file,
        reviewed_on=on,
        outcome=conclusion.outcome,
        procedure=conclusion.procedure,
        next_review_on=conclusion.next_review_on,
        reviewed_by_id=current_actor().id,
    )
    review.seal_value("reasons", conclusion.reasons)
    review.seal_value("means", _frozen(conclusion.inventory))
    review.save()
    return review


def _frozen(inventory: tuple[InventoryLine, ...]) -> str:
    sums = balance(inventory)
    return json.dumps(
        {
            "lines": [
                {"kind": line.kind, "label": line.label, "amount": str(line.amount), "source": line.source}
                for line in inventory
            ],
            "means": str(sums.means),
            "charges": str(sums.charges),
        },
        ensure_ascii=False,
    )
