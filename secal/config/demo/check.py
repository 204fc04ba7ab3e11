"""The walks of both stories: people's work done over HTTP on a running office, each effect looked up.

One JSON line a step. A step holds when what it claims is true of the database and the pages, to the cent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

import psycopg
import requests
from django.core.exceptions import MultipleObjectsReturned, ObjectDoesNotExist
from django.core.management.base import CommandError
from django.db import DatabaseError

from secal.config.demo import walk as main_job
from secal.config.demo import walk_recovery as recovery
from secal.config.demo.browser import NoSuchForm
from secal.config.demo.evidence import witnessing
from secal.config.demo.office import Open

Write = Callable[[str], None]
TROUBLE = (
    requests.RequestException,
    NoSuchForm,
    DatabaseError,
    psycopg.Error,
    CommandError,
    ObjectDoesNotExist,
    MultipleObjectsReturned,
    LookupError,
    ValueError,
)
"""What a step that does not hold may run into."""


@dataclass(frozen=True)
class Outcome:
    """How a step ended."""

    step: str
    ok: bool
    seconds: float
    detail: str

    def line(self) -> str:
        return json.dumps(
            {"step": self.step, "ok": self.ok, "seconds": round(self.seconds, 2), "detail": self.detail},
            ensure_ascii=False,
        )


def walk(office: Open, *, write: Write) -> bool:
    """Do every step in turn; a step that rests on one that failed is not tried. True when all held."""
    first, second = main_job.Walk(office), recovery.RecoveryWalk(office)
    steps = [(name, partial(step, first)) for name, step in main_job.STEPS]
    steps += [(name, partial(step, second)) for name, step in recovery.STEPS]
    held = True
    with witnessing():
        for name, step in steps:
            if not held:
                write(Outcome(name, False, 0, "not tried: an earlier step did not hold").line())
                continue
            outcome = _try(name, step)
            write(outcome.line())
            held = outcome.ok
    with suppress(requests.RequestException):
        first.close()
        second.close()
    return held


def _try(name: str, step: Callable[[], str]) -> Outcome:
    began = time.monotonic()
    try:
        detail, ok = step(), True
    except AssertionError as error:
        detail, ok = str(error) or "did not hold", False
    except TROUBLE as error:
        detail, ok = f"{type(error).__name__}: {error}"[:400], False
    return Outcome(name, ok, time.monotonic() - began, detail)
