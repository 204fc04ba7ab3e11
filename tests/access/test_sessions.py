"""How a session ends: by its holder, by time, by a role that ended."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from secal.access.models import User, UserRole
from secal.access.sessions import ENDED
from tests.changing import change

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
Log = Callable[..., list[dict[str, Any]]]


def is_inside(browser: Client) -> bool:
    return browser.get(reverse("access:login")).status_code == 302


def test_out_is_by_post_only(officer: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(officer)
    assert browser.get(reverse("access:logout")).status_code == 405
    assert is_inside(browser)


def test_logging_out_destroys_the_session_and_is_logged(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    kept = browser.cookies[settings.SESSION_COOKIE_NAME].value
    answer = browser.post(reverse("access:logout"))
    assert answer["Location"] == reverse("access:login")
    assert '"cookies"' in answer["Clear-Site-Data"]
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = kept
    assert not is_inside(thief)
    assert [row["act"] for row in security_log(kind="LOGOUT", actor=officer.pk)] == ["access.logout"]


def test_a_stranger_logs_out_without_fuss(db: None, security_log: Log) -> None:
    assert Client().post(reverse("access:logout")).status_code == 302
    assert security_log(kind="LOGOUT") == []


def test_fifteen_idle_minutes_end_a_session(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = client_for(officer)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert is_inside(browser)
        clock.shift(timedelta(minutes=14, seconds=59))
        assert is_inside(browser), "a request starts the idle time anew"
        clock.shift(timedelta(minutes=15))
        page = browser.get(reverse("access:login"))
        assert page.status_code == 200
        assert "quinze minutes" in page.content.decode()
        assert ENDED not in browser.session
    assert [row["act"] for row in security_log(kind="LOGOUT", actor=officer.pk)] == ["access.session_idle"]


def test_eight_hours_end_a_session_however_busy(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        browser = client_for(officer)
        for _ in range(47):
            clock.shift(timedelta(minutes=10))
            assert is_inside(browser)
        clock.shift(timedelta(minutes=10))
        assert not is_inside(browser)
    assert [row["act"] for row in security_log(kind="LOGOUT", actor=officer.pk)] == ["access.session_whole"]


def test_a_session_without_clocks_is_nobodys(officer: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(officer)
    session = browser.session
    del session["opened_at"]
    session.save()
    assert not is_inside(browser)


def deactivated(user: User) -> None:
    change(user, is_active=False)


def role_ended(user: User) -> None:
    change(UserRole.objects.filter(user=user), valid_until=date(2021, 1, 1))


@pytest.mark.parametrize("leave", [deactivated, role_ended])
def test_a_leaver_is_out_at_the_next_request(
    leave: Callable[[User], None], officer: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(officer)
    assert is_inside(browser)
    leave(officer)
    assert not is_inside(browser)
    change(UserRole.objects.filter(user=officer), valid_until=None)
    change(officer, is_active=True)
    assert not is_inside(browser), "coming back means logging in again"


def test_the_way_out_of_the_admin_pages_is_the_same_and_logged(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    assert browser.post(reverse("admin:logout"))["Location"] == reverse("access:login")
    assert not is_inside(browser)
    assert len(security_log(kind="LOGOUT", actor=officer.pk)) == 1
