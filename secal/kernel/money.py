"""Euro amounts: always Decimal with two places, read from what people type, split without losing a cent."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal

from secal.kernel.errors import DomainError, gettext_noop

ZERO = Decimal("0.00")
CENT = Decimal("0.01")
HUNDRED = Decimal(100)
LARGEST = Decimal("9999999999.99")
"""Largest amount the office writes down; anything above is a typing error."""

NARROW_SPACE = "\u202f"

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f]+")
_CURRENCY = re.compile(r"^(?:€|EUR)|(?:€|EUR)$", re.IGNORECASE)
_PLAIN = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d{1,2}))?")
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?P<mark>[ .,'’])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<part>\d{1,2}))?"
)
_TWO_READINGS = re.compile(r"\d{1,3}[.,]\d{3}")
_TOO_FINE = re.compile(r"[\d .,'’]*[.,]\d{3,}")


class AmountError(DomainError):
    """A text that is no amount, or an amount outside what is allowed."""


def cents(amount: Decimal | int) -> Decimal:
    """The amount in euro rounded half up to the cent. A float is a programming error and is refused."""
    if isinstance(amount, bool) or not isinstance(amount, (Decimal, int)):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    exact = Decimal(amount)
    if not exact.is_finite():
        raise ValueError("an amount is finite")
    rounded = exact.quantize(CENT, rounding=ROUND_HALF_UP)
    return ZERO if rounded.is_zero() else rounded


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Sum in euro, rounded to the cent; 0.00 for none."""
    return cents(sum(amounts, ZERO))


def percentage(amount: Decimal, rate_pct: Decimal) -> Decimal:
    """`rate_pct` per cent of the amount, rounded half up to the cent (13 % of 1,234.56 is 160.49)."""
    return cents(amount * rate_pct / HUNDRED)


def parse_amount(text: str, *, field: str | None = None, allow_negative: bool = False) -> Decimal:
    """Read an amount as people write it: "1 234,56", "1.234,56", "1,234.56", "1234.56", "€ 12".

    A text with two readings ("1.234") is refused, never guessed. Raises AmountError with one of the codes
    amount.empty, amount.unreadable, amount.ambiguous, amount.too_precise, amount.negative, amount.too_large.
    """
    written = _SPACES.sub(" ", text).strip()
    if not written:
        raise AmountError("amount.empty", gettext_noop("Indiquez un montant, par exemple 1234,56."), field)
    bare = _CURRENCY.sub("", written).strip()
    negative = bare[:1] in ("-", "\u2212")
    bare = bare[1:].strip() if negative else bare.removeprefix("+").strip()
    amount = _read(bare, written, field)
    if amount > LARGEST:
        raise AmountError(
            "amount.too_large",
            gettext_noop(
                "%(text)s dépasse le plus grand montant possible (%(largest)s). Vérifiez le nombre de"
                " chiffres."
            ),
            field,
            {"text": written, "largest": format_amount(LARGEST)},
        )
    if not negative or amount.is_zero():
        return amount
    if not allow_negative:
        raise AmountError(
            "amount.negative",
            gettext_noop("%(text)s est négatif. Indiquez un montant positif ou nul."),
            field,
            {"text": written},
        )
    return -amount


def _read(bare: str, written: str, field: str | None) -> Decimal:
    params = {"text": written}
    if _TWO_READINGS.fullmatch(bare):
        raise AmountError(
            "amount.ambiguous",
            gettext_noop(
                "%(text)s se lit de deux façons. Écrivez 1234,00 pour mille deux cent trente-quatre, ou 1,23."
            ),
            field,
            params,
        )
    match = _PLAIN.fullmatch(bare) or _GROUPED.fullmatch(bare)
    if match is not None:
        whole = re.sub(r"\D", "", match["whole"])
        return cents(Decimal(f"{whole}.{match['part'] or '0'}"))
    if _TOO_FINE.fullmatch(bare):
        raise AmountError(
            "amount.too_precise",
            gettext_noop("%(text)s a plus de deux décimales. Arrondissez au centime."),
            field,
            params,
        )
    raise AmountError(
        "amount.unreadable",
        gettext_noop("%(text)s n’est pas un montant. Écrivez par exemple 1234,56."),
        field,
        params,
    )


def format_amount(amount: Decimal, *, thousands: str = NARROW_SPACE, decimal: str = ",") -> str:
    """Two decimals and grouped thousands; `parse_amount` reads it back."""
    plain = f"{cents(amount):,.2f}"
    return plain.translate({ord(","): thousands, ord("."): decimal})


def split_evenly(amount: Decimal, parts: int) -> tuple[Decimal, ...]:
    """Cut an amount in equal parts; the first ones carry the odd cents, the sum is the amount."""
    if parts < 1:
        raise ValueError("at least one part")
    return split_by_weight(amount, [Decimal(1)] * parts)


def split_by_weight(amount: Decimal, weights: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Cut an amount in proportion to non-negative weights, to the cent; largest remainders first, then
    order."""
    whole = sum(weights, Decimal(0))
    if whole <= 0 or any(weight < 0 for weight in weights):
        raise ValueError("weights are not negative and not all nought")
    sign = -1 if amount < 0 else 1
    in_cents = int(abs(cents(amount)) * HUNDRED)
    parts = [divmod(in_cents * weight, whole) for weight in weights]
    shares = [int(share) for share, _ in parts]
    by_remainder = sorted(range(len(parts)), key=lambda place: (-parts[place][1], place))
    for place in by_remainder[: in_cents - sum(shares)]:
        shares[place] += 1
    return tuple(cents(Decimal(sign * share) / HUNDRED) for share in shares)
