"""Asking for a file by its number and with a reason; choosing whom to protect."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.cases.models import ProtectionGround
from secal.kernel.errors import DomainError
from secal.office.fields import FileNumberField
from secal.people.models import Person


class NumberForm(forms.Form):
    """The number of a file, typed: nobody browses here."""

    number = FileNumberField(
        label=_("Numéro du dossier"),
        width=20,
        help_text=_("Par exemple SECAL-2026-000042."),
        required_text=_("Indiquez le numéro du dossier."),
    )

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service where it belongs."""
        self.add_error(error.field if error.field in self.fields else None, error.text(gettext))


class AskForm(NumberForm):
    """Which file, and why it cannot wait."""

    reason = forms.CharField(
        label=_("Motif"),
        max_length=1000,
        help_text=_("Ce qui ne peut pas attendre, et pourquoi. Le motif sera relu."),
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Indiquez le motif.")},
    )


class ProtectForm(NumberForm):
    """Whom of a file to protect, and on which ground."""

    person = forms.ChoiceField(
        label=_("Personne à protéger"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez la personne."),
            "invalid_choice": _("Cette personne n’est pas dans ce dossier."),
        },
    )
    ground = forms.TypedChoiceField(
        label=_("Raison"),
        choices=ProtectionGround.choices,
        coerce=ProtectionGround,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez la raison.")},
    )

    def __init__(self, *args: Any, persons: list[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["number"].widget = forms.HiddenInput()
        cast(forms.ChoiceField, self.fields["person"]).choices = [
            (str(person.pk), str(person)) for person in persons
        ]
