"""Receiving an application: persons, file, book, title, terms, papers, and the officer who will decide."""

import uuid
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from secal.access.actors import Actor, current_actor
from secal.access.policy import Facts, require
from secal.cases import events
from secal.cases.errors import child_twice, same_person
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    Attachment,
    Beneficiary,
    EventKind,
    ExecutoryTitle,
    FileState,
    MonthlyTerm,
    WorkKind,
)
from secal.cases.rules import Brought, missing_contents
from secal.cases.selectors import own_incomplete_application
from secal.cases.services.assignment import assign_on_arrival
from secal.cases.statements import ApplicationStatement, ChildStatement, Paper
from secal.cases.states import move
from secal.cases.timeline import add_event, ask_work
from secal.kernel.calendar import delay_in_days
from secal.kernel.identifiers import make_file_number
from secal.kernel.periods import Month, age_on
from secal.law import parameter
from secal.law.assembly import application_contents
from secal.ledger.models import BookKind
from secal.ledger.services.books import open_book
from secal.people.identifiers import niss_index
from secal.people.models import Person
from secal.people.services import PersonDetails, complete_person, record_file_opened, register_person

DIFFERENT = "declared_differently"


@dataclass(frozen=True, slots=True)
class Completion:
    """What is brought later to an incomplete application."""

    signed: bool = False
    order_signed: bool = False
    history_complete: bool = False
    authorisation_on: date | None = None
    declared_means: Decimal | None = None
    creditor: PersonDetails | None = None
    debtor: PersonDetails | None = None
    papers: tuple[Paper, ...] = ()


def receive_application(statement: ApplicationStatement, *, on: date) -> AlimonyFile:
    """Record an application and open its file; the answer is the same whether the persons were known or not.

    A second application between parties who already have an open file gets a file of its own like any other;
    casework finds it as a matter to examine, with the officer of the first file. Raises Refused, CaseError.
    """
    actor = require(
        "application.register", Facts(file=statement.file_id, actor_is_party=_is_party(statement))
    )
    creditor = register_person(statement.creditor, file=statement.file_id, on=on)
    debtor = register_person(statement.debtor, file=statement.file_id, on=on)
    if creditor.person.pk == debtor.person.pk:
        raise same_person()
    children = [register_person(child.person, file=statement.file_id, on=on) for child in statement.children]
    if len({child.person.pk for child in children}) < len(children):
        raise child_twice()
    file = _open_file(statement, creditor.person, debtor.person, actor, on)
    received = {"received_on": statement.received_on.isoformat()}
    add_event(file, kind=EventKind.INTAKE, code="application_received", on=on, params=received)
    lines = _record_title(file, statement, [child.person for child in children])
    _record_terms(file, statement, lines)
    add_papers(file, statement.papers, on=statement.received_on)
    application = _record_application(file, statement, actor, on)
    record_file_opened(file=file.pk)
    parties = {
        "creditor": creditor,
        "debtor": debtor,
        **{f"child_{n}": child for n, child in enumerate(children, 1)},
    }
    for role, registration in parties.items():
        if registration.differing:
            params = {"role": role, "details": list(registration.differing)}
            add_event(file, kind=EventKind.INTAKE, code=DIFFERENT, on=on, params=params)
    earlier = _earlier_file(file)
    assign_on_arrival(file, on=on, like=earlier)
    _ask_for_work(file, application, earlier, on)
    events.application_received(file=file.pk)
    return file


def complete_application(file_id: uuid.UUID, *, brought: Completion, on: date) -> Application:
    """Bring what was missing; when nothing is, the thirty days of article 9 begin. Raises Refused."""
    AlimonyFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
    application = own_incomplete_application(file_id)
    file = AlimonyFile.objects.select_related("creditor", "debtor").get(pk=file_id)
    add_papers(file, brought.papers, on=on)
    for person, details in ((file.creditor, brought.creditor), (file.debtor, brought.debtor)):
        if details is not None:
            complete_person(
                person,
                file=file.pk,
                birth_date=details.birth_date,
                birth_place=details.birth_place,
                address=details.address,
            )
    application.signed |= brought.signed
    application.order_signed |= brought.order_signed
    application.authorisation_on = brought.authorisation_on or application.authorisation_on
    if brought.declared_means is not None:
        application.declared_means = brought.declared_means
    news = Brought(
        signed=brought.signed,
        order_signed=brought.order_signed,
        authorised=brought.authorisation_on is not None,
        creditor_identified=brought.creditor is not None and _identified(brought.creditor),
        debtor_identified=brought.debtor is not None and _identified(brought.debtor),
        history_complete=brought.history_complete,
        declared_means=brought.declared_means,
        papers=frozenset(str(paper.kind) for paper in brought.papers),
    )
    application.missing = list(missing_contents(application.missing, news))
    _complete_if_whole(file, application, on)
    application.save()
    events.application_completed(file=file.pk)
    if application.state == ApplicationState.COMPLETE:
        _ask_for_work(file, application, None, on)
    return application


def add_papers(file: AlimonyFile, papers: tuple[Paper, ...], *, on: date) -> None:
    """Seal the papers with the file's key, their names too."""
    for paper in papers:
        attachment = Attachment(
            file=file,
            kind=paper.kind,
            received_on=on,
            content_type=paper.content_type,
            size=len(paper.content),
        )
        attachment.seal_value("name", paper.name)
        attachment.seal_value("content", paper.content)
        attachment.save()


def _open_file(
    statement: ApplicationStatement, creditor: Person, debtor: Person, actor: Actor, on: date
) -> AlimonyFile:
    return AlimonyFile.objects.create(
        id=statement.file_id,
        key_id=statement.key_id,
        number=make_file_number(on.year, _next_serial()),
        book=open_book(kind=BookKind.ALIMONY_FILE, opened_on=on),
        creditor=creditor,
        debtor=debtor,
        section=actor.section,
        language=statement.language,
        opened_on=on,
    )


def _next_serial() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('cases_file_number')")
        serial: int = cursor.fetchone()[0]
    return serial


def _record_title(
    file: AlimonyFile, statement: ApplicationStatement, children: list[Person]
) -> list[Beneficiary]:
    stated = statement.title
    title = ExecutoryTitle.objects.create(
        file=file,
        kind=stated.kind,
        court=stated.court,
        decided_on=stated.decided_on,
        served_on=stated.served_on,
        index_clause=stated.index_clause,
        base_index=stated.base_index,
    )
    return [
        _record_child(title, claim, person)
        for claim, person in zip(statement.children, children, strict=True)
    ]


def _record_child(title: ExecutoryTitle, claim: ChildStatement, person: Person) -> Beneficiary:
    return Beneficiary.objects.create(
        title=title,
        child=person,
        monthly_amount=claim.monthly_amount,
        due_day=claim.due_day,
        from_month=claim.from_month,
        until_month=claim.until_month,
    )


def _record_terms(file: AlimonyFile, statement: ApplicationStatement, lines: list[Beneficiary]) -> None:
    MonthlyTerm.objects.bulk_create(
        MonthlyTerm(
            file=file,
            beneficiary=lines[term.child],
            month=term.month,
            due_on=Month.of(term.month).day(lines[term.child].due_day),
            amount=term.due,
            paid_before_application=term.paid,
        )
        for term in statement.terms
        if term.due > 0
    )


def _record_application(
    file: AlimonyFile, statement: ApplicationStatement, actor: Actor, on: date
) -> Application:
    application = Application(
        file=file,
        received_on=statement.received_on,
        asks_advances=statement.asks_advances,
        signed=statement.signed,
        order_signed=statement.order_signed,
        authorisation_on=statement.authorisation_on,
        creditor_in_belgium=statement.creditor_in_belgium,
        declared_means=statement.declared_means,
        missing=list(missing_contents(_needed(statement), _brought(statement))),
        registered_by_id=actor.id,
    )
    _complete_if_whole(file, application, on)
    application.save()
    return application


def _complete_if_whole(file: AlimonyFile, application: Application, on: date) -> None:
    if application.missing:
        return
    move(file, application, "complete")
    application.complete_on = on
    file.save()
    add_event(file, kind=EventKind.INTAKE, code="application_complete", on=on)


def _ask_for_work(file: AlimonyFile, application: Application, earlier: AlimonyFile | None, on: date) -> None:
    days = parameter("decision_days", on=on).integer().value
    if application.state == ApplicationState.COMPLETE:
        ask_work(
            file,
            kind=WorkKind.DECIDE_ADVANCE,
            source=application.pk,
            since=application.complete_on or on,
            due_on=delay_in_days(application.complete_on or on, days),
            legal_reference=parameter("decision_days", on=on).article,
        )
    if earlier is not None:
        ask_work(
            file,
            kind=WorkKind.SECOND_APPLICATION,
            source=application.pk,
            since=on,
            due_on=delay_in_days(on, days),
        )


def _earlier_file(file: AlimonyFile) -> AlimonyFile | None:
    """The open file that the same creditor already has against the same debtor."""
    return (
        AlimonyFile.objects.filter(creditor=file.creditor_id, debtor=file.debtor_id)
        .exclude(pk=file.pk)
        .exclude(state__in=[FileState.CLOSED, FileState.REFUSED])
        .order_by("opened_on", "number")
        .first()
    )


def _needed(statement: ApplicationStatement) -> tuple[str, ...]:
    on = statement.received_on
    majority = parameter("majority_age", on=on).integer().value
    births = [child.person.birth_date for child in statement.children]
    adult = any(born is not None and age_on(born, on) >= majority for born in births)
    return application_contents(received_on=on, advance=statement.asks_advances, adult=adult)


def _brought(statement: ApplicationStatement) -> Brought:
    return Brought(
        signed=statement.signed,
        order_signed=statement.order_signed,
        authorised=statement.authorisation_on is not None,
        creditor_identified=_identified(statement.creditor),
        debtor_identified=_identified(statement.debtor),
        history_complete=statement.history_complete,
        declared_means=statement.declared_means,
        papers=frozenset(str(paper.kind) for paper in statement.papers),
    )


def _identified(person: PersonDetails) -> bool:
    """Date and place of birth and domicile are there; the name always is."""
    return bool(person.birth_date and person.birth_place and person.address)


def _is_party(statement: ApplicationStatement) -> bool:
    own = current_actor().niss_bi
    persons = [statement.creditor, statement.debtor, *(child.person for child in statement.children)]
    return own is not None and any(person.niss and niss_index(person.niss) == own for person in persons)
