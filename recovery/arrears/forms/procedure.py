"""Notices, contests, rolls, oppositions and delegations."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from recovery.arrears.forms.base import RefusableForm
from recovery.arrears.models import ContestChannel, NoticeChannel, OppositionForm
from secal.access.models import User
from secal.office.fields import DayField

LineChoices = Sequence[tuple[str, Any]]


class LinesField(forms.MultipleChoiceField):
    """Lines of an account, by their identifiers."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            widget=forms.CheckboxSelectMultiple,
            error_messages={
                "required": _("Cochez au moins une ligne."),
                "invalid_choice": _("Une de ces lignes n’est plus à réclamer. Rechargez la page."),
            },
            **kwargs,
        )

    def clean(self, value: Any) -> list[uuid.UUID]:
        return [uuid.UUID(chosen) for chosen in super().clean(value)]


class NoticeForm(RefusableForm):
    channel = forms.TypedChoiceField(
        label=_("Envoi"), choices=NoticeChannel.choices, coerce=NoticeChannel, widget=forms.RadioSelect
    )
    sent_on = DayField(label=_("Envoyée le"))
    presented_on = DayField(
        label=_("Présentée le, si l’accusé de réception est connu"),
        required=False,
        help_text=_("Seulement pour un recommandé avec accusé de réception : le délai part de ce jour."),
    )


class PresentationForm(RefusableForm):
    presented_on = DayField(label=_("Présentée le"))


class ContestForm(RefusableForm):
    channel = forms.TypedChoiceField(
        label=_("Comment le débiteur a contesté"),
        choices=ContestChannel.choices,
        coerce=ContestChannel,
        widget=forms.RadioSelect,
        help_text=_("Seul un envoi recommandé, ou l’e-Box, écarte les lignes du rôle (art. 40 §§1 et 2)."),
    )
    sent_on = DayField(label=_("Contestation envoyée le"))
    lines = LinesField(label=_("Lignes contestées"))

    def __init__(self, *args: Any, lines: LineChoices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = lines  # type: ignore[attr-defined]


class RollForm(RefusableForm):
    lines = LinesField(label=_("Lignes à porter au rôle"))
    confirmed = forms.BooleanField(
        label=_(
            "J’ai examiné les contestations faites sans envoi recommandé et je porte ces lignes au rôle."
        ),
        required=False,
    )

    def __init__(self, *args: Any, lines: LineChoices, warned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = lines  # type: ignore[attr-defined]
        if not warned:
            del self.fields["confirmed"]


class OppositionFilingForm(RefusableForm):
    filed_on = DayField(label=_("Opposition faite le"))
    form = forms.TypedChoiceField(
        label=_("Forme"), choices=OppositionForm.choices, coerce=OppositionForm, widget=forms.RadioSelect
    )
    reasoned = forms.BooleanField(label=_("L’acte contient des motifs"), required=False)


class DecisionForm(RefusableForm):
    decided_on = DayField(label=_("Décision du juge le"))
    upheld = forms.TypedChoiceField(
        label=_("Le juge"),
        choices=[("no", _("rejette l’opposition")), ("yes", _("accueille l’opposition"))],
        coerce=lambda answer: answer == "yes",
        widget=forms.RadioSelect,
    )


class DelegationForm(RefusableForm):
    delegate = forms.TypedChoiceField(label=_("Signataire"), choices=[], coerce=uuid.UUID)
    decision = forms.CharField(
        label=_("Acte du Comité de gestion"),
        max_length=120,
        help_text=_(
            "Tel que la contrainte le cite, par exemple « décision du Comité de gestion du 03/02/2025 »."
        ),
    )
    decided_on = DayField(label=_("Date de la décision"))
    from_on = DayField(label=_("À partir du"))
    until_on = DayField(label=_("Jusqu’au"), required=False)
    signs_rolls = forms.BooleanField(label=_("Rend les rôles exécutoires"), required=False)
    issues_constraints = forms.BooleanField(label=_("Décerne les contraintes"), required=False)

    def __init__(self, *args: Any, signatories: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["delegate"].choices = [  # type: ignore[attr-defined]
            (str(user.pk), user.display_name) for user in signatories
        ]

    def clean(self) -> dict[str, Any]:
        filled = self.cleaned_data
        if not (filled.get("signs_rolls") or filled.get("issues_constraints")):
            self.add_error("signs_rolls", _("Cochez au moins un pouvoir."))
        return filled
