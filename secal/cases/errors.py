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
