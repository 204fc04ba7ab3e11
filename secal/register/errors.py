"""What goes wrong in a quarterly review, in words."""

from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.office.formatting import number_text


class ReviewError(DomainError):
    """A review cannot go on like this."""


def already_opened() -> ReviewError:
    return ReviewError(
        "review.opened", _("La révision de ce trimestre est déjà ouverte : continuez-la dans la liste.")
    )


def already_confirmed() -> ReviewError:
    return ReviewError("review.confirmed", _("Cette révision est confirmée : elle ne change plus."))


def unanswered(lines: int) -> ReviewError:
    return ReviewError(
        "review.unanswered",
        _("%(lines)s droits attendent encore une réponse : la révision se confirme quand tous en ont une."),
        None,
        {"lines": number_text(lines)},
    )


def answered_by_confirmer() -> ReviewError:
    return ReviewError(
        "review.same_person",
        _("Vous avez répondu pour un autre que le coordinateur : un autre délégué doit confirmer."),
    )


def answered_already(holder: str, right: str, by: str) -> ReviewError:
    return ReviewError(
        "review.answered",
        _(
            "%(holder)s – %(right)s : %(by)s y a répondu entre-temps, et cette réponse reste. Rien n’est "
            "gardé encore : vos autres réponses sont ci-dessous, gardez-les à nouveau."
        ),
        None,
        {"holder": holder, "right": right, "by": by},
    )


def unknown_line() -> ReviewError:
    return ReviewError("review.line", _("Ce droit n’est pas de cette révision. Rechargez la page."))
