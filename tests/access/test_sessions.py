"""How a session ends: by its holder, by time, by a right that ended. The clock is the database's own."""

import os
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from psycopg.conninfo import make_conninfo

from secal.access import seats
from secal.access.models import User
from secal.access.seats import ENDED
from tests.access.test_login import ask, choose, come_back, enrol, log_in
from tests.changing import change

Log = Callable[..., list[dict[str, Any]]]

pytestmark = pytest.mark.usefixtures("committed_database")


def is_inside(browser: Client) -> bool:
    return browser.get(reverse("access:login")).status_code == 302


def later(**time: int) -> None:
    """So much time passes for every session."""
    address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address) as administrator:
        administrator.execute(
            "UPDATE seat.session SET opened_at = opened_at - %(by)s, seen_at = seen_at - %(by)s,"
            " ends_at = ends_at - %(by)s",
            {"by": timedelta(**time)},
        )


def test_out_is_by_post_only(officer: User, client_for: Callable[[User], Client]) -> None:
    browser = client_for(officer)
    assert browser.get(reverse("access:logout")).status_code == 405
    assert is_inside(browser)


def test_logging_out_ends_the_seat_and_is_logged(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    kept = browser.cookies[settings.SEAT_COOKIE_NAME].value
    answer = browser.post(reverse("access:logout"))
    assert answer["Location"] == reverse("access:login")
    assert '"cookies"' in answer["Clear-Site-Data"]
    thief = Client()
    thief.cookies[settings.SEAT_COOKIE_NAME] = kept
    assert not is_inside(thief)
    assert [row["act"] for row in security_log(kind="LOGOUT", actor=officer.pk)] == ["access.logout"]


def test_a_stranger_logs_out_without_fuss(security_log: Log) -> None:
    assert Client().post(reverse("access:logout")).status_code == 302
    assert security_log(kind="LOGOUT") == []


def test_fifteen_idle_minutes_end_a_session(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    later(minutes=14, seconds=50)
    assert is_inside(browser)
    later(minutes=14, seconds=50)
    assert is_inside(browser), "a request starts the idle time anew"
    later(minutes=15)
    page = browser.get(reverse("access:login"))
    assert page.status_code == 200
    assert "quinze minutes" in page.content.decode()
    assert ENDED not in browser.session
    (row,) = security_log(kind="LOGOUT")
    assert (row["act"], row["actor"], row["subject"]) == ("access.session_idle", None, officer.pk)


def test_eight_hours_end_a_session_however_busy(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    for _ in range(47):
        later(minutes=10)
        assert is_inside(browser)
    later(minutes=10)
    assert not is_inside(browser)
    assert [row["act"] for row in security_log(kind="LOGOUT")] == ["access.session_whole"]


def test_a_second_login_ends_the_first_session(officer: User, client_for: Callable[[User], Client]) -> None:
    first, second = client_for(officer), client_for(officer)
    assert not is_inside(first)
    assert is_inside(second)


def deactivated(user: User) -> None:
    change(user, is_active=False)


def role_ended(user: User) -> None:
    change(user.roles.all(), valid_until=date(2021, 1, 1))


def appointment_ended(user: User) -> None:
    change(user.appointments.all(), valid_until=date(2021, 1, 1))


@pytest.mark.parametrize("leave", [deactivated, role_ended, appointment_ended])
def test_a_leaver_is_out_at_the_next_request(
    leave: Callable[[User], None], officer: User, client_for: Callable[[User], Client]
) -> None:
    browser = client_for(officer)
    assert is_inside(browser)
    leave(officer)
    assert not is_inside(browser)
    change(officer.roles.all(), valid_until=None)
    change(officer.appointments.all(), valid_until=None)
    change(officer, is_active=True)
    assert not is_inside(browser), "coming back means logging in again"


def test_the_way_out_of_the_admin_pages_is_the_same_and_logged(
    officer: User, client_for: Callable[[User], Client], security_log: Log
) -> None:
    browser = client_for(officer)
    assert browser.post(reverse("admin:logout"))["Location"] == reverse("access:login")
    assert not is_inside(browser)
    assert len(security_log(kind="LOGOUT", actor=officer.pk)) == 1


@pytest.mark.parametrize("minutes", [2, 16])
def test_the_card_once_more_never_waits_for_the_request_that_brings_it(
    minutes: int, real_provider: str, security_log: Log
) -> None:
    """The door ends the earlier session in a transaction of its own: the request must not hold it."""
    user, browser = enrol(), Client()
    log_in(browser)
    back = choose(ask(browser))
    later(minutes=minutes)
    answer = come_back(browser, back)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_inside(browser)
    assert [row["act"] for row in security_log(kind="LOGIN", actor=user.pk)] == ["access.login"] * 2


def test_a_token_that_nobody_had_leaves_no_line_and_no_session(security_log: Log) -> None:
    stranger = Client()
    stranger.cookies[settings.SEAT_COOKIE_NAME] = "x" * seats.LENGTH
    assert not is_inside(stranger)
    assert security_log(kind="LOGOUT") == []
    assert settings.SESSION_COOKIE_NAME not in stranger.cookies
