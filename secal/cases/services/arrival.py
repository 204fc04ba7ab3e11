"""What follows the registration of an application, by a service that may read what the registrar may not:
comparing, filling in, finding an earlier file, giving the file to an officer.

A statement is examined once; doing it again changes nothing.
"""

import uuid

from django.utils import timezone

from secal.access.policy import require
from secal.cases import events
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    Assignment,
    EventKind,
    FileState,
    Statement,
    WorkKind,
)
from secal.cases.services.assignment import assign_on_arrival
from secal.cases.statements import CREDITOR, DEBTOR, PartyStatement, parties_from_text
from secal.cases.states import move_file
from secal.cases.timeline import add_event, ask_work
from secal.kernel.calendar import delay_in_days
from secal.law import parameter
from secal.people.models import Person
from secal.people.selectors import who_they_are_now
from secal.people.services import take_statement

DIFFERENT = "declared_differently"


def waiting_statements(statement_id: uuid.UUID) -> list[uuid.UUID]:
    """The statements of the same file that nobody examined yet, oldest first."""
    require("application.examine")
    siblings = Statement.objects.filter(file__statements=statement_id, examined_at=None)
    return list(siblings.order_by("at", "pk").values_list("pk", flat=True))


def examine_statement(statement_id: uuid.UUID) -> None:
    """Compare one statement with what the office holds, and bring its file on. Repeatable. Raises Refused."""
    require("application.examine")
    file_id = Statement.objects.values_list("file", flat=True).get(pk=statement_id)
    file = AlimonyFile.objects.select_for_update(no_key=True).get(pk=file_id)
    statement = Statement.objects.get(pk=statement_id)
    if statement.examined_at is not None:
        return
    first = not Statement.objects.filter(file=file, examined_at__isnull=False).exists()
    _compare(file, statement)
    application = Application.objects.get(file=file)
    _move_on(file, application)
    if first:
        _arrive(file, application, statement)
    statement.examined_at = timezone.now()
    statement.save(update_fields=["examined_at"])
    events.statement_examined(file=file.pk)


def _compare(file: AlimonyFile, statement: Statement) -> None:
    parties = parties_from_text(statement.open_value("content"))
    persons = _persons(file, parties)
    for role, party in parties.items():
        differing = take_statement(persons[role], party.details, on=statement.stated_on)
        if differing:
            params = {"role": role, "details": list(differing)}
            add_event(file, kind=EventKind.INTAKE, code=DIFFERENT, on=statement.stated_on, params=params)


def _persons(file: AlimonyFile, parties: dict[str, PartyStatement]) -> dict[str, Person]:
    """Who each party is by now, locked in one order: two files of the same persons may arrive together."""
    named = {CREDITOR: file.creditor_id, DEBTOR: file.debtor_id}
    meant = {role: named.get(role) or party.person for role, party in parties.items()}
    known = {role: pk for role, pk in meant.items() if pk is not None}
    remaining = who_they_are_now(known.values())
    now = {role: remaining[pk] for role, pk in known.items()}
    locked = Person.objects.select_for_update(no_key=True).filter(pk__in=now.values()).order_by("pk")
    rows = {person.pk: person for person in locked}
    return {role: rows[pk] for role, pk in now.items()}


def _move_on(file: AlimonyFile, application: Application) -> None:
    """A complete application starts the delay of decision (art. 9)."""
    if application.state != ApplicationState.COMPLETE or file.state != FileState.INTAKE:
        return
    since = application.complete_on or application.received_on
    move_file(file, "complete")
    file.save()
    add_event(file, kind=EventKind.INTAKE, code="application_complete", on=since)
    delay = parameter("decision_days", on=since)
    ask_work(
        file,
        kind=WorkKind.DECIDE_ADVANCE,
        source=application.pk,
        since=since,
        due_on=delay_in_days(since, delay.integer().value),
        legal_reference=delay.article,
    )


def _arrive(file: AlimonyFile, application: Application, statement: Statement) -> None:
    on = statement.stated_on
    earlier = _earlier_file(file)
    if not Assignment.objects.filter(file=file, until_at=None).exists():
        assign_on_arrival(file, on=on, like=earlier)
    if earlier is not None:
        days = parameter("decision_days", on=on).integer().value
        ask_work(
            file,
            kind=WorkKind.SECOND_APPLICATION,
            source=application.pk,
            since=on,
            due_on=delay_in_days(on, days),
        )


def _earlier_file(file: AlimonyFile) -> AlimonyFile | None:
    """The open file that the same creditor already had against the same debtor."""
    return (
        AlimonyFile.objects.filter(creditor=file.creditor_id, debtor=file.debtor_id, number__lt=file.number)
        .exclude(state__in=[FileState.CLOSED, FileState.REFUSED])
        .order_by("opened_on", "number")
        .first()
    )
