"""Moments in the life of a recovery file that rooms above wait for, without these rooms knowing each other.

A listener works in the transaction of the act: if it fails, the act is undone too.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from recovery.cases.models import RecoveryFile, Title

What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Milestone(Generic[What]):
    """One such moment. A room registers its listener when it is made ready; registering twice counts once."""

    name: str
    _listeners: list[Callable[[What, date], None]] = field(default_factory=list)

    def register(self, listener: Callable[[What, date], None]) -> None:
        if listener not in self._listeners:
            self._listeners.append(listener)

    def reached(self, what: What, *, on: date) -> None:
        for listener in self._listeners:
            listener(what, on)


on_title_served: Milestone[Title] = Milestone("title_served")
"""A constraint was served: the debts in it do not lapse for a new term (art. 42). `on`: day of service."""
on_mandate_ended: Milestone[Title] = Milestone("mandate_ended")
"""A bailiff handed a title back or closed their intervention; the file is out of their reach already."""
on_debt_recorded: Milestone[RecoveryFile] = Milestone("debt_recorded")
"""The employer came to owe more in a file that had not ended."""
