"""An explanation tree as a reader sees it: codes in words, values written in the reader's language."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext as _

from secal.kernel.explanation import Explanation, Given, Scalar
from secal.kernel.periods import Month
from secal.kernel.reckoning import wording
from secal.law import all_parameters
from secal.law.page_wording import CODES, TEXTS
from secal.law.wording import CONTENTS, DEMANDS, TITLES, UNITS
from secal.office import formatting

STEPS: dict[str, str] = dict(wording.STEPS)
REMARKS: dict[str, str] = dict(wording.REMARKS)
FACTS: dict[str, str] = dict(wording.FACTS)
AMOUNTS: set[str] = set(wording.AMOUNTS)
"""Facts that are sums of money, in euro."""


def add_words(
    *,
    steps: Mapping[str, str],
    remarks: Mapping[str, str],
    facts: Mapping[str, str],
    amounts: Iterable[str] = (),
) -> None:
    """The French words of a room's own codes, by code, and which of its facts are sums of money; called once
    when the room is made ready."""
    STEPS.update(steps)
    REMARKS.update(remarks)
    FACTS.update(facts)
    AMOUNTS.update(amounts)


def told(tree: Explanation | Mapping[str, Any]) -> Any:
    """The tree for `components/explanation.html`, from the kernel's object, its stored form, or itself."""
    if isinstance(tree, Mapping):
        if "schema" not in tree:
            return tree
        tree = Explanation.from_dict(tree)
    return _step(tree)


def value_text(value: Scalar) -> str:
    """Any value of a tree in words: codes of the law by their name, numbers with the decimals they have."""
    if isinstance(value, bool):
        return _("oui") if value else _("non")
    if value is None:
        return formatting.EMPTY
    if isinstance(value, Decimal | int):
        return formatting.number_text(value)
    if isinstance(value, Month):
        return formatting.month_text(date(value.year, value.month, 1))
    if isinstance(value, date):
        return formatting.date_text(value)
    return ", ".join(_code(code) for code in value) if isinstance(value, tuple) else _code(value)


def legal_text(name: str, value: Scalar, unit: str) -> str:
    """A legal value with its unit: an amount in euro, a number of days, a code or a demand in words."""
    if name in DEMANDS and isinstance(value, bool):
        return _("la loi l’exige") if value else _("la loi ne l’exige pas")
    if value is None or isinstance(value, bool | str | tuple) or not unit:
        return value_text(value)
    if unit in ("eur", "eur_per_month") and isinstance(value, Decimal | int):
        amount = formatting.money_text(value)
        return amount if unit == "eur" else _("%(amount)s par mois") % {"amount": amount}
    return f"{value_text(value)} {_(UNITS[unit])}"


def source_text(source: str) -> str:
    """An article and its text, the text's name in the reader's language."""
    for name in TEXTS:
        if source.endswith(name):
            return source.removesuffix(name) + _(name)
    return source


def _step(node: Explanation) -> dict[str, Any]:
    return {
        "label": _words(STEPS, node.code),
        "amount": node.amount,
        "value": None if node.value is None else value_text(node.value),
        "note": _words(REMARKS, node.text) if node.text else "",
        "source": source_text(node.source),
        "inputs": [
            {"label": _words(FACTS, name), "value": _fact(name, value)} for name, value in node.inputs.items()
        ],
        "parameters": [_parameter(given) for given in node.parameters],
        "children": [_step(child) for child in node.children],
    }


def _parameter(given: Given[Scalar]) -> dict[str, Any]:
    return {
        "label": _words(TITLES, given.name),
        "value": legal_text(given.name, given.value, _units().get(given.name, "")),
        "source": source_text(given.source),
        "assumed": given.assumed,
    }


def _fact(name: str, value: Scalar) -> str:
    if name in AMOUNTS and isinstance(value, Decimal):
        return formatting.money_text(value)
    return value_text(value)


@cache
def _units() -> dict[str, str]:
    return {value.name: value.unit or "" for value in all_parameters()}


def _code(code: str) -> str:
    words = {**CONTENTS, **CODES}
    return _(words[code]) if code in words else code


def _words(catalogue: Mapping[str, str], code: str) -> str:
    """The sentence of a code; a code that no catalogue knows is shown rather than hidden."""
    return _(catalogue[code]) if code in catalogue else code
