"""An employer, and a quarter's contributions."""

from collections.abc import Iterable
from datetime import date

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recovery.arrears.forms.base import RefusableForm
from recovery.arrears.models import Origin
from recovery.cases.wording import quarter_text
from secal.kernel.arrondissements import NAMES
from secal.kernel.identifiers import parse_enterprise_number
from secal.kernel.periods import Month
from secal.office.fields import DayField, MoneyField, NissField, ReadField
from secal.people.employers import EmployerDetails
from secal.people.models import EmployerKind

LANGUAGES = [("fr", _("français")), ("nl", _("néerlandais")), ("de", _("allemand"))]
QUARTERS_BACK = 14
"""How many past quarters the form offers: limitation leaves no older debt."""


class EnterpriseField(ReadField):
    """Ten digits; dots and spaces may be pasted along."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(inputmode="numeric", **kwargs)  # type: ignore[arg-type]

    def read(self, text: str) -> str:
        return parse_enterprise_number(text)


class EmployerForm(RefusableForm):
    kind = forms.ChoiceField(label=_("Nature"), choices=EmployerKind.choices, widget=forms.RadioSelect)
    enterprise_number = EnterpriseField(
        label=_("Numéro d’entreprise"),
        required=False,
        help_text=_("Dix chiffres, par exemple 0403.170.701. Un employeur déjà connu est repris tel quel."),
    )
    onss_number = forms.CharField(label=_("Numéro ONSS"), required=False, max_length=16)
    name = forms.CharField(
        label=_("Nom ou dénomination"),
        max_length=160,
        error_messages={"required": _("Donnez le nom ou la dénomination.")},
    )
    legal_form = forms.CharField(label=_("Forme juridique"), required=False, max_length=20)
    niss = NissField(label=_("NISS, pour une personne physique"), required=False)
    birth_date = DayField(label=_("Date de naissance, pour une personne physique"), required=False)
    address = forms.CharField(
        label=_("Siège ou domicile"),
        max_length=300,
        help_text=_("Rue et numéro, code postal et commune, séparés par des virgules."),
        error_messages={"required": _("Donnez l’adresse : la mise en demeure y est envoyée.")},
    )
    arrondissement = forms.ChoiceField(label=_("Arrondissement judiciaire"), choices=[])
    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        places = sorted((gettext(name), code.value) for code, name in NAMES.items())
        self.fields["arrondissement"].choices = [  # type: ignore[attr-defined]
            ("", "–"),
            *[(code, name) for name, code in places],
        ]

    def details(self) -> EmployerDetails:
        """What was filled in, for the service."""
        filled = self.cleaned_data
        return EmployerDetails(
            kind=filled["kind"],
            name=filled["name"],
            arrondissement=filled["arrondissement"],
            enterprise_number=filled["enterprise_number"] or "",
            onss_number=filled["onss_number"],
            legal_form=filled["legal_form"],
            niss=filled["niss"] or "",
            birth_date=filled["birth_date"],
            address=filled["address"],
            language=filled["language"],
        )


class DebtForm(RefusableForm):
    quarter = forms.ChoiceField(label=_("Trimestre"), choices=[])
    origin = forms.TypedChoiceField(
        label=_("Origine"), choices=Origin.choices, coerce=Origin, widget=forms.RadioSelect
    )
    contributions = MoneyField(label=_("Cotisations dues"), above_zero=True)

    def __init__(self, *args: object, on: date, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["quarter"].choices = [  # type: ignore[attr-defined]
            (first.isoformat(), lazystr(quarter_text(first))) for first in past_quarters(on)
        ]

    def clean_quarter(self) -> date:
        return date.fromisoformat(self.cleaned_data["quarter"])


def past_quarters(on: date) -> Iterable[date]:
    """The first days of the quarters that are over, latest first."""
    current = Month(on.year, (on.month - 1) // 3 * 3 + 1)
    return [(current - 3 * back).first_day for back in range(1, QUARTERS_BACK + 1)]
