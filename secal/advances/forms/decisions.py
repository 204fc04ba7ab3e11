"""The form of a decision: an outcome and, where one is needed, a motive."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from secal.advances.models import Outcome


class DecisionForm(forms.Form):
    outcome = forms.TypedChoiceField(
        label=_("Décision"), choices=Outcome.choices, coerce=Outcome, widget=forms.RadioSelect
    )
    motive = forms.CharField(
        label=_("Motivation"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Obligatoire pour refuser ce qui est demandé ou pour vous écarter de la proposition."),
    )

    def refuse(self, field: str | None, text: str) -> None:
        """Show a refusal of the service where it belongs."""
        self.add_error(field if field in self.fields else None, text)

    def clean_motive(self) -> Any:
        return self.cleaned_data["motive"].strip()
