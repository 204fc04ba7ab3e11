"""What the addresses of payment runs name, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

RUN = Matter("run", _("Liste de paiement"), _("tous ceux qui ont ce droit"), common=True)
RUN_LINE = Matter("run_line", _("Ligne d’une liste de paiement"), _("qui peut ouvrir le dossier de la ligne"))
