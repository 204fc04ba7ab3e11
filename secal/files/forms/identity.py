"""Who somebody is: the numbers as a registrar reads them on a paper, and why they are to change."""

from abc import abstractmethod
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.office.fields import DayField, FileNumberField, NissField, PaperField, plain_text
from secal.people.designations import Correction, Designation, Merge, Numbers, Place
from secal.people.models import ProposalKind
from secal.people.services.identity import Proof

CHOICES = [("", "–"), *Place.choices]


class NumbersForm(forms.Form):
    """The persons meant, each by NISS or by a place in a file. Nothing about them is ever shown."""

    meant: dict[str, str | Promise] = {}
    """Prefix of the fields of each person, and who that is."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked: dict[str, forms.Field] = {}
        for who, words in self.meant.items():
            asked[f"{who}_niss"] = NissField(
                label=_("NISS (%(who)s)") % {"who": words},
                required=False,
                help_text=_("Ou, sans NISS, le numéro d’un dossier et la place dans ce dossier."),
            )
            asked[f"{who}_file"] = FileNumberField(
                label=_("Numéro de dossier (%(who)s)") % {"who": words}, required=False
            )
            asked[f"{who}_place"] = forms.ChoiceField(
                label=_("Place dans le dossier (%(who)s)") % {"who": words}, choices=CHOICES, required=False
            )
            asked[f"{who}_born"] = DayField(
                label=_("Date de naissance de l’enfant (%(who)s)") % {"who": words}, required=False
            )
        self.fields = {**asked, **self.fields}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for who in self.meant:
            niss, file, place, born = (
                cleaned.get(f"{who}_{part}") for part in ("niss", "file", "place", "born")
            )
            by_place = bool(file and place) and (place != Place.CHILD or bool(born))
            if not self.errors and bool(niss) == by_place:
                self.add_error(
                    f"{who}_niss",
                    ValidationError(
                        _(
                            "Donnez soit le NISS, soit le numéro d’un dossier avec la place (et, pour un "
                            "enfant, sa date de naissance)."
                        ),
                        code="designation.one_way",
                    ),
                )
        return cleaned

    def designation(self, who: str) -> Designation:
        values = self.cleaned_data
        if values[f"{who}_niss"]:
            return Designation(niss=values[f"{who}_niss"])
        place = values[f"{who}_place"]
        born = values[f"{who}_born"] if place == Place.CHILD else None
        return Designation(file_number=values[f"{who}_file"], place=place, born=born)

    @abstractmethod
    def numbers(self) -> Numbers:
        """What was typed, once the form is valid."""

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the service."""
        self.add_error(None, error.text(gettext))


class CorrectionForm(NumbersForm):
    """A person and the NISS that is theirs."""

    meant = {"person": _("personne visée")}
    niss = NissField(label=_("NISS exact"))

    def numbers(self) -> Numbers:
        return Correction(self.designation("person"), self.cleaned_data["niss"])


class MergeForm(NumbersForm):
    """Two records of one person."""

    meant = {"kept": _("enregistrement gardé"), "emptied": _("enregistrement en trop")}

    def numbers(self) -> Numbers:
        return Merge(self.designation("kept"), self.designation("emptied"))


class ProofForm(forms.Form):
    """Why, and the paper that shows it."""

    reason = plain_text(_("Motif"), _("Indiquez ce qui montre l’erreur, sans nommer personne."), longest=300)
    paper = PaperField(label=_("Pièce qui le prouve"))

    def clean_paper(self) -> tuple[str, bytes, str]:
        paper: tuple[str, bytes, str] | None = self.cleaned_data["paper"]
        if paper is None:
            raise ValidationError(_("Joignez la pièce qui prouve l’erreur."), code="paper.required")
        return paper

    def proof(self) -> Proof:
        """What was joined, once the form is valid."""
        _name, content, content_type = self.cleaned_data["paper"]
        return Proof(self.cleaned_data["reason"], content, content_type)


FORMS: dict[ProposalKind, type[NumbersForm]] = {
    ProposalKind.CORRECTION: CorrectionForm,
    ProposalKind.MERGE: MergeForm,
}
