"""What this room keeps of a recovery file. Delegations name no debtor: they stay."""

from django.utils.translation import gettext_lazy as _

from recovery.arrears.models import (
    Contest,
    ContestLine,
    Debt,
    DebtCharge,
    FormalNotice,
    NoticeLine,
    Opposition,
    RollLine,
    SpecialRoll,
)
from secal.office.keeping import Kept, keep

UNIT = "recovery_file"


def register() -> None:
    """Called once when the room is made ready."""
    keep(
        Kept(Debt, unit=UNIT, by="file", title=_("Dette d’un trimestre")),
        Kept(DebtCharge, unit=UNIT, by="debt__file", title=_("Somme comptabilisée")),
        Kept(FormalNotice, unit=UNIT, by="file", title=_("Mise en demeure")),
        Kept(NoticeLine, unit=UNIT, by="notice__file", title=_("Ligne de mise en demeure")),
        Kept(Contest, unit=UNIT, by="notice__file", title=_("Contestation")),
        Kept(ContestLine, unit=UNIT, by="contest__notice__file", title=_("Ligne contestée")),
        Kept(SpecialRoll, unit=UNIT, by="file", title=_("Rôle spécial")),
        Kept(RollLine, unit=UNIT, by="roll__file", title=_("Ligne de rôle")),
        Kept(Opposition, unit=UNIT, by="title__file", title=_("Opposition")),
    )
