"""What goes wrong with decisions on advances, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError


class DecisionError(DomainError):
    """A decision that cannot be taken as asked."""


def not_decidable(state: object) -> DecisionError:
    return DecisionError(
        "decision.state",
        _("Cette demande est %(state)s : elle ne peut pas être décidée. Rechargez la page du dossier."),
        None,
        {"state": state},
    )


def motive_missing(length: int) -> DecisionError:
    return DecisionError(
        "decision.motive",
        _(
            "Motivez en %(length)s caractères au moins : le créancier lira pourquoi sa demande est refusée, "
            "ou pourquoi la décision s’écarte de la proposition."
        ),
        "motive",
        {"length": length},
    )


def no_child() -> DecisionError:
    return DecisionError(
        "decision.no_child",
        _(
            "Aucun enfant ne remplit les conditions des avances : choisissez le recouvrement sans avances, "
            "ou complétez d’abord les preuves."
        ),
        "outcome",
    )


def payment_on_its_way() -> DecisionError:
    """An advance of this file is in a payment run that has not come to its end."""
    return DecisionError(
        "advances.payment_on_its_way",
        _(
            "Une avance de ce dossier est en cours de paiement : attendez la réponse de la banque, ou la "
            "fin de la liste."
        ),
    )
