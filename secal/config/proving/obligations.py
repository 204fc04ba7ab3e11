"""Runs the tests that carry an obligation, and weighs every row of the two deliberations by them."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from audit.console.obligations import Proofs, weigh
from secal.config.proving.obligation_marks import REPORT

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = "secal.config.proving.obligation_marks"
RAN = (0, 1, 5)
"""pytest's exit codes when it ran: all passed, some failed, none chosen."""


class NotRun(RuntimeError):
    """pytest did not come to the end; its words are on the error output."""


def prove_obligations(*, version: str, browser: bool) -> Proofs:
    """Run them all. Raises NotRun, also for a marker whose reference no row has."""
    chosen = "obligation" if browser else "obligation and not browser"
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        code = subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", PLUGIN, "-m", chosen, "tests"],
            cwd=ROOT,
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "secal.config.settings.test", REPORT: str(report)},
            stdout=sys.stderr,
            check=False,
        ).returncode
        if code not in RAN or not report.exists():
            raise NotRun(f"pytest ended with code {code}")
        told = json.loads(report.read_text(encoding="utf-8"))
    if told["unknown"]:
        lost = "; ".join(f"{test} names {', '.join(refs)}" for test, refs in told["unknown"].items())
        raise NotRun(f"no obligation has such a reference: {lost}")
    outcomes = {test: (refs, passed) for test, (refs, passed) in told["outcomes"].items()}
    return Proofs(
        at=datetime.now(UTC).isoformat(timespec="seconds"),
        version=version,
        commit=commit(),
        obligations=weigh(outcomes),
    )


def commit() -> str:
    """The commit of this checkout, marked when files differ from it; "" where there is none."""
    git = shutil.which("git")
    if git is None:
        return ""
    said = subprocess.run(  # noqa: S603 - a fixed command
        [git, "describe", "--always", "--dirty", "--abbrev=12", "--exclude=*"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return said.stdout.strip() if said.returncode == 0 else ""
