"""Reviews: who may, what is sealed, what the calendar remembers; and the day that brings a debtor back."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.cases.models import (
    AlimonyFile,
    CaseEvent,
    WorkItem,
    WorkKind,
)
from secal.cases.selectors import worklist
from secal.law import parameter
from secal.office import jobs
from secal.office.models import JobState
from secal.solvency.models import Procedure, Reexamination, ReviewOutcome, SolvencyReview
from secal.solvency.rules import InventoryLine, ReviewError
from secal.solvency.services import Findings, bring_back_due, record_review
from secal.solvency.tasks import bring_back_due_reviews
from tests.closing import close_file
from tests.solvency.conftest import DECIDED_ON
from tests.stories import granted_file, register_file

ON = date(2026, 11, 20)
REASONS = "Salaire stable auprès d’un seul employeur, aucune saisie en cours."
SALARY = InventoryLine("salary", "Fonderie du Nord", Decimal("2150.00"), "fiche de paie d’octobre")
RENT = InventoryLine("housing", "Loyer", Decimal("820.00"), "bail")
AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]


def findings(**changes: Any) -> Findings:
    whole: dict[str, Any] = {
        "outcome": ReviewOutcome.POSITIVE,
        "procedure": "garnishment",
        "reasons": REASONS,
        "inventory": (SALARY, RENT),
    }
    return Findings(**{**whole, **changes})


def signed(file: AlimonyFile, **changes: Any) -> SolvencyReview:
    return record_review(file_id=file.pk, findings=findings(**changes), on=ON)


def brought_back(on: date) -> int:
    with service_work("solvency"):
        return bring_back_due(on=on)


@pytest.mark.obligation("12/057 §10")
def test_a_decision_puts_the_debtor_on_the_calendar(file: AlimonyFile) -> None:
    days = parameter("solvency_first_review_days", on=DECIDED_ON).integer().value
    line = Reexamination.objects.get(file=file)
    assert (line.due_on, line.review, line.brought_back_on) == (DECIDED_ON + timedelta(days=days), None, None)


@pytest.mark.obligation("12/057 §10")
def test_signing_seals_motive_and_means_and_fixes_the_next_day(
    file: AlimonyFile, officer: User, as_user: AsUser, security_log: Log
) -> None:
    with as_user(officer):
        review = signed(file)
    assert review.next_review_on == date(2027, 5, 20)
    assert review.open_value("reasons") == REASONS
    assert json.loads(review.open_value("means"))["means"] == "2150.00"
    with connection.cursor() as cursor:
        cursor.execute("SELECT review::text FROM solvency_solvencyreview AS review")
        stored = cursor.fetchone()[0]
    assert "Fonderie" not in stored
    assert b"Fonderie" not in bytes(review.means)
    line = Reexamination.objects.get(file=file)
    assert (line.review, line.due_on) == (review, review.next_review_on)
    assert CaseEvent.objects.get(file=file, code="solvency_reviewed").params["outcome"] == "positive"
    assert [row["subject"] for row in security_log(kind="WRITE", act="solvency.review")] == [file.debtor_id]


@pytest.mark.obligation("12/057 §10")
def test_an_insolvent_debtor_is_suspended_for_a_year_at_most(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    with as_user(officer):
        review = signed(file, outcome=ReviewOutcome.NEGATIVE, procedure="")
    assert (review.procedure, review.next_review_on) == (Procedure.SUSPENSION, date(2027, 11, 20))
    with as_user(officer), pytest.raises(ReviewError):
        signed(file, next_review_on=date(2027, 11, 21))


def test_only_the_officer_in_charge_reviews(
    file: AlimonyFile,
    other_officer: User,
    approver: User,
    registrar: User,
    as_user: AsUser,
    security_log: Log,
) -> None:
    for person in (other_officer, approver, registrar):
        with pytest.raises(Refused), as_user(person):
            signed(file)
    assert SolvencyReview.objects.count() == 0
    assert len(security_log(kind="DENY", act="solvency.review", file=file.pk)) == 3


def test_only_a_file_in_recovery_is_reviewed(registrar: User, officer: User, as_user: AsUser) -> None:
    waiting = register_file(registrar=registrar, officer=officer)
    with as_user(officer), pytest.raises(ReviewError) as error:
        signed(waiting)
    assert error.value.code == "review.state"


def test_a_review_is_never_rewritten(file: AlimonyFile, officer: User, as_user: AsUser) -> None:
    with as_user(officer):
        signed(file)
    for statement in (
        "UPDATE solvency_solvencyreview SET outcome = 'negative'",
        "DELETE FROM solvency_solvencyreview",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_database_refuses_a_next_review_that_is_not_later(file: AlimonyFile, officer: User) -> None:
    review = SolvencyReview(
        file=file,
        reviewed_on=ON,
        next_review_on=ON,
        outcome="positive",
        procedure="demand",
        reviewed_by=officer,
    )
    review.seal_value("reasons", REASONS)
    with pytest.raises(IntegrityError), transaction.atomic():
        review.save()


@pytest.mark.obligation("12/057 §10")
def test_a_due_debtor_comes_back_on_the_officers_list_once(
    file: AlimonyFile, officer: User, other_officer: User, as_user: AsUser
) -> None:
    due_on = Reexamination.objects.get(file=file).due_on
    assert brought_back(due_on - timedelta(days=1)) == 0
    assert brought_back(due_on) == 1
    assert brought_back(due_on) == 0
    assert brought_back(due_on + timedelta(days=1)) == 0
    item = WorkItem.objects.get(file=file, kind=WorkKind.REVIEW_SOLVENCY)
    assert (item.due_on, item.done_on) == (due_on, None)
    assert CaseEvent.objects.filter(file=file, code="solvency_due").count() == 1
    with as_user(officer) as _:
        from secal.access.actors import current_actor

        assert item in worklist(current_actor())
    with as_user(other_officer):
        assert item not in worklist(current_actor())


def test_signing_takes_the_work_away_and_the_next_day_brings_it_back(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    brought_back(ON + timedelta(days=90))
    with as_user(officer):
        review = signed(file)
    assert not WorkItem.objects.filter(kind=WorkKind.REVIEW_SOLVENCY, done_on=None).exists()
    assert brought_back(review.next_review_on - timedelta(days=1)) == 0
    assert brought_back(review.next_review_on) == 1
    item = WorkItem.objects.get(file=file, kind=WorkKind.REVIEW_SOLVENCY)
    assert (item.due_on, item.done_on) == (review.next_review_on, None)


def test_a_missed_day_is_caught_up(file: AlimonyFile) -> None:
    assert brought_back(Reexamination.objects.get(file=file).due_on + timedelta(days=40)) == 1


def test_a_closed_file_does_not_come_back(file: AlimonyFile, officer: User, approver: User) -> None:
    close_file(file, officer=officer, approver=approver, on=ON)
    assert brought_back(ON + timedelta(days=400)) == 0


def test_bringing_back_costs_the_same_for_one_and_for_many(
    registrar: User, officer: User, django_assert_num_queries: Any
) -> None:
    def due(number: int) -> None:
        for _ in range(number):
            made = granted_file(registrar=registrar, officer=officer)
            Reexamination.objects.create(file=made, due_on=ON)

    due(1)
    with service_work("solvency"), django_assert_num_queries(4):
        assert bring_back_due(on=ON) == 1
    due(6)
    with service_work("solvency"), django_assert_num_queries(4):
        assert bring_back_due(on=ON) == 6


def test_only_the_solvency_service_brings_back(file: AlimonyFile, officer: User, as_user: AsUser) -> None:
    with pytest.raises(Refused), as_user(officer):
        bring_back_due(on=ON)
    with pytest.raises(Refused), service_work("bank"):
        bring_back_due(on=ON)


def test_the_bell_of_the_day_makes_one_job_that_does_the_work(file: AlimonyFile) -> None:
    Reexamination.objects.filter(file=file).update(due_on=date(2020, 1, 1))
    first, second = bring_back_due_reviews(), bring_back_due_reviews()
    assert first == second
    import uuid

    job = jobs.run(uuid.UUID(first))
    assert (job.state, job.result) == (JobState.DONE, {"brought_back": 1})
    assert WorkItem.objects.filter(file=file, kind=WorkKind.REVIEW_SOLVENCY).exists()


def form_data(**changes: str) -> dict[str, str]:
    data = {
        "line-TOTAL_FORMS": "2",
        "line-INITIAL_FORMS": "2",
        "line-0-kind": "salary",
        "line-0-label": "Fonderie",
        "line-0-amount": "2150,00",
        "line-0-source": "fiche de paie",
        "line-1-kind": "",
        "line-1-label": "",
        "line-1-amount": "",
        "line-1-source": "",
        "outcome": "negative",
        "procedure": "",
        "reasons": REASONS,
        "next_review_on": "",
        "step": "check",
    }
    return {**data, **changes}


def test_nothing_is_kept_before_the_check_is_signed(
    file: AlimonyFile, officer: User, client_for: Callable[[User], Client]
) -> None:
    browser, address = client_for(officer), reverse("solvency:review", args=[file.pk])
    assert browser.get(address).status_code == 200
    check = browser.post(address, form_data())
    text = check.content.decode()
    assert check.status_code == 200
    assert "Fonderie" in text
    assert "art. 27" in text
    assert SolvencyReview.objects.count() == 0
    edit = browser.post(address, form_data(step="edit"))
    assert REASONS.replace("'", "&#x27;") in edit.content.decode()
    answer = browser.post(address, form_data(step="sign"))
    review = SolvencyReview.objects.get(file=file)
    assert answer["Location"] == reverse("solvency:past", args=[file.pk, review.pk])
    assert "Fonderie" in browser.get(answer["Location"]).content.decode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"reasons": "court"}, "Motivez"),
        ({"outcome": "positive"}, "Choisissez la procédure"),
        ({"outcome": ""}, "Conclusion"),
        ({"next_review_on": "2020-01-01"}, "L’examen suivant"),
        ({"line-0-amount": "beaucoup"}, "line-0-amount_error"),
        ({"line-0-source": ""}, "Indiquez d’où vient ce montant"),
        ({"line-1-amount": "12"}, "Choisissez la nature"),
    ],
)
def test_a_fault_is_shown_where_it_is(
    change: dict[str, str], told: str, file: AlimonyFile, officer: User, client_for: Callable[[User], Client]
) -> None:
    answer = client_for(officer).post(reverse("solvency:review", args=[file.pk]), form_data(**change))
    assert answer.status_code == 200
    assert told in answer.content.decode()
    assert SolvencyReview.objects.count() == 0


def test_reading_a_review_is_logged_with_what_was_shown(
    file: AlimonyFile, officer: User, approver: User, other_officer: User,
    client_for: Callable[[User], Client], as_user: AsUser, security_log: Log,
) -> None:  # fmt: skip
    with as_user(officer):
        review = signed(file)
    address = reverse("solvency:past", args=[file.pk, review.pk])
    assert client_for(approver).get(address).status_code == 200
    row = security_log(kind="READ", act="solvency.read")[0]
    assert (row["actor"], row["subject"], row["file"]) == (approver.pk, file.debtor_id, file.pk)
    assert "means" in row["fields"]
    assert client_for(other_officer).get(address).status_code == 404


def test_a_review_is_not_shown_under_another_file(
    file: AlimonyFile, registrar: User, officer: User, client_for: Callable[[User], Client], as_user: AsUser
) -> None:
    with as_user(officer):
        review = signed(file)
    mine = register_file(registrar=registrar, officer=officer)
    assert client_for(officer).get(reverse("solvency:past", args=[mine.pk, review.pk])).status_code == 404


def test_the_calendar_costs_the_same_for_one_for_ten_and_for_more_than_a_page(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    browser, costs = client_for(officer), []
    browser.get(reverse("office:law"))
    for size in (1, 10, 55):
        while (number := Reexamination.objects.count()) < size:
            made = granted_file(registrar=registrar, officer=officer)
            Reexamination.objects.create(file=made, due_on=ON + timedelta(days=number))
        with CaptureQueriesContext(connection) as asked:
            assert browser.get(reverse("solvency:calendar")).status_code == 200
        costs.append(len(asked))
    assert costs == [15, 15, 15]


def test_the_calendar_shows_ones_own_files_only_and_logs_each_line(
    file: AlimonyFile,
    officer: User,
    other_officer: User,
    client_for: Callable[[User], Client],
    security_log: Log,
) -> None:
    assert file.number in client_for(officer).get(reverse("solvency:calendar")).content.decode()
    assert file.number not in client_for(other_officer).get(reverse("solvency:calendar")).content.decode()
    rows = security_log(kind="READ", act="solvency.list")
    assert [(row["actor"], row["file"]) for row in rows] == [(officer.pk, file.pk)]
