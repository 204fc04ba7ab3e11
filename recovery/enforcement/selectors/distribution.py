"""What the concessionaire's operator sees: titles that wait, competent offices, running mandates.

Only of files with a transmitted title; the ledger stays closed to them but for what a bailiff holds.
"""

import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, DateField, DateTimeField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import Act, Mandate, MandateState, Title, TitleState
from recovery.cases.selectors import get_file, without_own
from recovery.enforcement import events
from recovery.enforcement.errors import not_waiting
from recovery.enforcement.models import TransmittedTitle
from recovery.enforcement.rules import Competent, in_order
from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import Office
from secal.access.policy import decide, require
from secal.access.roles import Role

NO_SUCH_TITLE = _("Ce titre n’existe pas.")
SHOWN = ("number", "name", "arrondissement", "language", "amount")
BOARD_SHOWN = ("number", "name", "acts", "held")

OLDEST_HELD = """
WITH received AS (
    SELECT c.book_id, c.collected_on,
        sum(c.amount) OVER (PARTITION BY c.book_id ORDER BY c.collected_on, c.id) AS until_then
    FROM ledger_collection c
    JOIN ledger_journalentry e ON e.id = c.entry_id
    LEFT JOIN ledger_journalentry undoing ON undoing.reverses_id = e.id
    WHERE c.book_id = ANY(%s) AND undoing.id IS NULL
), held AS (
    SELECT p.book_id, sum(p.amount) AS amount FROM ledger_posting p
    WHERE p.book_id = ANY(%s) AND p.account = 'held' GROUP BY p.book_id HAVING sum(p.amount) > 0
), in_all AS (
    SELECT book_id, max(until_then) AS amount FROM received GROUP BY book_id
)
SELECT held.book_id, held.amount, min(received.collected_on)
FROM held
LEFT JOIN in_all ON in_all.book_id = held.book_id
LEFT JOIN received ON received.book_id = held.book_id AND received.until_then > in_all.amount - held.amount
GROUP BY held.book_id, held.amount
"""
"""Money is passed on in the order in which it came: what is still held came last."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a bailiff holds for a book, in euro, and since when its oldest part."""

    amount: Decimal
    oldest_on: date | None


def waiting_titles() -> QuerySet[Any]:
    """Transmitted titles without an office, those handed back included, longest waiting first.

    Each has `waiting_since`. The caller logs what it shows. Raises Refused.
    """
    require("mandate.view")
    waiting = without_own(_waiting().select_related("file__employer"))
    return waiting.order_by("waiting_since", "number")


def waiting_count() -> int:
    """For the menu."""
    return without_own(_waiting()).count() if decide(current_actor(), "mandate.view").permitted else 0


def log_waiting(titles: Sequence[Title]) -> None:
    """These lines are about to be shown."""
    lines = [(title.file.employer_id, title.file_id) for title in titles]
    events.lines_read("mandate.view", lines=lines, fields=SHOWN)


def waiting_title(title_id: uuid.UUID, *, act: str = "mandate.view") -> Title:
    """One waiting title through the door of its file.

    Raises Refused (hidden when it was never transmitted), DistributionError title.not_waiting.
    """
    require(act)
    title = Title.objects.filter(pk=title_id).exclude(state=TitleState.ISSUED).first()
    if title is None:
        raise Refused(act, "no_such_title", NO_SUCH_TITLE, file=title_id, hidden=True)
    get_file(title.file_id, act=act, fields=SHOWN)
    waiting: Title | None = _waiting().select_related("file__employer").filter(pk=title_id).first()
    if waiting is None:
        raise not_waiting()
    return waiting


def competent_offices(arrondissement: str, *, on: date) -> list[Competent]:
    """Offices of this arrondissement with a bailiff at work, least loaded first; one query."""
    require("mandate.view")
    in_force = Q(members__roles__valid_until=None) | Q(members__roles__valid_until__gte=on)
    running = (
        Mandate.objects.filter(office=OuterRef("pk"), state=MandateState.RUNNING)
        .values("office")
        .annotate(n=Count("pk"))
        .values("n")
    )
    offices = (
        Office.objects.filter(
            in_force,
            is_active=True,
            arrondissement=arrondissement,
            members__is_active=True,
            members__roles__role=Role.BAILIFF,
            members__roles__ended_at=None,
            members__roles__valid_from__lte=on,
        )
        .annotate(running=Coalesce(Subquery(running), 0))
        .distinct()
    )
    return in_order([Competent(str(office.pk), office.name, office.running) for office in offices])


def last_office_of(title: Title) -> str:
    """The office that handed the title back last; "" for a new one."""
    last = Mandate.objects.filter(title=title).select_related("office").order_by("-ended_at").first()
    return last.office.name if last else ""


def running_board() -> QuerySet[Any]:
    """Running mandates, the longest silent first, each with `last_act_at`. Raises Refused."""
    require("mandate.view")
    last = Act.objects.filter(mandate=OuterRef("pk")).order_by("-acted_at").values("acted_at")[:1]
    return (
        without_own(Mandate.objects.filter(state=MandateState.RUNNING))
        .select_related("office", "title", "file__employer")
        .annotate(last_act_at=Subquery(last, output_field=DateTimeField()))
        .annotate(silent_from=Greatest(F("given_on"), Coalesce(TruncDate("last_act_at"), F("given_on"))))
        .order_by("silent_from", "title__number")
    )


def log_board(mandates: Sequence[Mandate]) -> None:
    """These lines are about to be shown."""
    lines = [(mandate.file.employer_id, mandate.file_id) for mandate in mandates]
    events.lines_read("mandate.view", lines=lines, fields=BOARD_SHOWN)


def offices_at_work() -> list[tuple[Office, int]]:
    """Offices with running mandates and how many, most loaded first. Raises Refused."""
    require("mandate.view")
    running = Count("mandates", filter=Q(mandates__state=MandateState.RUNNING))
    offices = Office.objects.annotate(running=running).filter(running__gt=0).order_by("-running", "name")
    return [(office, office.running) for office in offices]


def held_of(book_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Held]:
    """What bailiffs hold for these books, those with nothing left out; one query."""
    wanted = list(book_ids)
    with connection.cursor() as cursor:
        cursor.execute(OLDEST_HELD, [wanted, wanted])
        return {book_id: Held(amount, oldest_on) for book_id, amount, oldest_on in cursor.fetchall()}


def _waiting() -> QuerySet[Any]:
    running = Mandate.objects.filter(title=OuterRef("pk"), state=MandateState.RUNNING)
    ended = (
        Mandate.objects.filter(title=OuterRef("pk"))
        .values("title")
        .annotate(last=Max(TruncDate("ended_at")))
        .values("last")
    )
    sent = TransmittedTitle.objects.filter(title=OuterRef("pk")).values("transmission__transmitted_on")
    return (
        Title.objects.filter(state__in=[TitleState.TRANSMITTED, TitleState.SERVED], file__outcome="")
        .filter(~Exists(running))
        .annotate(
            waiting_since=Coalesce(
                Subquery(ended, output_field=DateField()),
                Subquery(sent, output_field=DateField()),
                F("issued_on"),
            )
        )
    )
