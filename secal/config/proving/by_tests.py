"""A check that the suite makes in short: its tests run in a process of their own and tell what they tried."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from secal.config.proving.outcome import Tally

ROOT = Path(__file__).resolve().parents[3]


def run_tests(tests: str, told_how: Mapping[str, str], *, report: str, tally: Tally) -> None:
    """Run these tests with these variables; they write {"tried", "failed"} to the file that `report` names.

    Tests that broke off told nothing: their words are on the error output. Raises RuntimeError.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "report.json"
        ended = subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", str(ROOT / tests), "-q", "-s"],
            cwd=ROOT,
            env={
                **os.environ,
                **told_how,
                report: str(path),
                "DJANGO_SETTINGS_MODULE": "secal.config.settings.test",
            },
            stdout=sys.stderr,
            check=False,
        )
        if not path.exists():
            raise RuntimeError(f"{tests} broke off; pytest ended with code {ended.returncode}")
        told = json.loads(path.read_text(encoding="utf-8"))
    # A test that fails without having counted its failure is a fault too.
    tally.add(told["tried"], told["failed"] or int(ended.returncode != 0))
