"""The pages of the Chamber's list: what waits, who decides, and what of it nobody else sees."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recovery.chamber import views
from recovery.chamber.models import (
    Alarm,
    HoldDecision,
    Proposal,
    ProposalKind,
    ProposalOutcome,
    ReceivedList,
    Release,
)
from recovery.chamber.services import departures
from secal.access.models import User
from secal.access.roles import Role
from tests.recovery.chamber.conftest import Take, active, nisses
from tests.recovery.chamber.sender import NOW, STRANGER, Sender, change, niss
from tests.recovery.chamber.test_leaving import failing_for

MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]
INDEX, DIFFERENCES = "chamber:index", "chamber:differences"


@pytest.fixture(autouse=True)
def a_little_later(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages' clock goes as the messages' does."""
    monkeypatch.setattr(views, "now", lambda: NOW + timedelta(minutes=5))


@pytest.fixture
def users(bailiffs: Callable[[int], list[User]]) -> list[User]:
    return bailiffs(10)


@pytest.fixture
def held(users: list[User], sender: Sender, receive: Take) -> ReceivedList:
    """Of ten users, a list that is held says that five left."""
    receive(sender.full(*nisses(10)))
    return receive(sender.full(*nisses(10)[5:]), at=NOW + timedelta(minutes=1))


@pytest.fixture
def watch(make_user: MakeUser, client_for: ClientFor) -> Client:
    return client_for(make_user(Role.SECURITY_COORDINATOR, given_name="An", family_name="Willems"))


@pytest.fixture
def guard(make_user: MakeUser, client_for: ClientFor) -> Client:
    return client_for(make_user(Role.DATA_PROTECTION_OFFICER, given_name="Paul", family_name="Renard"))


@pytest.fixture
def desk(make_user: MakeUser, client_for: ClientFor) -> Client:
    return client_for(make_user(Role.USER_REGISTRAR))


def text_of(browser: Client, name: str, *arguments: Any) -> str:
    answer = browser.get(reverse(name, args=arguments))
    assert answer.status_code == 200, answer.status_code
    return " ".join(answer.content.decode().split())


@pytest.mark.obligation("17/006 §21")
def test_a_held_list_is_released_on_its_page_by_two_watchers(
    held: ReceivedList, users: list[User], watch: Client, guard: Client, security_log: Log
) -> None:
    assert "5 personnes perdraient leur accès." in text_of(watch, INDEX)
    page = text_of(watch, "chamber:message", held.pk)
    assert "Iris Maes 3" in page and "Iris Maes 7" not in page and "attend la décision" in page
    named = {row["subject"] for row in security_log(kind="READ", act="chamber.view")}
    assert {user.pk for user in users[:5]} <= named
    agree = reverse("chamber:release", args=[held.pk])
    assert watch.post(agree).status_code == 302
    assert "Vous avez déjà donné votre accord." in text_of(watch, "chamber:message", held.pk)
    watch.post(agree)
    assert Release.objects.get().second_by is None
    assert "An Willems" in text_of(guard, "chamber:message", held.pk)
    guard.post(agree)
    held.refresh_from_db()
    assert held.decision == HoldDecision.RELEASED
    assert agree not in text_of(guard, "chamber:message", held.pk)
    assert "pas encore retiré" in text_of(guard, "chamber:message", held.pk)


def test_a_held_list_is_set_aside_by_one_watcher(
    held: ReceivedList, users: list[User], guard: Client
) -> None:
    aside = reverse("chamber:set_aside", args=[held.pk])
    assert guard.post(aside).status_code == 302
    held.refresh_from_db()
    assert (held.decision, active(users)) == (HoldDecision.SET_ASIDE, 10)
    page = text_of(guard, "chamber:message", held.pk)
    assert "non exécuté" in page and "attend la décision" not in page
    guard.post(aside)
    assert "n’attend plus de décision" in text_of(guard, "chamber:message", held.pk)


@pytest.mark.obligation("17/006 §21")
def test_the_difference_names_who_is_missing_on_either_side(
    users: list[User], sender: Sender, receive: Take, desk: Client, security_log: Log
) -> None:
    receive(sender.full(*nisses(10)[1:], niss(11)))
    page = text_of(desk, DIFFERENCES)
    unlisted, members = page.split('id="members"')
    assert "Iris Maes 1" in unlisted and "Iris Maes 2" not in unlisted
    assert f"NK-{niss(11)[-6:]}" in members and niss(11) not in page
    assert users[0].pk in {row["subject"] for row in security_log(kind="READ", act="chamber.view")}


def test_the_countrys_list_comes_page_by_page(sender: Sender, receive: Take, desk: Client) -> None:
    receive(sender.full(*nisses(30)))
    first = desk.get(reverse(DIFFERENCES)).content.decode()
    second = desk.get(reverse(DIFFERENCES), {"page": 2}).content.decode()
    assert (first.count("NK-"), second.count("NK-")) == (views.A_PAGE, 30 - views.A_PAGE)


def test_a_refused_message_is_noted_on_the_page_by_a_watcher(
    receive: Take, watch: Client, desk: Client
) -> None:
    receive(Sender(key=STRANGER).full())
    alarm = Alarm.objects.get()
    address = reverse("chamber:alarm", args=[alarm.pk])
    assert address in text_of(watch, INDEX) and address not in text_of(desk, INDEX)
    assert desk.post(address).status_code == 403
    watch.post(address)
    alarm.refresh_from_db()
    assert alarm.ended_at == NOW + timedelta(minutes=5)
    assert address not in text_of(watch, INDEX)


def test_a_departure_that_fails_is_named_to_who_watches(
    users: list[User], sender: Sender, receive: Take, watch: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    receive(sender.full(*nisses(10)))
    monkeypatch.setattr(departures, "end_access", failing_for(users[0]))
    row = receive(sender.left(niss(1), individual=True))
    for page in (text_of(watch, INDEX), text_of(watch, "chamber:message", row.pk)):
        assert "Iris Maes 1" in page and "Iris Maes 2" not in page and "pas encore retiré" in page


def test_the_user_registrar_closes_a_proposal_and_only_that_one(
    users: list[User], sender: Sender, receive: Take, desk: Client, watch: Client
) -> None:
    receive(sender.full(*nisses(10)))
    receive(sender.delta(change("joined", niss(11)), change("joined", niss(12))))
    first, second = Proposal.objects.filter(kind=ProposalKind.JOINED).order_by("number")
    close = reverse("chamber:proposal", args=[first.pk])
    assert close in text_of(desk, INDEX) and close not in text_of(watch, INDEX)
    assert watch.post(close, {"outcome": "done"}).status_code == 403
    desk.post(close, {"outcome": "withdrawn"})
    first.refresh_from_db()
    assert first.outcome == ""
    desk.post(close, {"outcome": "done"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.outcome, second.outcome) == (ProposalOutcome.DONE, "")
    assert close not in text_of(desk, INDEX)


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.REGISTRAR, Role.APPROVER])
def test_nobody_else_sees_the_list_or_decides(
    role: Role,
    held: ReceivedList,
    users: list[User],
    make_user: MakeUser,
    client_for: ClientFor,
    security_log: Log,
) -> None:
    somebody = make_user(role)
    browser = client_for(somebody)
    for name, arguments in ((INDEX, []), (DIFFERENCES, []), ("chamber:message", [held.pk])):
        answer = browser.get(reverse(name, args=arguments))
        assert answer.status_code == 403 and b"Maes" not in answer.content
    for name in ("chamber:release", "chamber:set_aside"):
        assert browser.post(reverse(name, args=[held.pk])).status_code == 403
    held.refresh_from_db()
    assert held.decision == "" and not Release.objects.exists()
    acts = {row["act"] for row in security_log(kind="DENY", actor=somebody.pk)}
    assert acts == {"chamber.view", "chamber.release"}


def test_the_user_registrar_sees_a_held_list_and_does_not_decide(held: ReceivedList, desk: Client) -> None:
    agree = reverse("chamber:release", args=[held.pk])
    assert agree not in text_of(desk, "chamber:message", held.pk)
    assert desk.post(agree).status_code == 403
    assert not Release.objects.exists()


def test_what_is_not_there_is_not_found(desk: Client, watch: Client, held: ReceivedList) -> None:
    nothing = "00000000-0000-4000-8000-000000000000"
    assert watch.get(reverse("chamber:message", args=[nothing])).status_code == 404
    assert watch.post(reverse("chamber:release", args=[nothing])).status_code == 404
    answer = desk.post(reverse("chamber:proposal", args=[nothing]), {"outcome": "done"})
    assert answer.status_code == 404
