"""Issuing the constraint on an enforceable roll (art. 40 §3). May be the one who signed the roll: the law
allows it.
"""

import uuid
from datetime import date
from decimal import Decimal

from recovery.arrears import events
from recovery.arrears.errors import before_roll, constraint_exists, roll_not_enforceable, roll_paid
from recovery.arrears.letters import constraint_paper, roll_paper
from recovery.arrears.models import RollLine, RollState, SpecialRoll
from recovery.arrears.selectors import still_claimed
from recovery.arrears.services.notices import PDF
from recovery.arrears.services.rolls import delegated
from recovery.cases.errors import file_ended, not_in_file
from recovery.cases.models import DocumentKind, FileEventKind, Title
from recovery.cases.selectors import get_file
from recovery.cases.services.files import keep_document, title_number
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.access.models import User
from secal.kernel.money import total
from secal.ledger.services.books import lock_books


def issue_constraint(*, file_id: uuid.UUID, roll_id: uuid.UUID, on: date) -> Title:
    """Issue the constraint: the title, its paper in the debtor's language, and the copy of the roll.

    It claims what is still open of the roll: nothing that was paid since. Raises Refused (no_delegation too);
    ArrearsError constraint.roll, constraint.twice, constraint.before_roll, roll.paid.
    """
    file = get_file(file_id, act="constraint.issue", fields=("employer", "roll"), lock=True)
    if file.ended_on:
        raise file_ended()
    roll = (
        SpecialRoll.objects.select_related("file__book", "drawn_by", "enforceable_by", "delegation")
        .filter(file=file, pk=roll_id)
        .first()
    )
    if roll is None:
        raise not_in_file("constraint.issue", file.pk)
    if roll.state != RollState.ENFORCEABLE or roll.enforceable_on is None:
        raise roll_not_enforceable()
    if on < roll.enforceable_on:
        raise before_roll()
    if Title.objects.filter(roll=roll.pk).exists():
        raise constraint_exists()
    delegation = delegated("constraint.issue", power="issues_constraints", file=file, on=on)
    # Held from here on: no payment is booked between what is claimed and what is written.
    lock_books([file.book_id])
    claimed = still_claimed(roll)
    if not claimed:
        raise roll_paid()
    title = Title.objects.create(
        file=file,
        number=title_number(on=on),
        roll=roll.pk,
        issued_on=on,
        issued_by=current_actor().id,
        sums=[_sum(line, amount) for line, amount in claimed],
        court=file.employer.arrondissement,
    )
    issuer = User.objects.get(pk=current_actor().id)
    papers = (
        (
            DocumentKind.CONSTRAINT,
            title.number,
            constraint_paper(file, title, roll, claimed, issuer, delegation.decision),
        ),
        (DocumentKind.ROLL_COPY, roll.number, roll_paper(file, roll)),
    )
    for kind, name, content in papers:
        keep_document(
            file, kind=kind, name=f"{name}.pdf", content=content, media_type=PDF, on=on, title=title
        )
    params = {"number": title.number, "amount": str(total(amount for _line, amount in claimed))}
    add_event(file, kind=FileEventKind.TITLE, code="constraint_issued", on=on, params=params)
    events.constraint_issued(file=file.pk)
    return title


def _sum(line: RollLine, amount: Decimal) -> dict[str, str]:
    return {
        "kind": line.charge.head,
        "quarter": line.charge.debt.quarter.isoformat(),
        "amount": str(amount),
    }
