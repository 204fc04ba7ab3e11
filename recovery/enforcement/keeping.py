"""What this room keeps of a recovery file, and what it keeps of none."""

from django.utils.translation import gettext_lazy as _

from recovery.enforcement.models import IrrecoverabilityProposal, TransmittedTitle
from secal.office.keeping import Kept, keep

UNIT = "recovery_file"


def register() -> None:
    """Called once when the room is made ready. A transmission itself names no debtor and stays."""
    keep(
        Kept(TransmittedTitle, unit=UNIT, by="file", title=_("Titre transmis au concessionnaire")),
        Kept(IrrecoverabilityProposal, unit=UNIT, by="file", title=_("Proposition d’irrécouvrabilité")),
    )
