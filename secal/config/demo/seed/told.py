"""The stories told by name: who they are, whose desk they lie on, and what to look at.

Four are drawn like any file with their persons and course fixed; two applications of these days go through
the services that a registrar uses.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from secal.cases.models import AlimonyFile, AttachmentKind, IndexClause, TitleKind
from secal.cases.services import assign, receive_application
from secal.cases.services.applications import ARRIVAL
from secal.cases.statements import (
    ApplicationStatement,
    ChildStatement,
    Paper,
    TermStatement,
    TitleStatement,
)
from secal.config.demo.seed.author import telling_of, telling_of_service
from secal.config.demo.seed.people import Invented
from secal.config.demo.seed.story import Cast, World
from secal.kernel.calendar import is_working_day
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.office import jobs
from secal.office.models import Job, JobState
from secal.people.services import PersonDetails
from secal.solvency.models import ReviewOutcome
from secal.vault.keystore import create_key

RITA, LUC, MIA = "demo-rita-claes", "demo-luc-dubois", "demo-mia-peeters"
NADIA, KARIN = "demo-nadia-lambert", "demo-karin-schmitz"
SOPHIE = "demo-sophie-moreau"
HELENE = "demo-helene-marchal"
PARENTS = (date(1980, 1, 2), date(1996, 12, 30))
PAPER = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n%%EOF\n"
)


@dataclass(frozen=True)
class Story:
    """One told story as the demonstration presents it."""

    name: str
    whose: str
    what: str


STORIES = (
    Story("Els Peeters", "Luc Dubois", "Sa demande est complète : décider des avances."),
    Story("Tom Willems", "Luc Dubois", "Débiteur solvable, des arriérés : ses paiements et leur imputation."),
    Story("Nora Janssens", "Luc Dubois", "Débitrice insolvable : l’examen suivant est pour aujourd’hui."),
    Story("Petra Heinen", "Karin Schmitz", "Un dossier en allemand, d’Eupen."),
    Story(
        "Fatima Lambert", "Luc Dubois", "Sa demande est incomplète : voir ce qui manque (Rita la complète)."
    ),
    Story("Greta Vermeulen", "Paul Renard, An Willems", "Demande refusée il y a longtemps : à effacer."),
)

DRAWN = (
    (
        4,
        Cast(
            debtor="Tom Willems",
            creditor="Katrien Maes",
            language="nl",
            section="Bruxelles",
            officer=LUC,
            fate="decided",
            habit="partly",
            outcome=ReviewOutcome.POSITIVE,
        ),
    ),
    (
        5,
        Cast(
            debtor="Nora Janssens",
            creditor="Sofie Claes",
            debtor_is_woman=True,
            language="nl",
            section="Bruxelles",
            officer=LUC,
            fate="decided",
            habit="never",
            outcome=ReviewOutcome.NEGATIVE,
            due_today=True,
        ),
    ),
    (
        3,
        Cast(
            creditor="Petra Heinen",
            debtor="Ralf Kessel",
            language="de",
            section="Liège",
            officer=KARIN,
            home="Schulstraße 12, 4700 Eupen",
            fate="decided",
            habit="regularly",
            outcome=ReviewOutcome.POSITIVE,
        ),
    ),
)
"""(months ago, who): written with the other files."""
REFUSED_IN_MONTH = 5
"""Of the year before last: such a file may be kept until the end of last year."""

RECEIVED = 2
"""Applications that come in through the registrar's services."""


def drawn(today: date) -> tuple[tuple[int, Cast], ...]:
    """DRAWN, and the application that was refused so long ago that it has to go."""
    refused = Month(today.year - 2, REFUSED_IN_MONTH)
    long_ago = Cast(
        creditor="Greta Vermeulen", language="nl", section="Bruxelles", officer=MIA, fate="refused"
    )
    return ((Month.of(today) - refused, long_ago), *DRAWN)


class NotArrived(Exception):
    """The job of an application that was received did not come to its end; the words are its error code."""


def receive_told(world: World) -> None:
    """Els and Fatima apply; Rita registers, and Nadia gives both files to Luc."""
    whole = _application(
        world, "Els Peeters", "Bart Mertens", (Decimal("210.00"), Decimal("150.00")), signed=True
    )
    half = _application(world, "Fatima Lambert", "Karim Benali", (Decimal("185.00"),), signed=False)
    for days, statement in ((6, whole), (3, half)):
        on = _working_day_before(world.today, days)
        with telling_of(world.staff.by_subject[RITA].pk):
            file = receive_application(statement, on=on)
        _arrive(file)
        _give_to_luc(world, file, on)


def _arrive(file: AlimonyFile) -> None:
    """What the worker would do within a second, before anybody else turns to the file."""
    statements = [str(pk) for pk in file.statements.values_list("pk", flat=True)]
    for job in Job.objects.filter(kind=ARRIVAL, period__in=statements):
        arrived = jobs.run(job.pk, unit=telling_of_service)
        if arrived.state != JobState.DONE:
            raise NotArrived(arrived.error)


def _give_to_luc(world: World, file: AlimonyFile, on: date) -> None:
    luc = world.staff.by_subject[LUC]
    with telling_of(world.staff.by_subject[NADIA].pk):
        assign(file_id=file.pk, officer_id=luc.pk, on=on)


def _application(
    world: World, creditor: str, debtor: str, amounts: tuple[Decimal, ...], *, signed: bool
) -> ApplicationStatement:
    language = "nl" if signed else "fr"
    received_on = _working_day_before(world.today, 7)
    inventor = world.inventor
    mother = inventor.person(language, woman=True, born=PARENTS, named=creditor)
    father = inventor.person(language, woman=False, born=PARENTS, named=debtor)
    born = (date(world.today.year - 14, 2, 1), date(world.today.year - 4, 11, 30))
    since = Month.of(received_on) - 20
    children = [
        inventor.person(
            language, woman=place % 2 == 0, born=born, named=f" {father.family_name}", home=mother.address
        )
        for place in range(len(amounts))
    ]
    court = "Familierechtbank Brussel" if language == "nl" else "Tribunal de la famille de Bruxelles"
    return ApplicationStatement(
        file_id=inventor.uuid(),
        key_id=create_key("file"),
        received_on=received_on,
        language=language,
        title=TitleStatement(
            kind=TitleKind.JUDGMENT,
            court=court,
            decided_on=since.day(12),
            served_on=since.day(26),
            index_clause=IndexClause.NONE,
        ),
        creditor=_details(mother, "Halle" if signed else "Bruxelles", iban=inventor.iban()),
        debtor=_details(father, "Leuven" if signed else "Mons"),
        children=tuple(
            ChildStatement(_details(child, "Bruxelles"), amount, 1, since.first_day)
            for child, amount in zip(children, amounts, strict=True)
        ),
        terms=_twelve_months(received_on, amounts),
        history_complete=True,
        signed=True,
        order_signed=signed,
        authorisation_on=received_on if signed else None,
        declared_means=Decimal("1420.00"),
        papers=tuple(
            Paper(kind, f"{kind.value}.pdf", PAPER, "application/pdf")
            for kind in (AttachmentKind.TITLE_COPY, AttachmentKind.SERVICE_PROOF, AttachmentKind.INCOME_PROOF)
        ),
    )


def _twelve_months(received_on: date, amounts: tuple[Decimal, ...]) -> tuple[TermStatement, ...]:
    """Paid until summer, then half a month, then nothing."""
    first = Month.of(received_on) - 12
    paid_share = {10: Decimal("0.5"), 11: ZERO, 12: ZERO}
    return tuple(
        TermStatement(
            child=place,
            month=(first + number).first_day,
            due=amount,
            paid=(amount * paid_share.get(number, Decimal(1))).quantize(Decimal("0.01")),
        )
        for place, amount in enumerate(amounts)
        for number in range(1, 13)
    )


def _details(person: Invented, birth_place: str, iban: str = "") -> PersonDetails:
    return PersonDetails(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=person.birth_date,
        birth_place=birth_place,
        niss=person.niss,
        address=person.address,
        iban=iban,
        language=person.language,
    )


def _working_day_before(day: date, days: int) -> date:
    earlier = day - timedelta(days=days)
    while not is_working_day(earlier):
        earlier -= timedelta(days=1)
    return earlier
