"""Words that several pages of recovery say in the same way."""

from datetime import date

from django.utils.translation import gettext as _

from secal.kernel.arrondissements import NAMES, Arrondissement


def quarter_text(first_day: date) -> str:
    """A quarter as people write it: "T1 2026"."""
    return _("T%(number)s %(year)s") % {"number": (first_day.month - 1) // 3 + 1, "year": first_day.year}


def arrondissement_text(code: str) -> str:
    """The name of a judicial arrondissement, in the reader's language."""
    return _(NAMES[Arrondissement(code)])
