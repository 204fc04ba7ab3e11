"""What goes wrong with an erasure, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class RetentionError(DomainError):
    """An act that the state of a list, or the scan, does not allow."""


def wrong_state(state: str) -> RetentionError:
    return RetentionError(
        "erasure.wrong_state",
        _("Cet acte n’est pas possible dans l’état actuel de la liste (%(state)s). Rechargez la page."),
        None,
        {"state": state},
    )


def same_person() -> RetentionError:
    return RetentionError(
        "erasure.same_person",
        _("Vous avez déjà approuvé cette liste. Une seconde personne doit l’approuver."),
    )


def same_role() -> RetentionError:
    return RetentionError(
        "erasure.same_role",
        _(
            "Cette liste a déjà été approuvée dans votre qualité. L’autre approbation appartient au délégué "
            "à la protection des données ou au coordinateur de la sécurité."
        ),
    )


def reason_missing() -> RetentionError:
    return RetentionError(
        "erasure.reason_missing", _("Dites pourquoi la liste est rejetée, en 300 signes au plus."), "reason"
    )


def residue() -> RetentionError:
    """The scan found something: no certificate was made."""
    return RetentionError(
        "erasure.residue",
        _("Des données restent après l’effacement : la liste dit où. Aucun certificat n’est délivré."),
    )


def blind() -> RetentionError:
    """The scan did not find, before the erasure, what is known to be there."""
    return RetentionError(
        "erasure.blind",
        _("La recherche de restes n’a pas trouvé ce qui devait l’être : rien n’a été effacé. Signalez-le."),
    )


class ScanBlind(RetentionError):
    """The scan cannot read something that it must read."""


def unreadable(table: str) -> ScanBlind:
    return ScanBlind(
        "erasure.unreadable",
        _("La recherche de restes ne peut pas lire la table %(table)s : rien n’est certifié. Signalez-le."),
        None,
        {"table": table},
    )
