"""French words of this room: why a right ends, how a right is called, quarters."""

from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from secal.access.roles import Mission, Plane, Role
from secal.office.formatting import date_text
from secal.register.models import RightKind

REASONS: dict[str, Promise] = {
    "moved": gettext_lazy("Change de fonction ou de section"),
    "left": gettext_lazy("Quitte le service"),
    "task_over": gettext_lazy("La tâche ou le remplacement est terminé"),
    "long_absence": gettext_lazy("Longue absence"),
    "review": gettext_lazy("Révision trimestrielle"),
    "error": gettext_lazy("Inscription erronée"),
    "incident": gettext_lazy("Incident de sécurité"),
}
"""Why a right ends, as people choose it. A code is kept, never free words: they could say too much."""
OTHER_REASONS: dict[str, Promise] = {
    "chamber.left": gettext_lazy("Liste de la Chambre nationale"),
}
"""Reasons that background services give."""


def reason_text(code: str) -> str:
    return str(REASONS.get(code) or OTHER_REASONS.get(code) or code)


def right_text(kind: str, what: str) -> str:
    """The plane, role or mission in words."""
    if kind == RightKind.APPOINTMENT:
        return str(Plane(what).label)
    return str(Role(what).label if kind == RightKind.ROLE else Mission(what).label)


def days_text(first: date, last: date | None) -> str:
    if last is None:
        return _("depuis le %(first)s, sans terme") % {"first": date_text(first)}
    return _("du %(first)s au %(last)s") % {"first": date_text(first), "last": date_text(last)}


def quarter_text(first_day: date) -> str:
    words = {
        1: _("1er trimestre %(year)s"),
        4: _("2e trimestre %(year)s"),
        7: _("3e trimestre %(year)s"),
        10: _("4e trimestre %(year)s"),
    }
    return words[first_day.month] % {"year": first_day.year}
