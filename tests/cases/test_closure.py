"""Closing a file: on a ground that holds, proposed by one and confirmed by another; what runs in it ends."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import (
    AdvanceDecision,
    AdvanceRight,
    AdvanceRun,
    LineState,
    Outcome,
    RightState,
    RunLine,
    RunState,
)
from secal.cases.closing import Standing, assess
from secal.cases.errors import CaseError
from secal.cases.models import (
    AlimonyFile,
    Beneficiary,
    CaseEvent,
    Closure,
    ClosureGround,
    ClosureState,
    FileState,
    WorkItem,
    WorkKind,
)
from secal.cases.services import close_file, propose_closure, return_closure, turn_down
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.errors import DomainError
from secal.kernel.explanation import Explanation
from secal.kernel.money import total
from secal.kernel.periods import Month
from secal.kernel.reckoning.cessation import Cessation
from secal.law import parameter
from secal.ledger.selectors import book_figures, open_claims
from secal.ledger.services.receipts import import_statement
from secal.solvency.models import Reexamination
from secal.solvency.services import schedule_first_review
from tests import stories
from tests.conftest import also

AsUser = Callable[[User], Any]
Log = Callable[..., list[dict[str, Any]]]
ClientFor = Callable[[User], Client]

ON = date(2026, 11, 21)
PAID, SIX_MONTHS, RENUNCIATION = ClosureGround.PAID, ClosureGround.SIX_MONTHS, ClosureGround.RENUNCIATION


@pytest.fixture
def file(registrar: User, officer: User, settings: Any) -> AlimonyFile:
    """A file in collection whose debtor owes something."""
    return stories.granted_file(registrar=registrar, officer=officer)


@pytest.fixture
def pay_all(settings: Any) -> Callable[..., None]:
    """The debtor pays what is due, and `more`."""
    numbers = count(1)

    def pay(file: AlimonyFile, *, more: str = "0.00", day: date = ON, amount: str = "") -> None:
        due = Decimal(amount) if amount else book_figures(file.book).arrears + Decimal(more)
        content = write_statement(
            [Transfer(due, "Tom Maes", stories.IBAN, ogm=file.book.communication)],
            account_iban=settings.OFFICE_IBAN,
            day=day,
            opening=Decimal("1.00"),
            number=next(numbers),
        )
        with service_work("bank"):
            import_statement(content=content, on=day)

    return pay


def end_terms(file: AlimonyFile, month: date = date(2026, 10, 1)) -> None:
    for child in Beneficiary.objects.filter(title__file=file):
        child.until_month = month
        child.save()


@pytest.fixture
def paid_up(file: AlimonyFile, pay_all: Callable[..., None]) -> AlimonyFile:
    """Everything is paid and no term comes any more."""
    pay_all(file)
    end_terms(file)
    return file


def proposed(file: AlimonyFile, officer: User, **changes: Any) -> Closure:
    with acting_as(officer.pk):
        return propose_closure(**{"file_id": file.pk, "ground": PAID, "on": ON, **changes})


def raw(statement: str, values: list[Any]) -> None:
    """As somebody would who has the application's connection and none of its code."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def state_of(file: AlimonyFile) -> str:
    return AlimonyFile.objects.get(pk=file.pk).state


def add_right(file: AlimonyFile, officer: User) -> AdvanceRight:
    decision = AdvanceDecision.objects.create(
        application=file.application,
        outcome=Outcome.GRANTED,
        proposed=Outcome.GRANTED,
        decided_on=ON,
        effect_on=ON,
        appeal_until=ON,
        decided_by=officer,
        explanation={},
    )
    return AdvanceRight.objects.create(
        decision=decision,
        file=file,
        beneficiary=Beneficiary.objects.get(title__file=file),
        from_on=date(2026, 10, 1),
        until_on=date(2027, 3, 31),
    )


@pytest.mark.obligation("12/057 §8")
def test_a_paid_file_is_closed_by_two_persons_and_what_runs_in_it_ends(
    paid_up: AlimonyFile, officer: User, approver: User, security_log: Log
) -> None:
    right = add_right(paid_up, officer)
    with acting_as(officer.pk):
        schedule_first_review(paid_up, ON)
    closure = proposed(paid_up, officer)
    assert WorkItem.objects.get(kind=WorkKind.APPROVE_CLOSURE, done_on=None).file_id == paid_up.pk
    with acting_as(approver.pk):
        closed = close_file(closure_id=closure.pk, on=ON)
    assert (closed.state, closed.closed_on) == (FileState.CLOSED, ON)
    assert not WorkItem.objects.filter(file=paid_up, done_on=None).exists()
    assert not Reexamination.objects.filter(file=paid_up).exists()
    assert AdvanceRight.objects.get(pk=right.pk).state == RightState.ENDED
    closure.refresh_from_db()
    assert (closure.proposed_by, closure.decided_by) == (officer, approver)
    assert closure.history.count() == 2
    assert closed.history.first().state == FileState.CLOSED
    assert {"closure_proposed", "file_closed"} <= set(
        CaseEvent.objects.filter(file=paid_up).values_list("code", flat=True)
    )
    assert security_log(kind="WRITE", act="file.close", file=paid_up.pk)
    assert Explanation.from_dict(closure.explanation).assumptions()


def test_the_file_is_not_closed_while_something_is_due(
    file: AlimonyFile, officer: User, approver: User
) -> None:
    end_terms(file)
    with pytest.raises(CaseError) as refusal:
        proposed(file, officer)
    assert refusal.value.code == "closure.conditions"
    assert not Closure.objects.exists()
    assert state_of(file) == FileState.ACTIVE


def test_the_file_is_not_closed_while_terms_run(
    file: AlimonyFile, officer: User, pay_all: Callable[..., None]
) -> None:
    pay_all(file)
    with pytest.raises(CaseError):
        proposed(file, officer)


def test_the_file_is_not_closed_while_something_is_to_be_refunded(
    file: AlimonyFile, officer: User, pay_all: Callable[..., None]
) -> None:
    pay_all(file, more="10.00")
    end_terms(file)
    with pytest.raises(CaseError):
        proposed(file, officer)


def test_conditions_are_looked_at_again_when_the_second_person_confirms(
    paid_up: AlimonyFile, officer: User, approver: User, pay_all: Callable[..., None]
) -> None:
    closure = proposed(paid_up, officer)
    pay_all(paid_up, amount="5.00")
    with pytest.raises(CaseError), acting_as(approver.pk):
        close_file(closure_id=closure.pk, on=ON)
    assert state_of(paid_up) == FileState.ACTIVE
    assert Closure.objects.get().state == ClosureState.PROPOSED


@pytest.mark.parametrize(("state", "run"), [("candidate", "proposed"), ("instructed", "sent")])
def test_the_file_is_not_closed_while_an_advance_is_on_its_way(
    paid_up: AlimonyFile, officer: User, approver: User, state: str, run: str
) -> None:
    right = add_right(paid_up, officer)
    paying = AdvanceRun.objects.create(
        month=date(2026, 11, 1), execution_on=ON, prepared_by=officer, state=RunState.PREPARING
    )
    line = RunLine.objects.create(run=paying, right=right, amount=Decimal("10.00"), state=LineState.CANDIDATE)
    AdvanceRun.objects.filter(pk=paying.pk).update(state=run, approved_by=approver if run == "sent" else None)
    RunLine.objects.filter(pk=line.pk).update(state=state)
    with pytest.raises(DomainError) as refusal:
        proposed(paid_up, officer)
    assert refusal.value.code == "advances.payment_on_its_way"
    RunLine.objects.filter(pk=line.pk).update(state=LineState.PAID)
    assert proposed(paid_up, officer)


def test_a_renunciation_leaves_what_is_the_creditor_s_own(
    file: AlimonyFile, officer: User, approver: User, pay_all: Callable[..., None]
) -> None:
    """The Treasury's claims must be paid; what is due to the creditor is theirs to pursue."""
    day = date(2026, 11, 10)
    with pytest.raises(CaseError) as refusal:
        proposed(file, officer, ground=RENUNCIATION, renounced_on=day)
    assert refusal.value.code == "closure.conditions"
    treasury = total(claim.open for claim in open_claims(file.book) if claim.owner == "treasury")
    pay_all(file, amount=str(treasury))
    closure = proposed(file, officer, ground=RENUNCIATION, renounced_on=day)
    with acting_as(approver.pk):
        close_file(closure_id=closure.pk, on=ON)
    assert state_of(file) == FileState.CLOSED
    assert {claim.owner for claim in open_claims(file.book)} == {"creditor"}


@pytest.mark.parametrize("day", [None, date(2026, 11, 22), date(2020, 1, 1)])
def test_a_renunciation_has_a_day_between_opening_and_today(
    file: AlimonyFile, officer: User, day: date | None
) -> None:
    with pytest.raises(CaseError) as refusal:
        proposed(file, officer, ground=RENUNCIATION, renounced_on=day)
    assert refusal.value.field == "renounced_on"


def test_six_months_fully_paid_close_a_file_with_terms_to_come(
    registrar: User, officer: User, approver: User, pay_all: Callable[..., None]
) -> None:
    received = date(2026, 5, 5)
    file = stories.granted_file(
        registrar=registrar,
        officer=officer,
        on=ON,
        received_on=received,
        unpaid=0,
        due_day=10,
        decided_on=date(2024, 3, 14),
    )
    months = [Month.of(date(2026, n, 1)) for n in range(5, 12)]
    with pytest.raises(CaseError):
        proposed(file, officer, ground=SIX_MONTHS)
    each = book_figures(file.book).arrears / len(months)
    for month in months:
        pay_all(file, amount=str(each.quantize(Decimal("0.01"))), day=month.day(12))
    assert book_figures(file.book).arrears == 0
    closure = proposed(file, officer, ground=SIX_MONTHS)
    with acting_as(approver.pk):
        close_file(closure_id=closure.pk, on=ON)
    assert state_of(file) == FileState.CLOSED


def test_whoever_proposed_can_never_approve(paid_up: AlimonyFile, officer: User, security_log: Log) -> None:
    closure = proposed(paid_up, officer)
    also(officer, Role.APPROVER)
    for decide in (close_file, return_closure):
        with pytest.raises(Refused) as refusal, acting_as(officer.pk):
            decide(closure_id=closure.pk, on=ON)
        assert refusal.value.reason == "same_person"
    assert state_of(paid_up) == FileState.ACTIVE
    assert security_log(kind="DENY", act="file.close", reason="same_person", file=paid_up.pk)


def test_the_database_refuses_a_closure_by_one_person(paid_up: AlimonyFile, officer: User) -> None:
    closure = proposed(paid_up, officer)
    with pytest.raises(IntegrityError, match="closure_needs_a_second_person"), transaction.atomic():
        raw(
            "UPDATE cases_closure SET state = 'approved', decided_by_id = %s, decided_on = %s WHERE id = %s",
            [officer.pk, ON, closure.pk],
        )


def test_the_database_refuses_a_file_closed_without_a_second_person(
    paid_up: AlimonyFile, officer: User
) -> None:
    proposed(paid_up, officer)
    with pytest.raises(IntegrityError, match="a second person confirmed"), transaction.atomic():
        raw("UPDATE cases_alimonyfile SET state = 'closed', closed_on = %s WHERE id = %s", [ON, paid_up.pk])


def test_a_decided_closure_is_not_rewritten(paid_up: AlimonyFile, officer: User, approver: User) -> None:
    closure = proposed(paid_up, officer)
    with acting_as(approver.pk):
        return_closure(closure_id=closure.pk, on=ON)
    with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
        raw("UPDATE cases_closure SET state = 'approved' WHERE id = %s", [closure.pk])


def test_a_proposal_sent_back_may_be_made_again(paid_up: AlimonyFile, officer: User, approver: User) -> None:
    first = proposed(paid_up, officer)
    with pytest.raises(CaseError) as refusal:
        proposed(paid_up, officer)
    assert refusal.value.code == "closure.proposed_already"
    with acting_as(approver.pk):
        return_closure(closure_id=first.pk, on=ON)
    assert not WorkItem.objects.filter(kind=WorkKind.APPROVE_CLOSURE, done_on=None).exists()
    assert proposed(paid_up, officer).pk != first.pk
    assert state_of(paid_up) == FileState.ACTIVE


def test_the_officer_of_another_file_closes_nothing(
    paid_up: AlimonyFile, registrar: User, other_officer: User, security_log: Log, client_for: ClientFor
) -> None:
    stories.register_file(registrar=registrar, officer=other_officer)
    with pytest.raises(Refused), acting_as(other_officer.pk):
        propose_closure(file_id=paid_up.pk, ground=PAID, on=ON)
    address = reverse("files:propose-closure", args=[paid_up.pk])
    assert client_for(other_officer).get(address).status_code == 404
    assert not Closure.objects.exists()
    assert len(security_log(kind="DENY", act="file.propose_closure", file=paid_up.pk)) == 2


def test_an_approver_of_another_section_decides_nothing(
    paid_up: AlimonyFile, officer: User, make_user: Callable[..., User], client_for: ClientFor
) -> None:
    closure = proposed(paid_up, officer)
    stranger = make_user(Role.APPROVER, section="Liège")
    with pytest.raises(Refused), acting_as(stranger.pk):
        close_file(closure_id=closure.pk, on=ON)
    assert client_for(stranger).get(reverse("files:close", args=[paid_up.pk])).status_code == 404
    assert state_of(paid_up) == FileState.ACTIVE


def test_a_refused_application_ends_its_file_on_that_day(registrar: User, officer: User) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with acting_as(officer.pk):
        assert turn_down(file, on=ON).closed_on == ON
    with pytest.raises(CaseError) as refusal:
        proposed(file, officer)
    assert refusal.value.code == "closure.not_active"


def test_the_screens_lead_from_the_proposal_to_the_closed_file(
    paid_up: AlimonyFile, officer: User, approver: User, client_for: ClientFor
) -> None:
    page, first, second = (
        reverse(f"files:{name}", args=[paid_up.pk]) for name in ("page", "propose-closure", "close")
    )
    luc, nadia = client_for(officer), client_for(approver)
    assert first in luc.get(page).content.decode()
    assert luc.get(first).status_code == 200
    checked = luc.post(first, {"step": "check", "ground": "paid", "renounced_on": ""})
    assert "Proposer la clôture" in checked.content.decode()
    assert not Closure.objects.exists()
    luc.post(first, {"step": "propose", "ground": "paid", "renounced_on": ""})
    assert luc.get(second).status_code == 403
    assert second in nadia.get(page).content.decode()
    assert second in nadia.get(reverse("files:worklist")).content.decode()
    assert "Clôturer le dossier" in nadia.get(second).content.decode()
    assert nadia.post(second, {"decision": "approve"}).status_code == 302
    assert state_of(paid_up) == FileState.CLOSED
    assert nadia.post(second, {"decision": "approve"}).status_code == 302
    shown = luc.get(page).content.decode()
    assert "Lambert" in shown
    assert first not in shown


def test_the_check_page_shows_what_is_missing_and_offers_nothing(
    file: AlimonyFile, officer: User, client_for: ClientFor
) -> None:
    answer = client_for(officer).post(
        reverse("files:propose-closure", args=[file.pk]), {"step": "check", "ground": "paid"}
    )
    page = answer.content.decode()
    assert "ne sont pas toutes remplies" in page
    assert "Proposer la clôture" not in page
    wrong = client_for(officer).post(
        reverse("files:propose-closure", args=[file.pk]), {"step": "check", "ground": "renunciation"}
    )
    assert wrong.status_code == 422


NOUGHT = Decimal("0.00")
UNMET, MET = (Cessation(met, 0, Explanation(code="cessation.test", value=met)) for met in (False, True))


@pytest.mark.parametrize(
    ("ground", "changes", "missing"),
    [
        (PAID, {}, ()),
        (PAID, {"running": 1}, ("no_running_term",)),
        (PAID, {"to_creditor": Decimal("0.01")}, ("nothing_open",)),
        (PAID, {"to_refund": Decimal("0.01")}, ("nothing_to_refund",)),
        (SIX_MONTHS, {"running": 2}, ("six_months_paid",)),
        (SIX_MONTHS, {"running": 2, "cessation": MET}, ()),
        (SIX_MONTHS, {"to_treasury": Decimal("9.00"), "cessation": MET}, ("nothing_open",)),
        (RENUNCIATION, {"to_creditor": Decimal("9.00"), "running": 1}, ()),
        (RENUNCIATION, {"to_treasury": Decimal("9.00")}, ("treasury_paid",)),
    ],
)
def test_the_conditions_of_each_ground(
    ground: ClosureGround, changes: dict[str, Any], missing: tuple[str, ...]
) -> None:
    whole: dict[str, Any] = {
        "to_treasury": NOUGHT,
        "to_creditor": NOUGHT,
        "to_refund": NOUGHT,
        "running": 0,
        "cessation": UNMET,
    }
    conditions = parameter("closure_conditions", on=ON, ground=ground.value).codes()
    answer = assess(Standing(**{**whole, **changes}), conditions)
    assert (answer.missing, answer.allowed) == (missing, not missing)
    assert conditions.assumed
    assert answer.explanation.value is answer.allowed


def test_the_history_of_closures_is_not_rewritten(paid_up: AlimonyFile, officer: User) -> None:
    proposed(paid_up, officer)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        raw("UPDATE cases_historicalclosure SET ground = 'renunciation'", [])
