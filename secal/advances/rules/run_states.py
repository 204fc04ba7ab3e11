"""The life of a payment run: one table of (action, from, to, act). An action that is not here does not
exist.
"""

from dataclasses import dataclass

from secal.advances.models import RunAction, RunState


@dataclass(frozen=True, slots=True)
class Transition:
    """`act` names the line of the access policy; `second_person`: never whoever prepared the run."""

    action: RunAction
    source: RunState | None
    target: RunState
    act: str
    second_person: bool = False


TRANSITIONS = (
    Transition(RunAction.PREPARE, None, RunState.PREPARING, "run.prepare"),
    Transition(RunAction.PROPOSE, RunState.PREPARING, RunState.PROPOSED, "run.compute"),
    Transition(RunAction.APPROVE, RunState.PROPOSED, RunState.APPROVED, "run.approve", second_person=True),
    Transition(RunAction.SEND, RunState.APPROVED, RunState.SENT, "run.send"),
    Transition(RunAction.CONFIRM, RunState.SENT, RunState.CONFIRMED, "run.confirm"),
    Transition(RunAction.CANCEL, RunState.PREPARING, RunState.CANCELLED, "run.cancel"),
    Transition(RunAction.CANCEL, RunState.PROPOSED, RunState.CANCELLED, "run.cancel"),
)


def transition(action: RunAction, source: RunState | str | None) -> Transition | None:
    """The line of the table, or None when the action is not possible from this state."""
    return next((line for line in TRANSITIONS if line.action == action and line.source == source), None)
