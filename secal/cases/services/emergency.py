"""Emergency access: one asks, another section allows it for thirty minutes, oversight reviews it."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from secal.access.actors import Actor
from secal.access.policy import require
from secal.cases import errors, events
from secal.cases.access_selectors import unreviewed_in_time
from secal.cases.models import AlimonyFile, EmergencyAccess, EventKind, ReviewFinding
from secal.cases.models.access import LASTS, PAIR_DAYS, PAIR_TIMES, WAITS
from secal.cases.selectors import ENDED, facts_about, facts_without_assignment
from secal.cases.timeline import add_event
from secal.kernel.calendar import nth_working_day_after

SHORTEST_REASON = 20
REVIEWED_WITHIN = 5
"""Working days in which oversight reviews an emergency access."""


def ask_emergency(*, number: str, reason: str, at: datetime) -> EmergencyAccess:
    """Ask for a file of which the officer knows the number and that somebody else has in charge.

    Raises Refused (registration, own file and recusal stay what they are), CaseError.
    """
    actor = require("emergency.ask")
    file = AlimonyFile.objects.filter(number=number).exclude(state__in=ENDED).first()
    if file is None:
        raise errors.no_open_file()
    require("emergency.ask", facts_without_assignment(file.pk))
    if facts_about(file.pk, "file.open").assigned_to == actor.id:
        raise errors.already_in_charge()
    if unreviewed_in_time(actor.id, on=timezone.localdate(at)):
        raise errors.emergency_unreviewed()
    access = EmergencyAccess(
        file=file,
        asked_by_id=actor.id,
        section=actor.section,
        asked_at=at,
        answer_until=at + WAITS,
    )
    access.seal_value("reason", require_reason(reason))
    try:
        with transaction.atomic():
            access.save(force_insert=True)
    except IntegrityError as error:
        raise errors.emergency_waits_already() from error
    _tell(access, "emergency_asked", at)
    events.emergency_asked(file=file.pk)
    return access


def answer_emergency(*, access_id: uuid.UUID, allow: bool, at: datetime) -> EmergencyAccess:
    """Allow it or not, as somebody else of another section. Raises Refused, CaseError."""
    access = _held(access_id)
    facts = replace(facts_without_assignment(access.file_id), prepared_by=access.asked_by_id)
    actor = require("emergency.decide", facts)
    if access.decided_at is not None or at >= access.answer_until:
        raise errors.emergency_over()
    if actor.section == access.section:
        raise errors.emergency_same_section()
    if access.file.state in ENDED:
        raise errors.no_open_file()
    if allow and _often_together(actor, access, at):
        raise errors.emergency_pair()
    access.decided_by_id, access.decided_in, access.decided_at = actor.id, actor.section, at
    if allow:
        access.access_until = at + LASTS
        access.review_due_on = nth_working_day_after(timezone.localdate(at), REVIEWED_WITHIN)
    try:
        with transaction.atomic():
            access.save(
                update_fields=["decided_by", "decided_in", "decided_at", "access_until", "review_due_on"]
            )
    except IntegrityError as error:
        # Two answers at once to the same pair: the database counted better.
        raise errors.emergency_pair() from error
    _tell(access, "emergency_allowed" if allow else "emergency_denied", at)
    events.emergency_answered(file=access.file_id, asker=access.asked_by_id, allowed=allow)
    return access


def review_emergency(*, access_id: uuid.UUID, finding: ReviewFinding, at: datetime) -> EmergencyAccess:
    """Oversight says whether it was justified. Until then, past its day, the asker asks for nothing more.

    Raises Refused, CaseError.
    """
    access = _held(access_id)
    facts = replace(facts_without_assignment(access.file_id), prepared_by=access.asked_by_id)
    actor = require("emergency.review", facts)
    if access.access_until is None or access.reviewed_at is not None:
        raise errors.emergency_over()
    access.reviewed_by_id, access.reviewed_at, access.finding = actor.id, at, finding
    access.save(update_fields=["reviewed_by", "reviewed_at", "finding"])
    _tell(access, "emergency_reviewed", at, finding=finding.value)
    events.emergency_reviewed(file=access.file_id, asker=access.asked_by_id)
    return access


def require_reason(text: str) -> str:
    """The reason without its margins. Raises CaseError when it is too short to explain."""
    reason = text.strip()
    if len(reason) < SHORTEST_REASON:
        raise errors.reason_too_short(SHORTEST_REASON)
    return reason


def _held(access_id: uuid.UUID) -> EmergencyAccess:
    held = EmergencyAccess.objects.select_for_update(no_key=True, of=("self",)).select_related("file")
    access = held.filter(pk=access_id).first()
    if access is None:
        raise errors.no_such_request()
    return access


def _often_together(actor: Actor, access: EmergencyAccess, at: datetime) -> bool:
    """These two persons, whoever asked, had their share of the last thirty days (the database counts too)."""
    one = Q(asked_by=access.asked_by_id, decided_by=actor.id)
    other = Q(asked_by=actor.id, decided_by=access.asked_by_id)
    allowed = EmergencyAccess.objects.filter(
        one | other, access_until__isnull=False, decided_at__gt=at - PAIR_DAYS
    )
    return allowed.count() >= PAIR_TIMES


def _tell(access: EmergencyAccess, code: str, at: datetime, **params: str) -> None:
    on = timezone.localdate(at)
    add_event(access.file, kind=EventKind.ASSIGNMENT, code=code, on=on, params=params)
