"""Reads how a file stands before it is closed, and what was proposed. For pages that have been let in."""

from datetime import date

from django.db.models import Q

from secal.cases.closing import Answer, Standing, assess
from secal.cases.models import AlimonyFile, Beneficiary, Closure, ClosureGround, ClosureState
from secal.kernel.money import total
from secal.kernel.periods import Month
from secal.kernel.reckoning.cessation import MonthPaid, assess_cessation
from secal.law import parameter
from secal.law.assembly import cessation_parameters
from secal.ledger.models import Owner
from secal.ledger.selectors import book_figures, months_paid, open_claims


def standing_on(file: AlimonyFile, *, on: date) -> Standing:
    """What is still due, to refund or to come on that day, and the test of six months."""
    claims = open_claims(file.book)
    running = Beneficiary.objects.filter(title__file=file).filter(
        Q(until_month=None) | Q(until_month__gte=Month.of(on).first_day)
    )
    return Standing(
        to_treasury=total(claim.open for claim in claims if claim.owner == Owner.TREASURY),
        to_creditor=total(claim.open for claim in claims if claim.owner != Owner.TREASURY),
        to_refund=book_figures(file.book).unallocated,
        running=running.count(),
        cessation=assess_cessation(
            [
                MonthPaid(
                    month=Month.of(month.month),
                    term=month.term,
                    contribution=month.contribution,
                    costs=month.costs,
                    paid=month.paid,
                )
                for month in months_paid(file.book)
            ],
            cessation_parameters(on=on),
        ),
    )


def answer_on(file: AlimonyFile, *, ground: ClosureGround, on: date) -> Answer:
    """Whether the conditions of this ground hold on that day."""
    conditions = parameter("closure_conditions", on=on, ground=ground.value).codes()
    return assess(standing_on(file, on=on), conditions)


def proposed_closure(file: AlimonyFile) -> Closure | None:
    """The proposal that waits for a second person."""
    return (
        Closure.objects.filter(file=file, state=ClosureState.PROPOSED).select_related("proposed_by").first()
    )


def last_closure(file: AlimonyFile) -> Closure | None:
    """The latest proposal, whatever became of it."""
    return (
        Closure.objects.filter(file=file)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_on", "-pk")
        .first()
    )
