"""The suspension of recovery (art. 27): the officer's review proposes it, a second signatory decides."""

import uuid
from dataclasses import replace
from datetime import date

from secal.access.policy import require
from secal.cases.models import AlimonyFile, EventKind, FileState, WorkKind
from secal.cases.selectors import facts_about
from secal.cases.timeline import add_event, ask_work, finish_work
from secal.kernel.errors import gettext_noop
from secal.law import parameter
from secal.solvency import events
from secal.solvency.models import SolvencyReview, Suspension, SuspensionState
from secal.solvency.rules import ReviewError, suspension_effect

WRITTEN = ["state", "decided_by", "decided_on", "effective_on"]


def propose_suspension(review: SolvencyReview, *, on: date) -> Suspension:
    """What the officer's review asks for; nothing is suspended yet. The caller has required its own act."""
    suspension = Suspension.objects.create(
        review=review, file=review.file, proposed_by_id=review.reviewed_by_id, proposed_on=on
    )
    ask_work(review.file, kind=WorkKind.APPROVE_SUSPENSION, source=suspension.pk, since=on, due_on=on)
    _tell(review.file, "suspension_proposed", on)
    events.suspension_proposed(file=review.file_id)
    return suspension


def refuse_while_one_waits(file: AlimonyFile) -> None:
    """No second review before the second signatory answered the first. Raises ReviewError."""
    if proposed_suspension(file) is not None:
        raise ReviewError(
            "review.suspension_waits",
            gettext_noop(
                "La suspension proposée attend la décision du second signataire. "
                "Demandez-lui de l’approuver ou de la renvoyer."
            ),
        )


def decide_suspension(*, suspension_id: uuid.UUID, approve: bool, on: date) -> Suspension:
    """Approve it, which takes effect with the letter to the creditor, or send it back.

    Raises Refused (never by who proposed it), ReviewError.
    """
    file = AlimonyFile.objects.select_for_update(no_key=True).get(
        pk=Suspension.objects.values_list("file", flat=True).get(pk=suspension_id)
    )
    suspension = Suspension.objects.select_for_update(of=("self",)).get(pk=suspension_id)
    facts = replace(facts_about(file.pk, "suspension.decide"), prepared_by=suspension.proposed_by_id)
    actor = require("suspension.decide", facts)
    if suspension.state != SuspensionState.PROPOSED or (approve and file.state != FileState.ACTIVE):
        raise ReviewError(
            "suspension.decided",
            gettext_noop("Cette suspension n’attend plus de décision. Rechargez la page."),
        )
    suspension.state = SuspensionState.APPROVED if approve else SuspensionState.RETURNED
    suspension.decided_by_id, suspension.decided_on = actor.id, on
    suspension.effective_on = effective_day(on) if approve else None
    suspension.save(update_fields=WRITTEN)
    finish_work(kind=WorkKind.APPROVE_SUSPENSION, source=suspension.pk, on=on)
    _tell(file, "suspension_approved" if approve else "suspension_returned", on)
    events.suspension_decided(file=file.pk, approved=approve)
    return suspension


def proposed_suspension(file: AlimonyFile) -> Suspension | None:
    """The proposal that waits for a second person, of a file that was let in."""
    waiting = Suspension.objects.filter(file=file, state=SuspensionState.PROPOSED)
    return waiting.select_related("review", "proposed_by").first()


def last_suspension(file: AlimonyFile) -> Suspension | None:
    """The suspension of the latest review; None when the latest review asked for none."""
    review = SolvencyReview.objects.filter(file=file).order_by("-reviewed_on", "-pk").first()
    if review is None:
        return None
    return Suspension.objects.filter(review=review).select_related("proposed_by", "decided_by").first()


def is_suspended(file: AlimonyFile, *, on: date) -> bool:
    """Whether recovery is suspended on that day: proposed is not enough."""
    last = last_suspension(file)
    return last is not None and last.effective_on is not None and last.effective_on <= on


def withdraw_suspension(file: AlimonyFile, on: date) -> None:
    """The file is closed: nothing is left to decide. What waited leaves the list; the review stays."""
    waiting = proposed_suspension(file)
    if waiting is not None:
        finish_work(kind=WorkKind.APPROVE_SUSPENSION, source=waiting.pk, on=on)


def effective_day(on: date) -> date:
    """When a letter sent on this day takes effect."""
    days = parameter("notification_effect_working_days", on=on, event="art27_letter").integer()
    return suspension_effect(on, days)


def _tell(file: AlimonyFile, code: str, on: date) -> None:
    add_event(file, kind=EventKind.DECISION, code=code, on=on)
