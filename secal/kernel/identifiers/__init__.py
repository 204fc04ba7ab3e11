"""Belgian numbers (NISS, enterprise, structured communication, IBAN, file number) and the reading of a
search text."""

from secal.kernel.identifiers.numbers import (
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
from secal.kernel.identifiers.reading import Reading, SearchKind, detect_kind

__all__ = [
    "IdentifierError",
    "IdentifierKind",
    "Reading",
    "SearchKind",
    "compose_niss",
    "detect_kind",
    "format_enterprise_number",
    "format_iban",
    "format_niss",
    "format_ogm",
    "is_bis",
    "make_file_number",
    "make_ogm",
    "niss_birth_date",
    "niss_birth_year",
    "niss_sex",
    "parse_enterprise_number",
    "parse_file_number",
    "parse_iban",
    "parse_niss",
    "parse_ogm",
]
