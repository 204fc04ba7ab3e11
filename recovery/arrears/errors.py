"""What arrears refuse, in words."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.kernel.reckoning.wording import REMARKS


class ArrearsError(DomainError):
    """An act on a debt, a notice, a roll or an opposition that the law or the state of things does not
    allow.
    """


def debt_recorded_before() -> ArrearsError:
    return ArrearsError(
        "debt.twice", _("Ce trimestre est déjà enregistré avec cette origine dans le dossier."), "quarter"
    )


def quarter_not_over() -> ArrearsError:
    return ArrearsError("debt.quarter_running", _("Ce trimestre n’est pas terminé."), "quarter")


def contributions_missing() -> ArrearsError:
    return ArrearsError("debt.no_contributions", _("Le montant est supérieur à zéro."), "contributions")


def nothing_due() -> ArrearsError:
    return ArrearsError(
        "notice.nothing_due", _("Rien n’est échu et impayé dans ce dossier : il n’y a rien à réclamer.")
    )


def sent_later() -> ArrearsError:
    return ArrearsError("notice.sent_later", _("La date d’envoi ne peut être après aujourd’hui."), "sent_on")


def presented_later() -> ArrearsError:
    return ArrearsError(
        "notice.presented_later", _("La présentation ne peut être après aujourd’hui."), "presented_on"
    )


def contested_later() -> ArrearsError:
    return ArrearsError("contest.later", _("La contestation ne peut être après aujourd’hui."), "sent_on")


def choose_lines(field: str = "lines") -> ArrearsError:
    return ArrearsError("lines.none", _("Cochez au moins une ligne."), field)


def foreign_line() -> ArrearsError:
    return ArrearsError(
        "lines.unknown", _("Une de ces lignes n’est plus à réclamer. Rechargez la page."), "lines"
    )


def contested_line() -> ArrearsError:
    return ArrearsError(
        "roll.contested",
        _("Une de ces lignes est contestée : elle ne se recouvre que devant le juge (art. 40 §2)."),
        "lines",
    )


def refused_by_law(code: str, grounds: Sequence[str]) -> ArrearsError:
    """The kernel's assessment said no: its first ground in words."""
    return ArrearsError(code, REMARKS.get(grounds[0], grounds[0]), None, {"grounds": list(grounds)})


def roll_paid() -> ArrearsError:
    return ArrearsError(
        "roll.paid", _("Tout ce que ce rôle réclame est payé : il n’y a plus rien à exécuter.")
    )


def roll_state() -> ArrearsError:
    return ArrearsError("roll.state", _("Ce rôle n’est plus à l’état établi. Rechargez la page."))


def roll_not_enforceable() -> ArrearsError:
    return ArrearsError("constraint.roll", _("Une contrainte se fonde sur un rôle rendu exécutoire."))


def constraint_exists() -> ArrearsError:
    return ArrearsError("constraint.twice", _("Une contrainte est déjà décernée pour ce rôle."))


def before_roll() -> ArrearsError:
    return ArrearsError(
        "constraint.before_roll", _("La contrainte ne peut précéder le rôle exécutoire."), "issued_on"
    )


def signed_before_drawn() -> ArrearsError:
    return ArrearsError("roll.before_drawn", _("Un rôle ne se signe pas avant d’être établi."), "on")


def not_a_signatory() -> ArrearsError:
    return ArrearsError(
        "delegation.not_a_signatory", _("Cette personne n’est pas signataire délégué."), "delegate"
    )


def delegation_dates() -> ArrearsError:
    return ArrearsError(
        "delegation.dates",
        _("La délégation commence au plus tôt le jour de la décision et ne finit pas avant de commencer."),
        "from_on",
    )


def not_served() -> ArrearsError:
    return ArrearsError(
        "opposition.not_served",
        _("Cette contrainte n’est pas signifiée : le délai d’opposition ne court pas."),
    )


def filed_later() -> ArrearsError:
    return ArrearsError(
        "opposition.later", _("L’opposition ne peut être faite après aujourd’hui."), "filed_on"
    )


def filed_before_service() -> ArrearsError:
    return ArrearsError(
        "opposition.before_service", _("L’opposition ne peut précéder la signification."), "filed_on"
    )


def already_opposed() -> ArrearsError:
    return ArrearsError("opposition.pending", _("Une opposition à cette contrainte est déjà pendante."))


def decided_before_filed() -> ArrearsError:
    return ArrearsError(
        "opposition.decided_early", _("La décision ne peut précéder l’opposition."), "decided_on"
    )
