"""What a bailiff types, read as people write it. Refusals of the rules are put beside the field they are
about."""

import re
import uuid
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import ActKind, Mandate, ServiceMode
from recovery.cases.wording import arrondissement_text, quarter_text
from recovery.portal.errors import DEED_REFUSALS
from recovery.portal.models import PaymentWay
from recovery.portal.pdf_gate import LARGEST
from recovery.portal.selectors import ToldAct
from recovery.portal.services import ActFacts, CloseReason, HandBackReason, PaymentFacts, ServiceFacts
from secal.kernel.arrondissements import Arrondissement
from secal.kernel.errors import DomainError
from secal.kernel.reckoning.procedure import BRUSSELS, Residence
from secal.office.fields import DayField, MoneyField, ReadField

HOUR = re.compile(r"(\d{1,2})\s*[:hH.]\s*(\d{2})?", re.ASCII)
LONGEST_NOTE = 2000

RESIDENCES = (
    (Residence.BELGIUM.value, _("Belgique : domicile, résidence ou siège")),
    (Residence.NEIGHBOUR.value, _("pays voisin ou Royaume-Uni, rien en Belgique")),
    (Residence.EUROPE.value, _("ailleurs en Europe, rien en Belgique")),
    (Residence.ELSEWHERE.value, _("hors d’Europe, rien en Belgique")),
)


class HourField(ReadField):
    """An hour of the day: 10:30, 10h30, 10 h."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Heure et minutes, par exemple 10:30."))
        super().__init__(width=7, required_text=_("Indiquez l’heure, par exemple 10:30."), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%H:%M") if isinstance(value, time) else value

    def read(self, text: str) -> time:
        match = HOUR.fullmatch(text)
        if match and int(match[1]) < 24 and int(match[2] or 0) < 60:
            return time(int(match[1]), int(match[2] or 0))
        raise ValidationError(
            _("« %(text)s » n’est pas une heure. Écrivez heure et minutes, par exemple 10:30."),
            code="hour.unreadable",
            params={"text": text[:20]},
        )


class PortalForm(forms.Form):
    """A form about one of the office's titles. `ticket` is the identifier of what it will record: sent
    twice, it is recorded once."""

    mandate = forms.ChoiceField(
        label=_("Titre"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez le titre."),
            "invalid_choice": _("Choisissez un titre confié à votre étude."),
        },
    )
    ticket = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *args: Any, mandates: Sequence[Mandate], **kwargs: Any) -> None:
        super().__init__(data, *args, **kwargs)
        self.mandates = {str(mandate.pk): mandate for mandate in mandates}
        field: Any = self.fields["mandate"]
        field.choices = [(key, _title_text(mandate)) for key, mandate in self.mandates.items()]
        if len(self.mandates) == 1:
            field.widget = forms.HiddenInput()
            field.initial = next(iter(self.mandates))
        self.fields["ticket"].initial = uuid.uuid4()

    def refuse(self, error: DomainError) -> None:
        """Show a refusal of the rules where it belongs."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, str(error.text()))

    @property
    def ticket_id(self) -> uuid.UUID:
        found: uuid.UUID = self.cleaned_data["ticket"]
        return found

    @property
    def mandate_id(self) -> uuid.UUID:
        return uuid.UUID(self.cleaned_data["mandate"])

    @property
    def chosen(self) -> Mandate:
        return self.mandates[self.cleaned_data["mandate"]]

    def answer(self, name: str) -> str:
        """What was chosen, in words."""
        field: Any = self.fields[name]
        return str(dict(field.choices).get(self.cleaned_data[name], ""))


class WhenAndWhere(PortalForm):
    """The moment and place of an act, its costs, the judge's leave, the act that it rectifies."""

    day = DayField(label=_("Jour"))
    hour = HourField(label=_("Heure"))
    place = forms.ChoiceField(
        label=_("Arrondissement où l’acte a été accompli"),
        error_messages={"required": _("Choisissez l’arrondissement.")},
        help_text=_("Un huissier instrumente dans le sien (art. 516 C. jud.)."),
    )
    costs = MoneyField(
        label=_("Coût de l’acte"),
        required=False,
        help_text=_("En euros, tarif en vigueur ; à charge du débiteur."),
    )
    leave_on = DayField(
        label=_("Date de l’autorisation du juge"),
        required=False,
        help_text=_("Seulement pour un acte avant 6 h, après 21 h, un samedi, un dimanche ou un jour férié."),
    )
    note = forms.CharField(
        label=_("Remarque"),
        required=False,
        max_length=LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Ce que l’exploit constate et qui sert au recouvrement. Scellée avec le dossier."),
    )
    rectifies = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, office_place: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        place: Any = self.fields["place"]
        place.choices = [(code.value, arrondissement_text(code)) for code in Arrondissement]
        place.initial = office_place

    @property
    def at(self) -> datetime:
        return datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"], tzinfo=BRUSSELS)

    @property
    def common(self) -> dict[str, Any]:
        filled = self.cleaned_data
        return {
            "mandate_id": self.mandate_id,
            "at": self.at,
            "place": filled["place"],
            "costs": filled["costs"] or Decimal(0),
            "note": filled["note"],
            "leave_on": filled["leave_on"],
            "rectifies": filled["rectifies"],
        }


class ServiceForm(WhenAndWhere):
    mode = forms.ChoiceField(
        label=_("De quelle manière"),
        choices=ServiceMode.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment la contrainte a été signifiée.")},
        help_text=_("Au domicile ou au siège : à un parent ou préposé de seize ans au moins (art. 35)."),
    )
    residence = forms.ChoiceField(
        label=_("Où le débiteur réside"),
        choices=RESIDENCES,
        initial=Residence.BELGIUM.value,
        help_text=_("Hors de Belgique, le délai d’opposition est plus long (art. 55 C. jud.)."),
    )
    field_order = ("mandate", "day", "hour", "place", "mode", "residence", "costs", "leave_on", "note")

    def facts(self) -> ServiceFacts:
        filled = self.cleaned_data
        return ServiceFacts(
            mode=ServiceMode(filled["mode"]), residence=Residence(filled["residence"]), **self.common
        )


class ActForm(WhenAndWhere):
    kind = forms.ChoiceField(
        label=_("Nature de l’acte"),
        choices=[(kind.value, kind.label) for kind in ActKind if kind != ActKind.SERVICE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez la nature de l’acte.")},
    )
    amount = MoneyField(
        label=_("Montant"),
        required=False,
        help_text=_("Pour quelle somme l’acte est fait, ou le prix d’une vente."),
    )
    field_order = ("mandate", "kind", "day", "hour", "place", "amount", "costs", "leave_on", "note")

    def facts(self) -> ActFacts:
        filled = self.cleaned_data
        return ActFacts(kind=ActKind(filled["kind"]), amount=filled["amount"], **self.common)


class PaymentForm(PortalForm):
    amount = MoneyField(label=_("Montant reçu"), above_zero=True)
    received_on = DayField(label=_("Reçu le"))
    way = forms.ChoiceField(
        label=_("De quelle manière"),
        choices=PaymentWay.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Dites comment le paiement a été reçu.")},
    )
    quarter = forms.ChoiceField(
        label=_("Trimestre désigné par le débiteur"),
        required=False,
        help_text=_("Seulement s’il l’a écrit en payant ; sinon la dette la plus ancienne (art. 25)."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        quarters = sorted({day for mandate in self.mandates.values() for day in mandate.title.quarters})
        quarter: Any = self.fields["quarter"]
        quarter.choices = [("", _("aucun"))] + [(day.isoformat(), quarter_text(day)) for day in quarters]

    def facts(self) -> PaymentFacts:
        filled = self.cleaned_data
        return PaymentFacts(
            mandate_id=self.mandate_id,
            amount=filled["amount"],
            received_on=filled["received_on"],
            way=PaymentWay(filled["way"]),
            quarter=date.fromisoformat(filled["quarter"]) if filled["quarter"] else None,
        )


class DeedForm(forms.Form):
    """The deed of an act; the gate looks at it in the service."""

    act = forms.ChoiceField(
        label=_("Acte"),
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choisissez l’acte."),
            "invalid_choice": _("Choisissez un acte du dossier."),
        },
    )
    deed = forms.FileField(
        label=_("Exploit"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"required": _("Choisissez l’exploit signé, en PDF.")},
        help_text=_("PDF de 20 Mo au plus, sans mot de passe ni fichier joint."),
    )

    def __init__(self, *args: Any, acts: Sequence[ToldAct], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["act"]
        choice.choices = [
            (
                str(told.act.pk),
                f"{told.number} – {told.act.get_kind_display()} – {told.act.acted_at:%d/%m/%Y}",
            )
            for told in acts
        ]

    def clean_deed(self) -> bytes:
        data = self.cleaned_data["deed"]
        if not isinstance(data, UploadedFile) or (data.size or 0) > LARGEST:
            raise ValidationError(DEED_REFUSALS["size"], code="deed.size")
        content: bytes = data.read()
        return content

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.field if error.field in self.fields else None, str(error.text()))


class EndForm(PortalForm):
    how = forms.ChoiceField(
        label=_("Fin de l’intervention"),
        choices=[
            ("hand_back", _("Rendre le titre : une autre étude le recevra")),
            ("close", _("Clôturer : il n’y a plus rien à faire avec ce titre")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choisissez : rendre ou clôturer.")},
    )
    hand_back_reason = forms.ChoiceField(
        label=_("Si vous rendez le titre, pourquoi"),
        choices=[("", _("– choisissez –")), *HandBackReason.choices],
        required=False,
        help_text=_("Exigé pour rendre le titre, et seulement là."),
    )
    close_reason = forms.ChoiceField(
        label=_("Si vous clôturez, pourquoi"),
        choices=[("", _("– choisissez –")), *CloseReason.choices],
        required=False,
        help_text=_("Exigé pour clôturer, et seulement là."),
    )

    def clean(self) -> dict[str, Any]:
        filled = super().clean() or {}
        how = filled.get("how")
        if how and not filled.get(f"{how}_reason"):
            self.add_error(f"{how}_reason", _("Choisissez un motif."))
        return filled

    @property
    def reason(self) -> str:
        return str(self.cleaned_data[f"{self.cleaned_data['how']}_reason"])


def _title_text(mandate: Mandate) -> str:
    quarters = ", ".join(quarter_text(day) for day in sorted(mandate.title.quarters))
    return f"{mandate.title.number} – {quarters}"
