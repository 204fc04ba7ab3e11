"""Migrate an empty database without drawing the models anew at every step.

Beside the state of the migrations Django keeps drawn models, and after each operation draws the changed one
anew with whatever refers to it, however far away: three quarters of the time that a template takes. What
comes out is the same table by table; the demonstration migrates in the usual way, and its walk is a test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.migrations.state import ProjectState

NOT_DRAWN = frozenset({"constraints", "indexes"})
"""Options that change the database and no drawn model."""


@contextmanager
def few_models_drawn() -> Iterator[None]:
    """While this lasts: a changed model is drawn with its neighbours only, and not for an index or a
    constraint.
    """
    reload_model, append_option = ProjectState.reload_model, ProjectState._append_option

    def neighbours_only(state: ProjectState, app: str, name: str, delay: bool = False) -> None:
        reload_model(state, app, name, delay=True)

    def noted(state: ProjectState, app: str, name: str, option: str, value: Any) -> None:
        if option not in NOT_DRAWN:
            append_option(state, app, name, option, value)
            return
        options = state.models[app, name].options
        options[option] = [*options.get(option, []), value]

    with (
        mock.patch.object(ProjectState, "reload_model", neighbours_only),
        mock.patch.object(ProjectState, "_append_option", noted),
    ):
        yield
