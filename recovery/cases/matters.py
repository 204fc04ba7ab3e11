"""What addresses about recovery name, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

RECOVERY_FILE = Matter(
    "recovery_file",
    _("Dossier de recouvrement"),
    _("l’ONSS ; l’opérateur du concessionnaire tant qu’un titre lui est transmis"),
)
MANDATED_FILE = Matter(
    "mandated_file",
    _("Dossier confié à une étude"),
    _("l’huissier de l’étude, tant que le mandat court et que la permission est à son nom"),
)
