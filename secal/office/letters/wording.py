"""The words that several letters share, in the active language."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from secal.kernel.identifiers import format_iban, format_ogm, parse_iban, parse_ogm
from secal.kernel.money import total
from secal.office.formatting import NBSP, date_text, money_text, number_text
from secal.office.letters import checking
from secal.office.letters.shapes import Authority, Line, Party, Payment


def frame_words() -> dict[str, str]:
    """What stands around every letter and at the head of its tables."""
    return {
        "page": _("Page %(page)s sur %(pages)s"),
        "quarter": _("Trimestre"),
        "nature": _("Nature et calcul"),
        "amount": _("Montant"),
        "total": _("Total"),
    }


def institution(code: str) -> dict[str, Any]:
    """Letterhead: full name and seat."""
    if code == "secal":
        return {"name": _("SPF Finances – Service des créances alimentaires"), "lines": []}
    return {
        "name": _("Office national de sécurité sociale (ONSS)"),
        "lines": [_("Place Victor Horta 11, 1060 Bruxelles")],
    }


def party(value: Party) -> dict[str, Any]:
    number = value.get("number", "")
    return {"name": value["name"], "lines": [*value["lines"], *([number] if number else [])]}


def account(lines: list[Line]) -> dict[str, Any]:
    """The accounting justification: its lines in words, and the total computed from exactly these lines."""
    language = get_language()
    return {
        "rows": [
            {
                "quarter": quarter_text(line.get("quarter")),
                "nature": nature_text(line["nature"]),
                "computation": computation_text(line),
                "amount": money_text(line["amount"], language),
            }
            for line in lines
        ],
        "total": money_text(total(line["amount"] for line in lines), language),
    }


def nature_text(nature: str) -> str:
    return {
        "contributions": _("Cotisations"),
        "surcharge": _("Majoration de cotisations"),
        "interest": _("Intérêts de retard"),
        "allowance": _("Indemnité forfaitaire"),
        "costs": _("Frais"),
        "payment": _("Paiement reçu, déduit"),
    }[nature]


def quarter_text(first_day: date | None) -> str:
    """``1er trimestre 2026``; empty for an amount that belongs to no quarter."""
    if first_day is None:
        return ""
    words = (
        _("1er trimestre %(year)s"),
        _("2e trimestre %(year)s"),
        _("3e trimestre %(year)s"),
        _("4e trimestre %(year)s"),
    )[(first_day.month - 1) // 3]
    return words % {"year": first_day.year}


def computation_text(line: Line) -> str:
    """How the amount of a line comes about; as much as the line knows."""
    values = {
        "rate": _rate_text(line.get("rate_pct")),
        "base": money_text(line.get("base"), get_language()),
        "start": date_text(line.get("from_on")),
        "end": date_text(line.get("until_on")),
        "day": date_text(line.get("due_on")),
    }
    if line.get("rate_pct") is not None and line.get("base") is not None:
        if line.get("from_on") and line.get("until_on"):
            return _("%(rate)s l’an sur %(base)s, du %(start)s au %(end)s") % values
        return _("%(rate)s de %(base)s") % values
    if line.get("due_on"):
        words = _("reçu le %(day)s") if line["nature"] == "payment" else _("exigible le %(day)s")
        return words % values
    return ""


def payment(value: Payment, amount: str) -> dict[str, Any]:
    """How to pay, as a heading and labelled lines."""
    return {
        "heading": _("Comment payer"),
        "terms": [
            [_("Montant"), amount],
            [_("Compte (IBAN)"), format_iban(parse_iban(value["iban"]))],
            [_("Bénéficiaire"), value["beneficiary"]],
            [_("Communication structurée"), communication_text(value)],
        ],
    }


def communication_text(value: Payment) -> str:
    """+++123/1234/12345+++"""
    return format_ogm(parse_ogm(value["communication"]))


def authority(value: Authority) -> list[list[str]]:
    """Who signed, as labelled lines."""
    return [
        [_("Par"), value["name"]],
        [_("En qualité de"), value["capacity"]],
        [_("En vertu de"), value["delegation"]],
        [_("Date"), date_text(value["on"])],
    ]


def running_head(file_number: str, pay: Payment | None) -> list[str]:
    """What every further page repeats: the number of the file, the structured communication."""
    if pay is None:
        return [file_number]
    checking.require_payment(pay)
    return [file_number, communication_text(pay)]


def _rate_text(rate_pct: Decimal | None) -> str:
    if rate_pct is None:
        return ""
    language = get_language()
    plain = rate_pct.normalize()
    digits = number_text(plain if plain.as_tuple().exponent != 0 else int(plain), language)
    return f"{digits}{'' if language == 'en' else NBSP}%"
