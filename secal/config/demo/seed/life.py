"""How one invented file lives: the family, the application, the decision, then month after month.

Everything that happens is written on the day on which it happens, by whoever does it in the office: a
colleague registers, the officer in charge decides, a second person approves, the services do the rest.
"""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from secal.access.actors import service_actor
from secal.access.models import User
from secal.advances.models import Outcome, RightState
from secal.advances.rules.candidates import MonthlyRight, lines_for
from secal.cases.models import ApplicationState, EventKind, FileState, IndexClause, TitleKind, WorkKind
from secal.config.demo.seed.bank import Run, Runs, Statements, settled_on
from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.money import BookOfFile, SeedClaim, Term
from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.people import Invented, Inventor
from secal.config.demo.seed.staff import Staff
from secal.kernel.calendar import delay_in_days, delay_in_months, notification_effect, working_day_on_or_after
from secal.kernel.identifiers import make_file_number, make_ogm
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.kernel.reckoning.advance import TermToAdvance, advance_for_term
from secal.law import parameter
from secal.law.assembly import advance_parameters
from secal.ledger.models import BookKind
from secal.people.identifiers import account_index, niss_index
from secal.people.models import RegistrationKind
from secal.people.services import searchable
from secal.solvency.models import Procedure, ReviewOutcome

AMOUNTS = tuple(Decimal(euros) for euros in range(90, 341, 5))
PAYING_HABITS = (("never", 50), ("partly", 32), ("regularly", 18))
FATES = (("granted", 82), ("refused", 4), ("waiting", 9), ("incomplete", 5))


@dataclass
class World:
    """What the files of one seed share."""

    loader: Loader
    inventor: Inventor
    staff: Staff
    runs: Runs
    statements: Statements
    today: date

    @property
    def chance(self) -> random.Random:
        return self.inventor.chance


@dataclass
class Child:
    """A child and its line in the title."""

    person: Invented
    beneficiary: uuid.UUID
    amount: Decimal
    due_day: int
    right: uuid.UUID | None = None
    right_from: date | None = None
    right_until: date | None = None


@dataclass
class FileStory:
    """One file while it lives."""

    id: uuid.UUID
    key_id: uuid.UUID
    number: str
    book: BookOfFile
    ogm: str
    creditor: Invented
    creditor_iban: str
    debtor: Invented
    debtor_iban: str
    children: list[Child]
    language: str
    section: str
    officer: User
    registrar: User
    application: uuid.UUID
    received_on: date
    complete_on: date | None = None
    decided_on: date | None = None
    terms: list[tuple[Term, Child]] = field(default_factory=list)
    claims: dict[uuid.UUID, SeedClaim] = field(default_factory=dict)
    state: FileState = FileState.INTAKE


def live(world: World, *, serial: int, book_number: int, months: int) -> None:
    """Invent a file whose application came so many months ago, and let it live until today."""
    story = _begin(world, serial, book_number, months)
    _write_family(world, story)
    _state_terms(world, story)
    fate = _pick(world.chance, FATES)
    if fate != "incomplete":
        story.complete_on = min(
            working_day_on_or_after(story.received_on + timedelta(days=world.chance.randrange(9))), world.today
        )
        _event(world, story, EventKind.INTAKE, "application_complete", story.complete_on, story.registrar)
        story.state = FileState.TO_DECIDE
    if fate in ("granted", "refused") and story.complete_on:
        day = working_day_on_or_after(story.complete_on + timedelta(days=world.chance.randrange(4, 24)))
        if day <= world.today:
            story.decided_on = day
            _decide(world, story, granted=fate == "granted")
    if story.state is FileState.ACTIVE:
        _run_months(world, story)
    for term, _child in story.terms:
        _write_term(world, story, term)
    _write_file(world, story)
    _write_work(world, story)
    if story.state is FileState.ACTIVE:
        _review(world, story)


def _pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def _begin(world: World, serial: int, book_number: int, months: int) -> FileStory:
    chance, inventor = world.chance, world.inventor
    language = inventor.language()
    section = chance.choice(world.staff.sections(language))
    month = Month.of(world.today) - months
    last = month.last_day if month.last_day <= world.today else world.today
    received_on = working_day_on_or_after(inventor.day_between(month.first_day, last))
    received_on = min(received_on, world.today)
    mother = chance.random() < 0.88
    parents = (date(1972, 1, 2), date(2001, 12, 30))
    creditor = inventor.person(language, woman=mother, born=parents)
    debtor = inventor.person(language, woman=not mother, born=parents)
    amount = chance.choice(AMOUNTS)
    children = [
        Child(
            inventor.person(
                language,
                woman=chance.random() < 0.5,
                born=(date(world.today.year - 16, 2, 1), date(world.today.year - 3, 11, 30)),
                family_name=debtor.family_name if mother else creditor.family_name,
                address=creditor.address,
            ),
            inventor.uuid(),
            amount,
            due_day=1 if chance.random() < 0.8 else 5,
        )
        for _ in range(chance.choices((1, 2, 3), (62, 30, 8))[0])
    ]
    officers = world.staff.officers[section]
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
        children=children,
        language=language,
        section=section,
        officer=chance.choice(officers),
        registrar=chance.choice(world.staff.registrars),
        application=inventor.uuid(),
        received_on=received_on,
    )


# The family and its registration


def _write_family(world: World, story: FileStory) -> None:
    loader = world.loader
    for person in (story.creditor, story.debtor, *(child.person for child in story.children)):
        _write_person(world, story, person)
    account = world.inventor.uuid()
    loader.add(
        "people.PaymentAccount",
        id=account,
        person_id=story.creditor.id,
        iban=loader.seal("people.PaymentAccount", "iban", account, story.creditor.key_id, story.creditor_iban),
        iban_bi=account_index(story.creditor_iban),
        valid_from=story.received_on,
    )
    loader.add(
        "people.RegistrationAct",
        id=world.inventor.uuid(),
        kind=RegistrationKind.FILE_OPENED.value,
        file=story.id,
        actor_id=story.registrar.pk,
        at=moment(story.received_on, 9),
    )
    loader.new_key(story.key_id, "file")
    _event(
        world, story, EventKind.INTAKE, "application_received", story.received_on, story.registrar,
        received_on=story.received_on.isoformat(),
    )  # fmt: skip
    assigner = service_actor("assignment")
    loader.add(
        "cases.Assignment",
        id=world.inventor.uuid(),
        file_id=story.id,
        officer_id=story.officer.pk,
        granted_by=assigner.id,
        from_at=moment(story.received_on, 12),
    )
    _event(
        world, story, EventKind.ASSIGNMENT, "file_assigned", story.received_on, assigner,
        officer=story.officer.display_name,
    )  # fmt: skip


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
        kind=RegistrationKind.PERSON_CREATED.value,
        person_id=person.id,
        file=story.id,
        actor_id=story.registrar.pk,
        at=moment(story.received_on, 4),
    )


# The terms before the application, the file and what it holds


def _state_terms(world: World, story: FileStory) -> None:
    """The two to four months before the application that the debtor left unpaid, wholly or in part."""
    first = Month.of(story.received_on)
    for back in range(world.chance.randint(2, 4), 0, -1):
        for child in story.children:
            paid = child.amount / 2 if world.chance.random() < 0.15 else ZERO
            story.terms.append((_term(world, child, first - back, paid), child))


def _term(world: World, child: Child, month: Month, paid: Decimal = ZERO) -> Term:
    return Term(
        id=world.inventor.uuid(),
        child=child.person.id,
        beneficiary=child.beneficiary,
        month=month.first_day,
        due_on=month.day(child.due_day),
        amount=child.amount,
        paid=paid,
    )


def _write_term(world: World, story: FileStory, term: Term) -> None:
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


def _write_file(world: World, story: FileStory) -> None:
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
    )
    _write_title(world, story)
    states = {
        FileState.INTAKE: ApplicationState.INCOMPLETE,
        FileState.TO_DECIDE: ApplicationState.COMPLETE,
        FileState.ACTIVE: ApplicationState.GRANTED,
        FileState.REFUSED: ApplicationState.REFUSED,
    }
    incomplete = story.complete_on is None
    loader.add(
        "cases.Application",
        id=story.application,
        file_id=story.id,
        state=states[story.state].value,
        received_on=story.received_on,
        complete_on=story.complete_on,
        signed=True,
        order_signed=not incomplete,
        authorisation_on=story.received_on,
        declared_means=Decimal(world.chance.randrange(900, 2100, 50)),
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


# The decision


def _decide(world: World, story: FileStory, *, granted: bool) -> None:
    day = story.decided_on
    if day is None:
        raise ValueError("a decision has its day")
    decision = world.inventor.uuid()
    effect_on = notification_effect(day, parameter("notification_effect_working_days", on=day, event="art9_letter").integer().value)
    appeal_months = parameter("creditor_appeal_months", on=day).integer().value
    world.loader.add(
        "advances.AdvanceDecision",
        id=decision,
        application_id=story.application,
        outcome=(Outcome.GRANTED if granted else Outcome.REFUSED).value,
        motive="" if granted else "Moins de deux termes impayés au cours des douze mois qui précèdent la demande.",
        decided_on=day,
        effect_on=effect_on,
        appeal_until=delay_in_months(effect_on, appeal_months),
        decided_by_id=story.officer.pk,
        explanation=_reckoning(story),
    )
    story.state = FileState.ACTIVE if granted else FileState.REFUSED
    if not granted:
        _event(world, story, EventKind.DECISION, "advance_refused", day, story.officer)
        return
    _give_rights(world, story, decision, day)
    _event(world, story, EventKind.DECISION, "advance_granted", day, story.officer)
    for month in Month.range(Month.of(story.received_on), Month.of(day)):
        story.terms += [(_term(world, child, month), child) for child in story.children]
    booked = ZERO
    for term, _child in story.terms:
        story.claims[term.id] = story.book.charge(
            term, received_on=story.received_on, on=day, actor=story.officer.pk
        )
        booked += term.unpaid
    _event(
        world, story, EventKind.MONEY, "arrears_taken_over", day, story.officer,
        amount=str(booked), terms=len(story.terms),
    )  # fmt: skip


def _give_rights(world: World, story: FileStory, decision: uuid.UUID, day: date) -> None:
    period = parameter("advance_period_months", on=day).integer().value
    first = Month.of(story.received_on)
    last = first + (period - 1)
    for child in story.children:
        child.right = world.inventor.uuid()
        child.right_from, child.right_until = first.first_day, last.last_day
        world.loader.add(
            "advances.AdvanceRight",
            id=child.right,
            decision_id=decision,
            file_id=story.id,
            beneficiary_id=child.beneficiary,
            from_on=child.right_from,
            until_on=child.right_until,
            state=(RightState.RUNNING if child.right_until >= world.today else RightState.ENDED).value,
        )


def _reckoning(story: FileStory) -> dict[str, object]:
    """The reckoning of one month's advance, as the decision shows it."""
    term = story.terms[-1][0]
    month = Month.of(term.month)
    to_advance = TermToAdvance(key=str(term.id), creditor=str(term.child), month=month, due=term.amount)
    return advance_for_term(to_advance, advance_parameters(on=term.month)).explanation.to_dict()


# Month after month


def _run_months(world: World, story: FileStory) -> None:
    """Terms fall due, runs pay advances and the debtor pays, each on its day, until today."""
    decided_on = story.decided_on or world.today
    happenings: list[tuple[date, int, Any]] = []
    for month in Month.range(Month.of(decided_on) + 1, Month.of(world.today)):
        happenings.append((month.first_day, 0, month))
    for month in Month.range(Month.of(story.received_on), Month.of(world.today)):
        run = world.runs.paying(month, decided_on)
        if run is not None:
            happenings.append((run.execution_on, 1, (run, month)))
    for day in _paying_days(world, decided_on):
        happenings.append((day, 2, None))
    for day, kind, what in sorted(happenings, key=lambda happening: happening[:2]):
        if kind == 0:
            _terms_fall_due(world, story, what, day)
        elif kind == 1:
            _advance(world, story, *what)
        else:
            _receive(world, story, day)


def _paying_days(world: World, decided_on: date) -> list[date]:
    habit = _pick(world.chance, PAYING_HABITS)
    days = []
    for month in Month.range(Month.of(decided_on) + 1, Month.of(world.today)):
        if habit == "never" or (habit == "partly" and world.chance.random() < 0.5):
            continue
        day = settled_on(month.day(world.chance.randint(4, 27)), world.today - timedelta(days=1))
        if day is not None and day > decided_on:
            days.append(day)
    return days


def _terms_fall_due(world: World, story: FileStory, month: Month, day: date) -> None:
    terms = service_actor("terms")
    for child in story.children:
        term = _term(world, child, month)
        story.terms.append((term, child))
        story.claims[term.id] = story.book.charge(term, received_on=story.received_on, on=day, actor=terms.id)
    amount = sum((child.amount for child in story.children), ZERO)
    _event(
        world, story, EventKind.MONEY, "terms_due", day, terms, month=month.first_day.isoformat(), amount=str(amount)
    )  # fmt: skip


def _advance(world: World, story: FileStory, run: Run, month: Month) -> None:
    """What the run of a month said about the children of this file, paid or left out with the reason."""
    month_terms = [(term, child) for term, child in story.terms if term.month == month.first_day]
    rights = [
        MonthlyRight(
            right_id=child.right,
            child=child.person.id,
            running=True,
            ended=child.right_until < month.first_day,
            file_closed=False,
            has_account=True,
            term_id=term.id,
            due=term.amount,
            received=term.unpaid - story.claims[term.id].open + term.paid,
            booked=True,
        )
        for term, child in month_terms
        if child.right and child.right_until and child.right_until >= month.first_day
    ]
    parameters = advance_parameters(on=month.first_day)
    bank = service_actor("bank")
    terms = {term.id: term for term, _child in month_terms}
    for line in lines_for(rights, month=month, parameters=parameters, cap_shared=True):
        term = terms[line.term_id] if line.term_id else month_terms[0][0]
        explanation = line.explanation.to_dict()
        if line.exclusion is not None:
            world.runs.exclude(
                run, right=line.right_id, term=term.id, reason=line.exclusion.value, explanation=explanation
            )
            continue
        claim = story.claims[term.id]
        instruction = world.inventor.uuid()
        entry = story.book.advance(claim, line.amount, on=run.execution_on, source=instruction, actor=bank.id)
        world.runs.add(
            run,
            instruction=instruction,
            entry=entry,
            right=line.right_id,
            term=term.id,
            claim=claim.id,
            book=story.book.id,
            payee=story.creditor.id,
            payee_key=story.creditor.key_id,
            name=f"{story.creditor.given_name} {story.creditor.family_name}",
            iban=story.creditor_iban,
            amount=line.amount,
            remittance=f"SECAL {month} {story.number}",
            explanation=explanation,
        )
        _event(
            world, story, EventKind.MONEY, "advance_paid", run.execution_on, bank,
            amount=str(line.amount), month=str(month),
        )  # fmt: skip


def _receive(world: World, story: FileStory, day: date) -> None:
    """A payment of the debtor, bearing the structured communication of the file."""
    owed = story.book.due()
    if owed <= ZERO:
        return
    month = sum((child.amount for child in story.children), ZERO)
    share = world.chance.choice((Decimal("0.5"), Decimal(1), Decimal(1), Decimal("1.25")))
    amount = min(owed, (month * share).quantize(Decimal("0.01")))
    receipt = world.inventor.uuid()
    outcome = story.book.receive(
        receipt, amount, value_on=day, booked_on=day, actor=service_actor("bank").id
    )
    world.statements.received(
        day,
        amount,
        receipt=receipt,
        book=story.book.id,
        ogm=story.ogm,
        name=f"{story.debtor.given_name} {story.debtor.family_name}",
        iban=story.debtor_iban,
        explanation=outcome.explanation.to_dict(),
    )
    _event(world, story, EventKind.MONEY, "receipt_allocated", day, service_actor("bank"), amount=str(amount))


# What is to be done, and the debtor's means


def _write_work(world: World, story: FileStory) -> None:
    if story.state is FileState.TO_DECIDE and story.complete_on:
        days = parameter("decision_days", on=story.complete_on)
        world.loader.add(
            "cases.WorkItem",
            id=world.inventor.uuid(),
            file_id=story.id,
            kind=WorkKind.DECIDE_ADVANCE.value,
            source=story.application,
            legal_reference=days.article,
            since=story.complete_on,
            due_on=delay_in_days(story.complete_on, days.integer().value),
        )


def _review(world: World, story: FileStory) -> None:
    """Reviews so far, and the day of the next one; those whose day has come are on the officer's list."""
    decided_on = story.decided_on or world.today
    due_on = delay_in_months(decided_on, 1)
    review: uuid.UUID | None = None
    while due_on < world.today - timedelta(days=world.chance.randrange(1, 20)):
        review = world.inventor.uuid()
        outcome = world.chance.choices(list(ReviewOutcome), (35, 50, 15))[0]
        months = {ReviewOutcome.POSITIVE: 6, ReviewOutcome.NEGATIVE: 3, ReviewOutcome.FACILITIES: 4}[outcome]
        reviewed_on, due_on = due_on, delay_in_months(due_on, months)
        _write_review(world, story, review, outcome, reviewed_on, due_on)
    brought_back = world.today if due_on <= world.today else None
    world.loader.add(
        "solvency.Reexamination",
        file_id=story.id,
        review_id=review,
        due_on=due_on,
        brought_back_on=brought_back,
    )
    if brought_back:
        world.loader.add(
            "cases.WorkItem",
            id=world.inventor.uuid(),
            file_id=story.id,
            kind=WorkKind.REVIEW_SOLVENCY.value,
            source=review or story.id,
            since=due_on,
            due_on=due_on,
        )


REASONS = {
    ReviewOutcome.POSITIVE: ("Revenu professionnel régulier au-delà de la quotité insaisissable.", Procedure.GARNISHMENT),
    ReviewOutcome.NEGATIVE: ("Revenu d'intégration pour seule ressource ; aucun bien connu.", Procedure.NONE),
    ReviewOutcome.FACILITIES: ("Revenu modeste ; le débiteur propose de payer par mensualités.", Procedure.PLAN),
}


def _write_review(
    world: World, story: FileStory, review: uuid.UUID, outcome: ReviewOutcome, reviewed_on: date, next_on: date
) -> None:  # fmt: skip
    reasons, procedure = REASONS[outcome]
    world.loader.add(
        "solvency.SolvencyReview",
        id=review,
        file_id=story.id,
        reviewed_on=reviewed_on,
        outcome=outcome.value,
        procedure=procedure.value,
        reasons=world.loader.seal("solvency.SolvencyReview", "reasons", review, story.key_id, reasons),
        next_review_on=next_on,
        reviewed_by_id=story.officer.pk,
    )
    _event(
        world, story, EventKind.REVIEW, "solvency_reviewed", reviewed_on, story.officer,
        outcome=outcome.value, next_review_on=next_on.isoformat(),
    )  # fmt: skip


def _event(
    world: World, story: FileStory, kind: EventKind, code: str, on: date, actor: Any, **params: object
) -> None:  # fmt: skip
    """A line of the timeline; `actor` is a user or a service identity."""
    is_user = isinstance(actor, User)
    world.loader.add(
        "cases.CaseEvent",
        id=world.inventor.uuid(),
        file_id=story.id,
        kind=kind.value,
        code=code,
        params=params,
        happened_on=on,
        at=moment(on, len(story.terms) % 200),
        actor=actor.pk if is_user else actor.id,
        actor_name=actor.display_name if is_user else actor.name,
    )
