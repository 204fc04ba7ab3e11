"""Tables of arrears, by noun: debts, notices and contests, rolls and delegations, oppositions."""

from recovery.arrears.models.debts import ChargeHead, Debt, DebtCharge, Origin
from recovery.arrears.models.notices import (
    REGISTERED_CONTESTS,
    Contest,
    ContestChannel,
    ContestLine,
    FormalNotice,
    NoticeChannel,
    NoticeLine,
)
from recovery.arrears.models.rolls import (
    Delegation,
    Opposition,
    OppositionForm,
    RollLine,
    RollState,
    SpecialRoll,
)

__all__ = [
    "REGISTERED_CONTESTS",
    "ChargeHead",
    "Contest",
    "ContestChannel",
    "ContestLine",
    "Debt",
    "DebtCharge",
    "Delegation",
    "FormalNotice",
    "NoticeChannel",
    "NoticeLine",
    "Opposition",
    "OppositionForm",
    "Origin",
    "RollLine",
    "RollState",
    "SpecialRoll",
]
