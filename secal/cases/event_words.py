"""The sentence of each line of the timeline: a code and its parameters become words in the reader's
language."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from secal.cases.models import ClosureGround, EventKind, ReviewFinding
from secal.office.formatting import of_month_text
from secal.office.timelines import Reader, Telling, Words
from secal.people.models import OutcomeCode

SHAPES = {
    EventKind.MONEY: "money",
    EventKind.DECISION: "decision",
    EventKind.INTAKE: "letter",
    EventKind.REVIEW: "decision",
    EventKind.ASSIGNMENT: "system",
}

WORDS: Words = {
    "application_received": _("Demande reçue le %(received_on)s"),
    "application_complete": _("Demande complète : le délai de décision court"),
    "declared_differently": _(
        "La demande donne d’autres renseignements que ceux du service (%(role)s : %(details)s)"
    ),
    "niss_corrected": _("Le NISS d’une partie est corrigé"),
    "persons_merged": _(
        "Une partie était enregistrée deux fois : les deux enregistrements n’en font plus qu’un"
    ),
    "identity_unclear": _("L’identité d’une partie est à examiner : %(why)s"),
    "file_assigned": _("Dossier attribué à %(officer)s"),
    "arrears_taken_over": _("Arriérés pris en charge"),
    "receipt_allocated": _("Paiement du débiteur, valeur %(value_on)s"),
    "receipt_put_back": _("Paiement du %(value_on)s remis en attente"),
    "terms_due": _("Terme %(month)s"),
    "closure_proposed": _("Clôture proposée : %(ground)s"),
    "closure_returned": _("Clôture renvoyée au gestionnaire : %(ground)s"),
    "file_closed": _("Dossier clôturé : %(ground)s"),
    "emergency_asked": _("Accès d’urgence demandé"),
    "emergency_allowed": _("Accès d’urgence accordé pour trente minutes"),
    "emergency_denied": _("Accès d’urgence refusé"),
    "emergency_reviewed": _("Accès d’urgence examiné : %(finding)s"),
    "officer_recused": _("Le gestionnaire s’est récusé"),
    "protected_opening_agreed": _("Ouverture du dossier protégé accordée par deux personnes"),
    "advance_paid": _("Avance %(month)s payée"),
    "advance_rejected": _("Avance %(month)s refusée par la banque (motif %(reason)s)"),
}

ROLES: Words = {"creditor": _("créancier"), "debtor": _("débiteur")}
DETAILS: Words = {
    "name": _("nom"),
    "birth_date": _("date de naissance"),
    "birth_place": _("lieu de naissance"),
    "address": _("domicile"),
    "account": _("compte"),
}


def _role(value: str) -> str:
    if value.startswith("child_"):
        return str(_("enfant %(n)s")) % {"n": value.removeprefix("child_")}
    return str(ROLES[value])


READERS: dict[str, Reader] = {
    "month": lambda value: of_month_text(date.fromisoformat(f"{value[:7]}-01")),
    "role": _role,
    "ground": lambda code: str(ClosureGround(code).label),
    "why": lambda code: str(OutcomeCode(code).label),
    "finding": lambda code: str(ReviewFinding(code).label),
    "details": lambda codes: ", ".join(str(DETAILS[code]) for code in codes),
}

TELLING = Telling(SHAPES, WORDS, READERS)
register_words = TELLING.register
sentence = TELLING.sentence
timeline_entry = TELLING.entry
