"""pytest plugin of `manage.py obligations`: which tests carry which references, and how they ended.

With several workers the main process writes the report; a reference that no row has is in it too.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from audit.console.obligations import unknown

REPORT = "SECAL_OBLIGATIONS_REPORT"
PROPERTY = "obligation"

_outcomes: dict[str, tuple[set[str], bool]] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the references with each test; a worker's reports bring them to the main process."""
    for item in items:
        refs = [str(ref) for mark in item.iter_markers(PROPERTY) for ref in mark.args]
        item.user_properties += [(PROPERTY, ref) for ref in refs]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A test passes when its call passed and nothing around it failed; parameters count as one test."""
    if report.when != "call" and report.passed:
        return
    test = report.nodeid.partition("[")[0]
    refs, passed = _outcomes.get(test, (set(), True))
    refs |= {str(ref) for name, ref in report.user_properties if name == PROPERTY}
    _outcomes[test] = (refs, passed and report.passed)


def pytest_sessionfinish(session: pytest.Session) -> None:
    config: Any = session.config
    if hasattr(config, "workerinput"):
        return
    told = {
        "outcomes": {test: [sorted(refs), passed] for test, (refs, passed) in _outcomes.items() if refs},
        "unknown": {test: wrong for test, (refs, _passed) in _outcomes.items() if (wrong := unknown(refs))},
    }
    Path(os.environ[REPORT]).write_text(json.dumps(told), encoding="utf-8")
