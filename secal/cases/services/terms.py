"""Monthly terms: made for the months that come, and charged to the debtor in the book of the file."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, ExtractDay

from secal.access.policy import require
from secal.cases.models import AlimonyFile, Beneficiary, EventKind, FileState, MonthlyTerm
from secal.cases.timeline import add_events
from secal.kernel.periods import Month
from secal.kernel.reckoning.contribution import debtor_contribution
from secal.kernel.reckoning.limitation import limitation
from secal.law.assembly import contribution_parameters, limitation_parameters
from secal.ledger.models import EntryKind, Head, Owner
from secal.ledger.services.books import ChargeLine, charge

CONTRIBUTION_RANK, TERM_RANK, ARREARS_RANK = 2, 5, 6
"""Places in the order of article 23."""


def terms_to_make(*, month: date) -> int:
    """How many children of active files have no charged term yet for this month (its first day)."""
    require("term.make_due")
    return _waiting(Month.of(month)).count()


def make_terms_due(*, month: date, on: date, limit: int = 1000) -> int:
    """Make and charge the terms of a month for at most `limit` children of active files; returns how many.

    Repeatable: what has its claim is left alone. 0 means that the month is done.
    """
    require("term.make_due")
    wanted = Month.of(month)
    chosen = list(_waiting(wanted).order_by("pk").values_list("pk", flat=True)[:limit])
    add_terms(Beneficiary.objects.filter(pk__in=chosen), month=wanted)
    terms = list(
        MonthlyTerm.objects.filter(beneficiary__in=chosen, month=wanted.first_day, claim=None).select_related(
            "beneficiary"
        )
    )
    booked = charge_terms(terms, on=on)
    _tell_files(terms, booked, month=wanted, on=on)
    return len(chosen)


def add_terms(children: QuerySet[Beneficiary], *, month: Month) -> None:
    """Add the month's term of each child that has none, at the latest amount known for it."""
    latest = MonthlyTerm.objects.filter(beneficiary=OuterRef("pk"), month__lt=month.first_day).order_by(
        "-month"
    )
    wanting = (
        children.filter(_pays_in(month))
        .exclude(Exists(MonthlyTerm.objects.filter(beneficiary=OuterRef("pk"), month=month.first_day)))
        .annotate(
            amount=Coalesce(Subquery(latest.values("amount")[:1]), F("monthly_amount")), file=F("title__file")
        )
    )
    MonthlyTerm.objects.bulk_create(
        (
            MonthlyTerm(
                file_id=child.file,
                beneficiary=child,
                month=month.first_day,
                due_on=month.day(child.due_day),
                amount=child.amount,
            )
            for child in wanting
        ),
        ignore_conflicts=True,
    )


def charge_terms(terms: Sequence[MonthlyTerm], *, on: date) -> dict[uuid.UUID, Decimal]:
    """Charge what is unpaid of each term, with its contribution; returns the sum by term. Any number of
    files.

    Fallen due before the application: arrears, rank 6. Since then: the term itself, rank 5.
    """
    books = {
        row["pk"]: row
        for row in AlimonyFile.objects.filter(pk__in={term.file_id for term in terms}).values(
            "pk", "book_id", "application__received_on"
        )
    }
    lines: list[ChargeLine] = []
    booked: dict[uuid.UUID, Decimal] = {}
    for term in terms:
        unpaid = term.amount - term.paid_before_application
        if unpaid > 0:
            file = books[term.file_id]
            lines += _lines(term, unpaid, file["book_id"], file["application__received_on"], on)
            booked[term.pk] = unpaid
    principal = [
        (line.source, claim.pk)
        for line, claim in zip(lines, charge(lines), strict=True)
        if line.source is not None and line.kind != EntryKind.CONTRIBUTION
    ]
    _link_claims(dict(principal))
    return booked


def _lines(
    term: MonthlyTerm, unpaid: Decimal, book: uuid.UUID, received_on: date, on: date
) -> list[ChargeLine]:
    arrears = term.due_on < received_on
    line = partial(
        ChargeLine,
        book_id=book,
        beneficiary_id=term.beneficiary.child_id,
        period=term.month,
        due_on=term.due_on,
        limitation_on=_lapses_on(term.due_on, on),
        source=term.pk,
        booked_on=on,
    )
    contribution = debtor_contribution(unpaid, contribution_parameters(application_received_on=received_on))
    principal = line(
        head=Head.ARREARS if arrears else Head.BALANCE,
        rank=ARREARS_RANK if arrears else TERM_RANK,
        owner=Owner.CREDITOR,
        amount=unpaid,
        kind=EntryKind.ARREARS if arrears else EntryKind.TERM_DUE,
    )
    accessory = line(
        head=Head.CONTRIBUTION,
        rank=CONTRIBUTION_RANK,
        owner=Owner.TREASURY,
        amount=contribution.amount,
        kind=EntryKind.CONTRIBUTION,
    )
    return [principal, accessory] if contribution.amount > 0 else [principal]


@lru_cache(maxsize=512)
def _lapses_on(due_on: date, on: date) -> date | None:
    return limitation(due_on, limitation_parameters("maintenance_term", on=on)).lapses_on


def _link_claims(claims: dict[uuid.UUID, uuid.UUID]) -> None:
    """Write on each term the claim that its entry made."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_monthlyterm AS term SET claim_id = line.claim"
            " FROM unnest(%s::uuid[], %s::uuid[]) AS line (term, claim) WHERE term.id = line.term",
            [list(claims.keys()), list(claims.values())],
        )


def _tell_files(
    terms: Sequence[MonthlyTerm], booked: dict[uuid.UUID, Decimal], *, month: Month, on: date
) -> None:
    sums: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    for term in terms:
        sums[term.file_id] += booked.get(term.pk, Decimal(0))
    day = month.first_day.isoformat()
    lines = [(file, on, {"month": day, "amount": str(amount)}) for file, amount in sums.items() if amount > 0]
    add_events(lines, kind=EventKind.MONEY, code="terms_due")


def _pays_in(month: Month) -> Q:
    """The child's maintenance runs in this month, and its term falls due on or after the application.

    What fell due before is what the application states: a month that it leaves out was paid.
    """
    first, received_on = month.first_day, "title__file__application__received_on"
    since_application = Q(**{f"{received_on}__lte": first}) | Q(
        **{f"{received_on}__lte": month.last_day, "due_day__gte": ExtractDay(received_on)}
    )
    return Q(since_application, from_month__lte=first) & (Q(until_month=None) | Q(until_month__gte=first))


def _waiting(month: Month) -> QuerySet[Beneficiary]:
    settled = MonthlyTerm.objects.filter(beneficiary=OuterRef("pk"), month=month.first_day).filter(
        Q(claim__isnull=False) | Q(paid_before_application__gte=F("amount"))
    )
    return Beneficiary.objects.filter(_pays_in(month), title__file__state=FileState.ACTIVE).exclude(
        Exists(settled)
    )
