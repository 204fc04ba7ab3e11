"""What persons decide: two watchers release a held list, or one sets it aside; one notes an alarm; proposals
are closed."""

import uuid
from datetime import datetime

import structlog
from django.db import transaction
from kombu.exceptions import OperationalError

from recovery.chamber import events
from recovery.chamber.errors import (
    ChamberError,
    closed_already,
    ends_by_itself,
    not_held,
    same_person,
    same_role,
)
from recovery.chamber.models import (
    WATCHING,
    Alarm,
    AlarmKind,
    HoldDecision,
    Proposal,
    ProposalOutcome,
    ReceivedList,
    ReceivedOutcome,
    Release,
)
from recovery.chamber.services import alarms
from secal.access.actors import Actor, current_actor
from secal.access.policy import require

log = structlog.get_logger(__name__)


def release(*, list_id: uuid.UUID, at: datetime) -> ReceivedList:
    """Agree that a held list is carried out. The second agreement sets it going, under the feed's identity.

    Raises Refused; ChamberError not_held, same_person, same_role.
    """
    actor = require("chamber.release")
    row = _held(list_id)
    given = Release.objects.select_for_update().filter(pk=list_id).first()
    role = _capacity(actor, given)
    if given is None:
        Release.objects.create(list=row, first_by_id=actor.id, first_role=role, first_at=at)
        events.release_given(second=False)
        return row
    given.second_by_id, given.second_role, given.second_at = actor.id, role, at
    given.save(update_fields=["second_by", "second_role", "second_at"])
    _decide(row, HoldDecision.RELEASED, at)
    events.release_given(second=True)
    transaction.on_commit(_ring)
    return row


def what_stands_in_the_way(row: ReceivedList) -> ChamberError | None:
    """Why whoever is at work cannot agree now, in words; None when they can."""
    if row.outcome != ReceivedOutcome.HELD or row.decision:
        return not_held()
    try:
        _capacity(current_actor(), getattr(row, "release", None))
    except ChamberError as error:
        return error
    return None


def set_aside(*, list_id: uuid.UUID, at: datetime) -> ReceivedList:
    """Decide that a held list is never carried out: the Chamber has to send another. Raises Refused,
    ChamberError."""
    require("chamber.release")
    row = _held(list_id)
    _decide(row, HoldDecision.SET_ASIDE, at)
    events.list_set_aside()
    transaction.on_commit(_ring)
    return row


def note_alarm(*, alarm_id: uuid.UUID, at: datetime) -> Alarm:
    """A watcher looked at what was refused: the alarm ends, and the next refusal raises another. Raises
    Refused, ChamberError for one that ends by itself. One that was noted stays as it was."""
    actor = require("alarm.note")
    alarm = Alarm.objects.select_for_update().get(pk=alarm_id)
    if alarm.kind != AlarmKind.REFUSED:
        raise ends_by_itself()
    if alarm.ended_at is None:
        alarm.ended_at, alarm.noted_by = at, actor.id
        alarm.save(update_fields=["ended_at", "noted_by"])
        events.alarm_noted()
    return alarm


def close_proposal(*, proposal_id: uuid.UUID, outcome: ProposalOutcome, at: datetime) -> Proposal:
    """Note that the user registrar dealt with a proposal: rights are given elsewhere, anew. Raises Refused,
    ChamberError."""
    actor = require("proposal.close")
    if outcome not in (ProposalOutcome.DONE, ProposalOutcome.DECLINED):
        raise ValueError("a person closes a proposal as done or declined")
    proposal = Proposal.objects.select_for_update().get(pk=proposal_id)
    if proposal.outcome:
        raise closed_already()
    proposal.outcome, proposal.closed_at, proposal.closed_by = outcome, at, actor.id
    proposal.save(update_fields=["outcome", "closed_at", "closed_by"])
    events.proposal_closed(user=proposal.user_id)
    return proposal


def _held(list_id: uuid.UUID) -> ReceivedList:
    row = ReceivedList.objects.select_for_update().get(pk=list_id)
    if row.outcome != ReceivedOutcome.HELD or row.decision:
        raise not_held()
    return row


def _capacity(actor: Actor, given: Release | None) -> str:
    """The role in which the actor agrees: not the one in which somebody did already."""
    if given is not None and given.first_by_id == actor.id:
        raise same_person()
    free = [
        role.value for role in WATCHING if role in actor.roles and not (given and given.first_role == role)
    ]
    if not free:
        raise same_role()
    return free[0]


def _decide(row: ReceivedList, decision: HoldDecision, at: datetime) -> None:
    row.decision, row.decided_at = decision, at
    row.save(update_fields=["decision", "decided_at"])
    alarms.watch(at=at)


def _ring() -> None:
    """Tell the worker. A broker that is down is no loss: the beat rings every minute."""
    from recovery.chamber.tasks import receive_lists

    try:
        receive_lists.apply_async(retry=False)
    except (OperationalError, OSError) as error:
        log.warning("bell_not_heard", error=type(error).__name__)
