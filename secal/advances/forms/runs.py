"""The one form of the payment runs: which month, paid on which day."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from secal.kernel.calendar import is_working_day, next_working_day
from secal.kernel.periods import Month
from secal.office.fields import DayField
from secal.office.formatting import month_text

MONTHS_BACK, MONTHS_AHEAD = 2, 1


class PrepareForm(forms.Form):
    """Month and day of execution. `on` is today: the day of execution lies after it."""

    month = forms.TypedChoiceField(
        label=_("Mois à payer"),
        coerce=lambda text: Month.parse(text).first_day,
        help_text=_("Le mois du terme dû."),
    )
    execution_on = DayField(
        label=_("Jour d’exécution par la banque"), help_text=_("Un jour ouvrable, au plus tôt demain.")
    )

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"month": str(Month.of(on)), "execution_on": next_working_day(on)})
        super().__init__(*args, **kwargs)
        self.on = on
        this = Month.of(on)
        months: Any = self.fields["month"]
        months.choices = [
            (str(month), month_text(month.first_day))
            for month in Month.range(this + -MONTHS_BACK, this + MONTHS_AHEAD)
        ]

    def clean_execution_on(self) -> date:
        day: date = self.cleaned_data["execution_on"]
        if day <= self.on:
            raise forms.ValidationError(
                _("Choisissez un jour après aujourd’hui : la banque a besoin d’un jour.")
            )
        if not is_working_day(day):
            raise forms.ValidationError(
                _("Ce jour n’est pas un jour ouvrable bancaire. Choisissez un autre jour de la semaine.")
            )
        return day
