"""Fields that read what people type, and say what was understood and what to do when it cannot be."""

import re
from abc import ABC, abstractmethod
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_file_number, parse_iban, parse_niss
from secal.kernel.money import parse_amount
from secal.kernel.periods import Month

LARGEST_PAPER = 20 * 1024 * 1024
"""Bytes of one paper."""

EARLIEST_YEAR = 1900
"""Of a day or a month that is typed: what is older is a slip of the keyboard."""

SIGNATURES = {
    b"%PDF-": "application/pdf",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}
"""The first bytes of the kinds of file that are taken. The name and the type that a browser states prove
nothing."""

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_MONTH = re.compile(r"(\d{1,2})[/.\- ](\d{4})", re.ASCII)


def printable(text: str) -> str:
    """What was typed to search, without control characters: no name holds one, and the database cannot read
    all of them."""
    return "".join(sign for sign in text if sign.isprintable())


class ReadField(forms.CharField, ABC):
    """A text field whose value is read by `read`; what that refuses becomes the field's message."""

    def __init__(
        self, *, width: int = 16, inputmode: str = "text", required_text: Any = "", **kwargs: Any
    ) -> None:
        messages = {"required": required_text} if required_text else {}
        attributes = {"size": width, "inputmode": inputmode, "autocomplete": "off", "spellcheck": "false"}
        super().__init__(
            error_messages=messages,
            widget=kwargs.pop("widget", None) or forms.TextInput(attrs=attributes),
            **kwargs,
        )

    @abstractmethod
    def read(self, text: str) -> Any:
        """The value that the text means. Raises DomainError."""

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        if not text:
            return None
        try:
            return self.read(text)
        except DomainError as error:
            raise ValidationError(error.text(gettext), code=error.code) from error

    def run_validators(self, value: Any) -> None:
        """The reader is the validator."""


class NissField(ReadField):
    """Eleven digits; dots, dashes and spaces may be pasted along."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("11 chiffres, avec ou sans points et espaces."))
        super().__init__(
            inputmode="numeric",
            required_text=_("Indiquez le numéro de registre national (11 chiffres)."),
            **kwargs,
        )

    def read(self, text: str) -> str:
        return parse_niss(text)


class IbanField(ReadField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(width=34, **kwargs)

    def read(self, text: str) -> str:
        return parse_iban(text)


class MoneyField(ReadField):
    """An amount in euro, not negative."""

    def __init__(self, *, above_zero: bool = False, **kwargs: Any) -> None:
        self.above_zero = above_zero
        super().__init__(
            width=12,
            inputmode="decimal",
            required_text=_("Indiquez un montant, par exemple 220,00."),
            **kwargs,
        )

    def read(self, text: str) -> Decimal:
        amount = parse_amount(text)
        if self.above_zero and amount == 0:
            raise ValidationError(
                _("Lu comme 0,00 : le montant doit être supérieur à zéro. Reprenez celui du titre."),
                code="amount.zero",
            )
        return amount


class FileNumberField(ReadField):
    """The number of an alimony file in full, from "secal 2026/7" too."""

    def read(self, text: str) -> str:
        return parse_file_number(text)


class DayField(ReadField):
    """A day of these times: 05/10/2026, 5.10.2026 or 2026-10-05."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Jour/mois/année, par exemple 05/10/2026."))
        super().__init__(
            width=12,
            inputmode="numeric",
            required_text=_("Indiquez une date, par exemple 05/10/2026."),
            **kwargs,
        )

    def prepare_value(self, value: Any) -> Any:
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else value

    def read(self, text: str) -> date:
        if match := _DAY.fullmatch(text):
            day, month, year = (int(part) for part in match.groups())
        elif match := _ISO_DAY.fullmatch(text):
            year, month, day = (int(part) for part in match.groups())
        else:
            raise self._unreadable(text)
        try:
            read = date(year, month, day)
        except ValueError as error:
            raise self._unreadable(text) from error
        if year < EARLIEST_YEAR:
            raise ValidationError(
                _("Lu : le %(day)s. Aucune date d’avant %(year)s n’est prise : vérifiez l’année."),
                code="day.too_early",
                params={"day": f"{day:02d}/{month:02d}/{year:04d}", "year": str(EARLIEST_YEAR)},
            )
        return read

    @staticmethod
    def _unreadable(text: str) -> ValidationError:
        return ValidationError(
            _(
                "« %(text)s » n’est pas une date du calendrier. Écrivez "
                "jour/mois/année, par exemple 05/10/2026."
            ),
            code="day.unreadable",
            params={"text": text[:40]},
        )


class MonthField(ReadField):
    """A month, as its first day: 10/2026."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("Mois/année, par exemple 10/2026."))
        super().__init__(
            width=8, inputmode="numeric", required_text=_("Indiquez un mois, par exemple 10/2026."), **kwargs
        )

    def read(self, text: str) -> date:
        match = _MONTH.fullmatch(text)
        if match and 1 <= int(match[1]) <= 12 and int(match[2]) >= EARLIEST_YEAR:
            return Month(int(match[2]), int(match[1])).first_day
        raise ValidationError(
            _("« %(text)s » n’est pas un mois. Écrivez mois/année, par exemple 10/2026."),
            code="month.unreadable",
            params={"text": text[:40]},
        )


class PaperField(forms.FileField):
    """One paper: PDF, PNG or JPEG by its own first bytes, of at most 20 MB. Gives (name, bytes, type)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_empty_file=True, **kwargs)
        self.widget.attrs["accept"] = ".pdf,.png,.jpg,.jpeg"

    def clean(self, data: Any, initial: Any = None) -> tuple[str, bytes, str] | None:
        if not isinstance(data, UploadedFile):
            return None
        size = data.size or 0
        if size > LARGEST_PAPER:
            raise ValidationError(
                _(
                    "Ce fichier pèse %(size)s Mo ; la limite est de 20 Mo. "
                    "Réduisez-le ou scannez-le en noir et blanc."
                ),
                code="paper.too_large",
                params={"size": -(-size // (1024 * 1024))},
            )
        content = data.read()
        kind = next((kind for first, kind in SIGNATURES.items() if content.startswith(first)), None)
        if kind is None:
            raise ValidationError(
                _(
                    "Ce fichier n’est ni un PDF, ni une image PNG ou JPEG, quel que soit "
                    "son nom. Scannez la pièce à nouveau."
                ),
                code="paper.type",
            )
        return (data.name or "")[:120], content, kind


def plain_text(
    label: Any, missing: Any, *, required: bool = True, longest: int = 80, **kwargs: Any
) -> forms.CharField:
    """A line of text with its own words for when it is missing."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        error_messages={
            "required": missing,
            "max_length": _(
                "Ce texte a %(show_value)d caractères ; la limite est de %(limit_value)d. Abrégez-le."
            ),
        },
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        **kwargs,
    )
