"""An explanation tree as a reader sees it: codes in words, values written in the reader's language."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from secal.kernel.explanation import Explanation, Given, Scalar
from secal.kernel.periods import Month
from secal.kernel.reckoning import wording
from secal.law.wording import TITLES
from secal.office import formatting

STEPS: dict[str, str] = dict(wording.STEPS)
REMARKS: dict[str, str] = dict(wording.REMARKS)
FACTS: dict[str, str] = dict(wording.FACTS)


def add_words(*, steps: Mapping[str, str], remarks: Mapping[str, str], facts: Mapping[str, str]) -> None:
    """The French words of a room's own codes, by code; called once when the room is made ready."""
    STEPS.update(steps)
    REMARKS.update(remarks)
    FACTS.update(facts)


def told(tree: Explanation | Mapping[str, Any]) -> Any:
    """The tree for `components/explanation.html`, from the kernel's object, its stored form, or itself."""
    if isinstance(tree, Mapping):
        if "schema" not in tree:
            return tree
        tree = Explanation.from_dict(tree)
    return _step(tree)


def value_text(value: Scalar) -> str:
    """Any value of a tree in words; numbers keep their decimals, since not every number is an amount."""
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
    return ", ".join(value) if isinstance(value, tuple) else value


def _step(node: Explanation) -> dict[str, Any]:
    return {
        "label": _words(STEPS, node.code),
        "amount": node.amount,
        "value": None if node.value is None else value_text(node.value),
        "note": _words(REMARKS, node.text) if node.text else "",
        "source": node.source,
        "inputs": [
            {"label": _words(FACTS, name), "value": value_text(value)} for name, value in node.inputs.items()
        ],
        "parameters": [_parameter(given) for given in node.parameters],
        "children": [_step(child) for child in node.children],
    }


def _parameter(given: Given[Scalar]) -> dict[str, Any]:
    return {
        "label": _words(TITLES, given.name),
        "value": value_text(given.value),
        "source": given.source,
        "assumed": given.assumed,
    }


def _words(catalogue: Mapping[str, str], code: str) -> str:
    """The sentence of a code; a code that no catalogue knows is shown rather than hidden."""
    return _(catalogue[code]) if code in catalogue else code
