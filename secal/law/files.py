"""Reads the files of legal values and refuses whatever is doubtful: unknown keys, floats, overlaps, texts
not listed."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise, product
from pathlib import Path
from typing import NamedTuple

import yaml

from secal.kernel.explanation import Inputs
from secal.kernel.periods import ONE_DAY
from secal.law.errors import LawFileError
from secal.law.parameters import Condition, Gap, ParameterValue, Status, Value

TEXTS_FILE = "texts.yaml"

_PARAMETER_KEYS = {"kind", "unit", "by", "text", "values"}
_VALUE_KEYS = {
    "value", "from", "to", "when", "article", "act", "text", "status", "verified_until", "assumed", "note",
}  # fmt: skip
_REQUIRED_VALUE_KEYS = {"value", "from", "to", "article", "status"}
_TEXT_KEYS = {"name", "numac", "verified_until", "note"}


class _Text(NamedTuple):
    name: str
    verified_until: date | None


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key written twice, which plain YAML would silently let win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, object]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value]
        for key in keys:
            if keys.count(key) > 1:
                raise LawFileError(f"{node.start_mark}: key {key!r} is written twice")
        return super().construct_mapping(node, deep)


def read_folder(folder: Path) -> dict[str, tuple[ParameterValue, ...]]:
    """Every value in the files of a folder, by parameter name. Raises LawFileError at the first fault."""
    texts = _read_texts(folder / TEXTS_FILE)
    table: dict[str, tuple[ParameterValue, ...]] = {}
    for path in sorted(folder.glob("*.yaml")):
        if path.name == TEXTS_FILE:
            continue
        for name, values in _read_subject(path, texts):
            if name in table:
                raise LawFileError(f"{path.name}: {name} is also in another file")
            table[name] = values
    return table


def gaps(table: Mapping[str, tuple[ParameterValue, ...]]) -> tuple[Gap, ...]:
    """Days between two known values of one parameter and the same conditions."""
    found = []
    for values in table.values():
        for earlier, later in pairwise(values):
            if earlier.conditions != later.conditions or earlier.valid_to is None:
                continue
            if earlier.valid_to + ONE_DAY < later.valid_from:
                first, last = earlier.valid_to + ONE_DAY, later.valid_from - ONE_DAY
                found.append(Gap(earlier.name, Inputs(dict(earlier.conditions)), first, last))
    return tuple(found)


def _load(path: Path) -> dict[str, object]:
    try:
        # A subclass of the safe loader: it builds plain data only.
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_StrictLoader)  # noqa: S506 - a stricter SafeLoader
    except (yaml.YAMLError, OSError) as error:
        raise LawFileError(f"{path.name}: {error}") from error
    return _table_of(content, path.name)


def _read_texts(path: Path) -> dict[str, _Text]:
    texts = {}
    for key, entry in _load(path).items():
        where = f"{path.name}: {key}"
        fields = _table_of(entry, where)
        _only(fields, _TEXT_KEYS, where)
        texts[key] = _Text(_string(fields, "name", where), _day_or_none(fields, "verified_until", where))
    return texts


def _read_subject(path: Path, texts: Mapping[str, _Text]) -> Iterable[tuple[str, tuple[ParameterValue, ...]]]:
    content = _load(path)
    _only(content, {"subject", "parameters"}, path.name)
    subject = _string(content, "subject", path.name)
    if subject != path.stem:
        raise LawFileError(f"{path.name}: the subject is {subject!r}, not the name of the file")
    for name, entry in _table_of(content.get("parameters"), path.name).items():
        yield name, _read_parameter(name, subject, _table_of(entry, f"{path.name}: {name}"), texts, path.name)


def _read_parameter(
    name: str, subject: str, entry: Mapping[str, object], texts: Mapping[str, _Text], file: str
) -> tuple[ParameterValue, ...]:
    where = f"{file}: {name}"
    _only(entry, _PARAMETER_KEYS, where)
    kind = _string(entry, "kind", where)
    if kind not in _KINDS:
        raise LawFileError(f"{where}: kind {kind!r} is none of {', '.join(_KINDS)}")
    rows = entry.get("values")
    if not isinstance(rows, list) or not rows:
        raise LawFileError(f"{where}: no values")
    values = []
    for number, row in enumerate(rows, start=1):
        place = f"{where}, value {number}"
        fields = {"text": entry.get("text"), **_table_of(row, place)}
        _only(fields, _VALUE_KEYS, place)
        for conditions in _conditions(fields.get("when"), place):
            values.append(_read_value(name, subject, kind, entry, fields, conditions, texts, place))
    values.sort(key=lambda value: (sorted(value.conditions.items()), value.valid_from))
    _refuse_overlaps(values, where)
    return tuple(values)


def _read_value(
    name: str,
    subject: str,
    kind: str,
    entry: Mapping[str, object],
    fields: Mapping[str, object],
    conditions: dict[str, Condition],
    texts: Mapping[str, _Text],
    where: str,
) -> ParameterValue:
    missing = _REQUIRED_VALUE_KEYS - fields.keys()
    if missing:
        raise LawFileError(f"{where}: {', '.join(sorted(missing))} missing")
    text_key = _string(fields, "text", where)
    if text_key not in texts:
        raise LawFileError(f"{where}: text {text_key!r} is not in {TEXTS_FILE}")
    status = _string(fields, "status", where)
    if status not in set(Status):
        raise LawFileError(f"{where}: status {status!r} is none of {', '.join(Status)}")
    first = _day_or_none(fields, "from", where)
    last = _day_or_none(fields, "to", where)
    if first is None or (last is not None and last < first):
        raise LawFileError(f"{where}: the dates are missing or reversed")
    article = _string(fields, "article", where)
    return ParameterValue(
        name=name,
        value=None if fields["value"] is None else _KINDS[kind](fields["value"], where),
        valid_from=first,
        valid_to=last,
        by=_string(entry, "by", where),
        subject=subject,
        unit=_string({"unit": "", **entry}, "unit", where),
        article=article,
        act=_string({"act": "", **fields}, "act", where),
        text=text_key,
        source=f"{article}, {texts[text_key].name}" if article else texts[text_key].name,
        status=Status(status),
        verified_until=_day_or_none(fields, "verified_until", where) or texts[text_key].verified_until,
        assumed=_flag(fields.get("assumed", False), where),
        note=_string({"note": "", **fields}, "note", where),
        conditions=conditions,
    )


def _refuse_overlaps(values: list[ParameterValue], where: str) -> None:
    for earlier, later in pairwise(values):
        if earlier.conditions != later.conditions:
            continue
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            raise LawFileError(f"{where}: two values on {later.valid_from.isoformat()}")


def _conditions(when: object, where: str) -> list[dict[str, Condition]]:
    """One set of conditions for each combination: a list of values stands for as many rows."""
    if when is None:
        return [{}]
    fields = _table_of(when, where)
    choices = [value if isinstance(value, list) else [value] for value in fields.values()]
    for value in (value for values in choices for value in values):
        if not isinstance(value, (str, bool)):
            raise LawFileError(f"{where}: condition {value!r} is neither a code nor yes or no")
    return [dict(zip(fields, combination, strict=True)) for combination in product(*choices)]


# Values, by kind


def _decimal(raw: object, where: str) -> Decimal:
    if not isinstance(raw, str):
        raise LawFileError(f"{where}: a decimal is written between quotes, not {raw!r}")
    try:
        number = Decimal(raw)
    except InvalidOperation as error:
        raise LawFileError(f"{where}: {raw!r} is no decimal") from error
    if not number.is_finite():
        raise LawFileError(f"{where}: {raw!r} is no amount")
    return number


def _integer(raw: object, where: str) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise LawFileError(f"{where}: {raw!r} is no whole number")
    return raw


def _flag(raw: object, where: str) -> bool:
    if not isinstance(raw, bool):
        raise LawFileError(f"{where}: {raw!r} is neither true nor false")
    return raw


def _code(raw: object, where: str) -> str:
    if not isinstance(raw, str) or not raw:
        raise LawFileError(f"{where}: {raw!r} is no code")
    return raw


def _codes(raw: object, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or len({str(code) for code in raw}) != len(raw):
        raise LawFileError(f"{where}: {raw!r} is no list of different codes")
    return tuple(_code(code, where) for code in raw)


_KINDS: dict[str, Callable[[object, str], Value]] = {
    "decimal": _decimal,
    "integer": _integer,
    "flag": _flag,
    "code": _code,
    "codes": _codes,
}


# Shapes


def _table_of(raw: object, where: str) -> dict[str, object]:
    if not isinstance(raw, dict) or not all(isinstance(key, str) for key in raw):
        raise LawFileError(f"{where}: not a table of names")
    return raw


def _only(fields: Mapping[str, object], known: set[str], where: str) -> None:
    unknown = fields.keys() - known
    if unknown:
        raise LawFileError(f"{where}: unknown key {', '.join(sorted(unknown))}")


def _string(fields: Mapping[str, object], key: str, where: str) -> str:
    raw = fields.get(key)
    if not isinstance(raw, str):
        raise LawFileError(f"{where}: {key} is {raw!r}, not a text")
    return raw


def _day_or_none(fields: Mapping[str, object], key: str, where: str) -> date | None:
    raw = fields.get(key)
    if raw is None:
        return None
    if type(raw) is not date:
        raise LawFileError(f"{where}: {key} is {raw!r}, not a day")
    return raw
