"""The state machine of a file and its application: one table, read as action, from, to."""

from secal.cases.errors import wrong_state
from secal.cases.models import AlimonyFile, Application, ApplicationState, Closure, ClosureState, FileState

FILE_TRANSITIONS = {
    ("complete", FileState.INTAKE): FileState.TO_DECIDE,
    ("grant", FileState.TO_DECIDE): FileState.ACTIVE,
    ("refuse", FileState.TO_DECIDE): FileState.REFUSED,
    ("close", FileState.ACTIVE): FileState.CLOSED,
}
CLOSURE_TRANSITIONS = {
    ("propose", None): (ClosureState.PROPOSED, "file.propose_closure"),
    ("approve", ClosureState.PROPOSED): (ClosureState.APPROVED, "file.close"),
    ("return", ClosureState.PROPOSED): (ClosureState.RETURNED, "file.close"),
}
"""The state that an action on a closure leads to, and the act that it is."""
APPLICATION_TRANSITIONS = {
    ("complete", ApplicationState.INCOMPLETE): ApplicationState.COMPLETE,
    ("grant", ApplicationState.COMPLETE): ApplicationState.GRANTED,
    ("refuse", ApplicationState.COMPLETE): ApplicationState.REFUSED,
}


def move(file: AlimonyFile, application: Application, action: str) -> None:
    """Apply the action to both, in memory. Raises CaseError when the table does not know it."""
    try:
        file.state = FILE_TRANSITIONS[action, FileState(file.state)]
        application.state = APPLICATION_TRANSITIONS[action, ApplicationState(application.state)]
    except KeyError as error:
        raise wrong_state(action, str(FileState(file.state).label)) from error


def move_file(file: AlimonyFile, action: str) -> None:
    """Apply an action that leaves the application as it is, in memory. Raises CaseError."""
    try:
        file.state = FILE_TRANSITIONS[action, FileState(file.state)]
    except KeyError as error:
        raise wrong_state(action, str(FileState(file.state).label)) from error


def move_application(application: Application, action: str) -> None:
    """Apply an action to the application alone, in memory: the file follows. Raises CaseError."""
    try:
        application.state = APPLICATION_TRANSITIONS[action, ApplicationState(application.state)]
    except KeyError as error:
        raise wrong_state(action, str(ApplicationState(application.state).label)) from error


def move_closure(closure: Closure, action: str) -> str:
    """Apply the action to a closure, in memory; the act that the policy must permit. Raises CaseError."""
    try:
        closure.state, act = CLOSURE_TRANSITIONS[action, ClosureState(closure.state)]
    except KeyError as error:
        raise wrong_state(action, str(ClosureState(closure.state).label)) from error
    return act
