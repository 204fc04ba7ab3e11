"""Giving a file to another officer."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from secal.cases.selectors import Candidate


class AssignmentForm(forms.Form):
    """One choice among the officers who may receive the file."""

    officer = forms.ChoiceField(
        label=_("Nouveau gestionnaire"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez le gestionnaire qui reçoit le dossier."),
            "invalid_choice": _(
                "Cet agent ne peut plus recevoir ce dossier. Choisissez-en un autre dans la liste."
            ),
        },
    )

    def __init__(self, *args: Any, candidates: list[Candidate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["officer"]).choices = [
            (str(candidate.officer.pk), f"{candidate.officer.display_name} ({_load(candidate.open_files)})")
            for candidate in candidates
        ]


def _load(number: int) -> str:
    return ngettext("%(n)d dossier ouvert", "%(n)d dossiers ouverts", number) % {"n": number}
