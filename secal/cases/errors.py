"""What goes wrong with a file, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class CaseError(DomainError):
    """An act that the state of the file, or the people in it, do not allow."""


def wrong_state(action: str, state: str) -> CaseError:
    return CaseError(
        "cases.wrong_state",
        _(
            "Cet acte n’est pas possible dans l’état actuel du dossier "
            "(%(state)s). Rechargez la page du dossier."
        ),
        None,
        {"state": state, "action": action},
    )


def not_eligible() -> CaseError:
    return CaseError(
        "cases.officer_not_eligible",
        _(
            "Cet agent ne peut pas recevoir ce dossier : il a enregistré une des "
            "personnes, y est partie, ou n’est pas "
            "gestionnaire dans la section. Choisissez-en un autre dans la liste."
        ),
        "officer",
    )


def same_person() -> CaseError:
    return CaseError(
        "cases.same_person",
        _("Le créancier et le débiteur sont la même personne. Corrigez le NISS de l’un des deux."),
        "debtor",
    )


def child_twice() -> CaseError:
    return CaseError(
        "cases.child_twice",
        _("Le même enfant est repris deux fois. Retirez une des deux lignes."),
        "children",
    )


def already_collected() -> CaseError:
    return CaseError(
        "cases.already_collected",
        _(
            "Un autre dossier actif perçoit déjà la pension d’un de ces enfants auprès du même débiteur. "
            "Refusez cette demande ou clôturez l’autre dossier."
        ),
    )


def typed_differently() -> CaseError:
    return CaseError(
        "identity.typed_differently",
        _(
            "Les numéros que vous avez encodés ne sont pas ceux de la proposition. Relisez la pièce ; si la "
            "proposition est fausse, refusez-la."
        ),
    )


def decided_already() -> CaseError:
    return CaseError("identity.decided", _("Cette proposition est déjà décidée."))


def no_open_file() -> CaseError:
    return CaseError(
        "access.no_open_file",
        _("Aucun dossier en cours ne porte ce numéro. Vérifiez-le sur la pièce qui vous l’a donné."),
        "number",
    )


def already_in_charge() -> CaseError:
    return CaseError(
        "access.already_in_charge", _("Ce dossier vous est attribué : ouvrez-le dans votre liste."), "number"
    )


def reason_too_short(length: int) -> CaseError:
    return CaseError(
        "access.reason",
        _("Expliquez en %(length)s caractères au moins pourquoi cela ne peut pas attendre."),
        "reason",
        {"length": length},
    )


def emergency_unreviewed() -> CaseError:
    return CaseError(
        "emergency.unreviewed",
        _(
            "Un de vos accès d’urgence n’a pas été examiné dans les cinq jours ouvrables : vous ne pouvez "
            "plus en demander. Le coordinateur de la sécurité ou le délégué à la protection des données "
            "doit l’examiner."
        ),
    )


def emergency_waits_already() -> CaseError:
    return CaseError(
        "emergency.waits",
        _("Vous avez déjà demandé l’accès à ce dossier : la réponse est attendue."),
        "number",
    )


def emergency_over() -> CaseError:
    return CaseError("emergency.over", _("Cette demande n’attend plus de réponse. Rechargez la page."))


def emergency_same_section() -> CaseError:
    return CaseError(
        "emergency.same_section",
        _(
            "La réponse vient d’une autre section que celle qui demande. Un autre second signataire doit "
            "répondre."
        ),
    )


def emergency_pair() -> CaseError:
    return CaseError(
        "emergency.pair",
        _(
            "Vous et cet agent vous êtes déjà accordé deux accès d’urgence en trente jours. Un autre second "
            "signataire doit s’en occuper."
        ),
    )


def no_such_request() -> CaseError:
    return CaseError("access.no_such_request", _("Cette demande n’existe pas. Rechargez la page."))


def opening_waits_already() -> CaseError:
    return CaseError(
        "protection.waits",
        _("Vous avez déjà demandé à ouvrir ce dossier aujourd’hui : les accords sont attendus."),
    )


def nobody_protected() -> CaseError:
    return CaseError("protection.nobody", _("Personne n’est protégé dans ce dossier : ouvrez-le."))


def agreed_already() -> CaseError:
    return CaseError(
        "protection.agreed", _("Cet accord est déjà donné. Il manque encore l’autre, ou plus aucun.")
    )
