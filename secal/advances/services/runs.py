"""The month's payment run, from its preparation to the bank's last word. Nobody else writes runs and lines.

Long work comes in parts (`compute_part`, `instruct_part`): each is a unit of work that finds what is done.
"""

import uuid
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from audit.log import events as log
from secal.access.actors import current_actor
from secal.access.policy import NO_FACTS, Facts, require
from secal.advances.models import OPEN_RUN, AdvanceRun, LineState, RunAction, RunChange, RunLine, RunState
from secal.advances.rules.candidates import Line, lines_for
from secal.advances.rules.run_states import Transition, transition
from secal.advances.selectors import runs as selectors
from secal.cases import timeline
from secal.cases.models import EventKind, WorkKind
from secal.kernel.calendar import nth_working_day_after
from secal.kernel.errors import DomainError
from secal.kernel.periods import Month
from secal.law import parameter
from secal.law.assembly import advance_parameters
from secal.ledger.bank_client import DoorAnswer
from secal.ledger.models import PaymentFile
from secal.ledger.outcomes import Outcome, PaymentOutcome
from secal.ledger.services import payments
from secal.ledger.services.payments import Order
from secal.office.jobs import request_job
from secal.people.models import PaymentAccount
from secal.people.selectors import account_on

DAYS_TO_REPAIR_A_PAYMENT = 5
"""Working days that the officer has to find the right account; a habit of the office, no legal delay."""


class RunError(DomainError):
    """The run is not in a state in which this can be done."""


def prepare(*, month: date, execution_on: date) -> AdvanceRun:
    """Begin the run of a month, or find the one that is open. Its candidates are reckoned in the
    background.
    """
    actor = require("run.prepare")
    run = _open_run(month)
    if run is None:
        try:
            with transaction.atomic():
                run = _new_run(month, execution_on)
        except IntegrityError:
            # Somebody prepared the same month at the same moment: theirs is the run.
            run = _open_run(month)
            if run is None:
                raise
        else:
            _note(run, RunAction.PREPARE)
            log.record_write("run.prepare", purpose="advance_run")
    if run.state == RunState.PREPARING and run.prepared_by_id == actor.user_id:
        request_job("advances.compute", str(run.pk))
    return run


def _open_run(month: date) -> AdvanceRun | None:
    return AdvanceRun.objects.filter(month=month, state__in=OPEN_RUN).first()


def _new_run(month: date, execution_on: date) -> AdvanceRun:
    last = AdvanceRun.objects.filter(month=month).aggregate(last=Max("number"))["last"] or 0
    return AdvanceRun.objects.create(
        month=month, number=last + 1, execution_on=execution_on, prepared_by_id=current_actor().id
    )


def compute_part(*, run_id: uuid.UUID) -> int:
    """Write the lines of the next children; returns how many lines were written, 0 when all have theirs."""
    require("run.compute")
    run = _locked(run_id)
    if run.state != RunState.PREPARING:
        return 0
    rights = selectors.next_rights(run, children=settings.JOB_ROWS_A_STEP)
    if not rights:
        return 0
    done = selectors.with_line(rights, run=run)
    lines = lines_for(
        selectors.standing(rights, run=run),
        month=Month.of(run.month),
        parameters=advance_parameters(on=run.month),
        cap_shared=parameter("advance_cap_shared_between_titles", on=run.month).flag().value,
    )
    before = selectors.advanced_last_month(rights, month=run.month)
    beneficiaries = {right.pk: right.beneficiary_id for right in rights}
    rows = [
        _row(run, line, before.get(beneficiaries[line.right_id]))
        for line in lines
        if line.right_id not in done
    ]
    RunLine.objects.bulk_create(rows)
    return len(rows)


def _row(run: AdvanceRun, line: Line, previous: Decimal | None) -> RunLine:
    return RunLine(
        run=run,
        right_id=line.right_id,
        term_id=line.term_id,
        amount=line.amount,
        previous=previous,
        state=LineState.EXCLUDED if line.exclusion else LineState.CANDIDATE,
        exclusion=line.exclusion or "",
        explanation=line.explanation.to_dict(),
    )


def propose(*, run_id: uuid.UUID) -> AdvanceRun:
    """Every right has its line: fix count and sum, and put the run before the second person."""
    run = _locked(run_id)
    if run.state != RunState.PREPARING:
        return run
    payable = selectors.figures(run).payable
    run.count, run.total = payable.count, payable.amount
    return _move(run, RunAction.PROPOSE, "count", "total")


def approve(*, run_id: uuid.UUID) -> AdvanceRun:
    """A second person lets the money go. Raises Refused (same_person), RunError."""
    run = _locked(run_id)
    _check(run, RunAction.APPROVE)
    if not run.count:
        raise RunError(
            "run.nothing_to_pay", _("Cette liste ne contient aucun paiement : il n’y a rien à approuver.")
        )
    run.approved_by_id = current_actor().user_id
    run.approved_at = _database_now()
    run = _move(run, RunAction.APPROVE, "approved_by", "approved_at")
    request_job("advances.send", str(run.pk))
    return run


def cancel(*, run_id: uuid.UUID) -> AdvanceRun:
    """Give up a run that nobody approved; its terms can be taken up by the next. Raises RunError."""
    run = _locked(run_id)
    _check(run, RunAction.CANCEL)
    RunLine.objects.filter(run=run, state=LineState.CANDIDATE).update(state=LineState.DROPPED)
    return _move(run, RunAction.CANCEL)


# --- to the bank -------------------------------------------------------------------------------------


def begin_sending(*, run_id: uuid.UUID) -> PaymentFile | None:
    """The payment file of an approved run; None when the run was sent before. Raises RunError."""
    run = _locked(run_id)
    if run.state in (RunState.SENT, RunState.CONFIRMED):
        return None
    _check(run, RunAction.SEND)
    return payments.open_file(source=run.pk, execution_on=run.execution_on)


def instruct_part(*, run_id: uuid.UUID) -> int:
    """Turn the next lines into payment instructions; returns how many, 0 when all are."""
    run = _locked(run_id)
    _check(run, RunAction.SEND)
    lines = list(
        RunLine.objects.filter(run=run, state=LineState.CANDIDATE)
        .select_related("right__file", "term")
        .order_by("pk")[: settings.JOB_ROWS_A_STEP]
    )
    if not lines:
        return 0
    accounts = account_on({line.entitlement.file.creditor_id for line in lines}, run.execution_on)
    payments.instruct(
        file=PaymentFile.objects.get(source=run.pk),
        orders=[_order(run, line, accounts[line.entitlement.file.creditor_id]) for line in lines],
    )
    return RunLine.objects.filter(pk__in=[line.pk for line in lines]).update(state=LineState.INSTRUCTED)


def _order(run: AdvanceRun, line: RunLine, account: PaymentAccount) -> Order:
    if line.term is None or line.term.claim_id is None:
        raise RunError("run.term_without_claim", _("Un terme de la liste n’est plus dans les comptes."))
    return Order(
        source=line.pk,
        book_id=line.entitlement.file.book_id,
        claim_id=line.term.claim_id,
        account=account,
        amount=line.amount,
        remittance=f"SECAL {run.month:%Y-%m} {line.entitlement.file.number}",
    )


def record_sent(
    *, run_id: uuid.UUID, file_id: uuid.UUID, answer: DoorAnswer | None, at: datetime
) -> AdvanceRun:
    """The bank has the message (`answer` None: it had it before us). Its first reports may have come
    already.
    """
    if answer is not None:
        payments.record_sent(file_id=file_id, answer=answer, at=at)
    run = _locked(run_id)
    if run.state == RunState.APPROVED:
        run = _move(run, RunAction.SEND)
    _confirm_if_ended(run)
    return run


# --- what became of it -------------------------------------------------------------------------------


def on_outcomes(outcomes: Sequence[PaymentOutcome]) -> None:
    """The bank paid or refused some of our payments. Told by the ledger, in the same transaction."""
    runs = {
        run.pk: run
        for run in AdvanceRun.objects.select_for_update()
        .filter(pk__in={told.file_source for told in outcomes})
        .order_by("pk")
    }
    if not runs:
        return
    _note_paid([told for told in outcomes if told.outcome == Outcome.PAID])
    _note_rejected([told for told in outcomes if told.outcome == Outcome.REJECTED])
    for run in runs.values():
        _confirm_if_ended(run)


def _note_paid(outcomes: Sequence[PaymentOutcome]) -> None:
    days = {told.source: told.on for told in outcomes}
    lines = list(
        RunLine.objects.filter(pk__in=days, state=LineState.INSTRUCTED).select_related("right__file", "run")
    )
    if not lines:
        return
    RunLine.objects.filter(pk__in=[line.pk for line in lines]).update(state=LineState.PAID)
    timeline.add_events(
        [(line.entitlement.file_id, days[line.pk], _told_of(line)) for line in lines],
        kind=EventKind.MONEY,
        code="advance_paid",
    )
    refused_before = RunLine.objects.filter(
        term__in=[line.term_id for line in lines], state=LineState.REJECTED
    ).values_list("pk", "term")
    paid_on = {line.term_id: days[line.pk] for line in lines}
    for source, term in refused_before:
        timeline.finish_work(kind=WorkKind.PAYMENT_REJECTED, source=source, on=paid_on[term])


def _note_rejected(outcomes: Sequence[PaymentOutcome]) -> None:
    told = {one.source: one for one in outcomes}
    lines = list(
        RunLine.objects.filter(pk__in=told, state=LineState.INSTRUCTED).select_related("right__file", "run")
    )
    if not lines:
        return
    _mark_rejected({line.pk: told[line.pk].reason for line in lines})
    timeline.add_events(
        [
            (line.entitlement.file_id, told[line.pk].on, _told_of(line) | {"reason": told[line.pk].reason})
            for line in lines
        ],
        kind=EventKind.MONEY,
        code="advance_rejected",
    )
    for line in lines:
        on = told[line.pk].on
        timeline.ask_work(
            line.entitlement.file,
            kind=WorkKind.PAYMENT_REJECTED,
            source=line.pk,
            since=on,
            due_on=nth_working_day_after(on, DAYS_TO_REPAIR_A_PAYMENT),
        )


def _told_of(line: RunLine) -> dict[str, str]:
    """What the file's timeline says of a line."""
    return {"amount": str(line.amount), "month": f"{line.run.month:%Y-%m}"}


def _mark_rejected(reasons: dict[uuid.UUID, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE advances_runline AS line SET state = %s, exclusion = told.reason
               FROM unnest(%s::uuid[], %s::text[]) AS told(id, reason) WHERE line.id = told.id""",
            [LineState.REJECTED.value, list(reasons), list(reasons.values())],
        )


def _confirm_if_ended(run: AdvanceRun) -> None:
    """Every payment is paid or refused: the run is confirmed."""
    waiting = RunLine.objects.filter(run=run, state__in=(LineState.CANDIDATE, LineState.INSTRUCTED))
    if run.state == RunState.SENT and not waiting.exists():
        _move(run, RunAction.CONFIRM)


# --- the machine -------------------------------------------------------------------------------------


def _locked(run_id: uuid.UUID) -> AdvanceRun:
    return AdvanceRun.objects.select_for_update().get(pk=run_id)


def _check(run: AdvanceRun, action: RunAction) -> Transition:
    """The table allows this action from this state, and the policy allows it to this actor. Raises
    RunError, Refused.
    """
    line = transition(action, run.state)
    if line is None:
        raise RunError(
            f"run.cannot_{action.value}",
            _("Cet acte n’est plus possible : la liste est %(state)s."),
            params={"state": run.get_state_display()},
        )
    require(line.act, Facts(prepared_by=run.prepared_by_id) if line.second_person else NO_FACTS)
    return line


def _move(run: AdvanceRun, action: RunAction, *also: str) -> AdvanceRun:
    run.state = _check(run, action).target
    run.save(update_fields=["state", *also])
    _note(run, action)
    log.record_write(f"run.{action.value}", purpose="advance_run")
    return run


def _note(run: AdvanceRun, action: RunAction) -> None:
    actor = current_actor()
    RunChange.objects.create(run=run, action=action, state=run.state, actor=actor.id, actor_name=actor.name)


def _database_now() -> datetime:
    """The moment of the transaction, from the one clock that every process shares."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT now()")
        moment: datetime = cursor.fetchone()[0]
    return moment
