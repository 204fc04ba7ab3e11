"""What the portal keeps of a recovery file, and goes with it."""

from django.utils.translation import gettext_lazy as _

from recovery.portal.models import CollectedPayment, FollowUp, JudgeLeave
from secal.office import keeping
from secal.office.keeping import Kept

UNIT = "recovery_file"

keeping.keep(
    Kept(CollectedPayment, unit=UNIT, by="file", title=_("Paiements reçus par l’huissier")),
    Kept(FollowUp, unit=UNIT, by="title__file", title=_("Suites des actes d’huissier")),
    Kept(JudgeLeave, unit=UNIT, by="title__file", title=_("Autorisations du juge")),
)
