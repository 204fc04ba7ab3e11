"""The form of a solvency review: conclusion, motive, next day, and the table of means and charges."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.kernel.money import parse_amount
from secal.office.fields import DayField
from secal.solvency.models import Procedure, ReviewOutcome
from secal.solvency.rules import POSITIVE, PROCEDURES, InventoryLine
from secal.solvency.services import Findings
from secal.solvency.wording import CHARGES, MEANS

LINES = 8
KIND_CHOICES = [("", "–"), (_("Ressources"), list(MEANS.items())), (_("Charges"), list(CHARGES.items()))]


class AmountField(forms.CharField):
    """An amount in euro as people write it; empty is no amount."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_amount(text)
        except DomainError as error:
            raise ValidationError(error.text(gettext), code=error.code) from error


class LineForm(forms.Form):
    """One line of the inventory; a line left empty is no line."""

    kind = forms.ChoiceField(label=_("Nature"), choices=KIND_CHOICES, required=False)
    label = forms.CharField(label=_("Précision"), required=False, max_length=120)
    amount = AmountField(
        label=_("Montant par mois"),
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "size": 10, "autocomplete": "off"}),
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=120)

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        if any(filled.values()):
            if not filled.get("kind"):
                self.add_error("kind", _("Choisissez la nature de cette ligne, ou videz-la."))
            if "amount" in filled and not filled["amount"]:
                self.add_error("amount", _("Indiquez un montant par mois, ou videz la ligne."))
            if "source" in filled and not filled["source"]:
                self.add_error("source", _("Indiquez d’où vient ce montant."))
        return filled

    def line(self) -> InventoryLine | None:
        found = self.cleaned_data
        if not any(found.values()):
            return None
        return InventoryLine(found["kind"], found["label"], Decimal(found["amount"]), found["source"])


LineFormSet = forms.formset_factory(LineForm, extra=0, max_num=40, absolute_max=40)


class ReviewForm(forms.Form):
    outcome = forms.TypedChoiceField(
        label=_("Conclusion"),
        choices=ReviewOutcome.choices,
        coerce=ReviewOutcome,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez une conclusion.")},
    )
    procedure = forms.ChoiceField(
        label=_("Procédure, si le débiteur est solvable"),
        choices=[(code, Procedure(code).label) for code in PROCEDURES[POSITIVE]],
        required=False,
        widget=forms.RadioSelect,
        help_text=_("Insolvable : le recouvrement est suspendu (art. 27). Facilités : un plan est établi."),
    )
    reasons = forms.CharField(
        label=_("Motivation"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Dites ce qui a été trouvé et pourquoi cette conclusion.")},
        help_text=_(
            "Ce qui a été trouvé et pourquoi cette conclusion : 20 caractères au moins. "
            "Scellée avec le dossier."
        ),
    )
    next_review_on = DayField(label=_("Examen suivant"), required=False)

    def findings(self, lines: list[LineForm]) -> Findings:
        """What was filled in, for the service."""
        filled = self.cleaned_data
        inventory = tuple(line for form in lines if (line := form.line()) is not None)
        return Findings(
            outcome=filled["outcome"],
            procedure=filled["procedure"],
            reasons=filled["reasons"],
            next_review_on=filled["next_review_on"],
            inventory=inventory,
        )

    def refuse(self, field: str | None, text: str) -> None:
        """Show a refusal of the rules where it belongs."""
        self.add_error(field if field in self.fields else None, text)
