"""The one form of retention: why a list is rejected."""

from django import forms
from django.utils.translation import gettext_lazy as _

from audit.retention.services import LONGEST_REASON


class RejectForm(forms.Form):
    reason = forms.CharField(
        label=_("Pourquoi la liste est rejetée"),
        help_text=_("Sans nom ni numéro de personne. Ce qui est à effacer revient sur une liste suivante."),
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": _("Dites pourquoi la liste est rejetée.")},
    )
