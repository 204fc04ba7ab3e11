"""What the addresses of an application in preparation name, and whose it is."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

DRAFT = Matter("draft", _("Demande en préparation"), _("l’agent qui l’écrit"))
