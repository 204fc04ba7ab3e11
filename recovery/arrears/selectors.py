"""Reading debts, notices, rolls and oppositions of a file that its page has opened through the door."""

import uuid
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import Case, Prefetch, Q, QuerySet, Value, When

from recovery.arrears.models import (
    ChargeHead,
    Contest,
    ContestLine,
    Debt,
    DebtCharge,
    Delegation,
    FormalNotice,
    NoticeLine,
    Opposition,
    RollLine,
    RollState,
    SpecialRoll,
)
from recovery.cases import events as case_events
from recovery.cases.dues import amount_due
from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import without_own
from secal.access.models import User
from secal.access.policy import require
from secal.access.roles import Role
from secal.kernel.explanation import Explanation
from secal.kernel.money import ZERO, total
from secal.kernel.reckoning.arrears import surcharge
from secal.law.onss import surcharge_parameters
from secal.ledger.selectors import open_claims, payments_on_claims

HEAD_ORDER = {ChargeHead.SOCIAL: 0, ChargeHead.SURCHARGE: 1, ChargeHead.INTEREST: 2}
TO_SIGN_FIRST = Case(When(state=RollState.DRAWN, then=0), default=1)
BY_HEAD = Case(*[When(charge__head=head, then=Value(place)) for head, place in HEAD_ORDER.items()])
"""Orders lines of a quarter: contributions, surcharge, interest."""
ON_A_ROLL = [RollState.DRAWN, RollState.ENFORCEABLE]
"""Rolls that claim their sums; a withdrawn one does not."""


@dataclass(frozen=True, slots=True)
class Owed:
    """One sum of a debt that may be claimed, in euro. `charge` is None while it is not booked yet."""

    debt: Debt
    head: ChargeHead
    amount: Decimal
    charge: DebtCharge | None = None
    until_on: date | None = None
    explanation: Explanation | None = None


@dataclass(frozen=True, slots=True)
class RollCandidate:
    """A line of a notice as the page of the roll offers it. `reason`: why it cannot be taken, "" when it
    can.
    """

    line: NoticeLine
    open: Decimal
    reason: str
    warned: bool
    """Disputed outside the legal form: a person decides."""


def debts_of(file: RecoveryFile) -> list[Debt]:
    """The debts with their charges, oldest quarter first; two queries."""
    charges = DebtCharge.objects.select_related("claim").order_by("until_on")
    return list(
        Debt.objects.filter(file=file)
        .order_by("quarter", "origin")
        .prefetch_related(Prefetch("charges", queryset=charges))
    )


def owed(file: RecoveryFile, *, until: date) -> list[Owed]:
    """Everything due and unpaid on a day, oldest quarter first: what is booked and still open, and what the
    law adds up to that day and is not booked yet.
    """
    debts = [debt for debt in debts_of(file) if debt.due_on < until]
    return _owed(file, debts, until=until)


def claimable(file: RecoveryFile, *, until: date) -> list[Owed]:
    """What a formal notice of that day claims: all that is owed and that no earlier notice or roll claims.

    A payment that was taken back after a notice makes more open than it claimed: that part is claimed anew.
    """
    claimed = _claimed(file)
    lines = owed(file, until=until)
    left = [line.amount - (claimed[line.charge.pk] if line.charge else ZERO) for line in lines]
    return [replace(line, amount=amount) for line, amount in zip(lines, left, strict=True) if amount > 0]


def missing_surcharges(file: RecoveryFile, *, on: date) -> list[Owed]:
    """Surcharges of debts whose due day passed unpaid and that are not booked yet."""
    return _surcharges([debt for debt in debts_of(file) if debt.due_on < on])


def open_by_claim(file: RecoveryFile) -> dict[uuid.UUID, Decimal]:
    """What is still due on each claim of the file's book, in euro; one query."""
    return {claim.id: claim.open for claim in open_claims(file.book)}


def notices_of(file: RecoveryFile) -> list[FormalNotice]:
    """The notices, newest first, with their lines and contests."""
    lines = NoticeLine.objects.select_related("charge__debt").order_by("charge__debt__quarter", BY_HEAD)
    contests = Contest.objects.order_by("sent_on").prefetch_related("lines")
    return list(
        FormalNotice.objects.filter(file=file)
        .order_by("-sent_on", "-number")
        .prefetch_related(Prefetch("lines", queryset=lines), Prefetch("contests", queryset=contests))
    )


def roll_candidates(file: RecoveryFile, *, on: date) -> list[RollCandidate]:
    """Every line of the notices that is not on a roll, with why it cannot be taken. Reasons are codes.

    What is open of a sum goes to the rolls that name it already, then to the notices, oldest first.
    """
    lines = list(
        NoticeLine.objects.filter(notice__file=file)
        .exclude(roll_lines__roll__state__in=ON_A_ROLL)
        .select_related("notice", "charge__debt", "charge__claim")
        .order_by("charge__debt__quarter", "notice__sent_on", BY_HEAD)
    )
    still_open: dict[uuid.UUID, Decimal] = defaultdict(Decimal, open_by_claim(file))
    for claim_id, amount in RollLine.objects.filter(roll__file=file, roll__state__in=ON_A_ROLL).values_list(
        "charge__claim", "amount"
    ):
        still_open[claim_id] -= amount
    warned = set(
        ContestLine.objects.filter(line__in=lines, contest__effective=False).values_list("line", flat=True)
    )
    found = []
    for line in lines:
        due = min(still_open[line.charge.claim_id], line.amount)
        if due > 0:
            reason = _why_not(line, on)
            found.append(RollCandidate(line, due, reason, line.pk in warned))
            if line.notice.clause_version:
                still_open[line.charge.claim_id] -= due
    return found


def still_claimed(roll: SpecialRoll) -> list[tuple[RollLine, Decimal]]:
    """The lines of a roll with what is still open of each, in euro; those that are paid are left out.

    What is open of a sum that two rolls name goes to the older roll first.
    """
    still_open = open_by_claim(roll.file)
    lines = (
        RollLine.objects.filter(roll__file=roll.file, roll__state__in=ON_A_ROLL)
        .select_related("charge__debt")
        .order_by("roll__drawn_on", "roll__number", "charge__debt__quarter", BY_HEAD, "pk")
    )
    found = []
    for line in lines:
        due = min(still_open.get(line.charge.claim_id, ZERO), line.amount)
        if due > 0:
            still_open[line.charge.claim_id] -= due
            if line.roll_id == roll.pk:
                found.append((line, due))
    return found


def rolls_of(file: RecoveryFile) -> list[SpecialRoll]:
    """The rolls, newest first, with their lines."""
    return list(_rolls().filter(file=file))


def lines_of(roll: SpecialRoll) -> list[RollLine]:
    """The lines of a roll as it was drawn up."""
    return list(
        RollLine.objects.filter(roll=roll)
        .select_related("charge__debt")
        .order_by("charge__debt__quarter", BY_HEAD, "pk")
    )


def rolls_to_sign() -> QuerySet[SpecialRoll]:
    """Rolls of every file, those to be signed first. The caller logs what it shows."""
    require("roll.view")
    rolls = without_own(_rolls().select_related("file__employer"))
    return rolls.order_by(TO_SIGN_FIRST, "-drawn_on", "-number")


def log_rolls(rolls: list[SpecialRoll]) -> None:
    """A page of the list of rolls is about to be shown."""
    lines = [(roll.file.employer_id, roll.file_id) for roll in rolls]
    case_events.files_listed("roll.view", purpose="recovery", lines=lines)


def oppositions_of(file: RecoveryFile) -> list[Opposition]:
    return list(
        Opposition.objects.filter(title__file=file).select_related("title").order_by("-filed_on", "-pk")
    )


def delegation_in_force(delegate: uuid.UUID, *, power: str, on: date) -> Delegation | None:
    """The delegation under which somebody may act on a day. `power`: "signs_rolls" or
    "issues_constraints".
    """
    in_force = Q(until_on=None) | Q(until_on__gte=on)
    return (
        Delegation.objects.filter(in_force, delegate=delegate, from_on__lte=on, **{power: True})
        .order_by("-from_on")
        .first()
    )


def delegations() -> list[Delegation]:
    """Every delegation, newest first. Raises Refused."""
    require("delegation.record")
    return list(Delegation.objects.select_related("delegate").order_by("-from_on", "decision"))


def signatories() -> list[User]:
    """Members of staff who may be given a delegation. Raises Refused."""
    require("delegation.record")
    return list(
        User.objects.filter(is_active=True, roles__role=Role.ROLL_SIGNATORY, roles__ended_at=None)
        .distinct()
        .order_by("family_name", "given_name", "pk")
    )


def _rolls() -> QuerySet[SpecialRoll]:
    lines = RollLine.objects.select_related("charge__debt").order_by("charge__debt__quarter", BY_HEAD)
    return (
        SpecialRoll.objects.select_related("drawn_by", "enforceable_by", "delegation")
        .prefetch_related(Prefetch("lines", queryset=lines))
        .order_by("-drawn_on", "-number")
    )


def _why_not(line: NoticeLine, on: date) -> str:
    notice = line.notice
    if not notice.clause_version:
        return "constraint.notice_null"
    if line.contested_on is not None:
        return "contested"
    if notice.last_day is None or notice.last_day >= on:
        return "constraint.notice_running"
    return ""


def _claimed(file: RecoveryFile) -> dict[uuid.UUID, Decimal]:
    """By charge, what notices that are not null claim of it, and rolls that rest on no notice."""
    noticed = NoticeLine.objects.filter(notice__file=file).exclude(notice__clause_version="")
    rolled = RollLine.objects.filter(roll__file=file, roll__state__in=ON_A_ROLL, notice_line=None)
    claimed: dict[uuid.UUID, Decimal] = defaultdict(Decimal)
    for charge, amount in [*noticed.values_list("charge", "amount"), *rolled.values_list("charge", "amount")]:
        claimed[charge] += amount
    return claimed


def _owed(file: RecoveryFile, debts: list[Debt], *, until: date) -> list[Owed]:
    still_open = open_by_claim(file)
    lines = [
        Owed(debt, ChargeHead(charge.head), still_open[charge.claim_id], charge, charge.until_on)
        for debt in debts
        for charge in debt.charges.all()
        if still_open.get(charge.claim_id, ZERO) > 0
    ]
    lines += _surcharges(debts)
    lines += _new_interest(file, debts, until)
    return sorted(lines, key=lambda line: (line.debt.quarter, line.debt.origin, HEAD_ORDER[line.head]))


def _surcharges(debts: list[Debt]) -> list[Owed]:
    """On what was not paid by the due day (art. 28 §1)."""
    bare = [
        debt for debt in debts if all(charge.head != ChargeHead.SURCHARGE for charge in debt.charges.all())
    ]
    paid = payments_on_claims([_principal(debt).claim_id for debt in bare]) if bare else {}
    found = []
    for debt in bare:
        in_time = total(
            amount for value_on, amount in paid.get(_principal(debt).claim_id, []) if value_on <= debt.due_on
        )
        unpaid = debt.contributions - in_time
        if unpaid > 0:
            reckoned = surcharge(unpaid, surcharge_parameters(on=debt.due_on))
            found.append(Owed(debt, ChargeHead.SURCHARGE, reckoned.amount, explanation=reckoned.explanation))
    return [line for line in found if line.amount > 0]


def _new_interest(file: RecoveryFile, debts: list[Debt], until: date) -> list[Owed]:
    """The interest up to a day that is not booked, on the debt that bears it."""
    due = amount_due(file, on=until)
    running = dict(due.running)
    bearing = {str(_principal(debt).claim_id): debt for debt in debts}
    found = []
    for line in due.reckoned.lines:
        debt = bearing[line.key]
        booked = total(charge.amount for charge in debt.charges.all() if charge.head == ChargeHead.INTEREST)
        amount = min(line.amount - booked, running.get(debt.quarter, ZERO))
        if amount > 0:
            running[debt.quarter] -= amount
            found.append(
                Owed(debt, ChargeHead.INTEREST, amount, until_on=until, explanation=line.explanation)
            )
    return found


def _principal(debt: Debt) -> DebtCharge:
    return next(charge for charge in debt.charges.all() if charge.head == ChargeHead.SOCIAL)
