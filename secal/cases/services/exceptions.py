"""What closes a file to somebody who could open it: a conflict of interest, a protected person."""

import uuid
from dataclasses import replace
from datetime import date, datetime

from django.utils import timezone

from secal.access.errors import Refused
from secal.access.policy import require
from secal.access.roles import Role
from secal.cases import errors, events
from secal.cases.access_selectors import barred_file_of, file_by_number, persons_of
from secal.cases.models import (
    AlimonyFile,
    EventKind,
    PersonProtection,
    ProtectedOpening,
    ProtectionGround,
    Recusal,
    WorkKind,
)
from secal.cases.models.access import AGREED_FOR
from secal.cases.selectors import facts_about, facts_without_assignment, get_file
from secal.cases.services.emergency import require_reason
from secal.cases.timeline import add_event, ask_work


def recuse(*, file_id: uuid.UUID, on: date) -> Recusal:
    """The officer in charge declares a conflict of interest. The file is closed to them at once, and the
    second signatory is asked for another officer. Raises Refused.
    """
    file = get_file(file_id, act="conflict.declare", purpose="assignment", fields=("number",), lock=True)
    actor = require("conflict.declare", facts_about(file.pk, "conflict.declare"))
    recusal = Recusal.objects.create(file=file, officer_id=actor.id, declared_on=on)
    ask_work(file, kind=WorkKind.REASSIGN, source=recusal.pk, since=on, due_on=on)
    add_event(file, kind=EventKind.ASSIGNMENT, code="officer_recused", on=on)
    events.officer_recused(file=file.pk)
    return recusal


def protect(*, number: str, person_id: uuid.UUID, ground: ProtectionGround, on: date) -> PersonProtection:
    """Mark one of the persons of a file as protected. Raises Refused, also to a party to it; CaseError."""
    require("protection.mark")
    file = file_by_number(number)
    if file is None or person_id not in persons_of(file.pk):
        raise errors.no_open_file()
    actor = require("protection.mark", facts_without_assignment(file.pk))
    protection, _made = PersonProtection.objects.get_or_create(
        person_id=person_id,
        lifted_on=None,
        defaults={"ground": ground, "marked_by_id": actor.id, "marked_on": on},
    )
    events.person_protected(person=person_id, file=file.pk)
    return protection


def unprotect(*, protection_id: uuid.UUID, on: date) -> None:
    """The person is protected no more. Raises Refused, also to a party to a file of theirs; CaseError."""
    actor = require("protection.mark")
    protection = PersonProtection.objects.select_for_update().filter(pk=protection_id, lifted_on=None).first()
    if protection is None:
        raise errors.no_such_request()
    if (own := barred_file_of(actor, protection.person_id)) is not None:
        require("protection.mark", facts_without_assignment(own))
    protection.lifted_by_id, protection.lifted_on = actor.id, on
    protection.save(update_fields=["lifted_by", "lifted_on"])
    events.protection_lifted(person=protection.person_id)


def ask_opening_by_number(*, number: str, reason: str, at: datetime) -> ProtectedOpening:
    """Ask for a protected file by its number (`ask_opening`).

    The number of nothing and that of somebody else's file get one answer (CaseError access.no_open_file); the
    second leaves its refusal in the log. Raises Refused, CaseError.
    """
    require("protection.ask")
    file = file_by_number(number)
    if file is None:
        raise errors.no_open_file()
    try:
        return ask_opening(file_id=file.pk, reason=reason, at=at)
    except Refused as refusal:
        if not refusal.hidden:
            raise
        events.opening_hidden(file=file.pk, reason=refusal.reason)
        raise errors.no_open_file() from refusal


def ask_opening(*, file_id: uuid.UUID, reason: str, at: datetime) -> ProtectedOpening:
    """Ask two others to let one open a file of a protected person, which would else be one's to open.

    Raises Refused, CaseError.
    """
    facts = facts_about(file_id, "file.open")
    actor = require("protection.ask", replace(facts, protected=False))
    waiting = ProtectedOpening.objects.filter(
        file=file_id, asked_by=actor.id, asked_at__gt=at - AGREED_FOR
    ).first()
    if waiting is not None:
        raise errors.opening_waits_already()
    if not facts.protected:
        raise errors.nobody_protected()
    opening = ProtectedOpening(file=AlimonyFile.objects.get(pk=file_id), asked_by_id=actor.id, asked_at=at)
    opening.seal_value("reason", require_reason(reason))
    opening.save(force_insert=True)
    events.opening_asked(file=file_id)
    return opening


def agree(*, opening_id: uuid.UUID, at: datetime) -> ProtectedOpening:
    """One of the two agreements: a second signatory's or the security co-ordinator's.

    Raises Refused, CaseError.
    """
    opening = (
        ProtectedOpening.objects.select_for_update(no_key=True, of=("self",))
        .select_related("file")
        .filter(pk=opening_id)
        .first()
    )
    if opening is None:
        raise errors.no_such_request()
    facts = replace(facts_without_assignment(opening.file_id), prepared_by=opening.asked_by_id)
    actor = require("protection.clear", facts)
    if at >= opening.asked_at + AGREED_FOR:
        raise errors.emergency_over()
    side = "signed" if Role.APPROVER in actor.roles else "watched"
    if getattr(opening, f"{side}_at") is not None:
        raise errors.agreed_already()
    setattr(opening, f"{side}_by_id", actor.id)
    setattr(opening, f"{side}_at", at)
    opening.save(update_fields=[f"{side}_by", f"{side}_at"])
    if opening.signed_at and opening.watched_at:
        add_event(
            opening.file,
            kind=EventKind.ASSIGNMENT,
            code="protected_opening_agreed",
            on=timezone.localdate(at),
        )
    events.opening_agreed(file=opening.file_id, asker=opening.asked_by_id)
    return opening
