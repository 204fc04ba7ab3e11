"""Rooms above follow who joins and who leaves: what hangs on a person's place comes and goes with it."""

import uuid
from collections.abc import Callable
from datetime import date

Joined = Callable[[uuid.UUID, date], None]
Left = Callable[[uuid.UUID], None]

_on_joining: list[Joined] = []
_on_leaving: list[Left] = []


def follow(*, joined: Joined, left: Left) -> None:
    """Be told in the transaction in which a role is granted, and in which somebody's rights end."""
    _on_joining.append(joined)
    _on_leaving.append(left)


def tell_joined(user_id: uuid.UUID, on: date) -> None:
    for told in _on_joining:
        told(user_id, on)


def tell_left(user_id: uuid.UUID) -> None:
    for told in _on_leaving:
        told(user_id)
