"""The texts as data: complete in four languages, unchanged once recorded, found by the day in force."""

import hashlib
import shutil
from datetime import date
from pathlib import Path

import pytest

from secal.access.commitments import checks, texts
from secal.access.commitments.texts import FOLDER, LANGUAGES, SUMS, TextsWrong, library, read
from secal.access.models import CommitmentKind

FIRST = library().versions(CommitmentKind.POLICY)[0]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the texts, to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "texts"))


def spoilt(folder: Path) -> str:
    with pytest.raises(TextsWrong) as wrong:
        read(folder)
    return "\n".join(wrong.value.args)


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_each_text_is_there_in_every_language_of_the_screens() -> None:
    for kind in CommitmentKind:
        for version in library().versions(kind):
            assert [text.language for text in library().of(kind, version)] == list(LANGUAGES)
    assert checks.texts_are_whole() == []


@pytest.mark.parametrize("kind", CommitmentKind)
def test_the_languages_of_a_version_say_the_same_in_the_same_order(kind: CommitmentKind) -> None:
    for version in library().versions(kind):
        shapes = {
            tuple((block.shape, len(block.items)) for block in text.blocks)
            for text in library().of(kind, version)
        }
        assert len(shapes) == 1


def test_a_text_says_that_it_is_the_offices_own_and_no_legal_text() -> None:
    marks = {
        "fr": "texte interne de l’office",
        "nl": "interne tekst van de dienst",
        "de": "interner Text der Dienststelle",
        "en": "internal text of the office",
    }
    for text in library().texts.values():
        assert marks[text.language] in text.blocks[0].text, text


def test_the_digest_is_that_of_the_file() -> None:
    for text in library().texts.values():
        path = FOLDER / text.kind.value / text.version.isoformat() / f"{text.language}.md"
        assert text.digest == hashlib.sha256(path.read_bytes()).digest()
    assert len({text.digest for text in library().texts.values()}) == len(library().texts)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_missing_language_is_an_error_at_start(
    folder: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "declaration" / FIRST.isoformat() / f"{language}.md").unlink()
    assert spoilt(folder) == f"declaration/{FIRST}/{language}.md: the language is missing"
    monkeypatch.setattr(checks, "FOLDER", folder)
    assert [error.id for error in checks.texts_are_whole()] == ["access.E010"]


def test_a_text_changed_in_its_place_is_refused(folder: Path) -> None:
    path = folder / "policy" / FIRST.isoformat() / "nl.md"
    path.write_text(path.read_text().replace("tien jaar", "twee jaar"))
    assert "not the one recorded" in spoilt(folder)


def test_a_version_without_its_digests_is_refused(folder: Path) -> None:
    (folder / "policy" / FIRST.isoformat() / SUMS).unlink()
    assert "SHA256SUMS is missing" in spoilt(folder)


def test_a_folder_that_names_no_day_is_refused(folder: Path) -> None:
    (folder / "policy" / "final").mkdir()
    assert "not named by the day in force" in spoilt(folder)


def test_a_kind_without_any_version_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "declaration")
    assert spoilt(folder) == "declaration: there is no version"


@pytest.mark.parametrize(
    "content",
    [
        "",
        "# Title alone",
        "no title\n\nwords",
        "# T\n\n## H\nwords",
        "# T\n\n### three",
        "# T\n\n> said",
        b"# \xff\n\nx",
    ],
)
def test_what_is_no_text_of_ours_is_refused(content: str | bytes, folder: Path) -> None:
    path = folder / "policy" / FIRST.isoformat() / "fr.md"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    assert "policy/" in spoilt(folder)


def test_the_version_in_force_is_the_newest_of_that_day() -> None:
    later = texts.Library(
        {
            (kind, day, language): library().texts[kind, FIRST, language]
            for kind in CommitmentKind
            for day in (FIRST, date(2027, 3, 1))
            for language in LANGUAGES
        }
    )
    for on, expected in (
        (date(2027, 2, 28), FIRST),
        (date(2027, 3, 1), date(2027, 3, 1)),
        (date(2030, 1, 1), date(2027, 3, 1)),
        (date(2020, 1, 1), FIRST),
    ):
        assert later.in_force(CommitmentKind.POLICY, on) == expected
