"""Nobody gets what is not theirs: every address × method × person × object × way to write an identifier.

The walk is made once; each test looks at one thing in what it found. `SECAL_MATRIX=whole` asks every
combination (`manage.py prove --only matrix`).
"""

import json
import logging
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from secal.access import step_up
from secal.office import jobs
from tests.matrix import actors, objects
from tests.matrix.walk import Findings, Walk

WHOLE = os.environ.get("SECAL_MATRIX") == "whole"
AT_LEAST = 20_000 if WHOLE else 2_000
REPORT = "SECAL_MATRIX_REPORT"
"""Where the number of requests and of faults is written, for who asked."""

_begun: list[bool] = []
_walked: list[Findings] = []


@pytest.fixture
def found(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[Findings]:
    """What the walk over each site found; walked for the first test that asks."""
    if _begun and not _walked:
        pytest.fail("the walk broke off: see the first test of this module")
    if not _walked:
        _begun.append(True)
        database = request.getfixturevalue("committed_database")
        make_user, client_for, at_portal = (
            request.getfixturevalue(name) for name in ("make_user", "client_for", "at_portal")
        )
        monkeypatch.setattr(jobs, "ring_bell", lambda _job_id: None)
        # The walk is longer than a use of the card stands for a sensitive act.
        monkeypatch.setattr(step_up, "FRESH_FOR", timedelta(hours=4))
        # Thousands of lines of requests that are as they should be; errors are still told.
        logging.disable(logging.WARNING)
        request.addfinalizer(lambda: logging.disable(logging.NOTSET))
        world = objects.build(make_user, client_for)
        staff = actors.at_the_office(world, make_user, client_for)
        walked = [Walk("office", world, staff, database=database, whole=WHOLE).walk()]
        # Who enters again leaves the session that they had.
        bailiffs = actors.at_the_portal(world, make_user, client_for)
        with at_portal():
            walked.append(Walk("portal", world, bailiffs, database=database, whole=WHOLE).walk())
        _walked.extend(walked)
        _report(walked)
    return _walked


def _report(walked: list[Findings]) -> None:
    if path := os.environ.get(REPORT):
        told = {"tried": sum(one.asked for one in walked), "failed": sum(len(_faults(one)) for one in walked)}
        Path(path).write_text(json.dumps(told), encoding="utf-8")


def _faults(one: Findings) -> list[str]:
    return [
        *one.without_example,
        *one.wrong_answers,
        *one.foreign_bytes,
        *one.unlogged,
        *one.changed,
        *one.silent_refusals,
        *one.told_apart,
    ]


def _all(found: list[Findings], what: Callable[[Findings], list[str]]) -> list[str]:
    return [line for one in found for line in what(one)][:40]


def test_every_address_is_asked_with_objects_of_its_kind(found: list[Findings]) -> None:
    """A new kind of object, or a new parameter, needs its line in tests/matrix/objects.py."""
    assert _all(found, lambda one: sorted(one.without_example)) == []
    assert _all(found, lambda one: sorted(one.of_pages - one.pages)) == []
    assert sum(one.asked for one in found) >= AT_LEAST


@pytest.mark.obligation("12/057 §22", "17/006 §16.2", "forbidden 2", "forbidden 3", "forbidden 4")
def test_no_answer_holds_a_byte_of_somebody_elses(found: list[Findings]) -> None:
    assert _all(found, lambda one: one.foreign_bytes) == []


@pytest.mark.obligation("forbidden 2", "forbidden 3")
def test_each_gets_the_page_the_refusal_or_nothing_as_the_table_says(found: list[Findings]) -> None:
    """404 for what is not yours, 403 for what you have no right to, the login for who is not known."""
    assert _all(found, lambda one: one.wrong_answers) == []
    assert {403, 404, 405, 200, 302} <= set().union(*(one.statuses for one in found))


@pytest.mark.obligation("12/057 §23")
def test_every_refusal_is_in_the_log_with_who_was_refused(found: list[Findings]) -> None:
    assert _all(found, lambda one: one.unlogged) == []


def test_a_refusal_says_which_right_is_missing_and_who_has_it(found: list[Findings]) -> None:
    assert _all(found, lambda one: one.silent_refusals) == []


def test_what_is_somebody_elses_looks_like_what_is_not_there(found: list[Findings]) -> None:
    assert _all(found, lambda one: one.told_apart) == []


def test_whoever_is_refused_changes_nothing(found: list[Findings]) -> None:
    assert _all(found, lambda one: one.changed) == []
