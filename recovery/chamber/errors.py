"""What goes wrong with a held list, an alarm or a proposal, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class ChamberError(DomainError):
    """An act that the state of a list or of a proposal does not allow."""


def not_held() -> ChamberError:
    return ChamberError(
        "chamber.not_held",
        _("Cette liste n’attend plus de décision : elle a été libérée, écartée ou remplacée."),
    )


def same_person() -> ChamberError:
    return ChamberError(
        "chamber.same_person",
        _("Vous avez déjà donné votre accord. Une seconde personne doit donner le sien."),
    )


def same_role() -> ChamberError:
    return ChamberError(
        "chamber.same_role",
        _(
            "L’accord a déjà été donné dans votre qualité. L’autre accord appartient au délégué à la "
            "protection des données ou au coordinateur de la sécurité."
        ),
    )


def ends_by_itself() -> ChamberError:
    return ChamberError(
        "chamber.ends_by_itself", _("Cette alarme prend fin d’elle-même, quand sa cause a disparu.")
    )


def closed_already() -> ChamberError:
    return ChamberError(
        "chamber.closed_already", _("Cette proposition a déjà été traitée. Rechargez la page.")
    )
