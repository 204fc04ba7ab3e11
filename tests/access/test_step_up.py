"""Sensitive acts need the card used within five minutes; what was sent without is never sent again."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from joserfc.jwk import RSAKey

from secal.access.models import User
from secal.access.policy import ACTS, SENSITIVE_ACTS
from secal.access.step_up import CLOCKS_DIFFER, FRESH_FOR, NOT_FRESH, fresh_enough
from secal.office.models import Job
from tests.access import step_up_pages
from tests.access.forging import Forged, public, sign
from tests.access.step_up_pages import USED_AT
from tests.access.test_forged_logins import Answer, is_inside
from tests.access.test_login import LUC, choose, come_back, log_in
from tests.changing import change

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
APPROVE, READ, FINDS_OUT = "/essai/approuver/", "/essai/lire/", "/essai/decouvrir/"
Log = Callable[..., list[dict[str, Any]]]


@pytest.mark.parametrize(
    ("used_at", "fresh"),
    [
        (NOW, True),
        (NOW - FRESH_FOR, True),
        (NOW - FRESH_FOR - SECOND, False),
        (NOW - timedelta(hours=7), False),
        (NOW + CLOCKS_DIFFER, True),
        (NOW + CLOCKS_DIFFER + SECOND, False),
        (None, False),
    ],
)
def test_a_card_is_fresh_for_five_minutes(used_at: datetime | None, fresh: bool) -> None:
    assert fresh_enough(used_at, NOW) is fresh


def test_money_titles_erasure_and_rights_are_sensitive_and_reading_is_not() -> None:
    assert {*ACTS} >= SENSITIVE_ACTS
    assert not SENSITIVE_ACTS & {"office.home", "office.law", "file.open", "file.list", "portal.open"}


@pytest.fixture
def browser(
    officer: User, client_for: Callable[[User], Client], settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Client:
    """An officer at work, where the sensitive pages of these tests are."""
    monkeypatch.setattr(step_up_pages, "SENT", [])
    settings.ROOT_URLCONF = "tests.access.step_up_pages"
    settings.MIDDLEWARE = [
        above
        for one in settings.MIDDLEWARE
        if one != "secal.access.step_up.StepUpMiddleware"
        for above in (
            ["tests.access.step_up_pages.CardUsedAt", "secal.access.step_up.StepUpMiddleware", one]
            if one == "secal.access.unit_of_work.ActorMiddleware"
            else [one]
        )
    ]
    return client_for(officer)


def old() -> dict[str, Any]:
    return {USED_AT: timezone.now() - timedelta(minutes=6)}


def fresh() -> dict[str, Any]:
    return {USED_AT: timezone.now() - timedelta(minutes=4)}


def asked_back_to(answer: Any) -> str:
    """The page to come back to, of an answer that sends to the door or, to a form, shows the way there.

    A redirection of a form out of the site would be stopped by `form-action`, and nothing would happen.
    """
    if answer.wsgi_request.method == "POST":
        assert answer.status_code == 403
        (way,) = re.findall(rf'href="({reverse("access:confirm")}[^"]*)"', answer.content.decode())
        address = urlsplit(unescape(way))
    else:
        assert answer.status_code == 302
        address = urlsplit(answer["Location"])
    assert address.path == reverse("access:confirm")
    (page,) = parse_qs(address.query)["next"]
    return str(page)


def test_with_a_fresh_card_a_sensitive_act_is_done(browser: Client) -> None:
    assert browser.post(APPROVE, **fresh()).content == b"done"


def test_other_acts_need_no_fresh_card(browser: Client) -> None:
    assert browser.get(READ, **old()).content == b"done"


@pytest.mark.parametrize("used", [old, dict])
def test_with_an_old_card_or_none_the_door_comes_first(
    used: Callable[[], dict[str, Any]], browser: Client, officer: User, security_log: Log
) -> None:
    answer = browser.get(f"{APPROVE}?step=2", **used())
    assert asked_back_to(answer) == f"{APPROVE}?step=2"
    assert step_up_pages.SENT == []
    (row,) = security_log(kind="DENY")
    assert (row["act"], row["reason"], row["actor"]) == ("run.approve", NOT_FRESH, officer.pk)


def test_a_form_sent_with_an_old_card_leads_back_to_its_page_and_is_never_sent_again(browser: Client) -> None:
    answer = browser.post(APPROVE, {"step": "approve"}, HTTP_REFERER=f"http://testserver{READ}", **old())
    assert asked_back_to(answer) == f"http://testserver{READ}"
    assert step_up_pages.SENT == []
    browser.get(READ, **fresh())
    assert step_up_pages.SENT == ["GET office.law"]


@pytest.mark.parametrize("came_from", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_nobody_is_led_back_to_another_site(came_from: str, browser: Client) -> None:
    answer = browser.post(APPROVE, HTTP_REFERER=came_from, **old())
    assert asked_back_to(answer) == reverse("office:home")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("came_from", "back"), [("http://testserver/loi/", "http://testserver/loi/"), ("", "/")]
)
def test_a_form_sent_after_the_session_ended_leads_back_to_a_page_and_not_to_the_forms_address(
    came_from: str, back: str
) -> None:
    answer = Client().post(reverse("office:search"), {"q": "Maes"}, HTTP_REFERER=came_from)
    assert parse_qs(urlsplit(answer["Location"]).query)["next"] == [back]


def test_what_was_written_before_a_service_found_out_is_undone(
    browser: Client, officer: User, security_log: Log
) -> None:
    assert asked_back_to(browser.get(FINDS_OUT, **old())) == FINDS_OUT
    assert not Job.objects.filter(kind="test").exists()
    assert [row["reason"] for row in security_log(kind="DENY")] == [NOT_FRESH]


def test_nobody_at_work_is_sent_to_the_login(db: None) -> None:
    answer = Client().get(reverse("access:confirm"))
    assert (answer.status_code, answer["Location"]) == (302, reverse("access:login"))


def test_the_provider_is_asked_for_the_card_now_and_leads_back(luc: User, real_provider: str) -> None:
    change(luc, subject=LUC)
    browser = Client()
    log_in(browser)
    answer = browser.get(reverse("access:confirm"), {"next": "/loi/"})
    asked = parse_qs(urlsplit(answer["Location"]).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    answer = come_back(browser, choose(answer["Location"]))
    assert (answer.status_code, answer["Location"]) == (302, "/loi/")
    assert is_inside(browser)


@pytest.mark.parametrize(("seconds", "enters"), [(10, True), (60, False), (200, False)])
def test_a_card_used_before_the_question_is_not_fresh(
    seconds: int,
    enters: bool,
    luc: User,
    client_for: Callable[[User], Client],
    answer: Answer,
    provider_key: RSAKey,
    security_log: Log,
) -> None:
    """Good for a login, that a provider remembers a card of two minutes ago; not for this."""
    browser = client_for(luc)

    def make(good: dict[str, Any]) -> Forged:
        claims = {**good, "auth_time": good["iat"] + 5 - seconds}
        return Forged(sign(provider_key, claims), public(provider_key))

    came = answer(browser, make, question="access:confirm")
    assert came.status_code == (302 if enters else 403)
    if not enters:
        assert security_log(kind="DENY")[-1]["reason"] == "token.old_authentication"
