"""The month's run: who gets a line, how much, who may let it go, and what the database itself refuses."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import AdvanceRun, LineState, RightState, RunLine, RunState
from secal.advances.selectors import runs as selectors
from secal.advances.services import runs
from secal.advances.services.runs import RunError
from secal.kernel.explanation import Explanation
from secal.ledger.models import BankMovement, BankStatement, Receipt
from secal.ledger.services import receipts
from secal.office import jobs
from secal.office.models import Job, JobState
from secal.vault.keystore import create_key
from tests.advances.rights import MONTH, Granted, add_term, grant, grant_many
from tests.changing import change

EXECUTION = date(2026, 11, 24)


def prepared(officer: User, month: date = MONTH) -> AdvanceRun:
    """A run with its candidates reckoned by the job's own handler."""
    with acting_as(officer.pk):
        run = runs.prepare(month=month, execution_on=EXECUTION)
    jobs.run(Job.objects.get(kind="advances.compute", period=str(run.pk)).pk)
    run.refresh_from_db()
    return run


def line_of(run: AdvanceRun, granted: Granted) -> RunLine:
    return RunLine.objects.get(run=run, right=granted.right)


# --- who gets what -----------------------------------------------------------------------------------


def test_a_term_above_the_cap_is_advanced_up_to_the_cap(officer: User) -> None:
    granted = grant(officer=officer, amount=Decimal("220.00"))
    line = line_of(prepared(officer), granted)
    assert (line.amount, line.state) == (Decimal("175.00"), LineState.CANDIDATE)


def test_a_partial_payment_lowers_the_advance(officer: User) -> None:
    granted = grant(officer=officer, amount=Decimal("220.00"), paid=Decimal("60.00"))
    assert line_of(prepared(officer), granted).amount == Decimal("115.00")


def test_what_the_debtor_paid_since_the_application_counts_too(officer: User) -> None:
    granted = grant(officer=officer, amount=Decimal("150.00"))
    _receive(granted, Decimal("40.00"))
    assert line_of(prepared(officer), granted).amount == Decimal("110.00")


def test_two_titles_of_one_child_share_the_cap_of_the_month(officer: User) -> None:
    first = grant(officer=officer, number=1, amount=Decimal("120.00"))
    second = grant(officer=officer, number=2, amount=Decimal("120.00"), child=first.beneficiary.child)
    run = prepared(officer)
    assert [line_of(run, first).amount, line_of(run, second).amount] == [Decimal("120.00"), Decimal("55.00")]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iban": None}, "no_account"),
        ({"paid": Decimal("220.00")}, "fully_paid"),
        ({"paid": Decimal("180.00")}, "nothing_left"),
        ({"state": RightState.SUSPENDED}, "suspended"),
        ({"state": RightState.ENDED}, "right_ended"),
        ({"with_term": False}, "no_term"),
        ({"booked": False}, "not_booked"),
    ],
)
def test_a_right_without_payment_has_its_reason(officer: User, changes: dict[str, Any], reason: str) -> None:
    granted = grant(officer=officer, **changes)
    line = line_of(prepared(officer), granted)
    assert (line.state, line.exclusion, line.amount) == (LineState.EXCLUDED, reason, Decimal("0.00"))


def test_the_account_is_the_one_that_counts_on_the_day_of_execution(officer: User) -> None:
    granted = grant(officer=officer)
    change(granted.creditor.accounts.all(), valid_from=date(2026, 11, 25))
    assert line_of(prepared(officer), granted).exclusion == "no_account"


def test_a_line_keeps_a_reckoning_that_can_be_read_back(officer: User) -> None:
    granted = grant(officer=officer)
    told = Explanation.from_dict(line_of(prepared(officer), granted).explanation)
    assert told.amount == Decimal("175.00")
    assert [given.name for given in told.parameters] == ["advance_cap_per_creditor_month"]
    assert told.parameters[0].source


def test_nobody_is_forgotten_and_sums_are_fixed_when_proposed(officer: User) -> None:
    grant_many(3, officer=officer)
    grant(officer=officer, number=9, iban=None)
    run = prepared(officer)
    assert run.state == RunState.PROPOSED
    assert (run.count, run.total) == (3, Decimal("525.00"))
    assert RunLine.objects.filter(run=run).count() == 4


def test_a_term_advanced_once_is_never_advanced_again(officer: User) -> None:
    granted = grant(officer=officer)
    first = prepared(officer)
    AdvanceRun.objects.filter(pk=first.pk).update(state=RunState.CANCELLED)
    second = prepared(officer)
    assert second.number == 2
    assert line_of(second, granted).exclusion == "already_advanced"


def test_a_run_given_up_leaves_its_terms_to_the_next(officer: User) -> None:
    granted = grant(officer=officer)
    first = prepared(officer)
    with acting_as(officer.pk):
        runs.cancel(run_id=first.pk)
    second = prepared(officer)
    assert line_of(first, granted).state == LineState.DROPPED
    assert line_of(second, granted).state == LineState.CANDIDATE


def test_lines_compare_with_the_month_before(officer: User, approver: User) -> None:
    granted = grant(officer=officer, month=date(2026, 10, 1))
    prepared(officer, date(2026, 10, 1))
    add_term(granted, month=MONTH, amount=Decimal("100.00"))
    run = prepared(officer)
    line = line_of(run, granted)
    assert (line.previous, line.amount) == (Decimal("175.00"), Decimal("100.00"))
    with acting_as(officer.pk):
        assert selectors.figures(run).outliers == 1
        assert selectors.month_before(run) == selectors.Tally(1, Decimal("175.00"))
        assert list(selectors.lines_of(run, show="outliers")) == [line]


# --- cost --------------------------------------------------------------------------------------------


def test_a_part_costs_the_same_number_of_queries_for_two_or_forty(officer: User) -> None:
    grant_many(2, officer=officer)
    few = _queries_of_a_part(officer)
    grant_many(40, officer=officer)
    with acting_as(officer.pk):
        runs.cancel(run_id=AdvanceRun.objects.get(state=RunState.PREPARING).pk)
    assert _queries_of_a_part(officer) == few


def _queries_of_a_part(officer: User) -> int:
    with acting_as(officer.pk):
        run = runs.prepare(month=MONTH, execution_on=EXECUTION)
    with service_work("advances"), CaptureQueriesContext(connection) as caught:
        assert runs.compute_part(run_id=run.pk)
    return len(caught)


# --- the second person -------------------------------------------------------------------------------


@pytest.mark.obligation("forbidden 6")
def test_the_preparer_cannot_approve_even_with_the_approver_role(
    make_user: Callable[..., User], security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    both = make_user(Role.CASE_OFFICER, Role.APPROVER)
    grant(officer=both)
    run = prepared(both)
    with pytest.raises(Refused) as refusal, acting_as(both.pk):
        runs.approve(run_id=run.pk)
    assert refusal.value.reason == "same_person"
    assert security_log(kind="DENY", act="run.approve")
    run.refresh_from_db()
    assert run.state == RunState.PROPOSED


def test_an_officer_without_the_role_cannot_approve(officer: User, other_officer: User) -> None:
    grant(officer=officer)
    run = prepared(officer)
    with pytest.raises(Refused), acting_as(other_officer.pk):
        runs.approve(run_id=run.pk)


@pytest.mark.obligation("forbidden 6")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE advances_advancerun SET approved_by_id = prepared_by_id, approved_at = "
        "now(), state = 'approved'",
        "UPDATE advances_advancerun SET prepared_by_id = %(other)s",
        "UPDATE advances_advancerun SET state = 'approved'",
        "UPDATE advances_runline SET amount = 999",
        "DELETE FROM advances_runline",
        "DELETE FROM advances_runchange",
        "UPDATE advances_runchange SET actor_name = 'x'",
        "UPDATE advances_runline SET state = 'candidate', run_id = run_id",
    ],
)
def test_raw_sql_of_the_application_role_cannot_get_round_the_second_person(
    officer: User, approver: User, statement: str
) -> None:
    grant(officer=officer)
    prepared(officer)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, {"other": approver.pk})


def test_a_proposed_run_takes_no_more_lines(officer: User) -> None:
    run = prepared_with_one(officer)
    late = grant(officer=officer, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        RunLine.objects.create(
            run=run, right=late.right, term=late.term, amount=Decimal("175.00"), state=LineState.CANDIDATE
        )


def test_what_was_approved_stays_as_it_was_approved(officer: User, approver: User) -> None:
    run = prepared_with_one(officer)
    with acting_as(approver.pk):
        runs.approve(run_id=run.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        AdvanceRun.objects.filter(pk=run.pk).update(total=Decimal("1.00"))


def prepared_with_one(officer: User) -> AdvanceRun:
    grant(officer=officer)
    return prepared(officer)


def test_approval_is_logged_and_rings_for_the_sending(
    officer: User, approver: User, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    run = prepared_with_one(officer)
    with acting_as(approver.pk):
        approved = runs.approve(run_id=run.pk)
    assert (approved.state, approved.approved_by_id) == (RunState.APPROVED, approver.pk)
    assert security_log(kind="WRITE", act="run.approve", actor=approver.pk)
    assert Job.objects.get(kind="advances.send", period=str(run.pk)).state == JobState.WAITING
    assert [change.action for change in run.changes.order_by("at")] == ["prepare", "propose", "approve"]


def test_an_empty_run_cannot_be_approved(officer: User, approver: User) -> None:
    grant(officer=officer, iban=None)
    run = prepared(officer)
    with pytest.raises(RunError) as refusal, acting_as(approver.pk):
        runs.approve(run_id=run.pk)
    assert refusal.value.code == "run.nothing_to_pay"


def test_an_approved_run_cannot_be_given_up(officer: User, approver: User) -> None:
    run = prepared_with_one(officer)
    with acting_as(approver.pk):
        runs.approve(run_id=run.pk)
    with pytest.raises(RunError) as refusal, acting_as(officer.pk):
        runs.cancel(run_id=run.pk)
    assert refusal.value.code == "run.cannot_cancel"


def test_preparing_a_month_again_finds_its_run(officer: User, other_officer: User) -> None:
    run = prepared_with_one(officer)
    with acting_as(other_officer.pk):
        assert runs.prepare(month=MONTH, execution_on=EXECUTION).pk == run.pk
    assert AdvanceRun.objects.count() == 1


def _receive(granted: Granted, amount: Decimal) -> None:
    """A payment of the debtor, imputed on the month's term by the ledger's own rows."""
    statement = BankStatement.objects.create(
        file_sha256="0" * 64,
        statement_id="S1",
        account_iban="BE68539007547034",
        until_on=EXECUTION,
        opening=0,
        closing=amount,
    )
    movement = BankMovement.objects.create(
        key_id=create_key("bank"),
        statement=statement,
        line=1,
        booked_on=EXECUTION,
        value_on=EXECUTION,
        amount=amount,
        state="matched",
    )
    receipt = Receipt.objects.create(movement=movement, amount=amount, value_on=EXECUTION)
    with service_work("bank"):
        receipts._allocate([receipts.Matched(receipt, granted.file.book)], on=EXECUTION)
