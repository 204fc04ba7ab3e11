"""What rooms add to the page of a file: parts of their own, and the acts they offer there.

The rooms never import each other; the page of each kind of file asks its own board.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.functional import Promise

File = TypeVar("File")


@dataclass(frozen=True, slots=True)
class Panel(Generic[File]):
    """A part of the page: `provide` gives the template's context, or None to stay away."""

    name: str
    title: str | Promise
    template: str
    provide: Callable[[File], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the page. `reason` says in words why it is off; empty when it is on."""

    title: str | Promise
    url: str
    primary: bool = False
    reason: str | Promise = ""


@dataclass(slots=True)
class Board(Generic[File]):
    """The panels and actions of one kind of file."""

    _panels: list[Panel[File]] = field(default_factory=list)
    _actions: list[Callable[[File], Sequence[Action]]] = field(default_factory=list)

    def register_panel(self, panel: Panel[File]) -> None:
        if panel.name not in {known.name for known in self._panels}:
            self._panels.append(panel)
            self._panels.sort(key=lambda known: known.order)

    def register_actions(self, provider: Callable[[File], Sequence[Action]]) -> None:
        if provider not in self._actions:
            self._actions.append(provider)

    def panels_of(self, file: File) -> list[tuple[Panel[File], dict[str, Any]]]:
        """The panels that have something to show for this file, in order."""
        filled = ((panel, panel.provide(file)) for panel in self._panels)
        return [(panel, context) for panel, context in filled if context is not None]

    def actions_of(self, file: File) -> list[Action]:
        return [action for provider in self._actions for action in provider(file)]
