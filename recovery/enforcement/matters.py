"""What the addresses of enforcement name besides files, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

WAITING_TITLE = Matter(
    "waiting_title",
    _("Titre transmis qui attend une étude"),
    _("l’opérateur du concessionnaire, une fois le titre transmis"),
)
TRANSMISSION = Matter("transmission", _("Transmission"), _("tous ceux qui ont ce droit"), common=True)
PROPOSAL = Matter(
    "proposal", _("Proposition d’irrécouvrabilité"), _("tous ceux qui ont ce droit"), common=True
)
