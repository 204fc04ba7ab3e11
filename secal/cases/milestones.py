"""Moments in the life of a file that other contexts wait for, without the contexts knowing each other.

A listener works in the transaction of the act: if it fails, the act is undone too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from secal.cases.models import AlimonyFile

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
