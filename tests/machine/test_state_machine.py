"""A state machine plays an office over its days and looks, after every step, for somebody who was shown whom
they had registered. Short here; `manage.py prove --only machine` plays it long.
"""

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connections
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from secal.access import seats
from secal.office import jobs
from tests.conftest import _point_at, clone_template, drop_database
from tests.machine.looking import Machine
from tests.machine.office import Office
from tests.machine.world import RULES

STEPS = int(os.environ.get("SECAL_MACHINE_STEPS", "300"))
SEED = int(os.environ.get("SECAL_MACHINE_SEED", "22"))
REPORT = "SECAL_MACHINE_REPORT"
"""Where the number of steps and of faults is written, for who asked."""
ONE_OFFICE = 100
"""Steps of one office, from its first day to its last."""
EACH_FIRES = 20 if STEPS >= 5_000 else 0
ESSENTIAL = (
    "all selectors: done",
    "list: 200",
    "opening: done",
    "page: refused to its registrar",
    "rows: given",
    "shown by list",
)
"""What the shortest run meets as well: else it looked for somebody where nobody could be shown."""

AT_WORK_AS, AT_WORK_AS_SERVICE = seats.at_work_as, seats.at_work_as_service
"""As the program has them: other tests replace them."""


@pytest.fixture
def office(
    django_db_setup: None, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Office]:
    """A database exactly as an office has it; every commit is real."""
    monkeypatch.setattr(seats, "DOOR", "door")
    monkeypatch.setattr(seats, "at_work_as", AT_WORK_AS)
    monkeypatch.setattr(seats, "at_work_as_service", AT_WORK_AS_SERVICE)
    monkeypatch.setattr(jobs, "ring_bell", lambda _job_id: None)
    logging.disable(logging.WARNING)
    usual, name = connections["default"].settings_dict["NAME"], clone_template(lenient=False)
    with django_db_blocker.unblock():
        _point_at(name)
        opened = Office(name)
        try:
            yield opened
        finally:
            opened.close()
            _point_at(usual)
            drop_database(name)
            cache.clear()
            logging.disable(logging.NOTSET)


@pytest.mark.obligation("12/057 §7", "12/057 §21", "12/057 §22", "forbidden 2")
def test_nobody_is_ever_shown_whom_they_registered(office: Office) -> None:
    counts: Counter[str] = Counter()
    failed = 0
    try:
        play(office, counts)
    except BaseException:
        failed = 1
        raise
    finally:
        _report(counts, failed)
    assert counts["steps"] >= STEPS
    seldom = {name: counts[name] for name in RULES if counts[name] < EACH_FIRES}
    assert not seldom, f"rules that hardly fired: {seldom}"
    never = [name for name in ESSENTIAL if not counts[name]]
    assert not never, f"what never came about: {never}"


def play(office: Office, counts: Counter[str]) -> None:
    """One office after another, until there are steps enough."""
    round_ = 0
    while counts["steps"] < STEPS:
        here = type("Machine", (Machine,), {"office": office, "counts": counts})
        missing = STEPS - counts["steps"]
        run_state_machine_as_test(
            seed(SEED + round_)(here),
            settings=settings(
                max_examples=1 + -(-missing // ONE_OFFICE),
                stateful_step_count=ONE_OFFICE,
                deadline=None,
                database=None,
                phases=(Phase.generate,),
                suppress_health_check=list(HealthCheck),
                print_blob=False,
                report_multiple_bugs=False,
            ),
        )
        round_ += 1


def _report(counts: Counter[str], failed: int) -> None:
    told = "\n".join(f"  {name}: {number}" for name, number in sorted(counts.items()))
    sys.stderr.write(f"the machine, seed {SEED}:\n{told}\n")
    if path := os.environ.get(REPORT):
        Path(path).write_text(json.dumps({"tried": counts["steps"], "failed": failed}), encoding="utf-8")
