"""The walk of the main job: seven people's work done over HTTP on a running office, each effect looked up.

One JSON line a step. A step holds when what it claims is true of the database and the pages, to the cent.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import requests
from django.db import DatabaseError

from secal.config.demo.browser import NoSuchForm
from secal.config.demo.office import Open
from secal.config.demo.walk import STEPS, Walk

Write = Callable[[str], None]


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
    state = Walk(office)
    held = True
    for name, step in STEPS:
        if not held:
            write(Outcome(name, False, 0, "not tried: an earlier step did not hold").line())
            continue
        outcome = _try(name, lambda step=step: step(state))  # type: ignore[misc]
        write(outcome.line())
        held = outcome.ok
    with suppress(requests.RequestException):
        state.close()
    return held


def _try(name: str, step: Callable[[], str]) -> Outcome:
    began = time.monotonic()
    try:
        detail, ok = step(), True
    except AssertionError as error:
        detail, ok = str(error) or "did not hold", False
    except (requests.RequestException, NoSuchForm, DatabaseError, LookupError, ValueError) as error:
        detail, ok = f"{type(error).__name__}: {error}"[:400], False
    return Outcome(name, ok, time.monotonic() - began, detail)
