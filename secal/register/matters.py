"""What the pages of the register name: for the table of permissions."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

ENTRY = Matter(
    "register_entry",
    _("Personne inscrite au registre"),
    _("tous ceux qui ont ce droit ; nul ne change sa propre inscription"),
    common=True,
)
APPOINTED = Matter(
    "appointed",
    _("Personne désignée"),
    _("tous ceux qui ont ce droit, tant que dure sa désignation ; jamais pour soi-même"),
)
CHARGEABLE = Matter(
    "chargeable",
    _("Personne désignée au traitement"),
    _("tous ceux qui ont ce droit, tant que dure sa désignation ; jamais pour soi-même"),
)
APPOINTMENT = Matter(
    "appointment", _("Désignation"), _("tous ceux qui ont ce droit ; jamais les siens"), common=True
)
ROLE = Matter("user_role", _("Rôle d’accès"), _("tous ceux qui ont ce droit ; jamais les siens"), common=True)
CHARGE = Matter("charge", _("Mission"), _("tous ceux qui ont ce droit ; jamais les siens"), common=True)
REVIEW = Matter("review", _("Révision trimestrielle"), _("tous ceux qui ont ce droit"), common=True)
CONFIRMED_REVIEW = Matter(
    "confirmed_review",
    _("Révision confirmée"),
    _("tous ceux qui ont ce droit, une fois la révision confirmée"),
)
