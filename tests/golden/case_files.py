"""Reads the files of cases, and checks one: outcome to the cent, explanation complete and storable."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from secal.kernel.explanation import Explanation
from secal.kernel.reckoning import wording

FOLDER = Path(__file__).parent

Case = dict[str, Any]
Outcome = tuple[object, list[Explanation]]


def golden_cases(*, onss: bool) -> Iterator[Any]:
    """The cases of one half, named by file and case."""
    for path in _files(onss=onss):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for case in content["cases"]:
            yield pytest.param(content["rule"], case, id=f"{path.stem}: {case['name']}")


def rules_with_cases(*, onss: bool) -> set[str]:
    """Each file is named after its rule."""
    return {path.stem for path in _files(onss=onss)}


def check(rule: Callable[[Case], Outcome], case: Case) -> None:
    """Run one case: exact outcome, every word of the explanation known, and the same after storing it."""
    assert set(case) == {"name", "source", "input", "expected"}

    outcome, explanations = rule(case["input"])

    assert outcome == case["expected"]
    for explanation in explanations:
        assert Explanation.from_json(explanation.to_json()) == explanation
        for _, step in explanation.walk():
            assert step.code in wording.STEPS
            assert step.text is None or step.text in wording.REMARKS
            assert set(step.inputs) <= set(wording.FACTS)


def _files(*, onss: bool) -> list[Path]:
    return [path for path in sorted(FOLDER.glob("*.yaml")) if path.stem.startswith("onss_") == onss]
