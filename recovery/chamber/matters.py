"""What the addresses of this room name; all who may see the list reach all of it."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

RECEIVED_LIST = Matter(
    "chamber_list", _("Message de la Chambre nationale"), _("tous ceux qui ont ce droit"), common=True
)
ALARM = Matter(
    "chamber_alarm",
    _("Alarme sur la liste de la Chambre nationale"),
    _("tous ceux qui ont ce droit"),
    common=True,
)
PROPOSAL = Matter(
    "chamber_proposal", _("Proposition de la Chambre nationale"), _("tous ceux qui ont ce droit"), common=True
)
