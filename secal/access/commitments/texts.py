"""The texts that people commit themselves to: files, one a language, in a folder named by the day in force.

    secal/access/texts/<kind>/<day in force>/{fr,nl,de,en}.md and SHA256SUMS

A text that somebody may have accepted is never edited: its digest stands in SHA256SUMS (`sha256sum -c` reads
it), and a file that differs is refused. A change is a new folder. A file has a title (`# `), headings
(`## `), paragraphs and lists (`- `), and no other marks.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from secal.access.models.commitments import CommitmentKind

FOLDER = Path(__file__).resolve().parents[1] / "texts"
LANGUAGES = ("fr", "nl", "de", "en")
SUMS = "SHA256SUMS"


class TextsWrong(Exception):
    """The folder does not hold what it must: each argument is one fault, in words for who installs."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a text: a heading, a paragraph, or a list with its items."""

    shape: str
    text: str = ""
    items: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """One text in one language, as a person reads it."""

    kind: CommitmentKind
    version: date
    language: str
    title: str
    blocks: tuple[Block, ...]
    digest: bytes

    @property
    def digest_hex(self) -> str:
        return self.digest.hex()


@dataclass(frozen=True, slots=True)
class Library:
    """Every text of every version, each complete in all languages."""

    texts: Mapping[tuple[CommitmentKind, date, str], Text] = field(default_factory=dict)

    def versions(self, kind: CommitmentKind) -> list[date]:
        """Oldest first."""
        return sorted({version for of, version, _language in self.texts if of == kind})

    def in_force(self, kind: CommitmentKind, on: date) -> date:
        """The newest version of that day; before the first one, the first: no day is without a text."""
        versions = self.versions(kind)
        return max((version for version in versions if version <= on), default=versions[0])

    def of(self, kind: CommitmentKind, version: date) -> list[Text]:
        """That version in each language."""
        return [self.texts[kind, version, language] for language in LANGUAGES]

    def get(self, kind: CommitmentKind, version: date, language: str) -> Text | None:
        return self.texts.get((kind, version, language))


def library() -> Library:
    """The texts of this installation. Raises TextsWrong."""
    return read(FOLDER)


@lru_cache(maxsize=8)
def read(folder: Path) -> Library:
    """The texts of that folder, whole and unchanged. Raises TextsWrong with every fault found."""
    faults: list[str] = []
    texts: dict[tuple[CommitmentKind, date, str], Text] = {}
    for kind in CommitmentKind:
        versions = list(_versions(folder / kind.value, faults))
        if not versions:
            faults.append(f"{kind.value}: there is no version")
        for version, place in versions:
            sums = _sums(place, faults)
            for language in LANGUAGES:
                text = _text(place, kind, version, language, sums, faults)
                if text is not None:
                    texts[kind, version, language] = text
    if faults:
        raise TextsWrong(*faults)
    return Library(texts)


def _versions(folder: Path, faults: list[str]) -> Iterator[tuple[date, Path]]:
    for place in sorted(path for path in folder.glob("*") if path.is_dir()):
        try:
            yield date.fromisoformat(place.name), place
        except ValueError:
            faults.append(f"{_name(place)}: the folder is not named by the day in force")


def _sums(place: Path, faults: list[str]) -> dict[str, str]:
    """The recorded digests, by file name."""
    if not (place / SUMS).is_file():
        faults.append(f"{_name(place)}: {SUMS} is missing")
        return {}
    lines = (place / SUMS).read_text(encoding="ascii").splitlines()
    return {name.lstrip("*"): digest for digest, _space, name in (line.partition("  ") for line in lines)}


def _text(
    place: Path,
    kind: CommitmentKind,
    version: date,
    language: str,
    sums: Mapping[str, str],
    faults: list[str],
) -> Text | None:
    path = place / f"{language}.md"
    if not path.is_file():
        faults.append(f"{_name(path)}: the language is missing")
        return None
    content = path.read_bytes()
    digest = hashlib.sha256(content).digest()
    if sums and sums.get(path.name) != digest.hex():
        faults.append(f"{_name(path)}: the text is not the one recorded; a change is a new version")
    try:
        title, blocks = _parts(content.decode("utf-8"))
    except ValueError as error:
        faults.append(f"{_name(path)}: {error}")
        return None
    return Text(kind, version, language, title, blocks, digest)


def _parts(content: str) -> tuple[str, tuple[Block, ...]]:
    """Title and blocks. Raises ValueError for what is no text of ours."""
    chunks = [chunk.splitlines() for chunk in content.strip().split("\n\n")]
    title, *rest = chunks
    if len(title) != 1 or not title[0].startswith("# ") or not rest:
        raise ValueError("a text begins with its title, and goes on")
    return title[0].removeprefix("# "), tuple(_block(lines) for lines in rest)


def _block(lines: list[str]) -> Block:
    first = lines[0]
    if first.startswith("## "):
        if len(lines) > 1:
            raise ValueError(f"an empty line is missing after the heading « {first} »")
        return Block("heading", first.removeprefix("## "))
    if first.startswith("- "):
        return Block("list", items=tuple(_items(lines)))
    if first.startswith(("#", "*", ">", "|", "`")):
        raise ValueError(f"a mark that is not ours: « {first[:20]} »")
    return Block("paragraph", " ".join(lines))


def _items(lines: Iterable[str]) -> list[str]:
    """A line without a dash goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if line.startswith("- "):
            items.append(line.removeprefix("- "))
        else:
            items[-1] += f" {line.strip()}"
    return items


def _name(path: Path) -> str:
    return "/".join(path.parts[-3:])
