"""The state machine of a file and its application: one table, read as action, from, to."""

from secal.cases.errors import wrong_state
from secal.cases.models import AlimonyFile, Application, ApplicationState, FileState

FILE_TRANSITIONS = {
    ("complete", FileState.INTAKE): FileState.TO_DECIDE,
    ("grant", FileState.TO_DECIDE): FileState.ACTIVE,
    ("refuse", FileState.TO_DECIDE): FileState.REFUSED,
}
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
