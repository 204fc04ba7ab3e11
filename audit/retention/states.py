"""The state machines of a list and of its items: one table each, read as action, from, to, who."""

from __future__ import annotations

from audit.retention.errors import wrong_state
from audit.retention.models import ErasureItem, ErasureList, ItemState, ListAction, ListState
from secal.access.roles import Role

WATCHERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR})
SERVICE: frozenset[Role] = frozenset()
"""No role: the service identity of this room."""

LIST_TRANSITIONS: dict[tuple[ListAction, ListState], tuple[ListState, frozenset[Role]]] = {
    (ListAction.APPROVE, ListState.PROPOSED): (ListState.PROPOSED, WATCHERS),
    (ListAction.APPROVE_SECOND, ListState.PROPOSED): (ListState.APPROVED, WATCHERS),
    (ListAction.REJECT, ListState.PROPOSED): (ListState.REJECTED, WATCHERS),
    (ListAction.START, ListState.APPROVED): (ListState.RUNNING, SERVICE),
    (ListAction.FINISH, ListState.RUNNING): (ListState.DONE, SERVICE),
}

ITEM_TRANSITIONS: dict[tuple[str, ItemState], ItemState] = {
    ("begin", ItemState.WAITING): ItemState.ERASING,
    ("keep_back", ItemState.WAITING): ItemState.KEPT_BACK,
    ("keep_back", ItemState.ERASING): ItemState.KEPT_BACK,
    ("leave_residue", ItemState.ERASING): ItemState.RESIDUE,
    ("try_again", ItemState.RESIDUE): ItemState.ERASING,
    ("certify", ItemState.ERASING): ItemState.ERASED,
}


def move_list(erasure_list: ErasureList, action: ListAction) -> None:
    """Apply the action, in memory. Raises RetentionError when the table does not know it."""
    try:
        erasure_list.state, _roles = LIST_TRANSITIONS[action, ListState(erasure_list.state)]
    except KeyError as error:
        raise wrong_state(str(ListState(erasure_list.state).label)) from error


def move_item(item: ErasureItem, action: str) -> None:
    """Apply the action, in memory. Raises RetentionError when the table does not know it."""
    try:
        item.state = ITEM_TRANSITIONS[action, ItemState(item.state)]
    except KeyError as error:
        raise wrong_state(str(ItemState(item.state).label)) from error
