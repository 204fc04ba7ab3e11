"""A suspension of recovery takes effect when a second signatory approved it, and never before."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.cases.models import (
    AlimonyFile,
    CaseEvent,
    WorkItem,
    WorkKind,
)
from secal.solvency.models import ReviewOutcome, SolvencyReview, Suspension, SuspensionState
from secal.solvency.rules import ReviewError
from secal.solvency.services import Findings, record_review
from secal.solvency.suspensions import current_suspensions, decide_suspension, is_suspended
from tests.closing import close_file
from tests.stories import hand_over

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
ON, EFFECTIVE = date(2026, 11, 20), date(2026, 11, 25)
REASONS = "Aucune ressource saisissable, seulement un revenu garanti."
NEGATIVE = Findings(outcome=ReviewOutcome.NEGATIVE, reasons=REASONS)


def suspended(file: AlimonyFile, *, on: date) -> bool:
    return is_suspended(current_suspensions(file), on=on)


@pytest.fixture
def proposed(file: AlimonyFile, officer: User, as_user: AsUser) -> Suspension:
    with as_user(officer):
        record_review(file_id=file.pk, findings=NEGATIVE, on=ON)
    return Suspension.objects.get(file=file)


@pytest.mark.obligation("12/057 §10")
def test_a_review_only_proposes_and_the_second_signatory_finds_it_on_the_list(
    proposed: Suspension,
    file: AlimonyFile,
    officer: User,
    approver: User,
    client_for: Callable[[User], Client],
) -> None:
    assert (proposed.state, proposed.proposed_by, proposed.effective_on) == ("proposed", officer, None)
    assert not suspended(file, on=date(2027, 6, 1))
    assert WorkItem.objects.get(file=file, kind=WorkKind.APPROVE_SUSPENSION).done_on is None
    page = reverse("solvency:suspension", args=[file.pk])
    assert page in client_for(approver).get(reverse("files:worklist")).content.decode()
    assert REASONS in client_for(approver).get(page).content.decode()


@pytest.mark.obligation("12/057 §10")
def test_approved_by_another_it_takes_effect_with_the_letter(
    proposed: Suspension, file: AlimonyFile, approver: User, as_user: AsUser, security_log: Log
) -> None:
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    assert (suspended(file, on=ON), suspended(file, on=EFFECTIVE)) == (False, True)
    assert WorkItem.objects.get(file=file, kind=WorkKind.APPROVE_SUSPENSION).done_on == ON
    assert CaseEvent.objects.filter(file=file, code="suspension_approved").count() == 1
    assert security_log(kind="WRITE", act="suspension.approve", file=file.pk, actor=approver.pk)


def test_whoever_proposed_can_never_approve_in_service_and_database(
    file: AlimonyFile, make_user: Callable[..., User], as_user: AsUser, security_log: Log
) -> None:
    both = make_user(Role.CASE_OFFICER, Role.APPROVER, given_name="Bo")
    hand_over(file, both)
    with as_user(both):
        record_review(file_id=file.pk, findings=NEGATIVE, on=ON)
    suspension = Suspension.objects.get(file=file)
    with pytest.raises(Refused) as refused, as_user(both):
        decide_suspension(suspension_id=suspension.pk, approve=True, on=ON)
    assert refused.value.reason == "same_person"
    assert security_log(kind="DENY", act="suspension.decide", reason="same_person", file=file.pk)
    with (
        pytest.raises(IntegrityError, match="suspension_needs_a_second_person"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE solvency_suspension SET state = 'approved', decided_by_id = proposed_by_id,"
            " decided_on = %s, effective_on = %s",
            [ON, EFFECTIVE],
        )
    assert not suspended(file, on=EFFECTIVE)


def test_an_officer_decides_no_suspension(proposed: Suspension, other_officer: User, as_user: AsUser) -> None:
    with pytest.raises(Refused), as_user(other_officer):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    assert Suspension.objects.get().state == SuspensionState.PROPOSED


def test_sent_back_it_has_no_effect_and_the_officer_reviews_again(
    proposed: Suspension, file: AlimonyFile, officer: User, approver: User, as_user: AsUser
) -> None:
    with pytest.raises(ReviewError) as waits, as_user(officer):
        record_review(file_id=file.pk, findings=NEGATIVE, on=ON)
    assert waits.value.code == "review.suspension_waits"
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=False, on=ON)
        with pytest.raises(ReviewError):
            decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    assert not suspended(file, on=EFFECTIVE)
    with as_user(officer):
        record_review(file_id=file.pk, findings=NEGATIVE, on=ON)
    assert Suspension.objects.filter(file=file).count() == 2


def test_a_later_review_ends_the_suspension(
    proposed: Suspension, file: AlimonyFile, officer: User, approver: User, as_user: AsUser
) -> None:
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    later = date(2026, 12, 20)
    better = Findings(outcome=ReviewOutcome.POSITIVE, reasons=REASONS, procedure="demand")
    with as_user(officer):
        record_review(file_id=file.pk, findings=better, on=later)
    assert not suspended(file, on=later)


def test_a_review_that_confirms_a_suspension_does_not_lift_it(
    proposed: Suspension, file: AlimonyFile, officer: User, approver: User, as_user: AsUser
) -> None:
    """Neither while the confirmation waits, nor when it is sent back, nor between approval and letter."""
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    for later, approved in ((date(2027, 5, 20), False), (date(2027, 5, 21), True)):
        with as_user(officer):
            record_review(file_id=file.pk, findings=NEGATIVE, on=later)
        assert suspended(file, on=later), "while it waits"
        waiting = Suspension.objects.get(file=file, state=SuspensionState.PROPOSED)
        with as_user(approver):
            decide_suspension(suspension_id=waiting.pk, approve=approved, on=later)
        assert suspended(file, on=later), "once it is decided"


def test_of_two_reviews_on_one_day_the_later_one_counts(
    proposed: Suspension, file: AlimonyFile, officer: User, approver: User, as_user: AsUser
) -> None:
    better = Findings(outcome=ReviewOutcome.POSITIVE, reasons=REASONS, procedure="demand")
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=ON)
    for times in range(1, 4):
        with as_user(officer):
            record_review(file_id=file.pk, findings=better, on=ON)
        assert not suspended(file, on=EFFECTIVE), f"the {times}th better review came after"
        with as_user(officer):
            record_review(file_id=file.pk, findings=NEGATIVE, on=ON)
        waiting = Suspension.objects.get(file=file, state=SuspensionState.PROPOSED)
        with as_user(approver):
            decide_suspension(suspension_id=waiting.pk, approve=True, on=ON)
        assert suspended(file, on=EFFECTIVE), f"the {times}th worse review came after"


def test_what_waited_when_the_file_was_closed_is_not_decided_any_more(
    proposed: Suspension,
    file: AlimonyFile,
    officer: User,
    approver: User,
    as_user: AsUser,
    client_for: Callable[[User], Client],
) -> None:
    close_file(file, officer=officer, approver=approver, on=ON)
    browser, page = client_for(approver), reverse("solvency:suspension", args=[file.pk])
    assert browser.get(page).status_code == 404
    assert browser.post(page, {"decision": "return"}).status_code == 302
    with pytest.raises(ReviewError) as caught, as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=False, on=ON)
    assert caught.value.code == "suspension.decided"
    assert Suspension.objects.get().state == SuspensionState.PROPOSED
    assert current_suspensions(file) == []


def test_the_file_says_that_its_recovery_is_suspended(
    proposed: Suspension,
    file: AlimonyFile,
    approver: User,
    as_user: AsUser,
    client_for: Callable[[User], Client],
) -> None:
    browser, page = client_for(approver), reverse("files:page", args=[file.pk])
    assert "recouvrement suspendu" not in browser.get(page).content.decode()
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=True, on=date(2026, 11, 2))
    assert "recouvrement suspendu" in browser.get(page).content.decode()


def test_the_database_knows_no_suspension_without_its_review_and_none_decided_twice(
    proposed: Suspension, approver: User, as_user: AsUser
) -> None:
    with as_user(approver):
        decide_suspension(suspension_id=proposed.pk, approve=False, on=ON)
    for statement, error in (
        ("UPDATE solvency_suspension SET state = 'proposed', decided_by_id = NULL", IntegrityError),
        ("DELETE FROM solvency_suspension", ProgrammingError),
        ("UPDATE solvency_suspension SET proposed_by_id = decided_by_id", ProgrammingError),
        ("DELETE FROM solvency_historicalsuspension", ProgrammingError),
    ):
        with pytest.raises(error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(
            review=SolvencyReview.objects.get(), file=proposed.file, proposed_by=approver, proposed_on=ON
        )


def test_the_second_signatory_approves_on_the_page(
    proposed: Suspension, file: AlimonyFile, approver: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(approver)
    page = reverse("solvency:suspension", args=[file.pk])
    assert browser.post(page, {"decision": "approve"}).status_code == 302
    assert Suspension.objects.get().state == SuspensionState.APPROVED
    assert "Prend effet le" in browser.get(reverse("files:page", args=[file.pk])).content.decode()
    assert browser.get(page).status_code == 404
