"""What every letter must hold before a word of it is composed."""

from collections.abc import Mapping
from typing import Any

from secal.kernel.money import cents, total
from secal.office.letters import errors
from secal.office.letters.shapes import Line, Party, Payment


def require_text(data: Mapping[str, Any], *keys: str, part: str = "") -> None:
    """Refuse a letter whose text `key` is missing or blank; `part` names it in the refusal."""
    for key in keys:
        if not str(data.get(key) or "").strip():
            raise errors.part_missing(part or key)


def require_party(data: Mapping[str, Any], key: str) -> None:
    """A name and at least one line of address."""
    value: Party | None = data.get(key)
    if not value or not value.get("name", "").strip() or not any(map(str.strip, value.get("lines", []))):
        raise errors.part_missing(key)


def require_lines(data: Mapping[str, Any]) -> list[Line]:
    """At least one line, all in whole cents, payments negative and all else not, and a total that is owed."""
    lines: list[Line] = data.get("lines") or []
    if not lines:
        raise errors.part_missing("lines")
    for line in lines:
        if line["amount"] != cents(line["amount"]):
            raise errors.amount_not_in_cents(line["amount"])
        if (line["amount"] > 0) is (line["nature"] == "payment"):
            raise ValueError("a payment is written as a negative amount, everything else as a positive one")
    if total(line["amount"] for line in lines) <= 0:
        raise errors.nothing_owed()
    return lines


def require_payment(value: Payment | None) -> None:
    if not value:
        raise errors.part_missing("payment")
    require_text(value, "iban", "beneficiary", "communication", part="payment")


def require_authority(data: Mapping[str, Any], key: str) -> None:
    """Name, capacity, act of delegation and day of whoever signed."""
    value = data.get(key)
    if not value:
        raise errors.part_missing(key)
    require_text(value, "name", "capacity", "delegation", "on", part=key)
