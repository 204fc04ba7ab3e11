"""The forms of this room: which office, why a file is given up, and why not."""

from typing import Any

from django import forms
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from recovery.enforcement.rules import Competent
from recovery.enforcement.selectors.irrecoverability import Deed
from secal.kernel.errors import DomainError
from secal.office.formatting import date_text


class _Refusable(forms.Form):
    """Shows a refusal of the rules where it belongs."""

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.text(gettext))


class OfficeForm(_Refusable):
    office = forms.ChoiceField(
        label=_("Étude"),
        widget=forms.RadioSelect,
        help_text=_("Les études de l’arrondissement du débiteur, la moins chargée d’abord."),
        error_messages={
            "required": _("Choisissez une étude."),
            "invalid_choice": _(
                "Cette étude n’est pas compétente dans l’arrondissement du débiteur "
                "(Code judiciaire, art. 516)."
            ),
        },
    )

    def __init__(self, *args: Any, offices: list[Competent], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["office"]
        field.choices = [(office.key, _office_words(office)) for office in offices]
        if offices:
            self.initial.setdefault("office", offices[0].key)


class ProposalForm(_Refusable):
    evidence = forms.ChoiceField(
        label=_("Pièce : exploit d’huissier"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez l’exploit qui le montre.")},
    )
    reasons = forms.CharField(
        label=_("Motifs"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Dites ce qui a été tenté et pourquoi plus rien n’est à attendre.")},
        help_text=_(
            "Ce qui a été tenté et pourquoi plus rien n’est à attendre : 20 caractères au moins. "
            "Scellés avec le dossier."
        ),
    )

    def __init__(self, *args: Any, deeds: list[Deed], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["evidence"]
        field.choices = [(str(deed.document.pk), _deed_words(deed)) for deed in deeds]


class RefusalForm(_Refusable):
    motive = forms.CharField(
        label=_("Motif du refus"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Nécessaire pour refuser seulement : ce qui reste à tenter. Scellé avec le dossier."),
    )


def _office_words(office: Competent) -> str:
    running = ngettext("%(n)d mandat en cours", "%(n)d mandats en cours", office.running) % {
        "n": office.running
    }
    return gettext("%(office)s – %(running)s") % {"office": office.name, "running": running}


def _deed_words(deed: Deed) -> str:
    return gettext("%(name)s, %(day)s") % {"name": deed.name, "day": date_text(deed.document.made_on)}
