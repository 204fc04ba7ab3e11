"""Moments in the life of a file that other contexts wait for, without the contexts knowing each other.

A listener works in the transaction of the act: if it fails, the act is undone too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from secal.cases.models import AlimonyFile
from secal.kernel.errors import DomainError

Listener = Callable[[AlimonyFile, date], None]


@dataclass(frozen=True, slots=True)
class Milestone:
    """One such moment. A room registers its listener when it is made ready; registering twice counts once."""

    name: str
    _listeners: list[Listener] = field(default_factory=list)

    def register(self, listener: Listener) -> Listener:
        if listener not in self._listeners:
            self._listeners.append(listener)
        return listener

    def reached(self, file: AlimonyFile, *, on: date) -> None:
        for listener in self._listeners:
            listener(file, on)


on_file_activated = Milestone("file_activated")
"""The service took the file over: it collects from that day."""
on_file_closed = Milestone("file_closed")
"""Nothing is left to do in the file: what still runs in it ends on that day."""

Obstacle = Callable[[AlimonyFile, date], DomainError | None]
_obstacles: list[Obstacle] = []


def register_obstacle(obstacle: Obstacle) -> Obstacle:
    """A room says what of its own stands in the way of closing a file; registering twice counts once."""
    if obstacle not in _obstacles:
        _obstacles.append(obstacle)
    return obstacle


def obstacles_to_closing(file: AlimonyFile, *, on: date) -> list[DomainError]:
    """What stands in the way, each in words."""
    found = (obstacle(file, on) for obstacle in _obstacles)
    return [refusal for refusal in found if refusal is not None]
