"""What every form of this room does with a refusal of the rules."""

from django import forms
from django.utils.translation import gettext

from secal.kernel.errors import DomainError


class RefusableForm(forms.Form):
    """A form that shows a refusal of the rules where it belongs."""

    def refuse(self, error: DomainError) -> None:
        self.add_error(error.field if error.field in self.fields else None, error.text(gettext))
