"""An erasure survives the death of its worker at every step: no residue, one certificate, no half step."""

import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from audit.retention import erasing
from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState, ListState
from secal.cases.models import AlimonyFile
from secal.office import keeping
from secal.office.models import Job, JobState

pytestmark = pytest.mark.usefixtures("committed_database")

STEPS = ("begin", "prove", "destroy_unit_keys", "erase_rows", "conclude")


class Killed(BaseException):
    """What a kill looks like from inside: nothing catches it."""


def _die_once(monkeypatch: pytest.MonkeyPatch, name: str, *, after: bool) -> None:
    """The worker dies as the step begins, or when the step is committed and nobody has been told."""
    real = getattr(erasing, name)
    deaths: list[str] = []

    def dying(*args: Any, **options: Any) -> Any:
        if deaths:
            return real(*args, **options)
        deaths.append(name)
        if after:
            real(*args, **options)
        raise Killed(name)

    monkeypatch.setattr(erasing, name, dying)


@pytest.mark.obligation("17/006 §7", "17/006 §15")
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_an_erasure_killed_at_any_step_is_taken_up_again(
    after: bool,
    due_file: Callable[..., AlimonyFile],
    approved: Callable[[], ErasureList],
    run_erasure: Callable[[ErasureList], Job],
) -> None:
    """As each step begins, or when it is committed and nobody has been told: one file, five deaths."""
    file = due_file()
    erasure_list = approved()
    with pytest.MonkeyPatch.context() as patches:
        for step in STEPS:
            _die_once(patches, step, after=after)
        for step in STEPS:
            with pytest.raises(Killed, match=step):
                run_erasure(erasure_list)
            assert Certificate.objects.count() == (1 if (step, after) == ("conclude", True) else 0)
        assert run_erasure(erasure_list).state == JobState.DONE
    assert ErasureItem.objects.get().state == ItemState.ERASED
    assert Certificate.objects.count() == 1
    assert not AlimonyFile.objects.filter(pk=file.pk).exists()
    assert ErasureList.objects.get().state == ListState.DONE


def test_a_death_inside_a_step_leaves_nothing_of_it(
    due_file: Callable[..., AlimonyFile],
    approved: Callable[[], ErasureList],
    run_erasure: Callable[[ErasureList], Job],
    administrator: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    file = due_file()
    erasure_list = approved()
    before = _rows(file.pk)

    def keys_left() -> Any:
        query = "SELECT count(*) FROM keystore.data_key WHERE id = %s"
        return administrator.execute(query, [file.key_id]).fetchone()

    assert keys_left() == (1,)
    _die_once(monkeypatch, "_erase_jobs", after=True)
    _die_once(monkeypatch, "issue", after=True)
    with pytest.raises(Killed, match="_erase_jobs"):
        run_erasure(erasure_list)
    assert _rows(file.pk) == before
    # The rows are whole again; what is sealed in them is lost already: the keys went first.
    assert keys_left() == (0,)
    with pytest.raises(Killed, match="issue"):
        run_erasure(erasure_list)
    assert not Certificate.objects.exists()
    assert run_erasure(erasure_list).state == JobState.DONE
    assert Certificate.objects.count() == 1


def test_a_second_worker_does_nothing_twice(
    due_file: Callable[..., AlimonyFile],
    approved: Callable[[], ErasureList],
    run_erasure: Callable[[ErasureList], Job],
) -> None:
    due_file()
    erasure_list = approved()
    assert run_erasure(erasure_list).state == JobState.DONE
    counts = ErasureItem.objects.get().counts
    Job.objects.filter(kind="retention.erase").update(state=JobState.FAILED)
    assert run_erasure(erasure_list).state == JobState.DONE
    assert ErasureItem.objects.get().counts == counts
    assert Certificate.objects.count() == 1


def _rows(file_id: uuid.UUID) -> dict[str, int]:
    return {entry.label: len(entry.rows_of("default", file_id)) for entry in keeping.kept_of("alimony_file")}
