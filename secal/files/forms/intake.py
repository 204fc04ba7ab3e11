"""The five steps of an application. Each form reads one part of it and says in words what does not hold."""

from datetime import date
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from secal.cases.models import AttachmentKind, IndexClause, TitleKind
from secal.kernel.periods import Month, add_months, add_years
from secal.law import parameter
from secal.office.fields import (
    DayField,
    IbanField,
    MoneyField,
    MonthField,
    NissField,
    PaperField,
    plain_text,
)

LANGUAGES = [("fr", "Français"), ("nl", "Nederlands"), ("de", "Deutsch")]
MOST_CHILDREN = 12
MOST_EARLIER_MONTHS = 120
YES_NO = [("yes", _("Oui")), ("no", _("Non"))]

if TYPE_CHECKING:
    FormSet = BaseFormSet[Any]
else:
    FormSet = BaseFormSet


class TitleForm(forms.Form):
    """Step 1: the application and the executory title."""

    received_on = DayField(label=_("Demande reçue le"))
    language = forms.ChoiceField(label=_("Langue du dossier"), choices=LANGUAGES)
    kind = forms.ChoiceField(label=_("Nature du titre"), choices=TitleKind.choices)
    court = plain_text(
        _("Juridiction ou notaire"),
        _("Indiquez la juridiction ou le notaire, comme sur le titre."),
        longest=120,
    )
    decided_on = DayField(label=_("Date du titre"))
    served_on = DayField(label=_("Date de signification"), required=False)
    index_clause = forms.ChoiceField(label=_("Indexation"), choices=IndexClause.choices)
    base_index = MoneyField(
        label=_("Indice de départ"), required=False, help_text=_("S’il figure dans le titre.")
    )
    asks_advances = forms.BooleanField(label=_("Des avances sont demandées"), required=False, initial=True)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        received, decided, served = (cleaned.get(name) for name in ("received_on", "decided_on", "served_on"))
        if received and received > self.today:
            self.add_error("received_on", _later(received, _("aujourd’hui"), self.today))
        if received and decided and decided > received:
            self.add_error("decided_on", _later(decided, _("la réception de la demande"), received))
        if served and decided and served < decided:
            self.add_error(
                "served_on",
                ValidationError(
                    _("Lu comme %(day)s : avant la date du titre (%(other)s). Vérifiez les deux dates."),
                    code="title.served_before",
                    params={"day": f"{served:%d/%m/%Y}", "other": f"{decided:%d/%m/%Y}"},
                ),
            )
        return cleaned


class PersonForm(forms.Form):
    """What both parties have in common."""

    given_name = plain_text(_("Prénom"), _("Indiquez le prénom, comme sur la carte d’identité."))
    family_name = plain_text(_("Nom"), _("Indiquez le nom, comme sur la carte d’identité."))
    niss = NissField(label=_("NISS"))
    birth_date = DayField(label=_("Date de naissance"), required=False)
    birth_place = plain_text(_("Lieu de naissance"), "", required=False)
    address = plain_text(_("Domicile"), "", required=False, longest=200)
    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_birth_date(self) -> date | None:
        day: date | None = self.cleaned_data["birth_date"]
        if day and day > self.today:
            raise _later(day, _("aujourd’hui"), self.today)
        return day


class CreditorForm(PersonForm):
    """Step 2: the creditor, to whom advances are paid."""

    iban = IbanField(label=_("Compte bancaire (IBAN)"), required=False)
    lives_in_belgium = forms.ChoiceField(
        label=_("Domicilié en Belgique"), choices=YES_NO, widget=forms.RadioSelect, initial="yes"
    )


class DebtorForm(PersonForm):
    """Step 3: the debtor; the NISS is often not known to the creditor."""

    niss = NissField(label=_("NISS"), required=False)

    def __init__(self, *args: Any, creditor_niss: str = "", **kwargs: Any) -> None:
        self.creditor_niss = creditor_niss
        super().__init__(*args, **kwargs)
        self.fields["address"].label = _("Dernier domicile connu")

    def clean_niss(self) -> str | None:
        niss: str | None = self.cleaned_data["niss"]
        if niss and niss == self.creditor_niss:
            raise ValidationError(
                _("C’est le NISS du créancier. Le débiteur est une autre personne : corrigez l’un des deux."),
                code="parties.same",
            )
        return niss


class ChildForm(forms.Form):
    """Step 4, one row: a child and the maintenance that the title gives it."""

    key = forms.RegexField(r"[0-9a-f]{8}", widget=forms.HiddenInput)
    given_name = plain_text(_("Prénom"), _("Indiquez le prénom de l’enfant."))
    family_name = plain_text(_("Nom"), _("Indiquez le nom de l’enfant."))
    niss = NissField(label=_("NISS"), required=False)
    birth_date = DayField(label=_("Date de naissance"))
    monthly_amount = MoneyField(
        label=_("Montant mensuel fixé par le titre"),
        above_zero=True,
        help_text=_("En euros, avant indexation."),
    )
    due_day = forms.IntegerField(
        label=_("Jour d’échéance"),
        min_value=1,
        max_value=28,
        initial=1,
        error_messages={
            "required": _("Indiquez le jour du mois où la pension est due, de 1 à 28."),
            "invalid": _("Ce n’est pas un jour du mois. Écrivez un nombre de 1 à 28."),
            "min_value": _("Lu comme un jour avant le 1. Écrivez un nombre de 1 à 28."),
            "max_value": _("Lu comme un jour après le 28. Pour une échéance en fin de mois, écrivez 28."),
        },
        widget=forms.TextInput(attrs={"size": 3, "inputmode": "numeric"}),
    )
    from_month = MonthField(label=_("Due depuis"))
    until_month = MonthField(label=_("Due jusqu’à"), required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        born, first, last = (cleaned.get(name) for name in ("birth_date", "from_month", "until_month"))
        if born and born > self.today:
            self.add_error("birth_date", _later(born, _("aujourd’hui"), self.today))
        if first and last and last < first:
            self.add_error("until_month", _earlier_month(last, first))
        return cleaned


class BaseChildFormSet(FormSet):
    """The children together: none twice, none the debtor."""

    def __init__(self, *args: Any, debtor_niss: str = "", **kwargs: Any) -> None:
        self.debtor_niss = debtor_niss
        super().__init__(*args, **kwargs)

    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            niss = form.cleaned_data.get("niss") if hasattr(form, "cleaned_data") else None
            if niss and niss == self.debtor_niss:
                form.add_error(
                    "niss", _("C’est le NISS du débiteur. Corrigez celui de l’enfant ou celui du débiteur.")
                )
            elif niss and niss in seen:
                form.add_error(
                    "niss",
                    _("Ce NISS est déjà celui d’un autre enfant de la demande. Corrigez l’une des lignes."),
                )
            seen.add(niss or "")


ChildFormSet = formset_factory(
    ChildForm,
    formset=BaseChildFormSet,
    extra=0,
    min_num=1,
    validate_min=True,
    max_num=MOST_CHILDREN,
    validate_max=True,
)


class TermsForm(forms.Form):
    """Step 5: month by month and child by child, what fell due and what was paid; the papers and
    signatures."""

    history_complete = forms.BooleanField(
        label=_(
            "Le relevé couvre cinq ans, ou tout le temps depuis le titre : les mois non repris ont été payés"
        ),
        required=False,
    )
    signed = forms.BooleanField(label=_("La demande est signée"), required=False)
    order_signed = forms.BooleanField(
        label=_("L’ordre de percevoir ou de recouvrer tous les termes et les arriérés est signé"),
        required=False,
    )
    authorisation_on = DayField(
        label=_("Autorisation d’interroger les services publics donnée le"), required=False
    )
    declared_means = MoneyField(label=_("Moyens mensuels déclarés"), required=False, help_text=_("En euros."))

    def __init__(self, *args: Any, children: list[dict[str, Any]], received_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = children
        self.received_on = received_on
        self.lines = [(child, month) for child in children for month in months_before(received_on, child)]
        for child, month in self.lines:
            named = {"who": child["given_name"], "month": f"{month.first_day:%m/%Y}"}
            amount = f"{child['monthly_amount']:.2f}".replace(".", ",")
            self.fields[f"due-{child['key']}-{month}"] = MoneyField(
                label=_("Dû, %(who)s, %(month)s") % named, initial=amount
            )
            self.fields[f"paid-{child['key']}-{month}"] = MoneyField(
                label=_("Payé, %(who)s, %(month)s") % named, initial=amount
            )
        for kind in AttachmentKind:
            self.fields[f"paper-{kind.value}"] = PaperField(label=kind.label)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for child, month in self.lines:
            due, paid = (
                cleaned.get(f"due-{child['key']}-{month}"),
                cleaned.get(f"paid-{child['key']}-{month}"),
            )
            if due is not None and paid is not None and paid > due:
                self.add_error(f"paid-{child['key']}-{month}", _paid_too_much(paid, due))
        given = cleaned.get("authorisation_on")
        if given and given > self.received_on:
            self.add_error(
                "authorisation_on", _later(given, _("la réception de la demande"), self.received_on)
            )
        return cleaned

    def months(self) -> list[dict[str, Any]]:
        """For the page: each child with its months and their two fields."""
        return [
            {
                "child": child,
                "months": [
                    {
                        "month": month.first_day,
                        "due": self[f"due-{child['key']}-{month}"],
                        "paid": self[f"paid-{child['key']}-{month}"],
                    }
                    for line_child, month in self.lines
                    if line_child is child
                ],
            }
            for child in self.children
        ]

    def papers(self) -> list[tuple[AttachmentKind, tuple[str, bytes, str]]]:
        """The papers that hold, also when other fields do not."""
        laid = ((kind, self.cleaned_data.get(f"paper-{kind.value}")) for kind in AttachmentKind)
        return [(kind, paper) for kind, paper in laid if paper]

    def paper_fields(self) -> list[forms.BoundField]:
        return [self[f"paper-{kind.value}"] for kind in AttachmentKind]


class EarlierForm(forms.Form):
    """Step 5, one row: a month before the last twelve in which something stayed unpaid. An empty row is no
    row."""

    child = forms.ChoiceField(label=_("Enfant"))
    month = MonthField(label=_("Mois"), required=False)
    due = MoneyField(label=_("Dû"), required=False)
    paid = MoneyField(label=_("Payé"), required=False)

    def __init__(self, *args: Any, children: list[dict[str, Any]], received_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.children = {child["key"]: child for child in children}
        self.received_on = received_on
        cast(forms.ChoiceField, self.fields["child"]).choices = [
            (child["key"], child["given_name"]) for child in children
        ]

    @property
    def blank(self) -> bool:
        return not any(self.cleaned_data.get(name) is not None for name in ("month", "due", "paid"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors or self.blank:
            return cleaned
        for name, message in (
            ("month", _("Indiquez le mois de ce terme, par exemple 03/2024.")),
            ("due", _("Indiquez ce qui était dû ce mois-là.")),
        ):
            if cleaned.get(name) is None:
                self.add_error(name, message)
        if not self.errors:
            self._check(cleaned)
        return cleaned

    def _check(self, cleaned: dict[str, Any]) -> None:
        child = self.children[cleaned["child"]]
        month, due, paid = cleaned["month"], cleaned["due"], cleaned.get("paid") or 0
        years = parameter("application_history_years", on=self.received_on).integer().value
        oldest = max(Month.of(add_years(self.received_on, -years)).first_day, child["from_month"])
        first_shown = months_before(self.received_on, child)
        newest = (first_shown[0] if first_shown else Month.of(self.received_on)).first_day
        if not oldest <= month < newest:
            self.add_error(
                "month",
                ValidationError(
                    _(
                        "Lu comme %(month)s : ce relevé va de %(first)s au mois "
                        "avant %(last)s. Corrigez le mois."
                    ),
                    code="term.month_outside",
                    params={"month": f"{month:%m/%Y}", "first": f"{oldest:%m/%Y}", "last": f"{newest:%m/%Y}"},
                ),
            )
        if paid > due:
            self.add_error("paid", _paid_too_much(paid, due))


class BaseEarlierFormSet(FormSet):
    """No month of a child twice."""

    def clean(self) -> None:
        seen: set[tuple[Any, Any]] = set()
        for form in self.forms:
            values = getattr(form, "cleaned_data", {})
            line = (values.get("child"), values.get("month"))
            if line[1] and line in seen:
                form.add_error(
                    "month", _("Ce mois est déjà repris pour cet enfant. Retirez l’une des deux lignes.")
                )
            seen.add(line)


EarlierFormSet = formset_factory(
    EarlierForm, formset=BaseEarlierFormSet, extra=0, max_num=MOST_EARLIER_MONTHS, validate_max=True
)


def months_before(received_on: date, child: dict[str, Any]) -> list[Month]:
    """The months whose term fell due in the twelve months before the application, as far as the title
    goes."""
    window = parameter("eligibility_window_months", on=received_on).integer().value
    start = add_months(received_on, -window)
    return [
        month
        for month in Month.range(Month.of(start), Month.of(received_on))
        if start <= month.day(child["due_day"]) < received_on
        and child["from_month"] <= month.first_day
        and (child["until_month"] is None or month.first_day <= child["until_month"])
    ]


def _later(day: date, what: Any, other: date) -> ValidationError:
    return ValidationError(
        _("Lu comme %(day)s : après %(what)s (%(other)s). Vérifiez l’année."),
        code="day.too_late",
        params={"day": f"{day:%d/%m/%Y}", "what": what, "other": f"{other:%d/%m/%Y}"},
    )


def _earlier_month(month: date, first: date) -> ValidationError:
    return ValidationError(
        _("Lu comme %(month)s : avant le début (%(first)s). Corrigez l’un des deux mois."),
        code="month.reversed",
        params={"month": f"{month:%m/%Y}", "first": f"{first:%m/%Y}"},
    )


def _paid_too_much(paid: Any, due: Any) -> ValidationError:
    return ValidationError(
        _(
            "Lu comme %(paid)s € payés pour %(due)s € dus. Un excédent se porte au "
            "mois suivant : corrigez un des deux."
        ),
        code="term.paid_too_much",
        params={"paid": f"{paid:.2f}".replace(".", ","), "due": f"{due:.2f}".replace(".", ",")},
    )
