"""Background work of retention: the nightly list of what is due, and the erasure of approved lists."""

import uuid
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from audit.retention import erasing, outside, scan
from audit.retention.errors import blind, residue
from audit.retention.models import OPEN_ITEM, ErasureItem, ItemState
from audit.retention.services import ERASE_JOB, finish, propose_list, start
from audit.retention.wording import SCAN_BLIND
from secal.access.policy import require
from secal.office.clock import today
from secal.office.jobs import JobRun, register
from secal.office.models import Job

SCANNED_TOGETHER = 20
"""Units whose traces are looked for in one reading of the database."""


def _page(job: Job) -> str:
    return reverse("retention:list", args=[uuid.UUID(job.period)])


@register("retention.list", service="retention", title=_("Ce qui ne peut plus être conservé"))
def list_due(run: JobRun) -> dict[str, Any]:
    """`period` is the day (ISO)."""
    with run.step(done=1, total=1):
        made = propose_list(on=date.fromisoformat(run.period))
        return {"list": made.number if made else ""}


@register(
    ERASE_JOB,
    service="retention",
    title=_("Effacement d’une liste approuvée"),
    errors={
        "erasure.residue": _("Des données restent : la page de la liste dit où. Relancez après correction."),
        "erasure.blind": _(
            "La recherche de restes a échoué à son épreuve : rien n’a été effacé. Signalez-le."
        ),
        "erasure.unreadable": _("La recherche de restes ne peut pas lire une table. Signalez-le."),
    },
    page=_page,
)
def erase(run: JobRun) -> dict[str, Any]:
    """`period` is the list. Raises RetentionError when something is left, or the search failed its proof."""
    list_id = uuid.UUID(run.period)
    day = today()
    with run.step():
        start(list_id)
        items = list(
            ErasureItem.objects.filter(list_id=list_id, state__in=OPEN_ITEM)
            .order_by("number")
            .values_list("pk", flat=True)
        )
        run.progress(done=0, total=len(items))
    for first in range(0, len(items), SCANNED_TOGETHER):
        part = items[first : first + SCANNED_TOGETHER]
        _erase_part(run, part, day)
        with run.step(done=first + len(part), total=len(items)):
            pass
    with run.step():
        over = finish(list_id)
        came_of_it = ErasureItem.objects.filter(list_id=list_id).values_list("state", "reason")
        states = Counter(state for state, _reason in came_of_it)
        missed = any(reason == SCAN_BLIND for _state, reason in came_of_it)
    if not over:
        raise residue()
    if missed:
        raise blind()
    return dict(sorted(states.items()))


def _erase_part(run: JobRun, items: Sequence[uuid.UUID], day: date) -> None:
    """Some units through every step. Each call commits by itself; a step that was done is not done again."""
    for item in items:
        with run.step():
            require("erasure.run")
            erasing.begin(item, on=day)
    _prove(run, _in_work(run, items))
    for destroy in (erasing.destroy_unit_keys, erasing.erase_rows):
        for item in _in_work(run, items):
            with run.step():
                destroy(item)
    with run.step():
        looked_for = [erasing.sought(item) for item in _rows(items)]
        found = outside.search_too(scan.search(looked_for, using=erasing.ERASER), looked_for)
    for item in _in_work(run, items):
        with run.step():
            erasing.conclude(item, found, on=day)


def _prove(run: JobRun, items: Sequence[uuid.UUID]) -> None:
    """The search must find, before anything is destroyed, what it is trusted not to find afterwards."""
    with run.step():
        unproven = [item for item in _rows(items) if "control" not in item.steps]
        looked_for = [erasing.sought(item) for item in unproven]
        found = scan.search(looked_for, using=erasing.ERASER)
        missing = scan.missing_kinds(looked_for, found, using=erasing.ERASER)
    for item in unproven:
        with run.step():
            erasing.prove(item.pk, missing.get(item.unit_id, ()))


def _in_work(run: JobRun, items: Sequence[uuid.UUID]) -> list[uuid.UUID]:
    """Of these, the ones being erased; kept-back ones fell out. Outside a step there would be no row."""
    with run.step():
        return [item.pk for item in _rows(items)]


def _rows(items: Sequence[uuid.UUID]) -> list[ErasureItem]:
    return list(ErasureItem.objects.filter(pk__in=items, state=ItemState.ERASING).order_by("number"))
