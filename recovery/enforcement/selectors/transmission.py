"""Reading titles that may go to the concessionaire, and transmissions that were made. For the directorate."""

import uuid
from collections.abc import Collection, Sequence

from django.db.models import Count, QuerySet

from recovery.cases.models import Title, TitleState
from recovery.cases.selectors import without_own
from recovery.enforcement import events
from recovery.enforcement.models import Transmission, TransmittedTitle
from recovery.enforcement.rules import Sendable
from recovery.enforcement.selectors.extracts import EXTRACT_FIELDS, ExtractLine, extract_lines
from secal.access.actors import current_actor
from secal.access.policy import Facts, decide, require
from secal.kernel.money import total
from secal.ledger.selectors import claim_figures
from secal.people.employers import is_debtor

SHOWN = ("number", "name", "amount")


def issued_titles() -> QuerySet[Title]:
    """Titles that wait to be transmitted, oldest first. Raises Refused. The caller logs what it shows."""
    require("title.transmit")
    return (
        without_own(Title.objects.filter(state=TitleState.ISSUED, file__ended_on=None))
        .select_related("file__employer")
        .order_by("issued_on", "number")
    )


def issued_count() -> int:
    """For the menu."""
    if not decide(current_actor(), "title.transmit").permitted:
        return 0
    return issued_titles().count()


def log_titles(titles: Sequence[Title]) -> None:
    """These lines are about to be shown."""
    lines = [(title.file.employer_id, title.file_id) for title in titles]
    events.lines_read("title.transmit", lines=lines, fields=SHOWN)


def sendable(title_ids: Collection[uuid.UUID]) -> list[tuple[Title, Sendable]]:
    """Each of these titles with what decides whether it goes; two queries at most, for a service.

    A title against the person at work is none of theirs to send.
    """
    titles = list(
        without_own(Title.objects.filter(pk__in=list(title_ids)))
        .select_related("file__employer")
        .order_by("issued_on", "number")
    )
    claims = claim_figures({title.file.book_id for title in titles})
    return [
        (
            title,
            Sendable(
                issued=title.state == TitleState.ISSUED,
                issued_on=title.issued_on,
                outcome=bool(title.file.outcome or title.file.ended_on),
                open=total(
                    claim.open for claim in claims[title.file.book_id] if claim.quarter in title.quarters
                ),
            ),
        )
        for title in titles
    ]


def transmissions() -> QuerySet[Transmission]:
    """Every transmission, newest first, with how many titles it sent. Raises Refused."""
    require("title.transmit")
    return (
        Transmission.objects.select_related("transmitted_by")
        .annotate(sent=Count("lines"))
        .order_by("-transmitted_on", "id")
    )


def get_transmission(transmission_id: uuid.UUID) -> Transmission | None:
    """Raises Refused."""
    require("title.transmit")
    return Transmission.objects.select_related("transmitted_by").filter(pk=transmission_id).first()


def titles_of(transmission: Transmission) -> QuerySet[Title]:
    """Its titles with file and employer; the caller logs what it shows."""
    return without_own(_titles_of(transmission))


def _titles_of(transmission: Transmission) -> QuerySet[Title]:
    return (
        Title.objects.filter(transmitted__transmission=transmission)
        .select_related("file__employer")
        .order_by("issued_on", "number")
    )


def open_extract(transmission: Transmission) -> list[ExtractLine]:
    """The extract of a transmission, logged as leaving the office, a line a file. Never by halves: raises
    Refused for whoever is a debtor in it."""
    require("title.transmit")
    titles = list(_titles_of(transmission))
    for title in titles:
        require("title.transmit", Facts(file=title.file_id, actor_is_party=is_debtor(title.file.employer)))
        events.extract_downloaded(file=title.file_id, fields=EXTRACT_FIELDS)
    return list(extract_lines(titles))


def transmission_of(title_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, TransmittedTitle]:
    """When each of these titles was sent."""
    rows = TransmittedTitle.objects.filter(title__in=list(title_ids)).select_related("transmission")
    return {row.title_id: row for row in rows}
