"""The French words for the steps, remarks and facts of a decision; screens translate them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import gettext_noop

STEPS = {
    "decision.proposal": gettext_noop("Proposition de décision"),
    "decision.completeness": gettext_noop("Demande complète"),
    "decision.child": gettext_noop("Avance mensuelle pour l’enfant"),
    "decision.period": gettext_noop("Durée de l’octroi"),
    "decision.dates": gettext_noop("La décision prend effet"),
}
REMARKS = {
    "decision.granted": gettext_noop("Les conditions sont remplies : intervention avec avances."),
    "decision.collect": gettext_noop("Le service recouvre la pension, sans payer d’avances."),
    "decision.refused": gettext_noop("Les conditions de l’intervention ne sont pas remplies."),
    "decision.complete": gettext_noop("Rien ne manque : le délai de décision court depuis ce jour."),
    "decision.incomplete": gettext_noop("Il manque des pièces ou des mentions à la demande."),
    "decision.not_asked": gettext_noop("Le créancier ne demande pas d’avances."),
    "decision.means_unknown": gettext_noop(
        "À la date de la demande, la loi fixe un plafond : les ressources doivent être déclarées."
    ),
    "decision.no_child": gettext_noop("Aucun enfant n’a droit aux avances."),
    "decision.ends_at_majority": gettext_noop(
        "L’enfant devient majeur pendant l’octroi : il prend fin la veille, et les preuves sont à demander."
    ),
    "decision.proofs_before_end": gettext_noop(
        "Enfant majeur : les preuves sont à demander avant la fin de l’octroi."
    ),
    "decision.prolonged_until_majority": gettext_noop(
        "Enfant mineur : rien à prouver pour prolonger l’octroi jusqu’à la majorité."
    ),
}
FACTS = {
    "appeal_until": gettext_noop("recours possible jusqu’au"),
    "child": gettext_noop("enfant n°"),
    "complete_on": gettext_noop("complète le"),
    "decide_by": gettext_noop("à décider au plus tard le"),
    "effect_on": gettext_noop("prise d’effet"),
    "received_on": gettext_noop("reçue le"),
    "sent_on": gettext_noop("envoi"),
}
EVENTS: dict[str, str | Promise] = {
    "decision_granted": _("Décision : intervention avec avances, par mois"),
    "decision_collect": _("Décision : recouvrement sans avances"),
    "decision_refused": _("Décision : intervention refusée"),
}
"""Lines of the timeline."""
