"""The forms of the console. All of them travel by POST: nothing that was looked for stands in an address."""

import re
import uuid
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from audit.console import finding
from audit.console.codes import KINDS, PURPOSES, WHYS
from audit.log.reading import Place, Why
from secal.access.models import User
from secal.office.fields import DayField
from secal.office.formatting import BRUSSELS

ANYBODY, ANY_OF_THESE = _("Tous"), _("Toutes")
_REFERENCE = re.compile(r"[A-Z0-9][A-Z0-9./-]{2,39}", re.ASCII)


def text_field(label: Any, **options: Any) -> forms.CharField:
    """One line that browsers neither remember nor correct."""
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=120, widget=widget, **options)


class WhyForm(forms.Form):
    """Why somebody looks: a reason from the list, and the number of the complaint or request."""

    why = forms.ChoiceField(
        label=_("Motif"),
        choices=[("", _("Choisissez"))],
        error_messages={"required": _("Dites pourquoi vous consultez : le motif est journalisé.")},
    )
    reference = text_field(
        _("Référence"),
        required=False,
        help_text=_("Le numéro de la plainte, de la demande ou du contrôle. Jamais un nom."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons: Any = self.fields["why"]
        reasons.choices = [("", _("Choisissez")), *[(code, _(text)) for code, text in WHYS.items()]]

    def clean_reference(self) -> str:
        reference: str = self.cleaned_data["reference"].strip().upper()
        if reference and not (_REFERENCE.fullmatch(reference) and any(sign.isdigit() for sign in reference)):
            raise ValidationError(
                _("Une référence a 3 à 40 lettres, chiffres, points, tirets ou barres, dont un chiffre.")
            )
        return reference

    def reason(self) -> Why:
        return Why(self.cleaned_data["why"], self.cleaned_data["reference"])


class SearchForm(WhyForm):
    """About whom, by whom, when, for what. All but the reason may stay empty."""

    about = text_field(
        _("Au sujet de"),
        required=False,
        help_text=_("NISS, nom, numéro d’entreprise, numéro de dossier ou de certificat d’effacement."),
    )
    officer = forms.ChoiceField(label=_("Par"), required=False)
    since = DayField(label=_("Du"), required=False)
    until = DayField(label=_("Au"), required=False)
    purpose = forms.ChoiceField(label=_("Finalité"), required=False)
    kind = forms.ChoiceField(label=_("Nature"), required=False)
    chosen = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    after = forms.CharField(required=False, max_length=90, widget=forms.HiddenInput)

    field_order = ["why", "reference", "about", "officer", "since", "until", "purpose", "kind"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = User.objects.order_by("family_name", "given_name", "pk")
        self._choices(
            "officer",
            [(str(user.pk), f"{user.family_name} {user.given_name}") for user in staff],
            any_=ANYBODY,
        )
        self._choices(
            "purpose", sorted((code, _(text)) for code, text in PURPOSES.items()), any_=ANY_OF_THESE
        )
        self._choices("kind", [(code, _(text)) for code, text in KINDS.items()], any_=ANY_OF_THESE)

    def _choices(self, name: str, choices: list[Any], *, any_: Any) -> None:
        field: Any = self.fields[name]
        field.choices = [("", any_), *choices]

    def clean_chosen(self) -> finding.Found | None:
        token = self.cleaned_data["chosen"]
        found = finding.from_token(token) if token else None
        if token and found is None:
            raise ValidationError(_("Cette page est périmée : recommencez la recherche."))
        return found

    def clean_after(self) -> Place | None:
        at, _bar, identifier = self.cleaned_data["after"].partition("|")
        if not at:
            return None
        try:
            return Place(datetime.fromisoformat(at), uuid.UUID(identifier))
        except ValueError as error:
            raise ValidationError(_("Cette page est périmée : recommencez la recherche.")) from error

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        since, until = filled.get("since"), filled.get("until")
        if since and until and until < since:
            self.add_error("until", _("La fin de la période précède son début."))
        return filled

    def others(self) -> dict[str, Any]:
        """The criteria beside the person or file; the last day counts whole."""
        filled = self.cleaned_data
        since, until = filled["since"], filled["until"]
        return {
            "officer": uuid.UUID(filled["officer"]) if filled["officer"] else None,
            "since": datetime.combine(since, time(), tzinfo=BRUSSELS) if since else None,
            "until": datetime.combine(until + timedelta(days=1), time(), tzinfo=BRUSSELS) if until else None,
            "purpose": filled["purpose"],
            "kind": filled["kind"],
        }


class HistoryForm(WhyForm):
    """Of which file, and why."""

    number = text_field(
        _("Numéro du dossier"),
        error_messages={"required": _("Indiquez le numéro du dossier, par exemple SECAL-2026-000123.")},
    )
    field_order = ["number", "why", "reference"]

    def clean_number(self) -> str:
        return str(self.cleaned_data["number"]).strip().upper()
