"""Delegations of the Management Committee: recorded by the register of users, never by the delegate."""

import uuid
from datetime import date

from recovery.arrears import events
from recovery.arrears.errors import delegation_dates, not_a_signatory
from recovery.arrears.models import Delegation
from secal.access.models import User
from secal.access.policy import Facts, require
from secal.access.roles import Role


def record_delegation(
    *,
    delegate_id: uuid.UUID,
    decision: str,
    decided_on: date,
    from_on: date,
    until_on: date | None,
    signs_rolls: bool,
    issues_constraints: bool,
) -> Delegation:
    """Record an act of delegation. Raises Refused; ArrearsError delegation.not_a_signatory,
    delegation.dates.
    """
    actor = require("delegation.record", Facts(subject=delegate_id))
    delegate = User.objects.filter(
        pk=delegate_id, is_active=True, roles__role=Role.ROLL_SIGNATORY, roles__ended_at=None
    ).first()
    if delegate is None:
        raise not_a_signatory()
    if from_on < decided_on or (until_on is not None and until_on < from_on):
        raise delegation_dates()
    delegation = Delegation.objects.create(
        delegate=delegate,
        decision=decision,
        decided_on=decided_on,
        from_on=from_on,
        until_on=until_on,
        signs_rolls=signs_rolls,
        issues_constraints=issues_constraints,
        recorded_by=actor.id,
    )
    events.delegation_recorded(delegate=delegate.pk)
    return delegation


def end_delegation(*, delegation_id: uuid.UUID, until_on: date) -> Delegation:
    """The delegation ends on a day (its last). Raises Refused; ArrearsError delegation.dates."""
    delegation = Delegation.objects.select_for_update(no_key=True).get(pk=delegation_id)
    require("delegation.record", Facts(subject=delegation.delegate_id))
    if until_on < delegation.from_on:
        raise delegation_dates()
    delegation.until_on = until_on
    delegation.save()
    events.delegation_recorded(delegate=delegation.delegate_id)
    return delegation
