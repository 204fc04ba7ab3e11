"""What addresses about alimony files name, and whose it may be."""

from django.utils.translation import gettext_lazy as _

from secal.office.screens import Matter

ALIMONY_FILE = Matter(
    "alimony_file",
    _("Dossier d’aliments"),
    _(
        "le gestionnaire à qui il est attribué ; le second signataire de sa section pour ses actes ; jamais "
        "qui y a enregistré quelque chose, ni qui y est partie"
    ),
)
APPLICATION = Matter("application", _("Demande reçue"), _("l’agent qui l’a enregistrée"))
OPEN_APPLICATION = Matter(
    "open_application", _("Demande incomplète"), _("l’agent qui l’a enregistrée, tant qu’elle est incomplète")
)
IDENTITY_PROPOSAL = Matter(
    "identity_proposal",
    _("Proposition d’identité"),
    _("un agent d’enregistrement qui ne l’a pas faite, tant qu’elle n’est pas décidée"),
)
