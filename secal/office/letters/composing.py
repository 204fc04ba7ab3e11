"""From data to a tagged PDF (PDF/UA-1): the same data give the same bytes on every machine."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, Final

import typst
from django.conf import settings
from django.utils import translation

from secal.office.letters import (
    constraint,
    erasure_certificate,
    errors,
    formal_notice,
    rights_review,
    roll,
    wording,
)

FOLDER = Path(__file__).resolve().parents[3] / "templates" / "letters"
STANDARD: Final = "ua-1"
REGION = "BE"

LETTERS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "formal_notice": formal_notice.prepare,
    "roll": roll.prepare,
    "constraint": constraint.prepare,
    "erasure_certificate": erasure_certificate.prepare,
    "rights_review": rights_review.prepare,
}


def compose(template: str, *, data: Mapping[str, Any], language: str, title: str) -> bytes:
    """The letter as a tagged PDF in `language`, dated `data["dated"]`.

    template  one of LETTERS; `data` has the shape named after it in `shapes.py`
    title     title of the document, already in the language
    Raises LetterError when a mandatory part is missing or when a character cannot be printed, and
    IdentifierError when the account or the structured communication is wrong.
    """
    source, inputs = prepared(template, data=data, language=language, title=title)
    try:
        return typst.compile(
            source,
            root=FOLDER,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=STANDARD,
            timestamp=_moment(data["dated"]),
            # Templates import no package; if one ever did, it would be looked for here and nowhere else.
            package_path=FOLDER,
            package_cache_path=FOLDER,
        )
    except typst.TypstError as error:
        if "could not be displayed" in str(error):
            # The engine's message quotes the text, which may be a name: it is not carried on.
            raise errors.unprintable() from None
        raise


def prepared(
    template: str, *, data: Mapping[str, Any], language: str, title: str
) -> tuple[Path, dict[str, str]]:
    """The layout of a letter and what it is given: one JSON text, so that no value is ever read as markup."""
    prepare = LETTERS[template]
    code = _known(language)
    with translation.override(code):
        letter = {
            **prepare(data),
            "words": wording.frame_words(),
            "language": code,
            "region": REGION,
            "document_title": title,
            "dated": [data["dated"].year, data["dated"].month, data["dated"].day],
        }
    return FOLDER / f"{template}.typ", {"letter": json.dumps(_plain(letter), ensure_ascii=False)}


def _known(language: str) -> str:
    code = language[:2].lower()
    if code not in dict(settings.LANGUAGES):
        raise ValueError(f"no letters in this language: {code}")
    return code


def _moment(day: date) -> datetime:
    """Noon of the letter's day stands for its making: the machine's clock leaves no trace in the file."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def _plain(value: Any) -> Any:
    """Strings without control and direction marks, which could break lines or turn the order of signs."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return "".join(_character(sign) for sign in unicodedata.normalize("NFC", value))
    return value


def _character(sign: str) -> str:
    kind = unicodedata.category(sign)
    return " " if kind in ("Cc", "Zl", "Zp") else "" if kind in ("Cf", "Cs", "Co") else sign
