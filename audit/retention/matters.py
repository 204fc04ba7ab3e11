"""What the watchers' addresses name; both watchers reach all of it."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

ERASURE_LIST = Matter("erasure_list", _("Liste d’effacement"), _("tous ceux qui ont ce droit"), common=True)
CERTIFICATE = Matter(
    "certificate", _("Certificat d’effacement"), _("tous ceux qui ont ce droit"), common=True
)
