"""What the addresses of the ledger name, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

BOOK = Matter("book", _("Compte d’un dossier"), _("qui peut ouvrir le dossier"))
RECEIPT = Matter(
    "receipt",
    _("Paiement reçu"),
    _("qui peut ouvrir le dossier du paiement ; un paiement à rapprocher : tous ceux qui rapprochent"),
)
STATEMENT = Matter(
    "statement", _("Extrait de compte"), _("qui travaille pour l’institution à qui est le compte")
)
