"""Words of this room: lines of the timeline, and the reasons why a line waits."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recovery.arrears.models import Origin

EVENTS: dict[str, str | Promise] = {
    "debt_recorded": _("Cotisations du %(quarter)s enregistrées (%(origin)s)"),
    "surcharge_booked": _("Majoration du %(quarter)s comptabilisée"),
    "interest_booked": _("Intérêts de retard jusqu’au dernier paiement comptabilisés"),
    "notice_sent": _("Mise en demeure %(number)s envoyée : délai jusqu’au %(last_on)s"),
    "notice_sent_unpresented": _("Mise en demeure %(number)s envoyée ; sa présentation reste à enregistrer"),
    "notice_presented": _("Mise en demeure %(number)s présentée : délai jusqu’au %(last_on)s"),
    "contest_effective": _("Lignes de la mise en demeure %(number)s contestées par recommandé : %(lines)s"),
    "contest_without_effect": _(
        "Lignes de la mise en demeure %(number)s contestées sans la forme ou le délai de la loi : %(lines)s"
    ),
    "roll_drawn": _("Rôle spécial %(number)s établi"),
    "roll_withdrawn": _("Rôle spécial %(number)s retiré"),
    "roll_enforceable": _("Rôle spécial %(number)s rendu exécutoire"),
    "constraint_issued": _("Contrainte %(number)s décernée"),
    "opposition_filed": _(
        "Opposition à la contrainte %(number)s : exécution bloquée, prescription suspendue"
    ),
    "opposition_without_effect": _("Opposition à la contrainte %(number)s sans effet en droit"),
    "opposition_upheld": _("Opposition à la contrainte %(number)s accueillie par le juge"),
    "opposition_dismissed": _("Opposition à la contrainte %(number)s rejetée par le juge"),
}

READERS: dict[str, Callable[[Any], str]] = {"origin": lambda code: str(Origin(code).label)}

WAITING: dict[str, str | Promise] = {
    "contested": _("contestée : voie judiciaire"),
    "constraint.notice_null": _("mise en demeure nulle"),
    "constraint.notice_running": _("délai en cours"),
}
"""Why a line of a notice cannot be taken into a roll."""
