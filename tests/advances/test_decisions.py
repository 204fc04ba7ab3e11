"""Deciding: who may, what is written, and what the database keeps."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from secal.access.errors import Refused
from secal.access.models import User
from secal.advances.errors import DecisionError
from secal.advances.models import AdvanceDecision, AdvanceRight, Outcome
from secal.advances.services.decisions import decide_advance
from secal.cases import milestones
from secal.cases.models import (
    AlimonyFile,
    Application,
    ApplicationState,
    AttachmentKind,
    CaseEvent,
    FileState,
    WorkItem,
    WorkKind,
)
from secal.kernel.explanation import Explanation
from tests.stories import child, register_file

ON = date(2026, 11, 20)
MOTIVE = "Le débiteur a prouvé qu’il avait payé les deux termes."
AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return register_file(registrar=registrar, officer=officer, children=2, monthly=Decimal("160.00"))


def decided(file: AlimonyFile, outcome: Outcome = Outcome.GRANTED, motive: str = "") -> AdvanceDecision:
    return decide_advance(file_id=file.pk, outcome=outcome, motive=motive, on=ON)


def test_granting_opens_the_file_gives_each_child_a_right_and_ends_the_work(
    file: AlimonyFile, officer: User, as_user: AsUser, security_log: Log
) -> None:
    with as_user(officer):
        decision = decided(file)
    file.refresh_from_db()
    application = Application.objects.get(file=file)
    assert (file.state, application.state) == (FileState.ACTIVE, ApplicationState.GRANTED)
    assert [(right.from_on, right.until_on) for right in AdvanceRight.objects.filter(file=file)] == [
        (date(2026, 11, 1), date(2027, 4, 30))
    ] * 2
    assert (decision.decided_by, decision.effect_on) == (officer, date(2026, 11, 25))
    assert decision.appeal_until == date(2026, 12, 28), "25 December and a week-end move it"
    assert Explanation.from_dict(decision.explanation).amount == Decimal("320.00")
    assert not WorkItem.objects.filter(file=file, kind=WorkKind.DECIDE_ADVANCE, done_on=None).exists()
    told = CaseEvent.objects.get(file=file, code="decision_granted")
    assert told.params == {"rights": 2, "amount": "320.00"}
    assert [row["file"] for row in security_log(kind="WRITE", act="advance.decide")] == [file.pk]
    assert file.book.claims.exists()


def test_refusing_needs_a_motive_and_collects_nothing(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    with as_user(officer), pytest.raises(DecisionError) as error:
        decided(file, Outcome.REFUSED, "trop court")
    assert (error.value.code, error.value.field) == ("decision.motive", "motive")
    with as_user(officer):
        decision = decided(file, Outcome.REFUSED, MOTIVE)
    file.refresh_from_db()
    assert file.state == FileState.REFUSED
    assert not AdvanceRight.objects.filter(file=file).exists()
    assert not file.book.claims.exists()
    assert decision.open_value("motive") == MOTIVE
    assert MOTIVE.encode() not in bytes(decision.motive)


def test_refusing_the_advances_still_collects(file: AlimonyFile, officer: User, as_user: AsUser) -> None:
    with as_user(officer), pytest.raises(DecisionError):
        decided(file, Outcome.COLLECTED)
    with as_user(officer):
        decided(file, Outcome.COLLECTED, MOTIVE)
    file.refresh_from_db()
    assert file.state == FileState.ACTIVE
    assert file.book.claims.exists()
    assert not AdvanceRight.objects.filter(file=file).exists()


def test_granting_against_the_proposal_needs_a_motive(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = register_file(registrar=registrar, officer=officer, unpaid=1)
    with as_user(officer), pytest.raises(DecisionError):
        decided(file)
    with as_user(officer):
        decision = decided(file, motive=MOTIVE)
    assert (decision.proposed, decision.outcome) == (Outcome.REFUSED, Outcome.GRANTED)


def test_even_a_refusal_that_the_rules_propose_says_why(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = register_file(registrar=registrar, officer=officer, unpaid=1)
    with as_user(officer), pytest.raises(DecisionError) as error:
        decided(file, Outcome.REFUSED)
    assert error.value.code == "decision.motive"


def test_no_motive_gives_a_right_to_a_child_who_has_none(
    registrar: User, officer: User, as_user: AsUser
) -> None:
    file = register_file(
        registrar=registrar,
        officer=officer,
        children=[child(birth_date=date(2007, 5, 2))],
        papers=list(AttachmentKind),
    )
    file.attachments.filter(kind=AttachmentKind.ALLOWANCE_PROOF).delete()
    with as_user(officer), pytest.raises(DecisionError) as error:
        decided(file, motive=MOTIVE)
    assert error.value.code == "decision.no_child"


def test_an_application_is_decided_once(file: AlimonyFile, officer: User, as_user: AsUser) -> None:
    with as_user(officer):
        decided(file)
    with as_user(officer), pytest.raises(DecisionError) as error:
        decided(file)
    assert error.value.code == "decision.state"
    assert AdvanceDecision.objects.count() == 1


def test_an_incomplete_application_is_not_decided(registrar: User, officer: User, as_user: AsUser) -> None:
    file = register_file(registrar=registrar, officer=officer, papers=())
    with as_user(officer), pytest.raises(DecisionError) as error:
        decided(file, Outcome.REFUSED, MOTIVE)
    assert error.value.code == "decision.state"


def test_only_the_officer_in_charge_decides(
    file: AlimonyFile,
    other_officer: User,
    approver: User,
    registrar: User,
    as_user: AsUser,
    security_log: Log,
) -> None:
    for person, reason in (
        (other_officer, "not_assigned"),
        (approver, "role_missing"),
        (registrar, "role_missing"),
    ):
        with pytest.raises(Refused) as refusal, as_user(person):
            decided(file)
        assert refusal.value.reason == reason
    assert AdvanceDecision.objects.count() == 0
    assert len(security_log(kind="DENY", act="advance.decide", file=file.pk)) == 3


def test_whoever_waits_for_the_activation_is_told_in_the_same_transaction(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    def fails(told: AlimonyFile, on: date) -> None:
        raise RuntimeError(f"{told.pk} {on}")

    listeners = milestones.on_file_activated._listeners
    listeners.append(fails)
    try:
        with pytest.raises(RuntimeError), as_user(officer):
            decided(file)
    finally:
        listeners.remove(fails)
    assert AdvanceDecision.objects.count() == 0
    file.refresh_from_db()
    assert file.state == FileState.TO_DECIDE


def test_a_decision_is_never_rewritten(file: AlimonyFile, officer: User, as_user: AsUser) -> None:
    with as_user(officer):
        decision = decided(file)
    for statement in (
        "UPDATE advances_advancedecision SET outcome = 'refused'",
        "DELETE FROM advances_advancedecision",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{statement} WHERE id = %s", [decision.pk])


def test_the_database_refuses_a_refusal_without_motive(file: AlimonyFile, officer: User) -> None:
    decision = AdvanceDecision(
        application=file.application,
        outcome=Outcome.REFUSED,
        proposed=Outcome.REFUSED,
        decided_on=ON,
        effect_on=ON,
        appeal_until=ON,
        decided_by=officer,
        explanation={},
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        decision.save()


def test_the_page_shows_each_step_with_its_source_and_decides(
    file: AlimonyFile, officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    address = reverse("advances:decide", args=[file.pk])
    text = browser.get(address).content.decode()
    for shown in ("art. 4 §2", "art. 6", "art. 7", "art. 9 §2-3", "art. 10/2", "175,00", "hypothèse", "Noor"):
        assert shown in text, shown
    assert security_log(kind="READ", act="advance.decide", file=file.pk, actor=officer.pk)
    answer = browser.post(address, {"outcome": Outcome.REFUSED, "motive": ""})
    assert answer.status_code == 200
    assert "Motivez" in answer.content.decode()
    answer = browser.post(address, {"outcome": Outcome.GRANTED, "motive": ""})
    assert answer["Location"] == reverse("advances:decision", args=[file.pk])
    page = browser.get(answer["Location"]).content.decode()
    assert "intervention avec avances" in page
    assert browser.get(address)["Location"] == answer["Location"]


def test_an_incomplete_application_says_what_is_missing(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    file = register_file(registrar=registrar, officer=officer, papers=())
    text = client_for(officer).get(reverse("advances:decide", args=[file.pk])).content.decode()
    assert "Pièces de signification de la décision" in text
    assert "<textarea" not in text


def test_another_officer_finds_no_such_file(
    file: AlimonyFile, other_officer: User, approver: User, client_for: Callable[[User], Client]
) -> None:
    address = reverse("advances:decide", args=[file.pk])
    assert client_for(other_officer).get(address).status_code == 404
    assert client_for(approver).get(address).status_code == 403


def test_the_second_signatory_reads_the_decision(
    file: AlimonyFile,
    officer: User,
    approver: User,
    other_officer: User,
    client_for: Callable[[User], Client],
    as_user: AsUser,
) -> None:
    address = reverse("advances:decision", args=[file.pk])
    assert client_for(officer).get(address).status_code == 404
    with as_user(officer):
        decided(file, Outcome.REFUSED, MOTIVE)
    assert "payé les deux termes" in client_for(approver).get(address).content.decode()
    assert client_for(other_officer).get(address).status_code == 404
