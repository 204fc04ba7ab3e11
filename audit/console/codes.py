"""French words for the codes of the security log: kinds of row, acts, purposes, reasons to look."""

from django.utils.translation import gettext as _

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

ACTS: dict[str, str] = {
    "act.record": gettext_noop("Acte d’huissier"),
    "advance.decide": gettext_noop("Décision sur les avances"),
    "application.complete": gettext_noop("Demande complétée"),
    "application.list_own": gettext_noop("Liste des demandes"),
    "application.register": gettext_noop("Demande enregistrée"),
    "configuration": gettext_noop("Configuration"),
    "constraint.issue": gettext_noop("Contrainte décernée"),
    "debt.record": gettext_noop("Dette enregistrée"),
    "deed.upload": gettext_noop("Exploit déposé"),
    "delegation.record": gettext_noop("Délégation enregistrée"),
    "employer.register": gettext_noop("Employeur enregistré"),
    "erasure.approve": gettext_noop("Effacement approuvé"),
    "erasure.list": gettext_noop("Effacements à faire"),
    "erasure.run": gettext_noop("Effacement"),
    "erasure.view": gettext_noop("Effacements consultés"),
    "file.assign": gettext_noop("Dossier attribué"),
    "file.list": gettext_noop("Liste des dossiers"),
    "file.open": gettext_noop("Dossier ouvert"),
    "file.refuse": gettext_noop("Demande refusée"),
    "file.take_over": gettext_noop("Recouvrement repris"),
    "irrecoverable.approve": gettext_noop("Irrécouvrabilité approuvée"),
    "irrecoverable.propose": gettext_noop("Irrécouvrabilité proposée"),
    "ledger.view": gettext_noop("Compte consulté"),
    "log.history": gettext_noop("Historique consulté"),
    "log.prepare": gettext_noop("Journal préparé"),
    "log.search": gettext_noop("Journal consulté"),
    "log.summary": gettext_noop("Journal compté"),
    "mandate.admit": gettext_noop("Huissier admis au dossier"),
    "mandate.close": gettext_noop("Mandat clos"),
    "mandate.give": gettext_noop("Mandat donné"),
    "mandate.view": gettext_noop("Mandats consultés"),
    "notice.send": gettext_noop("Sommation envoyée"),
    "obligations.view": gettext_noop("Obligations consultées"),
    "office.search": gettext_noop("Recherche"),
    "opposition.record": gettext_noop("Opposition enregistrée"),
    "payment.order": gettext_noop("Paiement ordonné"),
    "payment.record": gettext_noop("Paiement reçu par l’huissier"),
    "payment.send": gettext_noop("Paiements envoyés"),
    "person.account": gettext_noop("Compte bancaire lu"),
    "person.identify": gettext_noop("NISS montré"),
    "person.register": gettext_noop("Personne enregistrée"),
    "portal.list": gettext_noop("Liste du portail"),
    "portal.open": gettext_noop("Dossier ouvert au portail"),
    "receipt.match": gettext_noop("Recette rattachée"),
    "receipt.put_back": gettext_noop("Recette remise en attente"),
    "receipt.view": gettext_noop("Recettes consultées"),
    "recovery.ledger": gettext_noop("Compte d’employeur consulté"),
    "recovery.list": gettext_noop("Liste des recouvrements"),
    "recovery.open": gettext_noop("Recouvrement ouvert"),
    "report.collect": gettext_noop("Messages de la banque"),
    "request": gettext_noop("Demande refusée par le site"),
    "roll.draw": gettext_noop("Rôle dressé"),
    "roll.sign": gettext_noop("Rôle rendu exécutoire"),
    "roll.view": gettext_noop("Rôles consultés"),
    "run.approve": gettext_noop("Avances du mois approuvées"),
    "run.lines": gettext_noop("Lignes d’avances lues"),
    "run.prepare": gettext_noop("Avances du mois préparées"),
    "run.view": gettext_noop("Avances du mois consultées"),
    "seed.load": gettext_noop("Données de démonstration"),
    "solvency.list": gettext_noop("Calendrier de solvabilité"),
    "solvency.read": gettext_noop("Examen de solvabilité lu"),
    "solvency.review": gettext_noop("Examen de solvabilité"),
    "statement.import": gettext_noop("Extrait importé"),
    "title.transmit": gettext_noop("Titre transmis"),
    "worklist.view": gettext_noop("Liste de travail"),
}

PURPOSES: dict[str, str] = {
    "advance_run": gettext_noop("avances du mois"),
    "assignment": gettext_noop("attribution"),
    "casework": gettext_noop("traitement"),
    "configuration": gettext_noop("contrôle de la configuration"),
    "decision": gettext_noop("décision"),
    "file.work": gettext_noop("traitement du dossier"),
    "identification": gettext_noop("identification"),
    "intake": gettext_noop("introduction"),
    "intake.discard": gettext_noop("brouillon abandonné"),
    "intake.draft": gettext_noop("brouillon"),
    "list": gettext_noop("liste"),
    "overview": gettext_noop("vue d’ensemble"),
    "payment": gettext_noop("paiement"),
    "payment_order": gettext_noop("ordre de paiement"),
    "recovery": gettext_noop("recouvrement"),
    "search": gettext_noop("recherche"),
    "solvency": gettext_noop("solvabilité"),
    "worklist": gettext_noop("liste de travail"),
    **WHYS,
}


def act_text(code: str) -> str:
    """The act in words; the code itself of one that has none."""
    return _(ACTS[code]) if code in ACTS else code


def purpose_text(code: str) -> str:
    return _(PURPOSES[code]) if code in PURPOSES else code


def kind_status(code: str) -> dict[str, str]:
    """Kind of row as word and shape."""
    return {"state": SHAPES.get(code, "neutral"), "word": _(KINDS[code]) if code in KINDS else code}
