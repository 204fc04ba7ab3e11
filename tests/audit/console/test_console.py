"""The desk of the two watchers: the log by person, officer, period and purpose; and nobody else in."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audit.console import finding
from audit.log import events
from audit.log.reading import Why
from secal.access.models import User
from secal.access.policy import ACTS
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile
from secal.cases.selectors import get_file
from tests import stories

Log = Callable[..., list[dict[str, Any]]]
MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]
SEARCH = "console:search"
WHY = {"why": "complaint", "reference": "DPO-2026-014"}


@pytest.fixture
def opened(dpo: User, make_user: MakeUser) -> tuple[AlimonyFile, User]:
    """A file that its officer opened."""
    registrar = make_user(Role.REGISTRAR, given_name="Rita", family_name="Claes")
    officer = make_user(Role.CASE_OFFICER, given_name="Luc", family_name="Dubois")
    file = stories.register_file(registrar=registrar, officer=officer)
    with acting_as(officer.pk):
        get_file(file.pk, purpose="file.work")
    return file, officer


def ask(desk: Client, **criteria: str) -> str:
    answer = desk.post(reverse(SEARCH), {**WHY, **criteria})
    assert answer.status_code == 200
    return answer.content.decode()


def hidden(page: str, name: str) -> str:
    (value,) = set(re.findall(rf'name="{name}" value="([^"]*)"', page))
    return value


@pytest.mark.obligation("12/057 §25", "12/057 §27")
def test_the_number_of_a_file_finds_who_opened_it_when_and_why(
    desk: Client, opened: tuple[AlimonyFile, User], security_log: Log, dpo: User
) -> None:
    file, _officer = opened
    page = ask(desk, about=file.number.lower())
    capacity = "Gestionnaire de dossiers"
    for word in ("Luc Dubois", capacity, "Dossier ouvert", "traitement du dossier", file.number):
        assert word in page, word
    (look,) = security_log(act="log.search", actor=dpo.pk, file=file.pk)
    assert (look["purpose"], look["reason"]) == ("complaint", "DPO-2026-014")


@pytest.mark.obligation("12/057 §25")
def test_a_niss_finds_every_look_at_the_person_and_at_their_file(
    desk: Client, opened: tuple[AlimonyFile, User], security_log: Log, dpo: User
) -> None:
    file, officer = opened
    with acting_as(officer.pk):
        niss = file.debtor.open_value("niss")
    page = ask(desk, about=f"{niss[:6]}-{niss[6:9]}.{niss[9:]}")
    assert "Luc Dubois" in page and file.number in page
    assert niss not in page.replace(f"{niss[:6]}-{niss[6:9]}.{niss[9:]}", "")
    looks = security_log(act="log.search", actor=dpo.pk, kind="READ")
    assert file.debtor_id in {row["subject"] for row in looks}


def test_of_several_persons_of_one_name_one_is_chosen_first(
    desk: Client, opened: tuple[AlimonyFile, User], make_user: MakeUser, security_log: Log, dpo: User
) -> None:
    file, officer = opened
    other = stories.register_file(registrar=make_user(Role.REGISTRAR), officer=officer)
    page = ask(desk, about="tom MAES")
    assert page.count("Tom Maes, né(e) en") == 2
    assert "Réponse du journal" not in page
    named = [
        row["subject"] for row in security_log(act="log.search", actor=dpo.pk) if row["fields"] == ["name"]
    ]
    assert {file.debtor_id, other.debtor_id} <= set(named), "the names were shown"
    chosen = ask(desk, about="tom MAES", chosen=f"person:{file.debtor_id}")
    assert file.number in chosen
    assert other.number not in chosen


def test_what_is_erased_is_found_by_its_identifier_alone(
    desk: Client, opened: tuple[AlimonyFile, User]
) -> None:
    _file, officer = opened
    erased = uuid.uuid4()
    with acting_as(officer.pk):
        events.record_read("file.open", purpose="file.work", file=erased)
    page = ask(desk, about=str(erased))
    assert "Luc Dubois" in page and str(erased) in page


def test_the_officer_the_purpose_and_the_kind_narrow_the_answer(
    desk: Client, opened: tuple[AlimonyFile, User], make_user: MakeUser
) -> None:
    _file, officer = opened
    assert "Dossier ouvert" in ask(desk, officer=str(officer.pk), purpose="file.work")
    assert "Aucune ligne" in ask(desk, officer=str(officer.pk), purpose="solvency")
    assert "Aucune ligne" in ask(desk, officer=str(officer.pk), kind="DENY")
    assert "Aucune ligne" in ask(desk, officer=str(make_user(Role.CASE_OFFICER).pk))
    assert "Aucune ligne" in ask(desk, officer=str(officer.pk), since="01/01/2099")


def test_older_rows_come_by_a_form_and_each_page_is_a_look_of_its_own(
    desk: Client, opened: tuple[AlimonyFile, User], security_log: Log, dpo: User
) -> None:
    file, officer = opened
    with acting_as(officer.pk):
        for _time in range(60):
            events.record_read("solvency.read", purpose="solvency", file=file.pk)
    page = ask(desk, about=file.number)
    # The newest row is the look itself.
    assert page.count("Examen de solvabilité lu") == 49
    rest = ask(desk, about=file.number, chosen=hidden(page, "chosen"), after=hidden(page, "after"))
    assert rest.count("Examen de solvabilité lu") == 11
    assert "Lignes plus anciennes" not in rest
    assert len(security_log(act="log.search", actor=dpo.pk, file=file.pk)) == 2


def test_without_a_reason_nothing_is_asked_and_a_reference_is_no_name(
    desk: Client, security_log: Log
) -> None:
    for said in (
        {"why": ""},
        {"why": "curiosity"},
        {"why": "complaint", "reference": "Madame Peeters"},
        {"why": "complaint", "reference": "PEETERS"},
    ):
        page = desk.post(reverse(SEARCH), {**WHY, **said}).content.decode()
        assert "Réponse du journal" not in page, said
    assert not security_log(act="log.search")


def test_nonsense_is_an_error_of_the_form(desk: Client) -> None:
    for said in (
        {"after": "yesterday|7"},
        {"chosen": "person:7"},
        {"chosen": f"sql:{uuid.UUID(int=7)}"},
        {"since": "02/01/2026", "until": "01/01/2026"},
        {"officer": "7"},
        {"about": "\x00"},
    ):
        assert "Réponse du journal" not in ask(desk, **said), said


def test_a_name_of_nobody_says_so(desk: Client) -> None:
    assert "Personne et rien ne répond" in ask(desk, about="Zorglub")


@pytest.mark.obligation("12/057 §25", "17/006 §16.2", "forbidden 4")
@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", sorted(set(Role) - {Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR, Role.BAILIFF})
)
def test_nobody_but_the_two_watchers_opens_the_console_and_each_try_is_logged(
    role: Role, make_user: MakeUser, client_for: ClientFor, security_log: Log
) -> None:
    user = make_user(role)
    browser = client_for(user)
    for name, act in (
        ("overview", "log.search"),
        ("search", "log.search"),
        ("history", "log.history"),
        ("configuration", "log.history"),
        ("rights", "permissions.view"),
        ("obligations", "obligations.view"),
    ):
        assert browser.get(reverse(f"console:{name}")).status_code == 403, name
        assert security_log(kind="DENY", act=act, actor=user.pk)
    assert browser.post(reverse(SEARCH), WHY).status_code == 403


@pytest.mark.obligation("12/057 §27")
def test_the_watchers_do_no_casework() -> None:
    theirs = {
        act
        for act, roles in ACTS.items()
        if roles & {Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR}
    }
    assert theirs <= {
        "office.home",
        "office.law",
        "job.view_own",
        "commitment.view",
        "commitment.give",
        "commitment.oversee",
        "log.search",
        "log.history",
        "permissions.view",
        "erasure.view",
        "erasure.approve",
        "obligations.view",
        "emergency.review",
        "protection.mark",
        "protection.clear",
        "user.register",
        "user.appoint",
        "user.grant",
        "user.suspend",
        "register.view",
        "register.matrix",
        "sessions.view",
        "sessions.end",
        "review.open",
        "review.answer",
        "review.confirm",
        "chamber.view",
        "chamber.release",
        "alarm.note",
    }


def test_the_overview_counts_days_hours_and_refusals(
    desk: Client, opened: tuple[AlimonyFile, User], security_log: Log, dpo: User
) -> None:
    _file, officer = opened
    with acting_as(officer.pk):
        events.record_refusal("file.open", reason="not_assigned")
    page = desk.get(reverse("console:overview")).content.decode()
    assert "Refus aujourd’hui" in page
    assert page.count("<svg") >= 4 and page.count("<table") == 2
    assert "style=" not in page and "<script>" not in page
    assert len(security_log(act="log.summary", actor=dpo.pk)) == 1


def test_the_menu_leads_the_watchers_to_their_pages(desk: Client) -> None:
    page = desk.get(reverse("console:search")).content.decode()
    for name in ("overview", "search", "history", "configuration", "rights", "obligations"):
        assert f'href="{reverse(f"console:{name}")}"' in page


def test_an_answer_costs_no_more_queries_for_fifty_rows_than_for_one(
    desk: Client, opened: tuple[AlimonyFile, User], django_assert_max_num_queries: Any
) -> None:
    file, officer = opened
    ask(desk, about=file.number)
    costs = []
    for _more in (1, 49):
        with acting_as(officer.pk):
            for _time in range(_more):
                events.record_read(
                    "person.identify", purpose="identification", subject=file.debtor_id, file=file.pk
                )
        with django_assert_max_num_queries(40) as seen:
            ask(desk, about=file.number)
        costs.append(len(seen))
    assert costs[1] <= costs[0]


@pytest.mark.django_db
def test_a_token_is_read_only_as_it_was_written() -> None:
    found = finding.Found("person", uuid.UUID(int=7))
    assert finding.from_token(found.token) == found
    assert finding.from_token("person:") is None
    assert finding.from_token("") is None


def test_a_text_of_nothing_finds_nothing(dpo: User) -> None:
    with acting_as(dpo.pk):
        for text in ("12345", "07.07.07-007.77", "+++000/0000/00000+++", "BE00 0000"):
            assert finding.find(text, why=Why("audit")) == [], text
