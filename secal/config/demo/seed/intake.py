"""The family comes to the office: persons, accounts, the file with its title, the unpaid terms."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from secal.access.actors import service_actor
from secal.access.models import User
from secal.cases.models import ApplicationState, EventKind, FileState, IndexClause, TitleKind
from secal.config.demo.seed.load import moment
from secal.config.demo.seed.money import BookOfFile, Term
from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.people import Invented
from secal.config.demo.seed.story import Cast, Child, FileStory, World, new_term, tell
from secal.kernel.calendar import working_day_on_or_after
from secal.kernel.identifiers import make_file_number, make_ogm
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.ledger.models import BookKind
from secal.people.identifiers import account_index, niss_index
from secal.people.models import RegistrationKind
from secal.people.services import searchable

MOTHERS, ASK_ADVANCES = 0.88, 0.94
"""Shares: creditors who are the mother, applications that ask for advances."""
PARENTS = (date(1972, 1, 2), date(2001, 12, 30))
AMOUNTS = tuple(Decimal(euros) for euros in range(90, 341, 5))
STATES = {
    FileState.INTAKE: ApplicationState.INCOMPLETE,
    FileState.TO_DECIDE: ApplicationState.COMPLETE,
    FileState.ACTIVE: ApplicationState.GRANTED,
    FileState.REFUSED: ApplicationState.REFUSED,
}


def begin(world: World, serial: int, book_number: int, months: int, cast: Cast) -> FileStory:
    """Everybody and everything that a file begins with."""
    chance, inventor = world.chance, world.inventor
    language = cast.language or inventor.language()
    section = cast.section or chance.choice(world.staff.sections(language))
    received_on = _day_of_arrival(world, months)
    mother = bool(cast.creditor) or chance.random() < MOTHERS
    creditor = inventor.person(language, woman=mother, born=PARENTS, named=cast.creditor, home=cast.home)
    debtor = inventor.person(
        language, woman=cast.debtor_is_woman if cast.debtor else not mother, born=PARENTS, named=cast.debtor
    )
    return FileStory(
        id=inventor.uuid(),
        key_id=inventor.uuid(),
        number=make_file_number(received_on.year, serial),
        book=BookOfFile(world.loader, inventor, inventor.uuid()),
        ogm=make_ogm(book_number),
        creditor=creditor,
        creditor_iban=inventor.iban(),
        debtor=debtor,
        debtor_iban=inventor.iban(),
        children=_children(world, creditor, (debtor if mother else creditor).family_name),
        language=language,
        section=section,
        officer=_officer(world, section, cast),
        registrar=chance.choice(world.staff.registrars),
        application=inventor.uuid(),
        received_on=received_on,
        means=Decimal(chance.randrange(900, 2100, 50)),
        asks_advances=bool(cast.fate) or chance.random() < ASK_ADVANCES,
        cast=cast,
    )


def _day_of_arrival(world: World, months: int) -> date:
    month = Month.of(world.today) - months
    drawn = world.inventor.day_between(month.first_day, min(month.last_day, world.today))
    return min(working_day_on_or_after(drawn), world.today)


def _officer(world: World, section: str, cast: Cast) -> User:
    drawn = world.chance.choice(world.staff.officers[section])
    return world.staff.by_subject[cast.officer] if cast.officer else drawn


def _children(world: World, creditor: Invented, family_name: str) -> list[Child]:
    chance, inventor = world.chance, world.inventor
    amount = chance.choice(AMOUNTS)
    born = (date(world.today.year - 16, 2, 1), date(world.today.year - 3, 11, 30))
    return [
        Child(
            inventor.person(
                creditor.language,
                woman=chance.random() < 0.5,
                born=born,
                named=f" {family_name}",
                home=creditor.address,
            ),
            inventor.uuid(),
            amount,
            due_day=1 if chance.random() < 0.8 else 5,
        )
        for _ in range(chance.choices((1, 2, 3), (62, 30, 8))[0])
    ]


def write_family(world: World, story: FileStory) -> None:
    loader = world.loader
    for person in (story.creditor, story.debtor, *(child.person for child in story.children)):
        _write_person(world, story, person)
    account = world.inventor.uuid()
    loader.add(
        "people.PaymentAccount",
        id=account,
        person_id=story.creditor.id,
        iban=loader.seal(
            "people.PaymentAccount", "iban", account, story.creditor.key_id, story.creditor_iban
        ),
        iban_bi=account_index(story.creditor_iban),
        valid_from=story.received_on,
    )
    loader.add(
        "people.RegistrationAct",
        id=world.inventor.uuid(),
        kind=RegistrationKind.IMPORTED.value,
        file=story.id,
        actor=story.registrar.pk,
        at=moment(story.received_on, 9),
    )
    loader.new_key(story.key_id, "file")
    tell(
        world,
        story,
        EventKind.INTAKE,
        "application_received",
        story.received_on,
        story.registrar,
        received_on=story.received_on.isoformat(),
    )
    assigner = service_actor("arrival")
    loader.add(
        "cases.Assignment",
        id=world.inventor.uuid(),
        file_id=story.id,
        officer_id=story.officer.pk,
        granted_by=assigner.id,
        from_at=moment(story.received_on, 12),
    )
    tell(
        world,
        story,
        EventKind.ASSIGNMENT,
        "file_assigned",
        story.received_on,
        assigner,
        officer=story.officer.display_name,
    )


def _write_person(world: World, story: FileStory, person: Invented) -> None:
    loader = world.loader
    loader.new_key(person.key_id, "person")

    def sealed(column: str, value: str) -> bytes:
        return loader.seal("people.Person", column, person.id, person.key_id, value)

    town = NAMING[person.language].towns[person.birth_date.day % len(NAMING[person.language].towns)][0]
    loader.add(
        "people.Person",
        id=person.id,
        key_id=person.key_id,
        given_name=person.given_name,
        family_name=person.family_name,
        search_name=searchable(f"{person.given_name} {person.family_name}"),
        birth_date=person.birth_date,
        language=person.language,
        niss=sealed("niss", person.niss),
        niss_bi=niss_index(person.niss),
        birth_place=sealed("birth_place", town),
        address=sealed("address", person.address),
        created_at=moment(story.received_on, 3),
    )
    loader.add(
        "people.RegistrationAct",
        id=world.inventor.uuid(),
        kind=RegistrationKind.IMPORTED.value,
        person_id=person.id,
        file=story.id,
        actor=story.registrar.pk,
        at=moment(story.received_on, 4),
    )


def state_terms(world: World, story: FileStory) -> None:
    """The two to four months before the application that the debtor left unpaid, wholly or in part."""
    first = Month.of(story.received_on)
    for back in range(world.chance.randint(2, 4), 0, -1):
        for child in story.children:
            paid = child.amount / 2 if world.chance.random() < 0.15 else ZERO
            story.terms.append((new_term(world, child, first - back, paid), child))


def write_term(world: World, story: FileStory, term: Term) -> None:
    claim = story.claims.get(term.id)
    world.loader.add(
        "cases.MonthlyTerm",
        id=term.id,
        file_id=story.id,
        beneficiary_id=term.beneficiary,
        month=term.month,
        due_on=term.due_on,
        amount=term.amount,
        paid_before_application=term.paid,
        claim_id=claim.id if claim else None,
    )


def write_file(world: World, story: FileStory) -> None:
    loader = world.loader
    loader.add(
        "ledger.Book",
        id=story.book.id,
        kind=BookKind.ALIMONY_FILE.value,
        number=int(story.ogm[:10]),
        ogm=story.ogm,
        opened_on=story.received_on,
        last_entry=story.book.last_entry,
    )
    loader.add(
        "cases.AlimonyFile",
        id=story.id,
        key_id=story.key_id,
        number=story.number,
        state=story.state.value,
        book_id=story.book.id,
        creditor_id=story.creditor.id,
        debtor_id=story.debtor.id,
        section=story.section,
        language=story.language,
        opened_on=story.received_on,
        closed_on=story.decided_on if story.state is FileState.REFUSED else None,
    )
    _write_title(world, story)
    incomplete = story.complete_on is None
    loader.add(
        "cases.Application",
        id=story.application,
        file_id=story.id,
        state=STATES[story.state].value,
        received_on=story.received_on,
        complete_on=story.complete_on,
        signed=True,
        order_signed=not incomplete,
        authorisation_on=story.received_on,
        asks_advances=story.asks_advances,
        creditor_in_belgium=story.creditor_in_belgium,
        declared_means=story.means,
        missing=["order_to_collect"] if incomplete else [],
        registered_by_id=story.registrar.pk,
    )


def _write_title(world: World, story: FileStory) -> None:
    title = world.inventor.uuid()
    decided_on = working_day_on_or_after(
        Month.of(story.terms[0][0].month).first_day - timedelta(days=world.chance.randrange(40, 900))
    )
    world.loader.add(
        "cases.ExecutoryTitle",
        id=title,
        file_id=story.id,
        kind=TitleKind.JUDGMENT.value,
        court=world.chance.choice(NAMING[story.language].courts),
        decided_on=decided_on,
        served_on=decided_on + timedelta(days=21),
        index_clause=IndexClause.NONE.value,
    )
    for child in story.children:
        world.loader.add(
            "cases.Beneficiary",
            id=child.beneficiary,
            title_id=title,
            child_id=child.person.id,
            monthly_amount=child.amount,
            due_day=child.due_day,
            from_month=Month.of(decided_on).first_day,
        )


def permit_officers() -> None:
    """Each officer in charge may work on their file, as the service gives it."""
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO cases_filepermission (user_id, permission_id, content_object_id)
               SELECT a.officer_id, p.id, a.file_id FROM cases_assignment a
               JOIN access_user u ON u.id = a.officer_id AND u.is_active
               JOIN auth_permission p ON p.codename = 'work_in_charge'
               WHERE a.until_at IS NULL ON CONFLICT DO NOTHING"""
        )
