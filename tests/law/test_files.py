"""A file of legal values that leaves a doubt is refused with the place of the fault."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from secal.law.errors import LawFileError
from secal.law.files import gaps, read_folder

TEXTS = 'LAW: {name: "the law", numac: "1", verified_until: 2024-01-01}\n'
HEAD = "subject: caps\nparameters:\n  cap:\n    kind: decimal\n    by: event\n    text: LAW\n    values:\n"
GOOD = '      - {value: "1.00", from: 2020-01-01, to: 2020-12-31, article: "1", status: read}\n'


def folder(tmp_path: Path, caps: str, texts: str = TEXTS) -> Path:
    (tmp_path / "texts.yaml").write_text(texts, encoding="utf-8")
    (tmp_path / "caps.yaml").write_text(caps, encoding="utf-8")
    return tmp_path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    (value,) = read_folder(folder(tmp_path, HEAD + GOOD))["cap"]

    assert value.value == Decimal("1.00")
    assert value.source == "1, the law"
    assert value.verified_until is not None


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"1.00"', "1.00", "between quotes"),
        ('"1.00"', '"one"', "no decimal"),
        ('"1.00"', '"NaN"', "no amount"),
        ("kind: decimal", "kind: number", "kind"),
        ("kind: decimal", "kind: integer", "no whole number"),
        ("kind: decimal", "kind: flag", "neither true nor false"),
        ("kind: decimal", "kind: codes", "no list"),
        ("status: read", "status: sure", "status"),
        ("status: read", "status: read, colour: red", "unknown key colour"),
        ("status: read", "status: read, when: {event: 3}", "condition"),
        ("status: read", "status: read, assumed: perhaps", "neither true nor false"),
        ("status: read", "status: read, text: OTHER", "OTHER"),
        (", status: read", "", "status missing"),
        ("to: 2020-12-31", "to: 2019-12-31", "reversed"),
        ("from: 2020-01-01", "from: soon", "not a day"),
        ("from: 2020-01-01", "from: null", "dates are missing"),
        ("subject: caps", "subject: hats", "name of the file"),
        ("    by: event\n", "", "by is None"),
        ("    by: event\n", "    by: event\n    by: event\n", "written twice"),
        ("    by: event\n", "    by: event\n    why: so\n", "unknown key why"),
        (GOOD, "", "no values"),
        (GOOD, GOOD + GOOD, "two values on 2020-01-01"),
        (GOOD, GOOD.replace("2020-12-31", "null") + GOOD.replace("2020", "2021"), "two values on 2021-01-01"),
        ("  cap:", "  3:", "not a table"),
        ("kind: decimal", "kind: [", "caps.yaml"),
    ],
)
def test_a_doubtful_file_is_refused_with_its_fault(tmp_path: Path, old: str, new: str, fault: str) -> None:
    text = HEAD + GOOD
    assert old in text

    with pytest.raises(LawFileError) as refused:
        read_folder(folder(tmp_path, text.replace(old, new, 1)))

    assert fault in str(refused.value)


def test_a_name_in_two_files_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path, HEAD + GOOD)
    (path / "hats.yaml").write_text((HEAD + GOOD).replace("caps", "hats"), encoding="utf-8")

    with pytest.raises(LawFileError, match="another file"):
        read_folder(path)


def test_a_text_with_an_unknown_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LawFileError, match="unknown key colour"):
        read_folder(folder(tmp_path, HEAD + GOOD, TEXTS.replace("numac", "colour")))


def test_a_list_of_conditions_stands_for_as_many_values(tmp_path: Path) -> None:
    text = HEAD + GOOD.replace("status: read", "status: read, when: {event: [a, b], late: [true, false]}")

    assert len(read_folder(folder(tmp_path, text))["cap"]) == 4


def test_days_between_two_values_are_reported_as_a_gap(tmp_path: Path) -> None:
    table = read_folder(folder(tmp_path, HEAD + GOOD + GOOD.replace("2020", "2022")))
    (gap,) = gaps(table)

    assert (gap.name, gap.first.year, gap.last.year) == ("cap", 2021, 2021)
