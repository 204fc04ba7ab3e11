"""What the addresses of arrears name besides files, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

EMPLOYER = Matter("employer", _("Employeur"), _("tous ceux qui ont ce droit"), common=True)
