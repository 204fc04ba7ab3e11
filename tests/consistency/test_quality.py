"""Linters and types are part of the suite: what they refuse does not land."""

import subprocess
import sys
from pathlib import Path

import pytest

MARK = "# no" + "qa"
ROOT = Path(__file__).resolve().parents[2]
STRICT = ["secal", "audit", "recovery"]


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False, timeout=240
    )


@pytest.mark.parametrize(
    "command", [("ruff", "check", "."), ("ruff", "format", "--check", ".")], ids=" ".join
)
def test_ruff_has_nothing_to_say(command: tuple[str, ...]) -> None:
    result = _run(*command)
    assert result.returncode == 0, result.stdout[-3000:]


def test_types_are_strict_everywhere() -> None:
    result = _run("mypy", "--strict", *STRICT)
    assert result.returncode == 0, result.stdout[-3000:]


def test_templates_are_clean() -> None:
    result = _run("djlint", "--lint", "templates", "--quiet")
    assert result.returncode == 0, result.stdout[-3000:]


def test_every_exemption_gives_its_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("secal", "recovery", "audit", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if MARK in line and " - " not in line.partition(MARK)[2]
    ]
    assert not bare
