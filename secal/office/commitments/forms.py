"""The box under a text. What was read travels with it, and is compared with what is in force."""

from django import forms
from django.utils.translation import gettext_lazy as _

from secal.access.commitments.errors import TextIsAnother
from secal.access.commitments.texts import LANGUAGES, Text
from secal.access.models import CommitmentKind


class CommitmentForm(forms.Form):
    """One text, accepted or not."""

    kind = forms.ChoiceField(choices=CommitmentKind.choices, widget=forms.HiddenInput)
    version = forms.DateField(input_formats=["%Y-%m-%d"], widget=forms.HiddenInput)
    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES], widget=forms.HiddenInput)
    digest = forms.RegexField(r"\A[0-9a-f]{64}\Z", widget=forms.HiddenInput)
    agreed = forms.BooleanField(
        label=_("J’ai lu ce texte en entier et je m’engage à le respecter."),
        error_messages={"required": _("Cochez cette case quand vous avez lu le texte.")},
    )

    @classmethod
    def under(cls, text: Text, *, refused: "CommitmentForm | None" = None) -> "CommitmentForm":
        """The box under this text, empty; with the reason, if it was this one that was just refused.

        It carries what is shown now, whatever was sent: what is accepted next is what is read next.
        """
        shown = {
            "kind": text.kind.value,
            "version": text.version.isoformat(),
            "language": text.language,
            "digest": text.digest_hex,
        }
        names = f"{text.kind.value}-%s"
        if refused is None or refused.data.get("kind") != text.kind.value:
            return cls(initial=shown, auto_id=names)
        form = cls(shown, auto_id=names)
        form.errors.clear()
        reasons = refused.errors.get("agreed") or [str(TextIsAnother())]
        form.add_error("agreed", reasons[0])
        return form
