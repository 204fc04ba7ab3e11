"""What completes an application later: only the fields that bring something still missing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from secal.cases.models import AttachmentKind
from secal.cases.rules import PAPER_OF_CONTENT
from secal.cases.services import Completion
from secal.cases.statements import Paper
from secal.office.fields import DayField, MoneyField, PaperField, plain_text
from secal.people.services import PersonDetails

PARTIES = {"creditor": _("créancier"), "debtor": _("débiteur")}


class CompletionForm(forms.Form):
    """Built from the codes of what is missing (art. 7). Nothing recorded before is shown."""

    def __init__(self, *args: Any, missing: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.missing = missing
        if "signature" in missing:
            self.fields["signed"] = forms.BooleanField(label=_("La demande est signée"), required=False)
        if "order_to_collect" in missing:
            self.fields["order_signed"] = forms.BooleanField(
                label=_("L’ordre de percevoir ou de recouvrer tous les termes et les arriérés est signé"),
                required=False,
            )
        for party, word in PARTIES.items():
            if f"{party}_identity" in missing:
                self._ask_identity(party, word)
        if {"terms_and_payments_five_years", "unpaid_terms_five_years"} & set(missing):
            self.fields["history_complete"] = forms.BooleanField(
                label=_(
                    "Le créancier confirme que les mois non repris depuis cinq ans, "
                    "ou depuis le titre, ont été payés"
                ),
                required=False,
            )
        if "authorisation_public_services" in missing:
            self.fields["authorisation_on"] = DayField(
                label=_("Autorisation d’interroger les services publics donnée le"), required=False
            )
        if "monthly_income" in missing:
            self.fields["declared_means"] = MoneyField(
                label=_("Moyens mensuels déclarés"), required=False, help_text=_("En euros.")
            )
        for kind in self._kinds():
            self.fields[f"paper-{kind.value}"] = PaperField(label=kind.label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for party in PARTIES:
            names = [f"{party}_{part}" for part in ("birth_date", "birth_place", "address")]
            given = [name for name in names if cleaned.get(name)]
            if given and not self.errors:
                for name in set(names) - set(given):
                    if name in self.fields:
                        self.add_error(
                            name, _("Donnez ces trois renseignements ensemble : celui-ci manque encore.")
                        )
        if not self.errors and not any(cleaned.values()):
            raise ValidationError(
                _("Rien n’est apporté. Remplissez au moins un des champs ci-dessous."),
                code="completion.empty",
            )
        return cleaned

    def completion(self) -> Completion:
        """What was brought, once the form is valid."""
        values = self.cleaned_data
        laid = [(kind, values.get(f"paper-{kind.value}")) for kind in self._kinds()]
        return Completion(
            signed=values.get("signed", False),
            order_signed=values.get("order_signed", False),
            history_complete=values.get("history_complete", False),
            authorisation_on=values.get("authorisation_on"),
            declared_means=values.get("declared_means"),
            creditor=self._identity("creditor"),
            debtor=self._identity("debtor"),
            papers=tuple(Paper(kind, *paper) for kind, paper in laid if paper),
        )

    def _kinds(self) -> list[AttachmentKind]:
        wanted = {PAPER_OF_CONTENT[code] for code in self.missing if code in PAPER_OF_CONTENT}
        return [kind for kind in AttachmentKind if kind.value in wanted or kind is AttachmentKind.OTHER]

    def _ask_identity(self, party: str, word: Any) -> None:
        self.fields[f"{party}_birth_date"] = DayField(
            label=_("Date de naissance (%(who)s)") % {"who": word}, required=False
        )
        self.fields[f"{party}_birth_place"] = plain_text(
            _("Lieu de naissance (%(who)s)") % {"who": word}, "", required=False
        )
        self.fields[f"{party}_address"] = plain_text(
            _("Domicile (%(who)s)") % {"who": word}, "", required=False, longest=200
        )

    def _identity(self, party: str) -> PersonDetails | None:
        values = self.cleaned_data
        if not values.get(f"{party}_address"):
            return None
        return PersonDetails(
            given_name="",
            family_name="",
            birth_date=values[f"{party}_birth_date"],
            birth_place=values[f"{party}_birth_place"],
            address=values[f"{party}_address"],
        )
