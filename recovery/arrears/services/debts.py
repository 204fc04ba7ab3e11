"""Recording what an employer owes, and booking each sum of it: the only writer of debts and their charges."""

import uuid
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from recovery.arrears import events
from recovery.arrears.errors import contributions_missing, debt_recorded_before, quarter_not_over
from recovery.arrears.models import ChargeHead, Debt, DebtCharge, Origin
from recovery.arrears.selectors import Owed, missing_surcharges, owed
from recovery.arrears.services.limitation import refresh_limitation
from recovery.cases.milestones import on_debt_recorded
from recovery.cases.models import FileEventKind, RecoveryFile
from recovery.cases.services.files import open_file
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.access.policy import Facts, require
from secal.kernel.money import total
from secal.kernel.periods import Month
from secal.kernel.reckoning.arrears import due_date
from secal.ledger.models import Head
from secal.ledger.services.books import charge, onss_line
from secal.ledger.services.surplus import use_surplus
from secal.people.employers import is_debtor
from secal.people.models import Employer


def record_debt(
    *, employer_id: uuid.UUID, quarter: date, origin: Origin, contributions: Decimal, on: date
) -> Debt:
    """Record a quarter's contributions in the employer's running file (opened when there is none) and book
    them.

    When the due day has passed unpaid the surcharge is booked with them. Raises Refused; ReckoningError for
    a day that begins no quarter; ArrearsError debt.quarter_running, debt.no_contributions, debt.twice.
    """
    require("debt.record")
    due_on = due_date(quarter)
    if (Month.of(quarter) + 2).last_day >= on:
        raise quarter_not_over()
    if contributions <= 0:
        raise contributions_missing()
    employer = Employer.objects.get(pk=employer_id)
    require("debt.record", Facts(subject=employer_id, actor_is_party=is_debtor(employer)))
    file = open_file(employer, on=on)
    if Debt.objects.filter(file=file, quarter=quarter, origin=origin).exists():
        raise debt_recorded_before()
    debt = Debt.objects.create(
        file=file,
        quarter=quarter,
        origin=origin,
        contributions=contributions,
        due_on=due_on,
        recorded_on=on,
        recorded_by=current_actor().id,
    )
    book_owed(file, [Owed(debt, ChargeHead.SOCIAL, contributions)], source=debt.pk, on=on)
    # Received too much before: it pays this debt from its own value date, and perhaps in time.
    use_surplus(book_id=file.book_id, on=on)
    book_surcharges(file, on=on)
    refresh_limitation(file, on=on)
    params = {"quarter": quarter.isoformat(), "amount": str(contributions), "origin": origin}
    add_event(file, kind=FileEventKind.DEBT, code="debt_recorded", on=on, params=params)
    events.debt_recorded(file=file.pk, employer=file.employer_id)
    on_debt_recorded.reached(file, on=on)
    return debt


def book_surcharges(file: RecoveryFile, *, on: date) -> list[DebtCharge]:
    """Book the surcharge of each debt whose due day has passed unpaid; again does nothing. The caller holds
    the file.
    """
    booked = []
    for line in missing_surcharges(file, on=on):
        booked += book_owed(file, [line], source=line.debt.pk, on=on)
        params = {"quarter": line.debt.quarter.isoformat(), "amount": str(line.amount)}
        add_event(file, kind=FileEventKind.DEBT, code="surcharge_booked", on=on, params=params)
    return booked


def book_accruals(file: RecoveryFile, on: date) -> None:
    """Book the surcharge and the interest that the law adds up to a day (art. 28 §1); again books nothing.

    The caller holds the file and has required its own act.
    """
    book_surcharges(file, on=on)
    fresh = [
        line for line in owed(file, until=on) if line.charge is None and line.head == ChargeHead.INTEREST
    ]
    if not fresh:
        return
    # A source of its own: what a payment taken back brings about the same day is another sum.
    book_owed(file, fresh, source=uuid.uuid4(), on=on)
    refresh_limitation(file, on=on)
    params = {"amount": str(total(line.amount for line in fresh))}
    add_event(file, kind=FileEventKind.DEBT, code="interest_booked", on=on, params=params)


def book_owed(file: RecoveryFile, lines: Sequence[Owed], *, source: uuid.UUID, on: date) -> list[DebtCharge]:
    """Book sums that are not booked yet, one claim each. `source`: the debt or the notice that fixes them."""
    claims = charge(
        [
            onss_line(
                book_id=file.book_id,
                head=Head(line.head.value),
                quarter=line.debt.quarter,
                due_on=line.debt.due_on,
                amount=line.amount,
                source=source,
                booked_on=on,
            )
            for line in lines
        ]
    )
    return [
        DebtCharge.objects.create(
            debt=line.debt,
            head=line.head,
            claim=claim,
            amount=line.amount,
            until_on=line.until_on,
            explanation=line.explanation.to_dict() if line.explanation else {},
        )
        for line, claim in zip(lines, claims, strict=True)
    ]
