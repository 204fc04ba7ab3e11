"""Month after month: terms fall due, runs pay advances and the debtor pays, each on its day, until today."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from secal.access.actors import service_actor
from secal.advances.rules.candidates import MonthlyRight, lines_for
from secal.cases.models import EventKind
from secal.config.demo.seed.bank import Run, settled_on
from secal.config.demo.seed.story import FileStory, World, new_term, pick, tell
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.law.assembly import advance_parameters

PAYING_HABITS = (("never", 50), ("partly", 32), ("regularly", 18))


def run_months(world: World, story: FileStory) -> None:
    """Terms fall due, runs pay advances and the debtor pays, each on its day, until today."""
    decided_on = story.decided_on or world.today
    happenings: list[tuple[date, int, Any]] = []
    for month in Month.range(Month.of(decided_on) + 1, Month.of(world.today)):
        happenings.append((month.first_day, 0, month))
    for month in Month.range(Month.of(decided_on), Month.of(world.today)):
        run = world.runs.paying(month, decided_on)
        if run is not None and any(child.right for child in story.children):
            happenings.append((run.execution_on, 1, (run, month)))
    for day in _paying_days(world, story, decided_on):
        happenings.append((day, 2, None))
    for day, kind, what in sorted(happenings, key=lambda happening: happening[:2]):
        if kind == 0:
            _terms_fall_due(world, story, what, day)
        elif kind == 1:
            _advance(world, story, *what)
        else:
            _receive(world, story, day)


def _paying_days(world: World, story: FileStory, decided_on: date) -> list[date]:
    habit = story.cast.habit or pick(world.chance, PAYING_HABITS)
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
        term = new_term(world, child, month)
        story.terms.append((term, child))
        story.claims[term.id] = story.book.charge(term, received_on=story.received_on, on=day, actor=terms.id)
    amount = sum((child.amount for child in story.children), ZERO)
    tell(
        world,
        story,
        EventKind.MONEY,
        "terms_due",
        day,
        terms,
        month=month.first_day.isoformat(),
        amount=str(amount),
    )


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
        tell(
            world,
            story,
            EventKind.MONEY,
            "advance_paid",
            run.execution_on,
            bank,
            amount=str(line.amount),
            month=month.first_day.isoformat(),
        )


def _receive(world: World, story: FileStory, day: date) -> None:
    """A payment of the debtor, bearing the structured communication of the file."""
    owed = story.book.due()
    if owed <= ZERO:
        return
    month = sum((child.amount for child in story.children), ZERO)
    share = world.chance.choice((Decimal("0.5"), Decimal(1), Decimal(1), Decimal("1.25")))
    amount = min(owed, (month * share).quantize(Decimal("0.01")))
    receipt = world.inventor.uuid()
    outcome = story.book.receive(receipt, amount, value_on=day, booked_on=day, actor=service_actor("bank").id)
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
