"""What people give the ledger: a statement file, a structured communication."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_ogm
from secal.ledger.camt053 import LARGEST_FILE


class RefusableForm(forms.Form):
    """A form that can carry the refusal of the service it was for."""

    def refuse(self, error: DomainError) -> None:
        field = error.field if error.field in self.fields else None
        self.add_error(field, error.text(gettext))


class StatementForm(RefusableForm):
    file = forms.FileField(
        label=_("Extrait camt.053"),
        help_text=_("Fichier XML reçu de la banque, version .001.02 ou .001.08, 20 Mo au plus."),
        error_messages={
            "required": _("Choisissez le fichier de l’extrait."),
            "empty": _("Ce fichier est vide : téléchargez-le à nouveau de la banque."),
        },
        widget=forms.ClearableFileInput(attrs={"accept": ".xml,application/xml,text/xml"}),
    )

    def content(self) -> bytes:
        """The bytes of the file; one byte too many is read, so that the reader can refuse the size."""
        content: bytes = self.cleaned_data["file"].read(LARGEST_FILE + 1)
        return content


class MatchForm(RefusableForm):
    ogm = forms.CharField(
        label=_("Communication structurée du dossier"),
        help_text=_("Douze chiffres, avec ou sans signes : +++123/4567/89012+++."),
        max_length=30,
        error_messages={"required": _("Indiquez la communication structurée du dossier.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def clean_ogm(self) -> Any:
        try:
            return parse_ogm(self.cleaned_data["ogm"])
        except DomainError as error:
            raise forms.ValidationError(error.text(gettext)) from error
