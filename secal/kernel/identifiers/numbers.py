"""Belgian numbers as people type them: read, checked by `stdnum`, written back in their usual form.

A number that cannot be accepted says what was understood and what to do (`IdentifierError.understood`).
Errors name codes that stay: <kind>.empty, .characters, .length, .checksum, and those of each kind below.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from stdnum import exceptions as stdnum_errors
from stdnum import iban as stdnum_iban
from stdnum.be import bis as stdnum_bis
from stdnum.be import iban as stdnum_be_iban
from stdnum.be import nn as stdnum_nn
from stdnum.be import ogm_vcs as stdnum_ogm
from stdnum.be import vat as stdnum_vat

from secal.kernel.errors import DomainError, gettext_noop

NISS_LENGTH = 11
ENTERPRISE_LENGTH = 10
OGM_LENGTH = 12
REFUSED_SEQUENCES = ("000", "999")
"""Day counters that are never issued; a number bearing one is a mistake or a test number."""

FILE_NUMBER_PREFIX = "SECAL"

_NISS_MARKS = re.compile(r"[\s.\-/\u00a0\u202f]+")
_FILE_NUMBER = re.compile(r"SECAL[\s\-/]*(\d{4})[\s\-/]+(\d{1,6})", re.IGNORECASE | re.ASCII)
_IBAN = re.compile(r"BE\d{14}|(?!BE)[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)
_OGM_MARKS = re.compile(r"[\s+*/\u00a0\u202f]+")


class IdentifierKind(StrEnum):
    NISS = "niss"
    ENTERPRISE = "enterprise"
    OGM = "ogm"
    IBAN = "iban"
    FILE_NUMBER = "file_number"


class IdentifierError(DomainError):
    """A number that cannot be accepted; `kind` and `understood` say how it was read."""

    def __init__(
        self, code: str, message: object, field: str | None, kind: IdentifierKind, understood: str
    ) -> None:
        super().__init__(code, message, field, {"understood": understood})
        self.kind = kind
        self.understood = understood

    def __reduce__(self) -> tuple[type[IdentifierError], tuple[object, ...]]:
        return type(self), (self.code, self.message, self.field, self.kind, self.understood)


# National register and BIS numbers


def parse_niss(text: str, *, field: str | None = "niss") -> str:
    """Eleven digits of a national register or BIS number.

    Raises IdentifierError: niss.empty, niss.characters, niss.length, niss.checksum, niss.date, niss.sequence.
    """
    number = _NISS_MARKS.sub("", text)
    if not number:
        raise _niss_error(
            "niss.empty", gettext_noop("Indiquez le numéro de registre national (11 chiffres)."), field, ""
        )
    if not (number.isascii() and number.isdigit()):
        raise _niss_error(
            "niss.characters",
            gettext_noop("Un NISS ne contient que des chiffres ; lu : %(understood)s. Corrigez la saisie."),
            field,
            text.strip(),
        )
    if len(number) != NISS_LENGTH:
        raise _niss_error(
            "niss.length",
            gettext_noop(
                "Un NISS a 11 chiffres ; lu : %(understood)s. Comptez les chiffres sur la carte d’identité."
            ),
            field,
            number,
        )
    understood = format_niss(number)
    if number[6:9] in REFUSED_SEQUENCES:
        raise _niss_error(
            "niss.sequence",
            gettext_noop(
                "Lu comme NISS %(understood)s : ce numéro d’ordre n’est jamais attribué. Vérifiez la source."
            ),
            field,
            understood,
        )
    _check_niss(number, understood, field)
    return number


def _check_niss(number: str, understood: str, field: str | None) -> None:
    try:
        _register_module(number).validate(number)
    except (stdnum_errors.InvalidComponent, stdnum_errors.InvalidFormat) as error:
        raise _niss_error(
            "niss.date",
            gettext_noop(
                "Lu comme NISS %(understood)s : la date de naissance qu’il contient n’existe pas. "
                "Vérifiez les six premiers chiffres."
            ),
            field,
            understood,
        ) from error
    except stdnum_errors.ValidationError as error:
        raise _niss_error(
            "niss.checksum",
            gettext_noop(
                "Lu comme NISS %(understood)s : les chiffres de contrôle sont faux. Comparez chaque "
                "chiffre à la carte."
            ),
            field,
            understood,
        ) from error


def _niss_error(code: str, message: str, field: str | None, understood: str) -> IdentifierError:
    return IdentifierError(code, message, field, IdentifierKind.NISS, understood)


def _register_module(niss: str) -> _NissModule:
    return _BIS if is_bis(niss) else _NN


class _NissModule:
    """The two functions of `stdnum.be` that differ between the national register and the BIS register."""

    def __init__(self, *, bis: bool) -> None:
        self._bis = bis

    def validate(self, number: str) -> str:
        return stdnum_bis.validate(number) if self._bis else stdnum_nn.validate(number)

    def sex(self, number: str) -> str | None:
        return stdnum_bis.get_gender(number) if self._bis else stdnum_nn.get_gender(number)


_NN = _NissModule(bis=False)
_BIS = _NissModule(bis=True)


def is_bis(niss: str) -> bool:
    """Whether the number is of the BIS register (month raised by 20 or 40)."""
    return int(niss[2:4]) >= 20


def niss_birth_date(niss: str) -> date | None:
    """The date of birth the number hints at; None when it holds none. A hint: the register decides."""
    return stdnum_nn.get_birth_date(niss)


def niss_birth_year(niss: str) -> int | None:
    return stdnum_nn.get_birth_year(niss)


def niss_sex(niss: str) -> str | None:
    """ "F" or "M" as coded in the number; None when a BIS number was given before the sex was known."""
    return _register_module(niss).sex(niss)


def format_niss(niss: str) -> str:
    """85.07.30-033.28"""
    return stdnum_nn.format(niss)


def compose_niss(born_on: date, sequence: int, *, bis: bool = False) -> str:
    """The number with its check digits for a birth date and a day counter (1 to 998). For made-up persons."""
    if not 1 <= sequence <= 998:
        raise ValueError("the day counter lies between 1 and 998")
    month = born_on.month + (40 if bis else 0)
    stem = f"{born_on.year % 100:02d}{month:02d}{born_on.day:02d}{sequence:03d}"
    century = "2" if born_on.year >= 2000 else ""
    return f"{stem}{97 - int(century + stem) % 97:02d}"


# Enterprise numbers


def parse_enterprise_number(text: str, *, field: str | None = "enterprise_number") -> str:
    """Ten digits of an enterprise number (BE and dots dropped, old nine digits completed).

    Raises IdentifierError: enterprise.empty, .characters, .length, .checksum, .first_digit.
    """
    number = stdnum_vat.compact(text)
    kind = IdentifierKind.ENTERPRISE
    if not number:
        raise IdentifierError(
            "enterprise.empty",
            gettext_noop("Indiquez le numéro d’entreprise (10 chiffres)."),
            field,
            kind,
            "",
        )
    if not (number.isascii() and number.isdigit()):
        raise IdentifierError(
            "enterprise.characters",
            gettext_noop(
                "Un numéro d’entreprise ne contient que des chiffres ; lu : %(understood)s. Corrigez "
                "la saisie."
            ),
            field,
            kind,
            text.strip(),
        )
    if len(number) != ENTERPRISE_LENGTH:
        raise IdentifierError(
            "enterprise.length",
            gettext_noop("Un numéro d’entreprise a 10 chiffres ; lu : %(understood)s. Comptez les chiffres."),
            field,
            kind,
            number,
        )
    try:
        return stdnum_vat.validate(number)
    except stdnum_errors.InvalidComponent as error:
        raise IdentifierError(
            "enterprise.first_digit",
            gettext_noop(
                "Lu comme numéro d’entreprise %(understood)s : il commence par 0 ou 1. Vérifiez la source."
            ),
            field,
            kind,
            format_enterprise_number(number),
        ) from error
    except stdnum_errors.ValidationError as error:
        raise IdentifierError(
            "enterprise.checksum",
            gettext_noop(
                "Lu comme numéro d’entreprise %(understood)s : les chiffres de contrôle sont faux. "
                "Comparez chaque chiffre."
            ),
            field,
            kind,
            format_enterprise_number(number),
        ) from error


def format_enterprise_number(number: str) -> str:
    """0403.170.701"""
    return f"{number[:4]}.{number[4:7]}.{number[7:]}"


# Structured communications


def make_ogm(number: int | str) -> str:
    """Twelve digits: a number of at most ten digits, completed with noughts, and its check digits."""
    stem = f"{int(number):010d}"
    if int(number) < 0 or len(stem) > OGM_LENGTH - 2:
        raise ValueError("a structured communication is made from at most ten digits")
    return stem + stdnum_ogm.calc_check_digits(stem)


def parse_ogm(text: str, *, field: str | None = "ogm") -> str:
    """Twelve digits of a structured communication (+++ or *** and slashes dropped).

    Raises IdentifierError: ogm.empty, ogm.characters, ogm.length, ogm.checksum.
    """
    number = _OGM_MARKS.sub("", text)
    kind = IdentifierKind.OGM
    if not number:
        raise IdentifierError(
            "ogm.empty", gettext_noop("Indiquez la communication structurée (12 chiffres)."), field, kind, ""
        )
    if not (number.isascii() and number.isdigit()):
        raise IdentifierError(
            "ogm.characters",
            gettext_noop(
                "Une communication structurée ne contient que des chiffres ; lu : %(understood)s. "
                "Corrigez la saisie."
            ),
            field,
            kind,
            text.strip(),
        )
    if len(number) != OGM_LENGTH:
        raise IdentifierError(
            "ogm.length",
            gettext_noop(
                "Une communication structurée a 12 chiffres ; lu : %(understood)s. Comptez les chiffres."
            ),
            field,
            kind,
            number,
        )
    if not stdnum_ogm.is_valid(number):
        raise IdentifierError(
            "ogm.checksum",
            gettext_noop(
                "Lu comme communication %(understood)s : les chiffres de contrôle sont faux. Relisez "
                "le virement."
            ),
            field,
            kind,
            format_ogm(number),
        )
    return number


def format_ogm(number: str) -> str:
    """+++123/1234/12345+++"""
    return f"+++{stdnum_ogm.format(number)}+++"


# Accounts


def parse_iban(text: str, *, field: str | None = "iban") -> str:
    """An IBAN in capitals without spaces; for Belgian accounts the national check digits hold too.

    An unknown bank code passes: the list of banks ages, the check digits do not.
    Raises IdentifierError: iban.empty, iban.checksum, iban.structure.
    """
    number = stdnum_iban.compact(text)
    kind = IdentifierKind.IBAN
    if not number:
        raise IdentifierError(
            "iban.empty", gettext_noop("Indiquez un numéro de compte IBAN."), field, kind, ""
        )
    understood = format_iban(number)
    try:
        if not _IBAN.fullmatch(number):
            raise stdnum_errors.InvalidFormat()
        stdnum_iban.validate(number, check_country=False)
        if number.startswith("BE"):
            _check_belgian_account(number)
    except stdnum_errors.InvalidChecksum as error:
        raise IdentifierError(
            "iban.checksum",
            gettext_noop(
                "Lu comme IBAN %(understood)s : les chiffres de contrôle sont faux. Comparez chaque chiffre."
            ),
            field,
            kind,
            understood,
        ) from error
    except stdnum_errors.ValidationError as error:
        raise IdentifierError(
            "iban.structure",
            gettext_noop(
                "Lu comme IBAN %(understood)s : la forme n’est pas celle d’un compte de ce pays. Un "
                "compte belge a BE et 14 chiffres."
            ),
            field,
            kind,
            understood,
        ) from error
    return number


def _check_belgian_account(number: str) -> None:
    try:
        stdnum_be_iban.validate(number)
    except stdnum_errors.InvalidComponent:
        return  # only the bank code is unknown: see parse_iban


def format_iban(iban: str) -> str:
    """BE68 5390 0754 7034"""
    return stdnum_iban.format(iban)


# File numbers


def make_file_number(year: int, serial: int) -> str:
    """SECAL-2026-000123"""
    if not (1000 <= year <= 9999 and 1 <= serial <= 999_999):
        raise ValueError("a file number has a year of four digits and a serial of at most six")
    return f"{FILE_NUMBER_PREFIX}-{year:04d}-{serial:06d}"


def parse_file_number(text: str, *, field: str | None = "file_number") -> str:
    """The file number in full, from "secal 2026/123" too. Raises IdentifierError file_number.unreadable."""
    match = _FILE_NUMBER.fullmatch(text.strip())
    if match is None or match[1].startswith("0") or int(match[2]) == 0:
        raise IdentifierError(
            "file_number.unreadable",
            gettext_noop(
                "%(understood)s n’est pas un numéro de dossier. Écrivez par exemple SECAL-2026-000123."
            ),
            field,
            IdentifierKind.FILE_NUMBER,
            text.strip(),
        )
    return make_file_number(int(match[1]), int(match[2]))
