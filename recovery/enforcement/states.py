"""The state machine of a proposal of irrecoverability: one table, read as action, from, to, roles."""

from recovery.enforcement.errors import proposal_decided
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from secal.access.roles import Role

DIRECTORATE = frozenset({Role.RECOVERY_DIRECTORATE})
NOBODY: frozenset[Role] = frozenset()

TRANSITIONS: dict[tuple[str, ProposalState], tuple[ProposalState, frozenset[Role]]] = {
    ("approve", ProposalState.PROPOSED): (ProposalState.APPROVED, DIRECTORATE),
    ("refuse", ProposalState.PROPOSED): (ProposalState.REFUSED, DIRECTORATE),
    ("lapse", ProposalState.PROPOSED): (ProposalState.LAPSED, NOBODY),
}
"""A proposal lapses by itself when the debtor pays. The roles are those of the acts in the policy."""


def move(proposal: IrrecoverabilityProposal, action: str) -> None:
    """Apply the action, in memory. Raises EndingError proposal.decided when the table does not know it."""
    state = ProposalState(proposal.state)
    if (action, state) not in TRANSITIONS:
        raise proposal_decided()
    proposal.state = TRANSITIONS[action, state][0]
