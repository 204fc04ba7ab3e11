"""What debtors owe on a day: what is booked and open, and the late interest that runs beside it.

The one place that reckons it, for any number of files in three queries. Reads the ledger only, for pages and
services that have opened the files through their door.
"""

import uuid
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.cases.models import RecoveryFile
from secal.kernel.money import ZERO, total
from secal.kernel.reckoning.arrears import ArrearsInterest, Payment, Principal, late_interest
from secal.law.onss import arrears_interest_parameters
from secal.ledger.models import Head
from secal.ledger.selectors import ClaimFigures, MoneyAside, claim_figures, money_aside, payments_on_claims

Quarters = Mapping[uuid.UUID, Collection[date]]
"""By file, the quarters (first days) that are asked about."""
Fix = Callable[[RecoveryFile, date], None]
_fixes: list[Fix] = []


@dataclass(frozen=True, slots=True)
class AmountDue:
    """The build-up of what is due on a day, in euro."""

    contributions: Decimal
    surcharge: Decimal
    interest_booked: Decimal
    costs: Decimal
    """Charged, payments not taken off; so are the three before."""
    paid: Decimal
    running: Mapping[date | None, Decimal]
    """By quarter, the interest that has run and is not booked yet."""
    aside: MoneyAside
    """Of the whole file: held by a bailiff, and off the debt already; received too much."""
    lapses_on: date | None
    """The first day on which a debt that is still open lapses."""
    reckoned: ArrearsInterest
    """The interest of each claim of contributions up to the day, booked or not, with its explanation."""

    @property
    def interest(self) -> Decimal:
        """What runs and is not booked."""
        return total(self.running.values())

    @property
    def open(self) -> Decimal:
        """What is booked and unpaid."""
        return self.contributions + self.surcharge + self.interest_booked + self.costs - self.paid

    @property
    def due(self) -> Decimal:
        """What is owed on that day, what was received too much left aside."""
        return self.open + self.interest

    @property
    def total(self) -> Decimal:
        """What the debtor pays on that day to owe nothing."""
        return max(ZERO, self.due - self.aside.unallocated)


def amount_due(file: RecoveryFile, *, on: date) -> AmountDue:
    """What a whole file owes on a day, to the cent."""
    return amounts_due([file], on=on)[file.pk]


def amounts_due(
    files: Sequence[RecoveryFile], *, on: date, quarters: Quarters | None = None
) -> dict[uuid.UUID, AmountDue]:
    """What each of these files owes on a day, of all its quarters or of those named for it; three queries."""
    books = [file.book_id for file in files]
    claims = claim_figures(books)
    if quarters is not None:
        claims = {
            file.book_id: [one for one in claims[file.book_id] if one.quarter in quarters.get(file.pk, ())]
            for file in files
        }
    social = [one.id for found in claims.values() for one in found if one.head == Head.SOCIAL]
    paid = payments_on_claims(social)
    aside = money_aside(books)
    return {file.pk: _due(claims[file.book_id], paid, aside[file.book_id], on) for file in files}


def register_fixing(fix: Fix) -> None:
    """The room of debts says how it books what the law still adds up to a day: surcharge and interest."""
    if fix not in _fixes:
        _fixes.append(fix)


def fix(file: RecoveryFile, *, on: date) -> None:
    """Book what the law adds up to that day. The caller holds the file."""
    for each in _fixes:
        each(file, on)


def _due(
    claims: Sequence[ClaimFigures],
    paid: Mapping[uuid.UUID, Sequence[tuple[date, Decimal]]],
    aside: MoneyAside,
    on: date,
) -> AmountDue:
    charged: dict[Head, Decimal] = defaultdict(Decimal)
    for claim in claims:
        charged[claim.head] += claim.charged
    principals = [one for one in claims if one.head == Head.SOCIAL and one.charged > 0 and one.due_on < on]
    reckoned = _interest(principals, paid, on)
    return AmountDue(
        contributions=charged[Head.SOCIAL],
        surcharge=charged[Head.SURCHARGE],
        interest_booked=charged[Head.INTEREST],
        costs=charged[Head.COSTS],
        paid=total(claim.paid for claim in claims),
        running=_not_booked(claims, reckoned),
        aside=aside,
        lapses_on=min((one.lapses_on for one in claims if one.lapses_on and one.open > 0), default=None),
        reckoned=reckoned,
    )


def _interest(
    principals: Sequence[ClaimFigures],
    paid: Mapping[uuid.UUID, Sequence[tuple[date, Decimal]]],
    until: date,
) -> ArrearsInterest:
    """On the contributions only, up to a day or to the last payment of them (art. 28 §1)."""
    return late_interest(
        [
            Principal(
                key=str(one.id),
                amount=one.charged,
                due_on=one.due_on,
                payments=[Payment(value_on, amount) for value_on, amount in paid[one.id]],
            )
            for one in principals
        ],
        until,
        arrears_interest_parameters(on=until),
    )


def _not_booked(claims: Sequence[ClaimFigures], reckoned: ArrearsInterest) -> dict[date | None, Decimal]:
    """The interest that ran beyond what is booked, quarter by quarter; a quarter never lends to another."""
    quarter_of = {str(claim.id): claim.quarter for claim in claims}
    running: dict[date | None, Decimal] = defaultdict(Decimal)
    for line in reckoned.lines:
        running[quarter_of[line.key]] += line.amount
    for claim in claims:
        if claim.head == Head.INTEREST:
            running[claim.quarter] -= claim.charged
    return {quarter: amount for quarter, amount in running.items() if amount > 0}
