"""Words of this room: its lines of the timeline, and why a title stays behind."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

EVENTS: dict[str, str | Promise] = {
    "title_transmitted": _("Titre %(title)s transmis au concessionnaire %(processor)s"),
    "title_withdrawn": _("Titre %(title)s retiré : le recouvrement est terminé"),
    "irrecoverability_proposed": _("Irrécouvrabilité proposée"),
    "irrecoverability_refused": _("Proposition d’irrécouvrabilité refusée"),
    "irrecoverability_lapsed": _("Proposition d’irrécouvrabilité sans objet : le débiteur a payé"),
    "file_irrecoverable": _("Dossier déclaré irrécouvrable"),
    "file_paid": _("Tout est payé, intérêts compris"),
    "file_owes_again": _("Le dossier n’est plus soldé : le recouvrement reprend"),
    "file_ended": _("Dossier terminé : issue acquise et intervention de l’huissier clôturée"),
}
SKIPPED: dict[str, str | Promise] = {
    "state": _("n’est plus à l’état décerné : déjà transmis ou clôturé"),
    "outcome": _("le recouvrement du dossier a déjà une issue"),
    "paid": _("plus rien n’est dû dans le dossier"),
    "later": _("décerné à une date ultérieure"),
}
"""Why a chosen title is not transmitted."""
