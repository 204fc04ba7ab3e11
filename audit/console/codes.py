"""French words for the codes of the security log: kinds of row, purposes, reasons to look."""

from django.utils.translation import gettext as _

from secal.access.roles import Role
from secal.kernel.errors import gettext_noop

KINDS: dict[str, str] = {
    "READ": gettext_noop("lecture"),
    "DENY": gettext_noop("refus"),
    "WRITE": gettext_noop("écriture"),
    "EXPORT": gettext_noop("extraction"),
    "LOGIN": gettext_noop("entrée"),
    "LOGOUT": gettext_noop("sortie de session"),
    "JOB": gettext_noop("tâche de fond"),
}
SHAPES = {"READ": "neutral", "DENY": "late", "WRITE": "underway", "EXPORT": "attention"}

WHYS: dict[str, str] = {
    "complaint": gettext_noop("Plainte ou demande d’une personne"),
    "authority": gettext_noop("Demande d’une autorité de contrôle"),
    "audit": gettext_noop("Contrôle interne"),
    "incident": gettext_noop("Incident de sécurité"),
    "sampling": gettext_noop("Contrôle par sondage"),
}
"""For which reasons a watcher looks."""

PURPOSES: dict[str, str] = {
    "advance_run": gettext_noop("avances du mois"),
    "assignment": gettext_noop("attribution"),
    "casework": gettext_noop("traitement"),
    "commitments": gettext_noop("contrôle des engagements"),
    "chamber": gettext_noop("liste de la Chambre nationale"),
    "configuration": gettext_noop("contrôle de la configuration"),
    "declaration": gettext_noop("déclaration de confidentialité"),
    "decision": gettext_noop("décision"),
    "emergency": gettext_noop("accès d’urgence"),
    "file.work": gettext_noop("traitement du dossier"),
    "identification": gettext_noop("identification"),
    "intake": gettext_noop("introduction"),
    "intake.discard": gettext_noop("brouillon abandonné"),
    "intake.draft": gettext_noop("brouillon"),
    "list": gettext_noop("liste"),
    "overview": gettext_noop("vue d’ensemble"),
    "payment": gettext_noop("paiement"),
    "payment_order": gettext_noop("ordre de paiement"),
    "policy": gettext_noop("règles de sécurité et de confidentialité"),
    "protection": gettext_noop("protection d’une personne"),
    "recovery": gettext_noop("recouvrement"),
    "register": gettext_noop("registre des utilisateurs"),
    "search": gettext_noop("recherche"),
    "solvency": gettext_noop("solvabilité"),
    "worklist": gettext_noop("liste de travail"),
    **WHYS,
}


def purpose_text(code: str) -> str:
    return _(PURPOSES[code]) if code in PURPOSES else code


def capacity_text(codes: str) -> str:
    """The roles in which somebody acted, by their labels; "service" for a background job."""
    return ", ".join(_capacity(code) for code in codes.split("+") if code)


def kind_status(code: str) -> dict[str, str]:
    """Kind of row as word and shape."""
    return {"state": SHAPES.get(code, "neutral"), "word": _(KINDS[code]) if code in KINDS else code}


def _capacity(code: str) -> str:
    if code == "service":
        return _("service")
    return str(Role(code).label) if code in Role.values else code
