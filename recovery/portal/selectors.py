"""Reading for the bailiffs' pages: the list of files, and all that one file's page shows.

Files come through the bailiffs' door (recovery.cases.selectors), which logs; the database lets nothing else
by.
"""

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Least

from recovery.cases.dues import AmountDue, amounts_due
from recovery.cases.models import (
    Act,
    Document,
    DocumentKind,
    Mandate,
    MandateState,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.cases.selectors import get_mandated_file, mandated_files, open_document, own_running_mandates
from recovery.portal import events
from recovery.portal.models import CollectedPayment
from recovery.portal.rules import Deadline, DeadlineKind, Standstill, TitleFacts, deadlines, next_step
from secal.access.actors import current_actor
from secal.access.models import User
from secal.kernel.periods import Month
from secal.kernel.reckoning.procedure import BRUSSELS
from secal.law.onss import execution_parameters, remittance_parameters
from secal.ledger.models import Account, Claim
from secal.people.models import Employer
from secal.vault.fields import prefetch_keys

SHOWN = (
    "number", "name", "address", "enterprise_number", "onss_number", "niss", "birth_date", "due", "titles",
    "acts", "payments", "documents",
)  # fmt: skip
"""What the page of a file shows, as the log names it."""
PENDING = Q(opposed_on__isnull=False, opposition_decided_on=None)
"""A title under an opposition that no court has decided."""


class Tab(StrEnum):
    ALL = ""
    TO_SERVE = "a-signifier"
    WAITING = "delai-opposition"
    OPPOSED = "opposition"
    TO_EXECUTE = "a-executer"


@dataclass(frozen=True, slots=True)
class Line:
    """A file of the list, with what is next. Sums in euro."""

    file: RecoveryFile
    titles: tuple[Title, ...]
    due: AmountDue
    next: Deadline | Standstill | None
    last_act: Act | None


@dataclass(frozen=True, slots=True)
class Debtor:
    """The debtor of a file that was let in, in clear (art. 40 §8, a)."""

    name: str
    natural: bool
    enterprise_number: str
    onss_number: str
    niss: str
    birth_date: date | None
    address: str
    language: str


@dataclass(frozen=True, slots=True)
class TitleRoom:
    """One title of the office with its mandate and its clocks."""

    mandate: Mandate
    title: Title
    clocks: tuple[Deadline, ...]


@dataclass(frozen=True, slots=True)
class ToldAct:
    """An act with its number, its note opened, and its papers."""

    act: Act
    number: str
    note: str
    deeds: tuple[Document, ...]
    rectified_by: Act | None


@dataclass(frozen=True, slots=True)
class FileRoom:
    """All that the page of a file shows."""

    file: RecoveryFile
    debtor: Debtor
    titles: tuple[TitleRoom, ...]
    due: AmountDue
    acts: tuple[ToldAct, ...]
    payments: tuple[CollectedPayment, ...]
    documents: tuple[Document, ...]
    remit_by: Deadline | None

    @property
    def next(self) -> Deadline | Standstill | None:
        clocks = [clock for room in self.titles for clock in room.clocks]
        return _next([room.title for room in self.titles], clocks, self.due, self.remit_by)


def tab_counts(*, on: date) -> dict[Tab, int]:
    """How many files each tab holds; one query."""
    counted = mandated_files(current_actor()).aggregate(
        **{tab.name.lower(): Count("pk", filter=_in_tab(tab, on)) for tab in Tab if tab is not Tab.ALL},
        all=Count("pk"),
    )
    return {tab: counted[tab.name.lower()] for tab in Tab}


def files(tab: Tab, *, on: date) -> QuerySet[RecoveryFile]:
    """The files of a tab, the most urgent first: what lapsed or is overdue, then by next deadline."""
    titles = _own_titles(OuterRef("pk"))
    oppositions = titles.filter(opposition_until__gte=on).exclude(PENDING).order_by("opposition_until")
    lapses = (
        Claim.objects.filter(book=OuterRef("book"), limitation_on__isnull=False)
        .alias(open=Sum("postings__amount", filter=Q(postings__account=Account.DEBTOR)))
        .filter(open__gt=0)
        .order_by("limitation_on")
    )
    return (
        mandated_files(current_actor())
        .filter(_in_tab(tab, on))
        .select_related("employer")
        .annotate(
            next_on=Least(
                Subquery(oppositions.values("opposition_until")[:1]),
                Subquery(lapses.values("limitation_on")[:1]),
            )
        )
        .order_by("next_on", "number")
    )


def lines(page: Sequence[RecoveryFile], *, now: datetime) -> list[Line]:
    """What the list tells of a page of files; logged. The number of queries does not grow with the files."""
    day = now.astimezone(BRUSSELS).date()
    found = list(page)
    titles = _titles_of(found)
    due = amounts_due(found, on=day, quarters=_quarters(titles))
    acts = _last_acts([title for given in titles.values() for title in given])
    events.files_listed((file.employer_id, file.pk) for file in found)
    return [
        Line(
            file=file,
            titles=tuple(titles[file.pk]),
            due=due[file.pk],
            next=_next(
                titles[file.pk],
                [clock for title in titles[file.pk] for clock in _clocks(title, due[file.pk].lapses_on, now)],
                due[file.pk],
            ),
            last_act=max(
                (acts[title.pk] for title in titles[file.pk] if title.pk in acts),
                key=lambda act: act.acted_at,
                default=None,
            ),
        )
        for file in found
    ]


def open_room(file_id: uuid.UUID, *, now: datetime) -> FileRoom:
    """The page of a file; logged. Raises Refused, hidden, for a file that is not mandated to the office."""
    file = get_mandated_file(file_id, act="portal.open", fields=SHOWN)
    day = now.astimezone(BRUSSELS).date()
    mandates = list(own_running_mandates(file))
    titles = [mandate.title for mandate in mandates]
    due = amounts_due([file], on=day, quarters=_quarters({file.pk: titles}))[file.pk]
    prefetch_keys([file, file.employer])
    documents = list(
        Document.objects.filter(Q(title=None) | Q(title__in=titles), file=file)
        .exclude(kind=DocumentKind.DEED)
        .select_related("title")
        .defer("content", "name")
        .order_by("-made_on", "kind", "pk")
    )
    payments = list(
        CollectedPayment.objects.filter(title__in=titles).select_related("title").order_by("-received_on")
    )
    return FileRoom(
        file=file,
        debtor=_debtor(file.employer),
        titles=tuple(
            TitleRoom(mandate, mandate.title, tuple(_clocks(mandate.title, due.lapses_on, now)))
            for mandate in mandates
        ),
        due=due,
        acts=tuple(_told_acts(file, titles)),
        payments=tuple(payments),
        documents=tuple(documents),
        remit_by=_remit_by(payments, due),
    )


def open_act(file_id: uuid.UUID, act_id: uuid.UUID) -> tuple[RecoveryFile, ToldAct] | None:
    """One act of a title of the office; logged. None when there is none. Raises Refused."""
    file = get_mandated_file(file_id, act="portal.open", fields=("acts",))
    titles = [mandate.title for mandate in own_running_mandates(file)]
    told = next((one for one in _told_acts(file, titles) if one.act.pk == act_id), None)
    return (file, told) if told else None


def acts_for_deeds(file: RecoveryFile) -> list[ToldAct]:
    """The acts of a file that its page has let in, to which a deed may be added; newest first."""
    return _told_acts(file, [mandate.title for mandate in own_running_mandates(file)])


def open_payment(file_id: uuid.UUID, payment_id: uuid.UUID) -> tuple[RecoveryFile, CollectedPayment] | None:
    """One payment under a title of the office; logged. None when there is none. Raises Refused."""
    file = get_mandated_file(file_id, act="portal.open", fields=("payments",))
    payment = (
        CollectedPayment.objects.filter(pk=payment_id, file=file, title__in=_own_titles(file.pk))
        .select_related("title")
        .first()
    )
    return (file, payment) if payment else None


def take_document(file_id: uuid.UUID, document_id: uuid.UUID) -> tuple[Document, bytes] | None:
    """A paper of the file with its content, to be saved; logged as read and as having left. None when there
    is none. Raises Refused."""
    file = get_mandated_file(file_id, act="portal.open", fields=("documents",))
    theirs = Q(title=None) | Q(title__in=_own_titles(file.pk))
    if not Document.objects.filter(theirs, pk=document_id, file=file).exists():
        return None
    opened = open_document(file, document_id, act="portal.open")
    if opened is not None:
        events.document_taken(file=file.pk, kind=opened[0].kind)
    return opened


def _own_titles(file: Any) -> QuerySet[Title]:
    """The titles of a file (its id, or a reference) with a running mandate of the office of who is at
    work."""
    offices = User.objects.filter(pk=current_actor().id, is_active=True).values("office")
    running = Mandate.objects.filter(title=OuterRef("pk"), state=MandateState.RUNNING, office__in=offices)
    return Title.objects.filter(Exists(running), file=file)


def _in_tab(tab: Tab, on: date) -> Q:
    served = Q(state=TitleState.SERVED)
    wanted = {
        Tab.ALL: Q(),
        Tab.TO_SERVE: Q(state=TitleState.MANDATED),
        Tab.WAITING: served & Q(opposition_until__gte=on) & ~PENDING,
        Tab.OPPOSED: served & PENDING,
        Tab.TO_EXECUTE: served & Q(opposition_until__lt=on) & ~PENDING,
    }[tab]
    return Q(Exists(_own_titles(OuterRef("pk")).filter(wanted)))


def _titles_of(found: Sequence[RecoveryFile]) -> dict[uuid.UUID, list[Title]]:
    offices = User.objects.filter(pk=current_actor().id, is_active=True).values("office")
    running = Mandate.objects.filter(title=OuterRef("pk"), state=MandateState.RUNNING, office__in=offices)
    titles: dict[uuid.UUID, list[Title]] = defaultdict(list)
    for title in Title.objects.filter(Exists(running), file__in=found).order_by("issued_on", "number"):
        titles[title.file_id].append(title)
    return titles


def _last_acts(titles: Sequence[Title]) -> dict[uuid.UUID, Act]:
    """The latest act of each title, those that were rectified left out."""
    acts = (
        Act.objects.filter(title__in=titles, rectified_by=None)
        .defer("note")
        .order_by("title", "-acted_at", "-recorded_at")
        .distinct("title")
    )
    return {act.title_id: act for act in acts}


def _clocks(title: Title, lapses_on: date | None, now: datetime) -> list[Deadline]:
    facts = TitleFacts(
        title.served_at, title.opposition_until, title.opposed_on, title.opposition_decided_on, lapses_on
    )
    served = title.served_at
    parameters = execution_parameters(on=served.astimezone(BRUSSELS).date()) if served else None
    return deadlines(facts, now=now, parameters=parameters)


def _next(
    titles: Sequence[Title], clocks: Sequence[Deadline], due: AmountDue, remit_by: Deadline | None = None
) -> Deadline | Standstill | None:
    return next_step(
        clocks, remit_by=remit_by, paid=due.due <= 0, opposed=all(title.opposed for title in titles)
    )


def _told_acts(file: RecoveryFile, titles: Sequence[Title]) -> list[ToldAct]:
    """Newest first. The number of an act is its place among those recorded under its title."""
    acts = list(
        Act.objects.filter(title__in=titles)
        .select_related("file", "title", "rectifies", "leave")
        .order_by("recorded_at", "pk")
    )
    deeds: dict[uuid.UUID, list[Document]] = defaultdict(list)
    for deed in Document.objects.filter(act__in=acts).defer("content", "name").order_by("made_on", "pk"):
        deeds[deed.act_id or deed.pk].append(deed)
    rectified = {act.rectifies_id: act for act in acts if act.rectifies_id}
    places: dict[uuid.UUID, int] = defaultdict(int)
    told = []
    for act in acts:
        places[act.title_id] += 1
        number = f"{act.title.number}/{places[act.title_id]}"
        told.append(ToldAct(act, number, act.open_value("note"), tuple(deeds[act.pk]), rectified.get(act.pk)))
    return sorted(told, key=lambda one: (one.act.acted_at, one.act.recorded_at), reverse=True)


def _debtor(employer: Employer) -> Debtor:
    return Debtor(
        name=str(employer),
        natural=employer.kind == "natural",
        enterprise_number=employer.open_value("enterprise_number"),
        onss_number=employer.open_value("onss_number"),
        niss=employer.open_value("niss"),
        birth_date=employer.birth_date,
        address=employer.open_value("address"),
        language=employer.language,
    )


def _quarters(titles: Mapping[uuid.UUID, Sequence[Title]]) -> dict[uuid.UUID, set[date]]:
    return {file_id: {day for title in given for day in title.quarters} for file_id, given in titles.items()}


def _remit_by(payments: Sequence[CollectedPayment], due: AmountDue) -> Deadline | None:
    """Until when the office passes on the oldest sum that it holds (Judicial Code art. 522/1).

    The sums received last are those still held: what was passed on settles the oldest.
    """
    left, oldest = due.aside.held, None
    for payment in payments:
        if left <= 0:
            break
        left -= payment.amount
        oldest = payment
    if oldest is None:
        return None
    months = remittance_parameters(on=oldest.received_on).months.value
    return Deadline(DeadlineKind.REMIT, _months_on(oldest.received_on, months))


def _months_on(day: date, months: int) -> date:
    month = Month.of(day) + months
    return month.day(min(day.day, month.last_day.day))
