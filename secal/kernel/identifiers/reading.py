"""What did the person type in the search box? One reading, said aloud even when the check digits are
wrong."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from secal.kernel.errors import gettext_noop
from secal.kernel.identifiers import numbers
from secal.kernel.identifiers.numbers import IdentifierError


class SearchKind(StrEnum):
    NISS = "niss"
    ENTERPRISE = "enterprise"
    OGM = "ogm"
    IBAN = "iban"
    FILE_NUMBER = "file_number"
    NAME = "name"
    UNKNOWN_NUMBER = "unknown_number"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a search text is read.

    kind     what it looks like.
    value    normalised: digits for numbers, single spaces for names.
    display  the usual written form.
    valid    whether a search for the value makes sense.
    code     why not ("niss.checksum"), or None.
    message  French source sentence for `code`, with %(understood)s.
    """

    kind: SearchKind
    value: str
    display: str
    valid: bool = True
    code: str | None = None
    message: str = ""

    @property
    def params(self) -> dict[str, object]:
        return {"understood": self.display}


_ONLY_NUMBER = re.compile(r"[\d\s.\-/+*()\u00a0\u202f]+", re.ASCII)
_OGM_SHAPE = re.compile(r"(\+{3}|\*{3}).*|\d{3}/\d{4}/\d{5}", re.ASCII)
_BELGIAN_ENTERPRISE = re.compile(r"BE[\s.]*[01]?[\d.\s]{9,}", re.IGNORECASE | re.ASCII)
_IBAN_SHAPE = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{10,30}", re.ASCII)

_Shape = tuple[SearchKind, Callable[[str], str], Callable[[str], str]]
_NISS: _Shape = (SearchKind.NISS, lambda text: numbers.parse_niss(text), numbers.format_niss)
_OGM: _Shape = (SearchKind.OGM, lambda text: numbers.parse_ogm(text), numbers.format_ogm)
_ENTERPRISE: _Shape = (
    SearchKind.ENTERPRISE,
    lambda text: numbers.parse_enterprise_number(text),
    numbers.format_enterprise_number,
)
_IBAN: _Shape = (SearchKind.IBAN, lambda text: numbers.parse_iban(text), numbers.format_iban)
_FILE: _Shape = (SearchKind.FILE_NUMBER, lambda text: numbers.parse_file_number(text), str)

_BY_DIGIT_COUNT: dict[int, _Shape] = {
    numbers.NISS_LENGTH: _NISS,
    numbers.ENTERPRISE_LENGTH: _ENTERPRISE,
    numbers.OGM_LENGTH: _OGM,
}


def detect_kind(text: str) -> Reading:
    """Read a search text: file number, structured communication, account, NISS, enterprise number, else a
    name."""
    typed = " ".join(text.split())
    if not typed:
        return Reading(
            SearchKind.EMPTY, "", "", False, "search.empty", gettext_noop("Tapez un nom ou un numéro.")
        )
    shape = _shape_of(typed)
    if shape is not None:
        return _read(typed, shape)
    if _ONLY_NUMBER.fullmatch(typed):
        return Reading(
            SearchKind.UNKNOWN_NUMBER,
            _digits(typed),
            typed,
            False,
            "search.unknown_number",
            gettext_noop(
                "%(understood)s n’a la longueur d’aucun numéro connu : NISS 11 chiffres, entreprise 10, "
                "communication structurée 12. Comptez les chiffres."
            ),
        )
    return Reading(SearchKind.NAME, typed, typed)


def _shape_of(typed: str) -> _Shape | None:
    if typed.upper().startswith(numbers.FILE_NUMBER_PREFIX) and _digits(typed):
        return _FILE
    if _OGM_SHAPE.fullmatch(typed):
        return _OGM
    compact = re.sub(r"[\s.\-]", "", typed).upper()
    if _BELGIAN_ENTERPRISE.fullmatch(typed) and len(_digits(typed)) in (9, 10):
        return _ENTERPRISE
    if _IBAN_SHAPE.fullmatch(compact):
        return _IBAN
    if _ONLY_NUMBER.fullmatch(typed):
        return _BY_DIGIT_COUNT.get(len(_digits(typed)))
    return None


def _read(typed: str, shape: _Shape) -> Reading:
    kind, parse, write = shape
    try:
        value = parse(typed)
    except IdentifierError as error:
        return Reading(kind, _plain(typed), error.understood, False, error.code, str(error.message))
    return Reading(kind, value, write(value))


def _plain(typed: str) -> str:
    return re.sub(r"[\s.\-/+*()]", "", typed).upper()


def _digits(typed: str) -> str:
    return re.sub(r"[^0-9]", "", typed)
