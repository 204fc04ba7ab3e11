"""Planted faults, applied in a scratch copy, turn their tests red.

Here the core ones; every one of them with SECAL_EVERY_FAULT=1, as `manage.py prove --only faults` runs it.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVERY = sorted(Path(__file__).parent.glob("*.patch"))
CORE = [patch for patch in EVERY if "\n# core\n" in patch.read_text()]
CHOSEN = EVERY if os.environ.get("SECAL_EVERY_FAULT") == "1" else CORE
OF_ITS_OWN = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")} | {
    "PYTHONDONTWRITEBYTECODE": "1"
}
"""A run of its own: an office that another fault's run has sown would not have this fault."""
LEFT_OUT = shutil.ignore_patterns(".venv", "var", ".git", "__pycache__", ".*_cache", ".hypothesis", "faults")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scratch") / "project"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    return folder


def _patch(folder: Path, patch: Path, *, back: bool) -> None:
    command = ["git", "apply", *(["--reverse"] if back else []), str(patch)]
    result = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert result.returncode == 0, f"{patch.name} no longer applies: {result.stderr}"


@pytest.mark.parametrize("patch", CHOSEN, ids=lambda patch: patch.stem)
def test_a_planted_fault_turns_its_test_red(patch: Path, copy: Path) -> None:
    (target,) = re.findall(r"^# test: (\S+)$", patch.read_text(), re.MULTILINE)
    _patch(copy, patch, back=False)
    try:
        result = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", target],
            cwd=copy,
            env=OF_ITS_OWN,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    finally:
        _patch(copy, patch, back=True)
    assert result.returncode == 1, f"{target} did not notice: {result.stdout[-2000:]}{result.stderr[-1000:]}"
    assert " failed" in result.stdout, result.stdout[-2000:]


@pytest.mark.parametrize("patch", EVERY, ids=lambda patch: patch.stem)
def test_a_planted_fault_still_applies_and_names_a_test_that_exists(patch: Path) -> None:
    (target,) = re.findall(r"^# test: (\S+)$", patch.read_text(), re.MULTILINE)
    module, _, name = target.partition("::")
    assert f"def {name}(" in (ROOT / module).read_text()
    check = ["git", "apply", "--check", str(patch)]
    result = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
