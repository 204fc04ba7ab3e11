"""Every planted fault turns its test red (tests/faults)."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from secal.config.proving.outcome import Order, Tally

ROOT = Path(__file__).resolve().parents[3]
FAULTS = ROOT / "tests" / "faults"


def due(quick: bool) -> int:
    """How many there are; quick: the core ones."""
    patches = list(FAULTS.glob("*.patch"))
    return sum("\n# core\n" in patch.read_text() for patch in patches) if quick else len(patches)


def prove_faults(order: Order, tally: Tally) -> None:
    """Apply each fault in a scratch copy and expect red; quick: the core ones."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        subprocess.run(  # noqa: S603 - our own tests
            [sys.executable, "-m", "pytest", str(FAULTS), "-q", "-n", "2", "--dist", "load",
             "-k", "turns_its_test_red", f"--junit-xml={report}"],
            cwd=ROOT,
            env={
                **os.environ,
                "SECAL_EVERY_FAULT": "0" if order.quick else "1",
                "DJANGO_SETTINGS_MODULE": "secal.config.settings.test",
            },
            stdout=sys.stderr,
            check=False,
        )  # fmt: skip
        tally.add(*_counts(report))


def _counts(report: Path) -> tuple[int, int]:
    if not report.exists():
        return 0, 0
    suite = ElementTree.parse(report).getroot().find("testsuite")  # noqa: S314 - written by our own run
    if suite is None:
        return 0, 0
    return int(suite.get("tests", 0)), int(suite.get("failures", 0)) + int(suite.get("errors", 0))
