"""The suspension of recovery (art. 27): the officer's review proposes it, a second signatory decides."""

import uuid
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db.models import Q

from secal.access.policy import require
from secal.cases.models import AlimonyFile, EventKind, FileState, WorkKind
from secal.cases.selectors import facts_about
from secal.cases.timeline import add_event, ask_work, finish_work
from secal.kernel.errors import gettext_noop
from secal.law import parameter
from secal.solvency import events
from secal.solvency.models import LATEST_FIRST, Procedure, SolvencyReview, Suspension, SuspensionState
from secal.solvency.rules import ReviewError, suspension_effect

PROPOSED = SuspensionState.PROPOSED
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
    if suspension.state != PROPOSED or file.state != FileState.ACTIVE:
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
    waiting = Suspension.objects.filter(file=file, state=PROPOSED)
    return waiting.select_related("review", "proposed_by").first()


def current_suspensions(file: AlimonyFile) -> list[Suspension]:
    """What the reviews since the last one that asked for none came to, the latest first.

    One that is confirmed stands while the confirmation waits, and when it is sent back. What still waited
    when the file was closed is left out.
    """
    asked = Suspension.objects.filter(file=file).exclude(~Q(file__state=FileState.ACTIVE), state=PROPOSED)
    other = SolvencyReview.objects.filter(file=file).exclude(procedure=Procedure.SUSPENSION)
    last = other.order_by(*LATEST_FIRST).first()
    if last is not None:
        same_day = Q(review__reviewed_on=last.reviewed_on, review__signed_at__gt=last.signed_at)
        asked = asked.filter(Q(review__reviewed_on__gt=last.reviewed_on) | same_day)
    order = ("-review__reviewed_on", "-review__signed_at")
    return list(asked.select_related("proposed_by", "decided_by").order_by(*order))


def is_suspended(suspensions: Iterable[Suspension], *, on: date) -> bool:
    """Whether the current suspensions of a file stop its recovery on that day: proposed is not enough."""
    return any(one.effective_on is not None and one.effective_on <= on for one in suspensions)


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
