"""French words for the reasons in the security log: why somebody was refused, how much a job made."""

from typing import Any

from django.utils.translation import gettext as _

from secal.access.roles import Mission, Plane, Role
from secal.kernel.errors import gettext_noop

REASONS: dict[str, str] = {
    # The policy.
    "actor_is_party": gettext_noop("partie au dossier"),
    "actor_recused": gettext_noop("s’est récusé dans ce dossier"),
    "card_not_fresh": gettext_noop("carte utilisée il y a plus de cinq minutes"),
    "commitment_missing": gettext_noop("engagements non pris dans leur version en vigueur"),
    "no_role": gettext_noop("aucun rôle valable ce jour"),
    "not_assigned": gettext_noop("dossier non attribué à cette personne"),
    "not_charged": gettext_noop("non chargé de cette mission"),
    "permission_denied": gettext_noop("permission refusée"),
    "protected_person": gettext_noop("dossier d’une personne protégée"),
    "registered_by_actor": gettext_noop("a enregistré la personne ou le dossier"),
    "role_missing": gettext_noop("rôle insuffisant"),
    "same_person": gettext_noop("a préparé ce qui est à approuver"),
    "service_has_other_job": gettext_noop("service chargé d’autre chose"),
    # The register of users.
    "chamber.left": gettext_noop("absent de la liste de la Chambre nationale"),
    "not_theirs_to_answer": gettext_noop("ligne de révision d’un autre répondant"),
    "own_entry": gettext_noop("sa propre inscription ou ses propres droits"),
    "plane_not_theirs": gettext_noop("domaine d’un autre gestionnaire"),
    # The doors of files and what lies in them.
    "application_complete": gettext_noop("demande déjà complète"),
    "no_delegation": gettext_noop("aucune délégation en vigueur"),
    "no_guard": gettext_noop("compte sans gardien"),
    "no_such_act": gettext_noop("acte inexistant"),
    "no_such_book": gettext_noop("compte inexistant ou fermé à cette personne"),
    "no_such_employer": gettext_noop("employeur inexistant"),
    "no_such_file": gettext_noop("dossier inexistant ou fermé à cette personne"),
    "no_such_mandate": gettext_noop("mandat inexistant ou d’une autre étude"),
    "no_such_proposal": gettext_noop("proposition inexistante"),
    "no_such_title": gettext_noop("titre inexistant ou non transmis"),
    "no_such_commitment": gettext_noop("engagement inexistant ou d’un autre"),
    "not_found": gettext_noop("rien à cette adresse, ou rien pour cette personne"),
    "not_in_file": gettext_noop("pièce d’un autre dossier"),
    "not_own_application": gettext_noop("demande d’un autre agent"),
    "not_own_draft": gettext_noop("brouillon d’un autre agent"),
    "not_own_job": gettext_noop("travail de fond d’un autre"),
    # The frame of a request.
    "csrf": gettext_noop("formulaire venu d’ailleurs ou périmé"),
    "too_many": gettext_noop("trop de demandes en une minute"),
    # The login.
    "login.code": gettext_noop("code de connexion refusé"),
    "login.declined": gettext_noop("identification refusée ou abandonnée"),
    "login.inactive": gettext_noop("compte désactivé"),
    "login.issuer": gettext_noop("réponse d’un autre fournisseur d’identité"),
    "login.no_role": gettext_noop("connexion sans rôle valable ce jour"),
    "login.not_asked": gettext_noop("connexion non demandée ou trop tardive"),
    "login.other_site": gettext_noop("compte d’un autre site"),
    "login.somebody_else": gettext_noop("carte d’une autre personne que celle au travail"),
    "login.state": gettext_noop("réponse à une autre demande de connexion"),
    "login.unknown_person": gettext_noop("personne sans compte"),
    # The identity token that came with it.
    "token.algorithm": gettext_noop("jeton : algorithme non admis"),
    "token.audience": gettext_noop("jeton : destiné à un autre"),
    "token.authorised_party": gettext_noop("jeton : demandé par un autre"),
    "token.claims": gettext_noop("jeton : contenu illisible ou dit deux fois"),
    "token.endless": gettext_noop("jeton : valable trop longtemps"),
    "token.expired": gettext_noop("jeton : expiré"),
    "token.header": gettext_noop("jeton : en-tête non admis"),
    "token.issuer": gettext_noop("jeton : autre émetteur"),
    "token.key": gettext_noop("jeton : clé inconnue"),
    "token.level": gettext_noop("jeton : identification sans carte d’identité"),
    "token.malformed": gettext_noop("jeton : illisible"),
    "token.national_number": gettext_noop("jeton : sans numéro national valable"),
    "token.no_auth_time": gettext_noop("jeton : sans heure d’identification"),
    "token.no_exp": gettext_noop("jeton : sans heure de fin"),
    "token.no_iat": gettext_noop("jeton : sans heure d’émission"),
    "token.no_nbf": gettext_noop("jeton : heure de début illisible"),
    "token.nonce": gettext_noop("jeton : réponse à une autre question"),
    "token.not_yet": gettext_noop("jeton : pas encore valable"),
    "token.old_authentication": gettext_noop("jeton : identification trop ancienne"),
    "token.signature": gettext_noop("jeton : signature fausse"),
    "token.stale": gettext_noop("jeton : émis depuis trop longtemps"),
    "token.subject": gettext_noop("jeton : sans titulaire"),
    "token.too_long": gettext_noop("jeton : trop long"),
    "token.weak_key": gettext_noop("jeton : clé trop faible"),
    # The certificate of the card, at the second door.
    "card.authority": gettext_noop("certificat : d’une autorité, non d’une personne"),
    "card.chain": gettext_noop("certificat : non délivré par une autorité reconnue"),
    "card.channel": gettext_noop("certificat : présenté hors de la porte prévue"),
    "card.expired": gettext_noop("certificat : expiré"),
    "card.malformed": gettext_noop("certificat : illisible"),
    "card.national_number": gettext_noop("certificat : sans numéro national valable"),
    "card.no_revocation_list": gettext_noop("certificat : liste de révocation absente ou fausse"),
    "card.none": gettext_noop("certificat : absent"),
    "card.not_signed_now": gettext_noop("certificat : la carte n’a pas signé cette connexion"),
    "card.not_yet": gettext_noop("certificat : pas encore valable"),
    "card.old_revocation_list": gettext_noop("certificat : liste de révocation trop ancienne"),
    "card.policy": gettext_noop("certificat : d’une autre politique"),
    "card.purpose": gettext_noop("certificat : non prévu pour l’identification"),
    "card.revoked": gettext_noop("certificat : révoqué ou suspendu"),
    "card.signature_certificate": gettext_noop("certificat : de signature, non d’identification"),
    "card.too_long": gettext_noop("certificat : trop long"),
    "card.usage": gettext_noop("certificat : clé non prévue pour l’identification"),
    "card.version": gettext_noop("certificat : d’une ancienne version"),
    "card.weak": gettext_noop("certificat : clé ou signature trop faible"),
    # How much the demonstration's job made.
    "small": gettext_noop("petit jeu de données"),
    "medium": gettext_noop("jeu de données moyen"),
    "large": gettext_noop("grand jeu de données"),
}


ENTRIES: dict[str, str] = {
    "keep": gettext_noop("à conserver"),
    "end": gettext_noop("à terminer"),
    "chamber": gettext_noop("Liste de la Chambre nationale"),
    "error": gettext_noop("Inscription erronée"),
    "incident": gettext_noop("Incident de sécurité"),
    "left": gettext_noop("Quitte le service"),
    "long_absence": gettext_noop("Longue absence"),
    "moved": gettext_noop("Change de fonction ou de section"),
    "review": gettext_noop("Révision trimestrielle"),
    "task_over": gettext_noop("La tâche ou le remplacement est terminé"),
}
"""What a review of rights answered, and why a right ended."""

RIGHTS: dict[str, Any] = {
    str(code): label for words in (Plane, Role, Mission) for code, label in words.choices
}
"""Of a line about a right, the reason is the right: its code and its name."""


def reason_text(code: str) -> str:
    """The reason in words. What is no such code is shown as it is: the number of a complaint."""
    if words := REASONS.get(code) or ENTRIES.get(code):
        return _(words)
    return str(RIGHTS.get(code, code))
