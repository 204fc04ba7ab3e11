"""The French words of an inventory of means; screens translate them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

MEANS: dict[str, str | Promise] = {
    "salary": _("Rémunération"),
    "replacement": _("Revenu de remplacement"),
    "pension": _("Pension"),
    "business": _("Revenu d’indépendant"),
    "rent": _("Loyer perçu"),
    "other_means": _("Autre ressource"),
}
CHARGES: dict[str, str | Promise] = {
    "housing": _("Logement"),
    "maintenance": _("Autre pension alimentaire payée"),
    "loans": _("Crédit"),
    "care": _("Soins de santé"),
    "other_charge": _("Autre charge"),
}
KINDS = {**MEANS, **CHARGES}
"""Kind of each line, by its code (secal.solvency.rules)."""
EVENTS: dict[str, str | Promise] = {
    "solvency_reviewed": _("Solvabilité examinée : %(outcome)s, prochain examen le %(next_review_on)s"),
    "suspension_proposed": _("Suspension du recouvrement proposée"),
    "suspension_approved": _("Suspension du recouvrement approuvée"),
    "suspension_returned": _("Suspension du recouvrement renvoyée au gestionnaire"),
    "solvency_due": _("La solvabilité est à examiner de nouveau"),
}
