"""The screens of a run: what each role sees, what is logged, and what a page costs."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.advances.models import AdvanceRun, RunLine, RunState
from secal.advances.services import runs
from secal.office import jobs
from secal.office.models import Job
from secal.people.identifiers import niss_index
from secal.people.models import RegistrationAct, RegistrationKind
from tests.advances.rights import MONTH, grant, grant_many, somebody
from tests.changing import change

EXECUTION = date(2026, 11, 24)
QUERIES_A_PAGE = 24


def proposed(officer: User) -> AdvanceRun:
    with acting_as(officer.pk):
        run = runs.prepare(month=MONTH, execution_on=EXECUTION)
    jobs.run(Job.objects.get(kind="advances.compute", period=str(run.pk)).pk)
    run.refresh_from_db()
    return run


def body(client: Client, name: str, *args: Any, **query: str) -> str:
    answer = client.get(reverse(f"advances:{name}", args=args), query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_preparer_reads_why_another_must_approve(
    officer: User, client_for: Callable[[User], Client]
) -> None:
    grant(officer=officer)
    told = body(client_for(officer), "run", proposed(officer).pk)
    assert "Approuver et payer" not in told
    assert "Second signataire" in told
    assert "Abandonner cette liste" in told


def test_reading_the_mailbox_says_what_it_found_and_leads_back_to_the_run(
    officer: User, client_for: Callable[[User], Client]
) -> None:
    grant(officer=officer)
    browser, run = client_for(officer), proposed(officer)
    address = browser.post(reverse("advances:run_reports", args=[run.pk]))["Location"]
    job = Job.objects.filter(kind="ledger.collect")
    results: list[tuple[dict[str, int], str]] = [
        ({}, "aucun nouveau message"),
        ({"handled": 2, "unknown": 1}, "3 nouveaux messages de la banque – traité 2, non reconnu 1."),
    ]
    for result, words in results:
        job.update(state="done", result=result)
        told = browser.get(address).content.decode()
        assert words in told and reverse("advances:run", args=[run.pk]) in told


def test_a_refused_approval_over_the_screen_is_403_and_logged(
    officer: User, client_for: Callable[[User], Client], security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    grant(officer=officer)
    run = proposed(officer)
    assert client_for(officer).post(reverse("advances:run_approve", args=[run.pk])).status_code == 403
    assert security_log(kind="DENY", act="run.approve", actor=officer.pk)


def test_a_registrar_sees_no_run(
    registrar: User, officer: User, client_for: Callable[[User], Client]
) -> None:
    grant(officer=officer)
    run = proposed(officer)
    client = client_for(registrar)
    for name, args in (("runs", []), ("run", [run.pk]), ("run_lines", [run.pk])):
        assert client.get(reverse(f"advances:{name}", args=args)).status_code == 403


@pytest.mark.obligation("12/057 §23", "12/057 §24")
def test_lines_shown_are_logged_one_by_one(
    officer: User, client_for: Callable[[User], Client], security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    granted = grant_many(3, officer=officer)
    body(client_for(officer), "run_lines", proposed(officer).pk)
    logged = {row["file"] for row in security_log(kind="READ", act="run.lines", actor=officer.pk)}
    assert logged == {one.file.pk for one in granted}


@pytest.mark.obligation("12/057 §22", "forbidden 2")
def test_who_once_registered_a_file_never_sees_its_line(
    officer: User, other_officer: User, client_for: Callable[[User], Client]
) -> None:
    granted = grant(officer=officer)
    RegistrationAct.objects.create(
        kind=RegistrationKind.FILE_OPENED, file=granted.file.pk, actor=other_officer.pk
    )
    run = proposed(officer)
    assert granted.file.number in body(client_for(officer), "run_lines", run.pk)
    assert granted.file.number not in body(client_for(other_officer), "run_lines", run.pk)


@pytest.mark.obligation("12/057 §22", "forbidden 2")
@pytest.mark.parametrize("whom", ["creditor", "debtor", "child"])
def test_whoever_registered_one_of_the_people_elsewhere_does_not_see_the_line(
    whom: str, officer: User, other_officer: User, client_for: Callable[[User], Client]
) -> None:
    granted = grant(officer=officer)
    person = granted.beneficiary.child if whom == "child" else getattr(granted.file, whom)
    RegistrationAct.objects.create(
        kind=RegistrationKind.PERSON_CREATED, person=person, actor=other_officer.pk
    )
    assert granted.file.number not in body(client_for(other_officer), "run_lines", proposed(officer).pk)


@pytest.mark.obligation("forbidden 7")
def test_who_is_a_party_to_a_file_does_not_see_its_line(
    officer: User, other_officer: User, client_for: Callable[[User], Client]
) -> None:
    index = niss_index("88041200259")
    granted = grant(officer=officer, creditor=somebody("Els", "Peeters", index))
    change(other_officer, niss_bi=index)
    assert granted.file.number not in body(client_for(other_officer), "run_lines", proposed(officer).pk)


def test_a_reason_that_is_none_hides_nothing(officer: User, client_for: Callable[[User], Client]) -> None:
    granted = grant(officer=officer, with_term=False)
    told = body(client_for(officer), "run_lines", proposed(officer).pk, show="excluded", reason="\x00")
    assert granted.file.number in told


def test_the_reckoning_of_a_line_is_for_whoever_may_open_the_file(
    officer: User, other_officer: User, approver: User, client_for: Callable[[User], Client]
) -> None:
    grant(officer=officer)
    run = proposed(officer)
    line = RunLine.objects.get()
    told = body(client_for(approver), "run_line", run.pk, line.pk)
    assert "Plafond de l’avance par créancier et par mois" in told
    assert "175,00" in told
    address = reverse("advances:run_line", args=[run.pk, line.pk])
    assert client_for(other_officer).get(address).status_code == 404


def test_exclusions_are_counted_by_reason_with_their_remedy(
    officer: User, client_for: Callable[[User], Client]
) -> None:
    for number in range(3):
        grant(officer=officer, number=number, iban=None)
    grant(officer=officer, number=9, paid=Decimal("220.00"))
    run = proposed(officer)
    told = body(client_for(officer), "run", run.pk)
    assert "Pas de compte bancaire" in told
    assert "Demandez au créancier son numéro de compte" in told
    shown = body(client_for(officer), "run_lines", run.pk, show="excluded", reason="fully_paid")
    assert shown.count("Terme entièrement payé par le débiteur") == 2


@pytest.mark.parametrize(
    "wrong",
    [{"execution_on": "2026-11-21"}, {"execution_on": "2026-11-28"}, {"month": "1999-01"}, {"month": ""}],
)
def test_a_wrong_day_or_month_is_said_beside_its_field(
    officer: User, client_for: Callable[[User], Client], time_machine: Any, wrong: dict[str, str]
) -> None:
    time_machine.move_to("2026-11-21 10:00 +0100", tick=False)
    told = {"month": "2026-11", "execution_on": "2026-11-24"} | wrong
    answer = client_for(officer).post(reverse("advances:run_prepare"), told)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not AdvanceRun.objects.exists()


def test_a_second_officer_is_led_to_the_open_run(
    officer: User, other_officer: User, client_for: Callable[[User], Client], time_machine: Any
) -> None:
    time_machine.move_to("2026-11-21 10:00 +0100", tick=False)
    grant(officer=officer)
    run = proposed(officer)
    answer = client_for(other_officer).post(
        reverse("advances:run_prepare"), {"month": "2026-11", "execution_on": "2026-11-25"}, follow=True
    )
    assert answer.redirect_chain == [(reverse("advances:run", args=[run.pk]), 302)]
    assert "Luc Dubois" in answer.content.decode()


def test_an_act_that_came_too_late_says_so(
    officer: User, approver: User, client_for: Callable[[User], Client]
) -> None:
    grant(officer=officer)
    run = proposed(officer)
    client = client_for(approver)
    client.post(reverse("advances:run_approve", args=[run.pk]))
    answer = client.post(reverse("advances:run_cancel", args=[run.pk]), follow=True)
    assert "n’est plus possible" in answer.content.decode()
    run.refresh_from_db()
    assert run.state == RunState.APPROVED


@pytest.mark.parametrize("count", [1, 10, 60])
def test_pages_cost_the_same_for_one_line_or_many(
    officer: User, client_for: Callable[[User], Client], django_assert_max_num_queries: Any, count: int
) -> None:
    grant_many(count, officer=officer)
    run = proposed(officer)
    client = client_for(officer)
    for name, args in (("runs", []), ("run", [run.pk]), ("run_lines", [run.pk])):
        with django_assert_max_num_queries(QUERIES_A_PAGE):
            body(client, name, *args)
