"""Closing a file: the ground, and the day of a renunciation; then what the second person decides."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.cases.models import ClosureGround
from secal.kernel.errors import DomainError
from secal.office.fields import DayField


class ClosureForm(forms.Form):
    """Why the file can be closed."""

    ground = forms.TypedChoiceField(
        label=_("Motif de la clôture"),
        choices=ClosureGround.choices,
        coerce=ClosureGround,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez le motif de la clôture.")},
    )
    renounced_on = DayField(
        label=_("Date de la renonciation"),
        help_text=_("Seulement si le créancier renonce : le jour de sa lettre, par exemple 21/11/2026."),
        required=False,
    )

    def answers(self) -> dict[str, Any]:
        """The arguments of the services."""
        day: date | None = self.cleaned_data["renounced_on"]
        return {"ground": self.cleaned_data["ground"], "renounced_on": day}

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service where it belongs."""
        self.add_error(error.field if error.field in self.fields else None, error.text(gettext))
