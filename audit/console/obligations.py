"""The obligations of the two deliberations as rows of data, and what the last run of their tests showed.

Nothing here needs Django to be set up: the test plugin reads the references too.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from audit.console.wording import OBLIGATIONS

ROWS_FILE = Path(__file__).with_name("obligations.yaml")
PROOFS_FILE = "obligations.json"
PASSED, FAILED, NONE = "passed", "failed", "none"


@dataclass(frozen=True, slots=True)
class Obligation:
    """One row. `text` is its French source sentence."""

    ref: str
    part: str
    rooms: tuple[str, ...]

    @property
    def text(self) -> str:
        return OBLIGATIONS[self.ref]


@dataclass(frozen=True, slots=True)
class Proof:
    """A row with the tests that carry its reference, and what they showed together."""

    ref: str
    text: str
    tests: tuple[str, ...]
    result: str


@dataclass(frozen=True, slots=True)
class Proofs:
    """One run: when, of which version and commit of the program, and every row."""

    at: str
    version: str
    commit: str
    obligations: tuple[Proof, ...]


@cache
def rows() -> tuple[Obligation, ...]:
    """Every row, in the order of the texts."""
    parts = yaml.safe_load(ROWS_FILE.read_text(encoding="utf-8"))
    return tuple(
        Obligation(ref=row["ref"], part=part["about"], rooms=tuple(row["rooms"]))
        for part in parts
        for row in part["rows"]
    )


def unknown(refs: Iterable[str]) -> list[str]:
    """References that no row has."""
    return sorted(set(refs) - {row.ref for row in rows()})


def weigh(outcomes: Mapping[str, tuple[Iterable[str], bool]]) -> tuple[Proof, ...]:
    """Every row with its tests: passed when all of them passed, none when there is none.

    `outcomes`: by test, the references that it carries and whether it passed.
    """
    tests: dict[str, list[str]] = {row.ref: [] for row in rows()}
    broken: set[str] = set()
    for test, (refs, passed) in sorted(outcomes.items()):
        for ref in refs:
            tests[ref].append(test)
            if not passed:
                broken.add(ref)
    return tuple(
        Proof(
            ref=row.ref,
            text=row.text,
            tests=tuple(tests[row.ref]),
            result=FAILED if row.ref in broken else PASSED if tests[row.ref] else NONE,
        )
        for row in rows()
    )


def store(proofs: Proofs, folder: Path) -> None:
    """Keep this run as the last one; a reader never meets half of it."""
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f"{PROOFS_FILE}.new"
    draft.write_text(json.dumps(asdict(proofs), ensure_ascii=False, indent=1), encoding="utf-8")
    draft.replace(folder / PROOFS_FILE)


def last(folder: Path) -> Proofs | None:
    """What the last run showed; None when there was none."""
    path = folder / PROOFS_FILE
    if not path.exists():
        return None
    kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    found = {row["ref"]: row for row in kept["obligations"]}
    return Proofs(
        at=kept["at"],
        version=kept["version"],
        commit=kept["commit"],
        obligations=tuple(_proof(row, found.get(row.ref)) for row in rows()),
    )


def _proof(row: Obligation, kept: Mapping[str, Any] | None) -> Proof:
    """The row as it reads now, with what the run showed; nothing for a row younger than the run."""
    if kept is None:
        return Proof(ref=row.ref, text=row.text, tests=(), result=NONE)
    return Proof(ref=row.ref, text=row.text, tests=tuple(kept["tests"]), result=kept["result"])
