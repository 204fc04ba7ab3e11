"""A search text has one reading, said aloud even when the check digits are wrong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.identifiers import SearchKind, detect_kind


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("85.07.30-033.28", SearchKind.NISS, "85073003328"),
        ("85073003328", SearchKind.NISS, "85073003328"),
        ("0403.170.701", SearchKind.ENTERPRISE, "0403170701"),
        ("BE0403170701", SearchKind.ENTERPRISE, "0403170701"),
        ("BE 403.170.701", SearchKind.ENTERPRISE, "0403170701"),
        ("+++010/8068/17183+++", SearchKind.OGM, "010806817183"),
        ("010/8068/17183", SearchKind.OGM, "010806817183"),
        ("010806817183", SearchKind.OGM, "010806817183"),
        ("BE68 5390 0754 7034", SearchKind.IBAN, "BE68539007547034"),
        ("secal-2026-12", SearchKind.FILE_NUMBER, "SECAL-2026-000012"),
        ("  Els   Peeters ", SearchKind.NAME, "Els Peeters"),
        ("O'Brien 2", SearchKind.NAME, "O'Brien 2"),
        ("Secalus", SearchKind.NAME, "Secalus"),
    ],
)
def test_a_right_number_is_recognised(text: str, kind: SearchKind, value: str) -> None:
    reading = detect_kind(text)

    assert (reading.kind, reading.value, reading.valid, reading.code) == (kind, value, True, None)


@pytest.mark.parametrize(
    ("text", "kind", "code", "display"),
    [
        ("85073003329", SearchKind.NISS, "niss.checksum", "85.07.30-033.29"),
        ("0403170702", SearchKind.ENTERPRISE, "enterprise.checksum", "0403.170.702"),
        ("+++010/8068/17180+++", SearchKind.OGM, "ogm.checksum", "+++010/8068/17180+++"),
        ("+++12+++", SearchKind.OGM, "ogm.length", "12"),
        ("BE68539007547035", SearchKind.IBAN, "iban.checksum", "BE68 5390 0754 7035"),
        ("SECAL 12", SearchKind.FILE_NUMBER, "file_number.unreadable", "SECAL 12"),
        ("123", SearchKind.UNKNOWN_NUMBER, "search.unknown_number", "123"),
        ("", SearchKind.EMPTY, "search.empty", ""),
    ],
)
def test_a_wrong_number_says_how_it_was_read(text: str, kind: SearchKind, code: str, display: str) -> None:
    reading = detect_kind(text)

    assert (reading.kind, reading.code, reading.display, reading.valid) == (kind, code, display, False)
    assert reading.message % reading.params


@given(st.text(max_size=60))
def test_every_text_has_a_reading(text: str) -> None:
    reading = detect_kind(text)

    assert reading.valid is (reading.code is None)
    assert detect_kind(text) == reading


@given(st.integers(0, 99_999_999_999_999))
def test_a_row_of_digits_is_never_taken_for_a_name(number: int) -> None:
    assert detect_kind(str(number)).kind is not SearchKind.NAME
