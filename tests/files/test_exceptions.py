"""The pages of emergency access, conflicts of interest and protected persons, as people use them."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, EmergencyAccess, PersonProtection, ProtectedOpening, Recusal
from secal.cases.services.emergency import answer_emergency, ask_emergency
from secal.files.views import exceptions as views
from secal.office import attention
from tests import stories
from tests.cases.door import NOW

ClientFor = Callable[[User], Client]
REASON = "Le débiteur est au guichet et son gestionnaire est absent."


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return stories.register_file(registrar=registrar, officer=officer)


def text(client: Client, name: str, **arguments: object) -> str:
    answer = client.get(reverse(f"files:{name}", kwargs=arguments))
    assert answer.status_code == 200, (name, answer.status_code)
    return re.sub(r"\s+", " ", answer.content.decode())


def test_an_emergency_from_the_question_to_its_review(
    file: AlimonyFile,
    other_officer: User,
    coordinator: User,
    make_user: Callable[..., User],
    client_for: ClientFor,
    as_user: Callable[[User], AbstractContextManager[None]],
) -> None:
    asker, stranger = client_for(other_officer), client_for(make_user(Role.APPROVER, section="Liège"))
    watcher = client_for(coordinator)
    own_page = reverse("files:page", args=[file.pk])
    question = reverse("files:emergency")
    assert asker.post(question, {"number": file.number, "reason": "urgent"}).status_code == 422
    assert asker.post(question, {"number": file.number, "reason": REASON}).status_code == 302
    assert "réponse attendue" in text(asker, "emergency")
    shown = text(stranger, "emergency-answers")
    assert REASON in shown and file.number in shown and str(file.debtor) not in shown
    access = EmergencyAccess.objects.get()
    assert asker.get(own_page).status_code == 404
    stranger.post(reverse("files:emergency-answers"), {"request": str(access.pk), "answer": "allow"})
    assert asker.get(own_page).status_code == 200
    assert own_page in text(asker, "emergency")
    with as_user(coordinator):
        waiting = {matter.url_name: matter.count() for matter in attention.of_whom_is_at_work()}
    assert waiting["files:emergency-reviews"] == 1
    assert REASON in text(watcher, "emergency-reviews")
    watcher.post(reverse("files:emergency-reviews"), {"request": str(access.pk), "finding": "justified"})
    access.refresh_from_db()
    assert (access.finding, access.reviewed_by) == ("justified", coordinator)
    assert "Rien à examiner" in text(watcher, "emergency-reviews")


def test_an_officer_declares_a_conflict_on_the_page_of_the_file(
    file: AlimonyFile, officer: User, client_for: ClientFor
) -> None:
    browser = client_for(officer)
    address = reverse("files:conflict", args=[file.pk])
    assert address in text(browser, "page", file_id=file.pk)
    assert "Je me récuse" in text(browser, "conflict", file_id=file.pk)
    assert browser.post(address).status_code == 302
    assert Recusal.objects.get().officer == officer
    refused = browser.get(reverse("files:page", args=[file.pk]))
    assert refused.status_code == 403
    assert "autre gestionnaire" in refused.content.decode()


def test_a_protected_person_from_the_mark_to_the_opening(
    file: AlimonyFile, officer: User, approver: User, coordinator: User, client_for: ClientFor
) -> None:
    watcher, second, browser = client_for(coordinator), client_for(approver), client_for(officer)
    mark, own_page = reverse("files:protected"), reverse("files:page", args=[file.pk])
    found = watcher.post(mark, {"step": "find", "number": file.number}).content.decode()
    assert str(file.debtor) in found
    chosen = {"number": file.number, "person": str(file.debtor_id), "ground": "colleague"}
    assert watcher.post(mark, {"step": "protect", **chosen}).status_code == 302
    ask, refused = reverse("files:protected-ask"), browser.get(own_page)
    assert refused.status_code == 403 and f'href="{ask}"' in refused.content.decode()
    assert browser.post(ask, {"number": file.number, "reason": REASON}).status_code == 302
    opening = ProtectedOpening.objects.get()
    for client in (second, watcher):
        assert REASON in text(client, "protected-agreements")
        client.post(reverse("files:protected-agreements"), {"request": str(opening.pk)})
    assert browser.get(own_page).status_code == 200
    row = PersonProtection.objects.get()
    watcher.post(mark, {"step": "lift", "request": str(row.pk)})
    assert "Personne n’est protégé" in text(watcher, "protected")


def test_a_request_that_is_no_request_is_answered_in_words(coordinator: User, client_for: ClientFor) -> None:
    watcher = client_for(coordinator)
    for name, values in (
        ("protected-agreements", {"request": "²²"}),
        ("emergency-reviews", {"request": "", "finding": "justified"}),
        ("emergency-reviews", {"finding": "nonsense"}),
        ("protected", {"step": "lift", "request": ""}),
    ):
        assert watcher.post(reverse(f"files:{name}"), values).status_code == 302


def test_a_number_of_nothing_and_one_of_somebody_elses_file_get_one_answer(
    file: AlimonyFile, other_officer: User, client_for: ClientFor, security_log: Callable[..., list[Any]]
) -> None:
    """In the form, with what was typed; the refusal is in the log."""
    browser, ask = client_for(other_officer), reverse("files:protected-ask")
    answers = []
    for number in (file.number, "SECAL-2026-999999"):
        answer = browser.post(ask, {"number": number, "reason": REASON})
        shown = re.sub(r"\s+", " ", answer.content.decode())
        assert answer.status_code == 422 and "Aucun dossier en cours ne porte ce numéro" in shown
        assert REASON in shown
        answers.append(answer.context["form"].errors)
    assert answers[0] == answers[1]
    assert security_log(kind="DENY", act="protection.ask", reason="not_assigned", file=file.pk)


def spellings(number: str) -> tuple[str, str, str]:
    """As the office writes it, as people type it, and what no database takes."""
    year, serial = number.split("-")[1:]
    return number, f" secal {year}/{int(serial)} ", f"{number}\0"


@pytest.mark.parametrize("spelling", range(3))
def test_every_page_reads_the_number_of_a_file_as_it_is_typed(
    file: AlimonyFile,
    officer: User,
    other_officer: User,
    coordinator: User,
    client_for: ClientFor,
    spelling: int,
) -> None:
    typed, bad = spellings(file.number)[spelling], spelling == 2
    watcher, mark = client_for(coordinator), reverse("files:protected")
    found = watcher.post(mark, {"step": "find", "number": typed})
    assert found.status_code == (422 if bad else 200)
    assert (str(file.debtor) in found.content.decode()) is not bad
    chosen = {"number": typed, "person": str(file.debtor_id), "ground": "colleague"}
    assert watcher.post(mark, {"step": "protect", **chosen}).status_code == (422 if bad else 302)
    for user, name in ((other_officer, "emergency"), (officer, "protected-ask")):
        asked = client_for(user).post(reverse(f"files:{name}"), {"number": typed, "reason": REASON})
        assert asked.status_code == (422 if bad else 302), name


def test_protected_persons_stand_on_pages_and_each_line_shown_is_logged(
    registrar: User,
    officer: User,
    coordinator: User,
    client_for: ClientFor,
    monkeypatch: pytest.MonkeyPatch,
    security_log: Callable[..., list[Any]],
) -> None:
    monkeypatch.setattr(views, "PER_PAGE", 2)
    files = [stories.register_file(registrar=registrar, officer=officer) for _ in range(3)]
    for file in files:
        PersonProtection.objects.create(
            person=file.debtor, ground="well_known", marked_by=coordinator, marked_on=date(2026, 11, 20)
        )
    watcher = client_for(coordinator)
    pages = [watcher.get(reverse("files:protected"), {"page": number}) for number in (1, 2)]
    assert [len(answer.context["rows"]) for answer in pages] == [2, 1]
    shown = {row.person_id for answer in pages for row in answer.context["rows"]}
    assert shown == {file.debtor_id for file in files}
    assert {row["subject"] for row in security_log(act="protection.mark") if row["subject"]} >= shown


def test_reviewing_costs_the_same_for_one_and_for_ten(
    registrar: User,
    officer: User,
    coordinator: User,
    make_user: Callable[..., User],
    client_for: ClientFor,
) -> None:
    watcher = client_for(coordinator)

    def cost(many: int) -> int:
        for _ in range(many):
            file = stories.register_file(registrar=registrar, officer=officer)
            used(file, make_user(Role.CASE_OFFICER), make_user(Role.APPROVER, section="Liège"))
        with CaptureQueriesContext(connection) as seen:
            assert watcher.get(reverse("files:emergency-reviews")).status_code == 200
        return len(seen)

    watcher.get(reverse("files:emergency-reviews"))
    assert cost(1) == cost(9)


def used(file: AlimonyFile, asker: User, decider: User) -> None:
    """An emergency access that was allowed."""
    with acting_as(asker.pk):
        access = ask_emergency(number=file.number, reason=REASON, at=NOW)
    with acting_as(decider.pk):
        answer_emergency(access_id=access.pk, allow=True, at=NOW)
