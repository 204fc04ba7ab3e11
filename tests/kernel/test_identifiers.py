"""Belgian numbers are read in every usual form, and a wrong one says how it was read."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from secal.kernel.identifiers import (
    IdentifierError,
    IdentifierKind,
    compose_niss,
    format_enterprise_number,
    format_iban,
    format_niss,
    format_ogm,
    is_bis,
    make_file_number,
    make_ogm,
    niss_birth_date,
    niss_birth_year,
    niss_sex,
    parse_enterprise_number,
    parse_file_number,
    parse_iban,
    parse_niss,
    parse_ogm,
)

birth_dates = st.dates(min_value=date(1930, 1, 1), max_value=date(2025, 12, 31))
sequences = st.integers(1, 998)


@given(birth_dates, sequences, st.booleans())
def test_a_composed_niss_is_valid_and_tells_the_birth_date(born_on: date, sequence: int, bis: bool) -> None:
    niss = compose_niss(born_on, sequence, bis=bis)

    assert parse_niss(niss) == niss
    assert parse_niss(format_niss(niss)) == niss
    assert niss_birth_date(niss) == born_on
    assert niss_birth_year(niss) == born_on.year
    assert is_bis(niss) is bis
    assert niss_sex(niss) == ("M" if sequence % 2 else "F")


@given(birth_dates, sequences, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(born_on: date, sequence: int, place: int, shift: int) -> None:
    niss = compose_niss(born_on, sequence)
    wrong = str((int(niss[place]) + shift) % 10)
    changed = niss[:place] + wrong + niss[place + 1 :]

    try:
        accepted = parse_niss(changed)
    except IdentifierError as error:
        assert error.kind is IdentifierKind.NISS
    else:
        # The only way through: the number is right for the other century.
        assert niss_birth_year(accepted) != born_on.year


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "niss.empty"),
        (" - ", "niss.empty"),
        ("85.07.30-033.2x", "niss.characters"),
        ("٨٥٠٧٣٠٠٣٣٢٨", "niss.characters"),
        ("850730033", "niss.length"),
        ("850730033281", "niss.length"),
        ("85.07.30-033.29", "niss.checksum"),
        ("85.07.30-000.61", "niss.sequence"),
        ("85.07.30-999.32", "niss.sequence"),
    ],
)
def test_a_wrong_niss_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_niss(text, field="creditor_niss")

    assert (refused.value.code, refused.value.field) == (code, "creditor_niss")


def test_a_month_that_does_not_exist_is_refused() -> None:
    stem = 851530033
    with pytest.raises(IdentifierError) as refused:
        parse_niss(f"{stem}{97 - stem % 97:02d}")

    assert refused.value.code == "niss.date"


@pytest.mark.parametrize("sequence", [0, 999, -1])
def test_no_niss_is_composed_with_a_sequence_never_issued(sequence: int) -> None:
    with pytest.raises(ValueError, match="counter"):
        compose_niss(date(1985, 7, 30), sequence)


def test_a_wrong_niss_says_how_it_was_read_and_survives_pickling() -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_niss("85073003329")
    error = pickle.loads(pickle.dumps(refused.value))  # noqa: S301 - our own bytes

    assert error.understood == "85.07.30-033.29"
    assert error.understood in str(error)


def test_a_bis_number_given_before_the_sex_was_known_tells_none() -> None:
    stem = 982728997
    assert niss_sex(f"{stem}{97 - stem % 97:02d}") is None


@pytest.mark.parametrize(
    "text", ["0403.170.701", "BE 0403.170.701", "403170701", "BE0403170701", "0403 170 701"]
)
def test_an_enterprise_number_is_read_in_every_usual_form(text: str) -> None:
    assert parse_enterprise_number(text) == "0403170701"
    assert format_enterprise_number("0403170701") == "0403.170.701"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "enterprise.empty"),
        ("0403.170.70A", "enterprise.characters"),
        ("12345", "enterprise.length"),
        ("0403170702", "enterprise.checksum"),
        ("2403170701", "enterprise.first_digit"),
    ],
)
def test_a_wrong_enterprise_number_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_enterprise_number(text)

    assert refused.value.code == code


@given(st.integers(1, 9_999_999_999))
def test_a_made_structured_communication_is_valid_and_read_back(number: int) -> None:
    ogm = make_ogm(number)

    assert len(ogm) == 12
    assert int(ogm[:10]) == number
    assert parse_ogm(ogm) == ogm
    assert parse_ogm(format_ogm(ogm)) == ogm
    assert parse_ogm(format_ogm(ogm).replace("+", "*")) == ogm


@given(st.integers(1, 9_999_999_999), st.integers(0, 11), st.integers(1, 9))
def test_one_wrong_digit_of_a_communication_is_always_noticed(number: int, place: int, shift: int) -> None:
    ogm = make_ogm(number)
    changed = ogm[:place] + str((int(ogm[place]) + shift) % 10) + ogm[place + 1 :]

    with pytest.raises(IdentifierError):
        parse_ogm(changed)


def test_a_structured_communication_is_written_the_belgian_way() -> None:
    assert format_ogm(make_ogm("0108068171")) == "+++010/8068/17183+++"


@pytest.mark.parametrize("number", [-1, 10_000_000_000])
def test_a_structured_communication_is_made_from_ten_digits(number: int) -> None:
    with pytest.raises(ValueError, match="ten digits"):
        make_ogm(number)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "ogm.empty"),
        ("+++abc+++", "ogm.characters"),
        ("123", "ogm.length"),
        ("+++010/8068/17180+++", "ogm.checksum"),
    ],
)
def test_a_wrong_communication_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_ogm(text)

    assert refused.value.code == code


@pytest.mark.parametrize("text", ["BE68 5390 0754 7034", "be68539007547034", "BE68-5390-0754-7034"])
def test_an_account_is_normalised(text: str) -> None:
    assert parse_iban(text) == "BE68539007547034"
    assert format_iban("BE68539007547034") == "BE68 5390 0754 7034"


def test_a_foreign_account_and_an_unknown_belgian_bank_pass() -> None:
    assert parse_iban("DE89 3704 0044 0532 0130 00") == "DE89370400440532013000"
    assert parse_iban("BE83138811735115") == "BE83138811735115"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "iban.empty"),
        ("BE68539007547035", "iban.checksum"),
        ("BE41091811735141", "iban.checksum"),
        ("XX68539007547034", "iban.checksum"),
        ("hello", "iban.structure"),
        ("BE6853900754703", "iban.structure"),
        ("DE8937040044053201300", "iban.checksum"),
    ],
)
def test_a_wrong_account_is_refused_by_name(text: str, code: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_iban(text)

    assert refused.value.code == code
    assert refused.value.kind is IdentifierKind.IBAN


@given(st.integers(1000, 9999), st.integers(1, 999_999))
def test_a_file_number_is_read_back_as_written(year: int, serial: int) -> None:
    number = make_file_number(year, serial)

    assert parse_file_number(number) == number
    assert parse_file_number(f" secal {year}/{serial} ") == number


@pytest.mark.parametrize(
    "text", ["", "SECAL", "SECAL-26-1", "SECAL-2026-0", "SECAL-2026-1234567", "ONSS-2026-1"]
)
def test_a_text_that_is_no_file_number_is_refused(text: str) -> None:
    with pytest.raises(IdentifierError) as refused:
        parse_file_number(text)

    assert refused.value.code == "file_number.unreadable"


@pytest.mark.parametrize(("year", "serial"), [(26, 1), (2026, 0), (2026, 1_000_000)])
def test_a_file_number_has_its_shape(year: int, serial: int) -> None:
    with pytest.raises(ValueError, match="file number"):
        make_file_number(year, serial)


@given(st.text(max_size=40))
def test_no_text_breaks_a_reader(text: str) -> None:
    readers: list[Callable[[str], str]] = [
        parse_niss, parse_enterprise_number, parse_ogm, parse_iban, parse_file_number,
    ]  # fmt: skip
    for read in readers:
        try:
            assert read(text).isascii()
        except IdentifierError as error:
            assert "%(" not in error.text() or "%(" in text
