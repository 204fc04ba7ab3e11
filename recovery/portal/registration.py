"""What the portal adds to the recovery file: the sentences of its lines on the timeline."""

from django.utils.translation import gettext_lazy as _

from recovery.cases.event_words import register_words
from recovery.cases.models import ActKind
from recovery.portal.models import PaymentWay

register_words(
    {
        "title_served": _("Contrainte %(title)s signifiée ; opposition possible jusqu’au %(until_on)s"),
        "act_recorded": _("Acte sous le titre %(title)s : %(act_kind)s"),
        "act_rectified": _("Acte rectificatif sous le titre %(title)s : %(act_kind)s"),
        "deed_kept": _("Exploit joint, titre %(title)s : %(act_kind)s"),
        "payment_declared": _("Paiement reçu par l’huissier, titre %(title)s : %(way)s"),
        "costs_charged": _("Frais d’acte mis à charge du débiteur, titre %(title)s"),
    },
    {
        "act_kind": lambda code: str(ActKind(code).label),
        "way": lambda code: str(PaymentWay(code).label),
    },
)
