"""The state machines of a title and of a mandate: one table each, read as action, from, to, roles."""

from recovery.cases.errors import wrong_state
from recovery.cases.models import Mandate, MandateState, Title, TitleState
from secal.access.roles import Role

CLERK, DIRECTORATE, OPERATOR, BAILIFF = (
    Role.ARREARS_CLERK,
    Role.RECOVERY_DIRECTORATE,
    Role.CONCESSION_OPERATOR,
    Role.BAILIFF,
)

NOBODY: frozenset[Role] = frozenset()

TITLE_TRANSITIONS: dict[tuple[str, TitleState], tuple[TitleState, frozenset[Role]]] = {
    ("transmit", TitleState.ISSUED): (TitleState.TRANSMITTED, frozenset({DIRECTORATE})),
    ("mandate", TitleState.TRANSMITTED): (TitleState.MANDATED, frozenset({OPERATOR})),
    ("mandate", TitleState.SERVED): (TitleState.SERVED, frozenset({OPERATOR})),
    ("serve", TitleState.MANDATED): (TitleState.SERVED, frozenset({BAILIFF})),
    ("hand_back", TitleState.MANDATED): (TitleState.TRANSMITTED, frozenset({BAILIFF})),
    ("hand_back", TitleState.SERVED): (TitleState.SERVED, frozenset({BAILIFF})),
    ("close", TitleState.MANDATED): (TitleState.CLOSED, frozenset({BAILIFF})),
    ("close", TitleState.SERVED): (TitleState.CLOSED, frozenset({BAILIFF})),
    ("withdraw", TitleState.ISSUED): (TitleState.CLOSED, NOBODY),
    ("withdraw", TitleState.TRANSMITTED): (TitleState.CLOSED, NOBODY),
    ("withdraw", TitleState.SERVED): (TitleState.CLOSED, NOBODY),
    ("annul", TitleState.SERVED): (TitleState.CLOSED, frozenset({DIRECTORATE})),
    ("annul", TitleState.CLOSED): (TitleState.CLOSED, frozenset({DIRECTORATE})),
    ("hand_back", TitleState.CLOSED): (TitleState.CLOSED, frozenset({BAILIFF})),
    ("close", TitleState.CLOSED): (TitleState.CLOSED, frozenset({BAILIFF})),
}
"""A served title that is handed back stays served: its next mandate goes on with the execution. One that a
judge annulled is closed while its mandate runs: the office only ends its intervention.
What is left of the titles is withdrawn by itself when the file ends (`recovery_end_when_reached`).
"""

MANDATE_TRANSITIONS: dict[tuple[str, MandateState], tuple[MandateState, frozenset[Role]]] = {
    ("hand_back", MandateState.RUNNING): (MandateState.HANDED_BACK, frozenset({BAILIFF})),
    ("close", MandateState.RUNNING): (MandateState.CLOSED, frozenset({BAILIFF})),
}


def move_title(title: Title, action: str) -> None:
    """Apply the action, in memory. Raises RecoveryError when the table does not know it.

    The roles of the table are those of the acts in the policy; services require the act.
    """
    state = TitleState(title.state)
    if (action, state) not in TITLE_TRANSITIONS:
        raise wrong_state(action, state.label)
    title.state = TITLE_TRANSITIONS[action, state][0]


def move_mandate(mandate: Mandate, action: str) -> None:
    """Apply the action, in memory. Raises RecoveryError when the table does not know it."""
    state = MandateState(mandate.state)
    if (action, state) not in MANDATE_TRANSITIONS:
        raise wrong_state(action, state.label)
    mandate.state = MANDATE_TRANSITIONS[action, state][0]
