"""Receiving an application: persons, file, book, title, terms and papers; no person and no file is read."""

import uuid
from collections.abc import Mapping
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
    Attachment,
    Beneficiary,
    EventKind,
    ExecutoryTitle,
    MonthlyTerm,
    Statement,
)
from secal.cases.rules import Brought, missing_contents
from secal.cases.selectors import own_incomplete_application
from secal.cases.statements import (
    CHILD,
    CREDITOR,
    DEBTOR,
    ApplicationStatement,
    ChildStatement,
    Paper,
    PartyStatement,
    parties_as_text,
)
from secal.cases.states import move_application
from secal.cases.timeline import add_event
from secal.kernel.identifiers import make_file_number
from secal.kernel.periods import Month, age_on
from secal.law import parameter
from secal.law.assembly import application_contents
from secal.ledger.models import BookKind
from secal.ledger.services.books import open_book
from secal.office.jobs import request_job
from secal.people.identifiers import niss_index
from secal.people.services import PersonDetails, record_file_opened, register_person
from secal.vault.keystore import create_key

ARRIVAL = "cases.arrival"
"""The job that examines a statement (secal.cases.jobs)."""


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
    """Record an application and open its file, without reading a person or another file.

    The answer is the same whether the persons were known or not. What the application states of them is kept
    sealed; the service of arrivals compares it with what the office holds, and gives the file to an officer.
    Raises Refused, CaseError.
    """
    actor = require(
        "application.register", Facts(file=statement.file_id, actor_is_party=_is_party(statement))
    )
    creditor = register_person(statement.creditor, file=statement.file_id).person
    debtor = register_person(statement.debtor, file=statement.file_id).person
    if creditor == debtor:
        raise same_person()
    children = [register_person(child.person, file=statement.file_id).person for child in statement.children]
    if len(set(children)) < len(children):
        raise child_twice()
    file = _open_file(statement, creditor, debtor, actor, on)
    record_file_opened(file=file.pk)
    received = {"received_on": statement.received_on.isoformat()}
    add_event(file, kind=EventKind.INTAKE, code="application_received", on=on, params=received)
    lines = _record_title(file, statement, children)
    _record_terms(file, statement, lines)
    add_papers(file.pk, statement.papers, key_id=file.key_id, on=statement.received_on)
    _record_application(file, statement, actor, on)
    parties = {
        CREDITOR: PartyStatement(statement.creditor, creditor),
        DEBTOR: PartyStatement(statement.debtor, debtor),
        **{
            f"{CHILD}{place}": PartyStatement(child.person, person)
            for place, (child, person) in enumerate(zip(statement.children, children, strict=True), 1)
        },
    }
    _keep_statement(file.pk, parties, key_id=file.key_id, on=on)
    events.application_received(file=file.pk)
    return file


def complete_application(file_id: uuid.UUID, *, brought: Completion, on: date) -> Application:
    """Bring what was missing; when nothing is, the thirty days of article 9 begin. Raises Refused.

    The file and its persons are not read: papers and statements are sealed with a key of their own.
    """
    application = own_incomplete_application(file_id)
    application.signed |= brought.signed
    application.order_signed |= brought.order_signed
    application.authorisation_on = brought.authorisation_on or application.authorisation_on
    if brought.declared_means is not None:
        application.declared_means = brought.declared_means
    application.missing = list(missing_contents(application.missing, _news(brought)))
    _complete_if_whole(application, on)
    application.save()
    key_id = create_key("file")
    add_papers(file_id, brought.papers, key_id=key_id, on=on)
    stated = {CREDITOR: brought.creditor, DEBTOR: brought.debtor}
    parties = {role: PartyStatement(details) for role, details in stated.items() if details is not None}
    _keep_statement(file_id, parties, key_id=key_id, on=on)
    events.application_completed(file=file_id)
    return application


def add_papers(file_id: uuid.UUID, papers: tuple[Paper, ...], *, key_id: uuid.UUID, on: date) -> None:
    """Seal the papers with that key, their names too."""
    for paper in papers:
        attachment = Attachment(
            file_id=file_id,
            key_id=key_id,
            kind=paper.kind,
            received_on=on,
            content_type=paper.content_type,
            size=len(paper.content),
        )
        attachment.seal_value("name", paper.name)
        attachment.seal_value("content", paper.content)
        attachment.save()


def _keep_statement(
    file_id: uuid.UUID, parties: Mapping[str, PartyStatement], *, key_id: uuid.UUID, on: date
) -> None:
    """Seal what was stated of the parties, and ring for the service that examines it."""
    statement = Statement(file_id=file_id, key_id=key_id, stated_on=on)
    statement.seal_value("content", parties_as_text(parties))
    statement.save()
    request_job(ARRIVAL, str(statement.pk), requested=False)


def _open_file(
    statement: ApplicationStatement, creditor: uuid.UUID, debtor: uuid.UUID, actor: Actor, on: date
) -> AlimonyFile:
    return AlimonyFile.objects.create(
        id=statement.file_id,
        key_id=statement.key_id,
        number=make_file_number(on.year, _next_serial()),
        book=open_book(kind=BookKind.ALIMONY_FILE, opened_on=on),
        creditor_id=creditor,
        debtor_id=debtor,
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
    file: AlimonyFile, statement: ApplicationStatement, children: list[uuid.UUID]
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


def _record_child(title: ExecutoryTitle, claim: ChildStatement, person: uuid.UUID) -> Beneficiary:
    return Beneficiary.objects.create(
        title=title,
        child_id=person,
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


def _record_application(file: AlimonyFile, statement: ApplicationStatement, actor: Actor, on: date) -> None:
    application = Application(
        file=file,
        number=file.number,
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
    _complete_if_whole(application, on)
    application.save()


def _complete_if_whole(application: Application, on: date) -> None:
    if not application.missing:
        move_application(application, "complete")
        application.complete_on = on


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


def _news(brought: Completion) -> Brought:
    return Brought(
        signed=brought.signed,
        order_signed=brought.order_signed,
        authorised=brought.authorisation_on is not None,
        creditor_identified=brought.creditor is not None and _identified(brought.creditor),
        debtor_identified=brought.debtor is not None and _identified(brought.debtor),
        history_complete=brought.history_complete,
        declared_means=brought.declared_means,
        papers=frozenset(str(paper.kind) for paper in brought.papers),
    )


def _identified(person: PersonDetails) -> bool:
    """Date and place of birth and domicile are there; the name always is."""
    return bool(person.birth_date and person.birth_place and person.address)


def _is_party(statement: ApplicationStatement) -> bool:
    own = current_actor().niss_bi
    persons = [statement.creditor, statement.debtor, *(child.person for child in statement.children)]
    return own is not None and any(person.niss and niss_index(person.niss) == own for person in persons)
