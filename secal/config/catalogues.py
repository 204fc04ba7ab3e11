"""Translations without outside tools: French stands in the code, Dutch, German and English in locale/.

Extraction reads Python with Babel and templates through Django's own conversion; compilation writes the .mo
files that Django loads. They are not kept in the repository: every start makes those that are missing or old.
"""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[2]
TARGETS = ("nl", "de", "en")
SOURCES = ("secal", "recovery", "audit", "templates")
HEADER = "# Message ids are the French of the screens. Updated by: manage.py catalogues"
KEYWORDS: Any = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def po_path(language: str) -> Path:
    return ROOT / "locale" / language / "LC_MESSAGES" / "django.po"


def compile_stale() -> list[str]:
    """Write each .mo that is missing or older than its .po; returns the languages written."""
    written = []
    for language in TARGETS:
        source = po_path(language)
        target = source.with_suffix(".mo")
        if not source.exists() or (target.exists() and target.stat().st_mtime >= source.stat().st_mtime):
            continue
        draft = target.with_suffix(".mo.new")
        with source.open("rb") as po, draft.open("wb") as mo:
            write_mo(mo, read_po(po, locale=language))
        draft.replace(target)
        written.append(language)
    return written


def extract() -> Catalog:
    """Every message of the code and the templates, with where it is used."""
    catalog = Catalog(charset="utf-8")
    for path in _source_files():
        for line, function, message, comments in _messages(path):
            context, message_id = _context(function, message)
            catalog.add(
                message_id,
                locations=[(str(path.relative_to(ROOT)), line)],
                context=context,
                auto_comments=comments,
            )
    return catalog


def update(language: str) -> Catalog:
    """The catalogue of a language brought in line with the code: new messages empty, old ones dropped."""
    path = po_path(language)
    known = read(language) if path.exists() else Catalog(locale=language, fuzzy=False, header_comment=HEADER)
    known.update(extract(), no_fuzzy_matching=True)
    known.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as po:
        write_po(po, known, width=110, sort_output=True, include_lineno=False, omit_header=False)
    return known


def read(language: str) -> Catalog:
    """The catalogue as it stands in locale/."""
    with po_path(language).open("rb") as po:
        return read_po(po, locale=language)


def untranslated(language: str) -> list[str]:
    """Messages of the code that this language lacks, leaves empty or holds as uncertain."""
    known = {_key(message): message for message in read(language) if message.id}
    missing = []
    for wanted in extract():
        if not wanted.id:
            continue
        found = known.get(_key(wanted))
        texts = (found.string if isinstance(found.string, tuple) else (found.string,)) if found else ()
        if found is None or found.fuzzy or not texts or not all(texts):
            missing.append(wanted.id if isinstance(wanted.id, str) else wanted.id[0])
    return missing


def _key(message: Message) -> tuple[object, object]:
    return message.context, message.id


def _source_files() -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _messages(path: Path) -> Iterator[tuple[int, str, object, list[str]]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        # What is not a message comes out as X's with its indentation, which Python's tokenizer would refuse.
        text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
    found: Any = extract_python(
        io.BytesIO(text.encode()), KEYWORDS.keys(), ["Translators:"], {"encoding": "utf-8"}
    )
    for line, function, message, comments in found:
        if message:
            yield line, function, message, comments


def _context(function: str, message: object) -> tuple[str | None, str | tuple[str, ...]]:
    """Context and id of an extracted call, by the shape that its function asks."""
    parts = message if isinstance(message, tuple) else (message,)
    if function.startswith("npgettext"):
        return str(parts[0]), (str(parts[1]), str(parts[2]))
    if function.startswith("pgettext"):
        return str(parts[0]), str(parts[1])
    if function.startswith("ngettext"):
        return None, (str(parts[0]), str(parts[1]))
    return None, str(parts[0])
