"""Told stories for tests: applications and files made by the real services, as the registrar who recorded
them."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import (
    AlimonyFile,
    Assignment,
    AttachmentKind,
    IndexClause,
    Statement,
    TitleKind,
)
from secal.cases.services import receive_application, take_over
from secal.cases.services.applications import ARRIVAL
from secal.cases.services.assignment import _give
from secal.cases.statements import ApplicationStatement, ChildStatement, Paper, TermStatement, TitleStatement
from secal.kernel.identifiers import compose_niss
from secal.kernel.periods import Month
from secal.office import jobs
from secal.office.models import Job, JobState
from secal.people.services import PersonDetails
from secal.vault.keystore import create_key

RECEIVED_ON = date(2026, 10, 5)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<<>>\n%%EOF\n"
IBAN = "BE71096123456769"
WHOLE = (AttachmentKind.TITLE_COPY, AttachmentKind.SERVICE_PROOF)

_serial = count(1)


def new_niss(born_on: date) -> str:
    """A valid NISS that no other story uses: the serial moves the birth date when the day counter is used
    up."""
    day, sequence = divmod(next(_serial), 997)
    return compose_niss(born_on + timedelta(days=day), sequence + 1)


def person(given_name: str, family_name: str, born_on: date, **details: object) -> PersonDetails:
    """Somebody whole: name, birth, place, address and NISS."""
    whole = PersonDetails(
        given_name=given_name,
        family_name=family_name,
        birth_date=born_on,
        birth_place="Namur",
        niss=new_niss(born_on),
        address="Rue de la Loi 16, 1000 Bruxelles",
    )
    return replace(whole, **details)  # type: ignore[arg-type]


def els(**details: object) -> PersonDetails:
    """A creditor with an account; any detail may be told otherwise."""
    return replace(person("Els", "Peeters", date(1988, 4, 12), iban=IBAN), **details)  # type: ignore[arg-type]


def tom(**details: object) -> PersonDetails:
    """A debtor."""
    return replace(person("Tom", "Maes", date(1985, 7, 30)), **details)  # type: ignore[arg-type]


def child(number: int = 1, **details: object) -> PersonDetails:
    """The so-manieth child, born in 2015."""
    name = ("Noor", "Bram", "Lina", "Sam")[(number - 1) % 4]
    return replace(person(name, "Maes", date(2015, 3, number)), **details)  # type: ignore[arg-type]


def statement(
    *,
    received_on: date = RECEIVED_ON,
    creditor: PersonDetails | None = None,
    debtor: PersonDetails | None = None,
    children: Sequence[PersonDetails] | int = 1,
    monthly: Decimal = Decimal("220.00"),
    due_day: int = 1,
    unpaid: int = 2,
    paid: Decimal = Decimal("0.00"),
    papers: Sequence[AttachmentKind] = WHOLE,
    signed: bool = True,
    order_signed: bool = True,
    history_complete: bool = True,
    asks_advances: bool = True,
    decided_on: date = date(2024, 3, 14),
) -> ApplicationStatement:
    """An application, complete unless told otherwise: the twelve terms before it, of which the last
    `unpaid` got `paid` only.

    Call it inside a unit of work: the key of the file to come is made here.
    """
    persons = [child(n + 1) for n in range(children)] if isinstance(children, int) else list(children)
    last = Month.of(received_on) - (0 if due_day < received_on.day else 1)
    months = [last - back for back in range(11, -1, -1)]
    unpaid_months = months[len(months) - unpaid :] if unpaid else []
    return ApplicationStatement(
        file_id=uuid.uuid4(),
        key_id=create_key("file"),
        received_on=received_on,
        language="fr",
        title=TitleStatement(
            kind=TitleKind.JUDGMENT,
            court="Tribunal de la famille de Namur",
            decided_on=decided_on,
            served_on=decided_on + timedelta(days=20),
            index_clause=IndexClause.LEGAL,
        ),
        creditor=creditor or els(),
        debtor=debtor or tom(),
        children=tuple(
            ChildStatement(who, monthly, due_day, date(decided_on.year, decided_on.month, 1))
            for who in persons
        ),
        terms=tuple(
            TermStatement(n, month.first_day, monthly, paid if month in unpaid_months else monthly)
            for n in range(len(persons))
            for month in months
        ),
        history_complete=history_complete,
        asks_advances=asks_advances,
        signed=signed,
        order_signed=order_signed,
        papers=tuple(Paper(kind, f"{kind}.pdf", PDF, "application/pdf") for kind in papers),
    )


def register_file(
    *, registrar: User, officer: User | None = None, on: date | None = None, **changes: object
) -> AlimonyFile:
    """A file recorded by `registrar`, and in the hands of `officer` when given (else of whom the service
    chose).

    `changes` go to `statement`: children=2, monthly=Decimal("300"), unpaid=3, paid=Decimal("50"), papers=()…
    """
    with acting_as(registrar.pk):
        stated = statement(**changes)  # type: ignore[arg-type]
        file = receive_application(stated, on=on or stated.received_on)
    arrive(file.pk)
    if (
        officer is not None
        and not Assignment.objects.filter(file=file, officer=officer, until_at=None).exists()
    ):
        hand_over(file, officer, on=on or stated.received_on)
    return AlimonyFile.objects.get(pk=file.pk)


def arrive(file_id: uuid.UUID) -> None:
    """What the worker does within a second of a registration: the statements of the file are examined."""
    for statement_id in Statement.objects.filter(file=file_id, examined_at=None).values_list("pk", flat=True):
        job = jobs.run(Job.objects.get(kind=ARRIVAL, period=str(statement_id)).pk)
        assert job.state == JobState.DONE, job.error


def hand_over(file: AlimonyFile, officer: User, *, on: date = RECEIVED_ON) -> None:
    """The file is this officer's from now on, whoever they are."""
    with service_work("assignment"):
        _give(file, officer.pk, officer.display_name, on)


def granted_file(
    *, registrar: User, officer: User, on: date = date(2026, 10, 20), **changes: object
) -> AlimonyFile:
    """A file that the service collects: arrears and terms charged by `take_over`, as the officer who decided.

    The decision on the advances itself is not in it: advances tests make it through their own service.
    """
    file = register_file(registrar=registrar, officer=officer, **changes)
    with acting_as(officer.pk):
        return take_over(file, on=on)
