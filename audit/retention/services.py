"""The only writers of lists: the service proposes what is due, two watchers approve, or one rejects."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import date

from django.db import connection

from audit.retention import events
from audit.retention.errors import reason_missing, same_person, same_role
from audit.retention.models import (
    OPEN_ITEM,
    ErasureApproval,
    ErasureItem,
    ErasureList,
    ItemState,
    ListAction,
    ListChange,
    ListState,
)
from audit.retention.selectors import due_units
from audit.retention.states import LIST_TRANSITIONS, move_list
from audit.retention.wording import LIST_REJECTED
from secal.access.actors import Actor, current_actor
from secal.access.policy import require
from secal.access.roles import Role
from secal.office.jobs import request_job

MOST_ON_A_LIST = 200
"""More than two persons can look through in a morning helps nobody: the rest follows the next night."""
LONGEST_REASON = 300
ERASE_JOB = "retention.erase"


def propose_list(*, on: date) -> ErasureList | None:
    """Put what is due, and on no open list yet, on a new list. None when there is nothing. Raises Refused."""
    actor = require("erasure.list")
    due = [line for line in due_units(on=on) if not line.on_list][:MOST_ON_A_LIST]
    if not due:
        return None
    made = ErasureList.objects.create(number=_number(on), made_on=on, made_by=actor.name)
    ErasureItem.objects.bulk_create(
        ErasureItem(
            list=made,
            unit_kind=line.kind,
            unit_id=line.unit.id,
            number=line.unit.number,
            ground=line.unit.ground,
            due_since=line.unit.since,
        )
        for line in due
    )
    _record(made, ListAction.PROPOSE)
    events.list_proposed()
    return made


def approve(*, list_id: uuid.UUID) -> ErasureList:
    """Approve a list as one of its two watchers. The second approval sets the erasure going.

    Raises Refused; RetentionError for a list in another state, the same person, or a capacity that approved.
    """
    actor = require("erasure.approve")
    found = ErasureList.objects.select_for_update().get(pk=list_id)
    given = list(found.approvals.all())
    action = ListAction.APPROVE_SECOND if given else ListAction.APPROVE
    move_list(found, action)
    if actor.user_id in {approval.user_id for approval in given}:
        raise same_person()
    role = _capacity(actor, action, {approval.role for approval in given})
    ErasureApproval.objects.create(list=found, user_id=actor.id, role=role)
    found.save(update_fields=["state"])
    _record(found, action)
    events.list_approved(second=bool(given))
    if found.state == ListState.APPROVED:
        request_job(ERASE_JOB, str(found.pk))
    return found


def reject(*, list_id: uuid.UUID, reason: str) -> ErasureList:
    """Set a proposed list aside, and say why. What is due comes back on a later list. Raises Refused,
    RetentionError."""
    require("erasure.approve")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise reason_missing()
    found = ErasureList.objects.select_for_update().get(pk=list_id)
    move_list(found, ListAction.REJECT)
    found.reject_reason = reason.strip()
    found.save(update_fields=["state", "reject_reason"])
    found.items.update(state=ItemState.KEPT_BACK, reason=LIST_REJECTED)
    _record(found, ListAction.REJECT)
    events.list_rejected()
    return found


def start(list_id: uuid.UUID) -> ErasureList:
    """Take up an approved list. One that runs already goes on. Raises Refused, RetentionError."""
    require("erasure.run")
    found = ErasureList.objects.select_for_update().get(pk=list_id)
    if found.state == ListState.APPROVED:
        move_list(found, ListAction.START)
        found.save(update_fields=["state"])
        _record(found, ListAction.START)
    return found


def finish(list_id: uuid.UUID) -> bool:
    """Close a list of which nothing is left to erase. False while something is. Raises Refused."""
    require("erasure.run")
    found = ErasureList.objects.select_for_update().get(pk=list_id)
    if found.state == ListState.DONE:
        return True
    if found.items.filter(state__in=OPEN_ITEM).exists():
        return False
    move_list(found, ListAction.FINISH)
    found.save(update_fields=["state"])
    _record(found, ListAction.FINISH)
    return True


def lists_to_erase() -> Iterator[uuid.UUID]:
    """Approved lists, and those of which something is left: the night takes them up again."""
    found = ErasureList.objects.filter(state__in=[ListState.APPROVED, ListState.RUNNING])
    yield from found.order_by("made_on", "number").values_list("pk", flat=True)


def _capacity(actor: Actor, action: ListAction, taken: set[str]) -> Role:
    """The role in which the actor approves: one that nobody approved in yet."""
    _state, roles = LIST_TRANSITIONS[action, ListState.PROPOSED]
    free = sorted(role for role in roles & actor.roles if role.value not in taken)
    if not free:
        raise same_role()
    return free[0]


def _number(on: date) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('retention_list_number')")
        (place,) = cursor.fetchone()
    return f"EFF-{on.year}-{place:06d}"


def _record(erasure_list: ErasureList, action: ListAction) -> None:
    actor = current_actor()
    ListChange.objects.create(
        list=erasure_list,
        action=action,
        state=erasure_list.state,
        actor=actor.id,
        actor_name=actor.name,
    )
