"""What no rule accepts: negative amounts, dates in the wrong order, values it does not know."""

from __future__ import annotations

from decimal import Decimal

from secal.kernel.errors import DomainError, gettext_noop


class ReckoningError(DomainError):
    """Facts a rule cannot reckon with; the field is the name of the fact."""


def require_not_negative(**amounts: Decimal) -> None:
    """Raise ReckoningError reckoning.negative for the first amount below nought."""
    for name, amount in amounts.items():
        if amount < 0:
            raise ReckoningError(
                "reckoning.negative",
                gettext_noop(
                    "Le montant « %(name)s » est négatif (%(amount)s). Corrigez-le avant de calculer."
                ),
                name,
                {"name": name, "amount": amount},
            )


def unknown_choice(name: str, value: object) -> ReckoningError:
    """The error for a convention that the rule does not know."""
    return ReckoningError(
        "reckoning.unknown_choice",
        gettext_noop("La convention « %(name)s » vaut %(value)s, que le calcul ne connaît pas."),
        name,
        {"name": name, "value": value},
    )
