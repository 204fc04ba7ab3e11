"""What each context adds to the file page: a panel of its own, and the acts that it offers there.

The contexts never import each other; the file page asks this register.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from secal.cases.models import AlimonyFile


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the file page: `provide` gives the template's context, or None to stay away."""

    name: str
    title: str | Promise
    template: str
    provide: Callable[[AlimonyFile], dict[str, Any] | None]
    order: int = 50


@dataclass(frozen=True, slots=True)
class Action:
    """A button of the file page. `reason` says in words why it is off; empty when it is on."""

    title: str | Promise
    url: str
    primary: bool = False
    reason: str | Promise = ""


_panels: list[Panel] = []
_actions: list[Callable[[AlimonyFile], Sequence[Action]]] = []


def register_panel(panel: Panel) -> None:
    if panel.name not in {known.name for known in _panels}:
        _panels.append(panel)
        _panels.sort(key=lambda known: known.order)


def register_actions(provider: Callable[[AlimonyFile], Sequence[Action]]) -> None:
    if provider not in _actions:
        _actions.append(provider)


def panels_of(file: AlimonyFile) -> list[tuple[Panel, dict[str, Any]]]:
    """The panels that have something to show for this file, in order."""
    filled = ((panel, panel.provide(file)) for panel in _panels)
    return [(panel, context) for panel, context in filled if context is not None]


def actions_of(file: AlimonyFile) -> list[Action]:
    return [action for provider in _actions for action in provider(file)]
