"""Reading payment runs: what a month's rights stand at, a run's figures and its lines."""

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Abs

from audit.log import events as log
from secal.access.actors import current_actor
from secal.access.policy import decide, require
from secal.advances.models import AdvanceRight, AdvanceRun, LineState, RightState, RunLine, RunState
from secal.advances.rules.candidates import MonthlyRight
from secal.cases.models import FileState, MonthlyTerm
from secal.cases.selectors import barred_file, get_file
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.ledger.models import Allocation, PaymentFile
from secal.people.models import PaymentAccount

PAYING = (LineState.CANDIDATE, LineState.INSTRUCTED, LineState.PAID)
"""States of a line whose money goes, or went, to the creditor."""
OUTLIER_PCT = 20
LINES_A_PAGE = 50


# --- what a month's rights stand at ------------------------------------------------------------------


def rights_of_month(month: date) -> QuerySet[AdvanceRight]:
    """Every right that covers a day of the month, running or not: each gets a line, paid or with its
    reason.
    """
    days = Month.of(month)
    return AdvanceRight.objects.filter(from_on__lte=days.last_day, until_on__gte=days.first_day)


def next_rights(run: AdvanceRun, *, children: int) -> list[AdvanceRight]:
    """Every right of the next so many children who lack a line. Whole children: their rights share a cap."""
    missing = rights_of_month(run.month).filter(
        ~Exists(RunLine.objects.filter(run=run, right=OuterRef("pk")))
    )
    chosen = list(
        missing.order_by("beneficiary__child")
        .values_list("beneficiary__child", flat=True)
        .distinct()[:children]
    )
    return list(
        rights_of_month(run.month)
        .filter(beneficiary__child__in=chosen)
        .select_related("beneficiary", "file")
        .order_by("file__number", "pk")
    )


def with_line(rights: list[AdvanceRight], *, run: AdvanceRun) -> set[uuid.UUID]:
    """Those of these rights that have their line in the run."""
    return set(
        RunLine.objects.filter(run=run, right__in=[right.pk for right in rights]).values_list(
            "right", flat=True
        )
    )


def standing(rights: list[AdvanceRight], *, run: AdvanceRun) -> list[MonthlyRight]:
    """The facts that the rule needs, for any number of rights in a fixed number of queries.

    A term that has a paying line counts as advanced, in whichever run that line is.
    """
    terms = {
        term.beneficiary_id: term
        for term in MonthlyTerm.objects.filter(
            month=run.month, beneficiary__in=[right.beneficiary_id for right in rights]
        )
    }
    received = _received([term.claim_id for term in terms.values() if term.claim_id])
    advanced = set(
        RunLine.objects.filter(term__in=[term.pk for term in terms.values()], state__in=PAYING).values_list(
            "term", flat=True
        )
    )
    payable = set(
        PaymentAccount.objects.filter(
            person__in={right.file.creditor_id for right in rights}, valid_from__lte=run.execution_on
        ).values_list("person", flat=True)
    )
    return [
        _standing(right, terms.get(right.beneficiary_id), received, advanced, payable) for right in rights
    ]


def _standing(
    right: AdvanceRight,
    term: MonthlyTerm | None,
    received: dict[uuid.UUID, Decimal],
    advanced: set[uuid.UUID],
    payable: set[uuid.UUID],
) -> MonthlyRight:
    facts = MonthlyRight(
        right_id=right.pk,
        child=right.beneficiary.child_id,
        running=right.state == RightState.RUNNING,
        ended=right.state == RightState.ENDED,
        file_closed=right.file.state == FileState.CLOSED,
        has_account=right.file.creditor_id in payable,
    )
    if term is None:
        return facts
    return MonthlyRight(
        right_id=facts.right_id,
        child=facts.child,
        running=facts.running,
        ended=facts.ended,
        file_closed=facts.file_closed,
        has_account=facts.has_account,
        term_id=term.pk,
        due=term.amount,
        received=term.paid_before_application
        + (received.get(term.claim_id, ZERO) if term.claim_id else ZERO),
        booked=term.claim_id is not None,
        advanced=term.pk in advanced,
    )


def _received(claims: Iterable[uuid.UUID]) -> dict[uuid.UUID, Decimal]:
    """What debtors paid on these claims since the service collects them; a receipt that was put back
    is not paid.
    """
    rows = (
        Allocation.objects.filter(claim__in=list(claims), entry__reversed_by=None)
        .values("claim")
        .annotate(sum=Sum("amount"))
    )
    return {row["claim"]: row["sum"] for row in rows}


def advanced_last_month(rights: list[AdvanceRight], *, month: date) -> dict[uuid.UUID, Decimal]:
    """What each beneficiary line was advanced for the month before, by beneficiary."""
    before = (Month.of(month) + -1).first_day
    rows = (
        RunLine.objects.filter(
            right__beneficiary__in=[right.beneficiary_id for right in rights],
            run__month=before,
            state__in=PAYING,
        )
        .values("right__beneficiary")
        .annotate(sum=Sum("amount"))
    )
    return {row["right__beneficiary"]: row["sum"] for row in rows}


# --- a run and its figures ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Tally:
    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run amounts to, in one query."""

    by_state: dict[str, Tally]
    exclusions: dict[str, int]
    outliers: int
    first_time: int

    def tally(self, *states: LineState) -> Tally:
        found = [self.by_state[state] for state in states if state in self.by_state]
        return Tally(sum(one.count for one in found), sum((one.amount for one in found), ZERO))

    @property
    def payable(self) -> Tally:
        return self.tally(*PAYING, LineState.REJECTED, LineState.DROPPED)

    @property
    def excluded(self) -> int:
        return self.tally(LineState.EXCLUDED).count


def list_runs() -> QuerySet[AdvanceRun]:
    require("run.view")
    return AdvanceRun.objects.select_related("prepared_by", "approved_by").order_by("-month", "-number")


def awaiting_me() -> int:
    """The lists that wait for the approval of the person asking: the number beside the menu line."""
    actor = current_actor()
    if not decide(actor, "run.approve").permitted:
        return 0
    return AdvanceRun.objects.filter(state=RunState.PROPOSED).exclude(prepared_by_id=actor.id).count()


def get_run(run_id: uuid.UUID) -> AdvanceRun | None:
    """A run, whatever its state; sums and counts only, nothing personal."""
    require("run.view")
    return AdvanceRun.objects.select_related("prepared_by", "approved_by").filter(pk=run_id).first()


def figures(run: AdvanceRun) -> RunFigures:
    by_state: dict[str, Tally] = defaultdict(Tally)
    exclusions: dict[str, int] = {}
    outliers = first_time = 0
    rows = (
        RunLine.objects.filter(run=run)
        .values("state", "exclusion")
        .annotate(
            count=Count("pk"),
            sum=Sum("amount"),
            outliers=Count("pk", filter=outlier()),
            first_time=Count("pk", filter=Q(previous=None) & ~Q(state=LineState.EXCLUDED)),
        )
        .order_by("-count")
    )
    for row in rows:
        before = by_state[row["state"]]
        by_state[row["state"]] = Tally(before.count + row["count"], before.amount + row["sum"])
        outliers += row["outliers"]
        first_time += row["first_time"]
        if row["state"] == LineState.EXCLUDED:
            exclusions[row["exclusion"]] = row["count"]
    return RunFigures(dict(by_state), exclusions, outliers, first_time)


def outlier() -> Q:
    """Lines that moved by more than a fifth since last month; one paid then and left out now counts too."""
    return Q(previous__isnull=False) & (
        Q(amount__gt=F("previous") * (100 + OUTLIER_PCT) / 100)
        | Q(amount__lt=F("previous") * (100 - OUTLIER_PCT) / 100)
    )


def month_before(run: AdvanceRun) -> Tally:
    """All that was proposed for the month before and not abandoned."""
    before = (Month.of(run.month) + -1).first_day
    told = AdvanceRun.objects.filter(month=before).exclude(state__in=[RunState.CANCELLED, RunState.PREPARING])
    sums = told.aggregate(count=Sum("count"), amount=Sum("total"))
    return Tally(sums["count"] or 0, sums["amount"] or ZERO)


def payment_file(run: AdvanceRun) -> PaymentFile | None:
    """The message to the bank, without its content."""
    return PaymentFile.objects.defer("content").filter(source=run.pk).first()


# --- lines -------------------------------------------------------------------------------------------

VIEWS = {
    "payable": ~Q(state=LineState.EXCLUDED),
    "outliers": outlier(),
    "excluded": Q(state=LineState.EXCLUDED),
    "rejected": Q(state=LineState.REJECTED),
}


def lines_of(run: AdvanceRun, *, show: str, exclusion: str = "") -> QuerySet[RunLine]:
    """Lines of a run, outliers first; never one of a file that the person asking registered (12/057 §22) or
    in which they are a party.
    """
    actor = require("run.view")
    lines = RunLine.objects.filter(VIEWS[show], run=run).exclude(barred_file(actor, OuterRef("right__file")))
    if exclusion:
        lines = lines.filter(exclusion=exclusion)
    return (
        lines.select_related("right__file")
        .annotate(
            first=Case(When(outlier(), then=Value(0)), default=Value(1), output_field=IntegerField()),
            change=Abs(F("amount") - F("previous")),
        )
        .order_by("first", F("change").desc(nulls_last=True), "right__file__number", "pk")
    )


def log_lines_shown(lines: Iterable[RunLine]) -> None:
    """The page of lines is about to be shown: one row a line in the security log."""
    log.record_list_read(
        "run.lines",
        purpose="advance_run",
        lines=[(None, line.right.file_id) for line in lines if line.right is not None],
        fields=("amount", "exclusion"),
    )


def get_line(line_id: uuid.UUID) -> RunLine | None:
    """One line with its reckoning, for whoever may open its file; none when that was erased. Raises Refused,
    logs the read.
    """
    require("run.view")
    line = RunLine.objects.select_related("run", "right__file", "term").filter(pk=line_id).first()
    if line is None or line.right is None:
        return None
    get_file(line.right.file_id, purpose="advance_run", fields=("advance",))
    return line
