"""How a result was reached: a tree that a person can read, a court can check and a program can store and
replay."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Generic, TypeAlias, TypeVar

from secal.kernel.errors import DomainError, gettext_noop
from secal.kernel.periods import Month

SCHEMA = 1
"""Version of the stored form; raised when a stored explanation would no longer be read the same way."""

Scalar: TypeAlias = Decimal | date | Month | int | bool | str | tuple[str, ...] | None
T_co = TypeVar("T_co", bound=Scalar, covariant=True)


class ExplanationError(DomainError):
    """A stored explanation that cannot be read back."""


@dataclass(frozen=True)
class Given(Generic[T_co]):
    """A legal value as handed to a rule: what it is, since when, from which text, and whether it is an
    assumption."""

    name: str
    value: T_co
    valid_from: date | None = None
    source: str = ""
    assumed: bool = False


class Inputs(Mapping[str, Scalar]):
    """An ordered mapping that does not change: the facts a step looked at."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, Scalar] | None = None) -> None:
        self._items: dict[str, Scalar] = dict(items or {})

    def __getitem__(self, name: str) -> Scalar:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return f"Inputs({self._items!r})"


@dataclass(frozen=True)
class Explanation:
    """One step of a calculation.

    code        what the step is ("advance.term"); the French title is in `secal.kernel.reckoning.wording`.
    amount      its result in euro, when it has one; `value` holds any other result (a date, a yes or no, a
                count).
    text        code of a remark ("means.no_ceiling"), when words say more than a number; titled in the same
                wording.
    source      the legal text it applies ("art. 4 §2").
    inputs      the facts it looked at, in reading order.
    parameters  the legal values it used.
    children    the steps it is made of.
    """

    code: str
    amount: Decimal | None = None
    value: Scalar = None
    text: str | None = None
    source: str = ""
    inputs: Inputs = field(default_factory=Inputs)
    parameters: tuple[Given[Scalar], ...] = ()
    children: tuple[Explanation, ...] = ()

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Explanation]]:
        """Every step with its depth, in reading order."""
        yield depth, self
        for child in self.children:
            yield from child.walk(depth + 1)

    def parameters_used(self) -> tuple[Given[Scalar], ...]:
        """Every legal value of the whole tree, each once, in order of first use."""
        seen: dict[Given[Scalar], None] = {}
        for _, node in self.walk():
            seen.update(dict.fromkeys(node.parameters))
        return tuple(seen)

    def assumptions(self) -> tuple[Given[Scalar], ...]:
        """Those legal values that the texts leave open."""
        return tuple(given for given in self.parameters_used() if given.assumed)

    def to_dict(self) -> dict[str, object]:
        """JSON-ready and stable: the same tree always gives the same text; empty parts are left out."""
        return {"schema": SCHEMA, **_encode_node(self)}

    def to_json(self) -> str:
        return json.dumps(self.to_dict(), ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_dict(cls, stored: Mapping[str, object]) -> Explanation:
        """Read back what `to_dict` wrote. Raises ExplanationError for another schema or an unknown part."""
        if stored.get("schema") != SCHEMA:
            raise _unreadable(f"schema {stored.get('schema')!r}")
        return _decode_node({key: part for key, part in stored.items() if key != "schema"})

    @classmethod
    def from_json(cls, text: str) -> Explanation:
        return cls.from_dict(_mapping(json.loads(text)))


def _encode_node(node: Explanation) -> dict[str, object]:
    stored: dict[str, object] = {"code": node.code}
    if node.amount is not None:
        stored["amount"] = str(node.amount)
    if node.value is not None:
        stored["value"] = _encode(node.value)
    if node.text is not None:
        stored["text"] = node.text
    if node.source:
        stored["source"] = node.source
    if node.inputs:
        # A list of pairs: some stores (jsonb) do not keep the order of keys.
        stored["inputs"] = [[name, _encode(value)] for name, value in node.inputs.items()]
    if node.parameters:
        stored["parameters"] = [_encode_given(given) for given in node.parameters]
    if node.children:
        stored["children"] = [_encode_node(child) for child in node.children]
    return stored


def _encode_given(given: Given[Scalar]) -> dict[str, object]:
    return {
        "name": given.name,
        "value": _encode(given.value),
        "from": None if given.valid_from is None else given.valid_from.isoformat(),
        "source": given.source,
        "assumed": given.assumed,
    }


def _encode(value: Scalar) -> object:
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Month):
        return {"month": str(value)}
    return list(value) if isinstance(value, tuple) else value


def _decode_node(stored: Mapping[str, object]) -> Explanation:
    unknown = stored.keys() - {
        "code",
        "amount",
        "value",
        "text",
        "source",
        "inputs",
        "parameters",
        "children",
    }
    if unknown:
        raise _unreadable(", ".join(sorted(unknown)))
    amount = stored.get("amount")
    text = stored.get("text")
    pairs = [_list(pair) for pair in _list(stored.get("inputs", []))]
    return Explanation(
        code=_text(stored.get("code")),
        amount=None if amount is None else Decimal(_text(amount)),
        value=_decode(stored.get("value")),
        text=None if text is None else _text(text),
        source=_text(stored.get("source", "")),
        inputs=Inputs({_text(name): _decode(value) for name, value in pairs}),
        parameters=tuple(_decode_given(_mapping(part)) for part in _list(stored.get("parameters", []))),
        children=tuple(_decode_node(_mapping(part)) for part in _list(stored.get("children", []))),
    )


def _decode_given(stored: Mapping[str, object]) -> Given[Scalar]:
    since = stored.get("from")
    return Given(
        name=_text(stored.get("name")),
        value=_decode(stored.get("value")),
        valid_from=None if since is None else date.fromisoformat(_text(since)),
        source=_text(stored.get("source")),
        assumed=stored.get("assumed") is True,
    )


def _decode(stored: object) -> Scalar:
    if stored is None or isinstance(stored, (bool, int, str)):
        return stored
    if isinstance(stored, list):
        return tuple(_text(part) for part in stored)
    match _mapping(stored):
        case {"decimal": str(text)}:
            return Decimal(text)
        case {"date": str(text)}:
            return date.fromisoformat(text)
        case {"month": str(text)}:
            return Month.parse(text)
    raise _unreadable(repr(stored))


def _mapping(stored: object) -> Mapping[str, object]:
    if not isinstance(stored, Mapping):
        raise _unreadable(repr(stored))
    return stored


def _list(stored: object) -> list[object]:
    if not isinstance(stored, list):
        raise _unreadable(repr(stored))
    return stored


def _text(stored: object) -> str:
    if not isinstance(stored, str):
        raise _unreadable(repr(stored))
    return stored


def _unreadable(what: str) -> ExplanationError:
    return ExplanationError(
        "explanation.unreadable",
        gettext_noop("L’explication enregistrée ne peut être relue (%(what)s)."),
        None,
        {"what": what},
    )
