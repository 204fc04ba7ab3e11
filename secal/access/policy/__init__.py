"""Who may do what. Deny by default; services, selectors, screens and menus all ask here.

The tables are in `acts`, the decision, which is pure, in `decision`; `asking` asks it for whoever is at work.
"""

from secal.access.policy.acts import (
    ACTS,
    ANY_CHARGE,
    CASEWORK,
    CHARGES,
    MISSIONS_OF_ROLE,
    SENSITIVE_ACTS,
    SERVICE_ACTS,
)
from secal.access.policy.asking import may, require
from secal.access.policy.decision import NO_FACTS, PERMIT, Decision, Facts, decide

__all__ = [
    "ACTS",
    "ANY_CHARGE",
    "CASEWORK",
    "CHARGES",
    "MISSIONS_OF_ROLE",
    "NO_FACTS",
    "PERMIT",
    "SENSITIVE_ACTS",
    "SERVICE_ACTS",
    "Decision",
    "Facts",
    "decide",
    "may",
    "require",
]
