"""Sending issued titles to the concessionaire: the directorate's act. The only writer of transmissions."""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from recovery.cases.models import FileEventKind, RecoveryFile, Title
from recovery.cases.states import move_title
from recovery.cases.timeline import add_event
from recovery.enforcement import events
from recovery.enforcement.errors import no_processor, no_title_chosen, nothing_to_transmit
from recovery.enforcement.models import Transmission, TransmittedTitle
from recovery.enforcement.rules import why_skipped
from recovery.enforcement.selectors.extracts import EXTRACT_FIELDS
from recovery.enforcement.selectors.transmission import log_titles, sendable
from secal.access.actors import current_actor
from secal.access.policy import require


@dataclass(frozen=True, slots=True)
class Skipped:
    """A chosen title that stays behind. code: why (recovery.enforcement.wording.SKIPPED)."""

    title: Title
    code: str


@dataclass(frozen=True, slots=True)
class Preview:
    """What a transmission of these titles would send; nothing is written."""

    going: tuple[Title, ...]
    skipped: tuple[Skipped, ...]


def preview(*, title_ids: Collection[uuid.UUID], on: date) -> Preview:
    """Which of the chosen titles would go, and why the others would not; the lines are logged as read.

    Raises Refused, TransmissionError transmission.none_chosen, transmission.no_processor.
    """
    require("title.transmit")
    _check(title_ids)
    seen = _sorted_out(title_ids, on=on)
    log_titles([*seen.going, *(line.title for line in seen.skipped)])
    return seen


def transmit(*, title_ids: Collection[uuid.UUID], on: date) -> Transmission:
    """Send those that may go; each leaves an export line in the security log with the names of its data.

    Raises Refused; TransmissionError transmission.none_chosen, .nothing, .no_processor.
    """
    require("title.transmit")
    _check(title_ids)
    # Held before they are judged, files first: what sends them twice waits, and finds them sent.
    chosen = Title.objects.filter(pk__in=list(title_ids))
    files = RecoveryFile.objects.filter(pk__in=chosen.values("file"))
    list(files.select_for_update(no_key=True).order_by("pk"))
    list(chosen.select_for_update(no_key=True).order_by("pk"))
    going = _sorted_out(title_ids, on=on).going
    if not going:
        raise nothing_to_transmit()
    transmission = Transmission.objects.create(
        controller=settings.ONSS_NAME,
        processor=settings.CONCESSIONAIRE_NAME,
        transmitted_on=on,
        transmitted_by_id=current_actor().id,
    )
    _send(transmission, going, on=on)
    return transmission


def _check(title_ids: Collection[uuid.UUID]) -> None:
    if not title_ids:
        raise no_title_chosen()
    if not settings.CONCESSIONAIRE_NAME:
        raise no_processor()


def _sorted_out(title_ids: Collection[uuid.UUID], *, on: date) -> Preview:
    going: list[Title] = []
    skipped: list[Skipped] = []
    for title, facts in sendable(title_ids):
        code = why_skipped(facts, on=on)
        if code:
            skipped.append(Skipped(title, code))
        else:
            going.append(title)
    return Preview(tuple(going), tuple(skipped))


def _send(transmission: Transmission, going: Sequence[Title], *, on: date) -> None:
    for title in going:
        move_title(title, "transmit")
        title.save(update_fields=["state"])
        TransmittedTitle.objects.create(transmission=transmission, title=title, file_id=title.file_id)
        params = {"title": title.number, "processor": transmission.processor}
        add_event(title.file, kind=FileEventKind.TITLE, code="title_transmitted", on=on, params=params)
        events.title_transmitted(file=title.file_id, fields=EXTRACT_FIELDS)
