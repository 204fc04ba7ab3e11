"""A Chamber that says nothing: an alarm after a day, a closed portal after three."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import ProgrammingError, connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.utils import translation

from recovery.chamber import selectors
from recovery.chamber.freshness import KEPT_SECONDS, last_accepted_at
from recovery.chamber.middleware import PortalOpenMiddleware
from recovery.chamber.models import Alarm, AlarmKind, HoldDecision, ReceivedList
from recovery.chamber.polling import poll, take
from recovery.chamber.rules import is_silent, portal_open
from recovery.chamber.services.deciding import release
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from secal.config.settings.sites import SITES
from tests.recovery.chamber.conftest import Take, nisses
from tests.recovery.chamber.sender import NOW, Sender, canonical, change, niss, sign

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


@pytest.mark.parametrize(
    ("age", "silent", "is_open"),
    [
        (timedelta(0), False, True),
        (24 * HOUR, False, True),
        (24 * HOUR + SECOND, True, True),
        (72 * HOUR, True, True),
        (72 * HOUR + SECOND, True, False),
        (timedelta(days=400), True, False),
    ],
)
def test_a_day_raises_the_alarm_and_three_days_close_the_portal(
    age: timedelta, silent: bool, is_open: bool
) -> None:
    assert is_silent(NOW - age, NOW) is silent
    assert portal_open(NOW - age, NOW) is is_open


def test_without_any_list_nobody_comes_in() -> None:
    assert is_silent(None, NOW)
    assert not portal_open(None, NOW)


def alarms() -> list[tuple[str, datetime, datetime | None]]:
    return list(Alarm.objects.order_by("raised_at").values_list("kind", "raised_at", "ended_at"))


@pytest.mark.obligation("17/006 §21")
def test_silence_is_an_alarm_until_a_list_is_accepted_again(sender: Sender, receive: Take) -> None:
    receive(sender.full(niss(1)))
    poll(clock=lambda: NOW + 24 * HOUR)
    assert alarms() == []
    late = NOW + 24 * HOUR + SECOND
    for at in (late, late + HOUR):
        poll(clock=lambda at=at: at)  # type: ignore[misc]
    assert alarms() == [(AlarmKind.SILENCE, late, None)]
    back = NOW + 30 * HOUR
    sender.made_at = back
    receive(sender.full(niss(1)), at=back)
    assert alarms() == [(AlarmKind.SILENCE, late, back)]


def test_what_is_refused_is_no_sign_of_life(sender: Sender, receive: Take) -> None:
    receive(sender.full(niss(1)))
    later = NOW + 70 * HOUR
    receive(sign(canonical(sender.draft("full"))), at=later)
    assert ReceivedList.objects.latest("received_at").reason == "old"
    assert last_accepted_at() == NOW


def test_the_portal_knows_at_once_that_a_list_came(
    sender: Sender, committed_database: str, security_log: Any
) -> None:
    with time_machine.travel(NOW + 73 * HOUR, tick=False):
        assert not selectors.portal_is_open()
        sender.made_at = NOW + 73 * HOUR
        take(sender.full(niss(1)), channel="fetched", at=NOW + 73 * HOUR)  # type: ignore[arg-type]
        assert selectors.portal_is_open()


def test_the_answer_is_kept_for_half_a_minute_and_time_goes_on(
    sender: Sender, receive: Take, django_assert_num_queries: Any
) -> None:
    receive(sender.full(niss(1)))
    cache.clear()
    with time_machine.travel(NOW + 72 * HOUR, tick=False) as clock:
        with django_assert_num_queries(1):
            assert selectors.portal_is_open()
            assert selectors.portal_is_open()
        clock.shift(SECOND)
        with django_assert_num_queries(0):
            assert not selectors.portal_is_open()
        clock.shift(KEPT_SECONDS)
        with django_assert_num_queries(1):
            assert not selectors.portal_is_open()
    assert KEPT_SECONDS <= 60


def test_behind_a_list_that_is_held_nothing_keeps_the_portal_open(
    bailiffs: Callable[[int], list[User]], sender: Sender, receive: Take, make_user: Callable[..., User]
) -> None:
    bailiffs(10)
    receive(sender.full(*nisses(10)))
    row = receive(sender.full(), at=NOW + HOUR)
    receive(sender.delta(change("joined", niss(30))), at=NOW + 2 * HOUR)
    assert last_accepted_at() == NOW
    for role in (Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER):
        with acting_as(make_user(role).pk):
            release(list_id=row.pk, at=NOW + 3 * HOUR)
    assert ReceivedList.objects.get(pk=row.pk).decision == HoldDecision.RELEASED
    assert last_accepted_at() == NOW + 2 * HOUR


def test_the_portals_database_user_may_ask_when_and_nothing_else(
    sender: Sender, committed_database: str, at_portal: Callable[[], AbstractContextManager[None]]
) -> None:
    take(sender.full(niss(1)), channel="fetched", at=NOW)  # type: ignore[arg-type]
    with at_portal():
        assert last_accepted_at() == NOW
        for table in ("receivedlist", "member", "departure", "proposal", "alarm", "release"):
            with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM chamber_{table}")


# The page


def served(path: str, site: str, settings: Any) -> HttpResponse:
    settings.SITE = SITES[site]

    def beyond(_request: HttpRequest) -> HttpResponse:
        return HttpResponse("beyond")

    return PortalOpenMiddleware(beyond)(RequestFactory().get(path))


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/connexion/", "/dossiers/x/"])
def test_a_closed_portal_lets_nobody_in_and_says_why(path: str, settings: Any) -> None:
    with translation.override("fr"):
        answer = served(path, "portal", settings)
    assert answer.status_code == 503
    assert "Chambre nationale" in answer.content.decode()
    assert int(answer.headers["Retry-After"]) > 0
    assert served(path, "office", settings).content == b"beyond"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/health", "/static/office/base.css", "/langue/setlang/"])
def test_a_closed_portal_still_answers_what_shows_nothing(path: str, settings: Any) -> None:
    assert served(path, "portal", settings).content == b"beyond"


def test_an_open_portal_is_just_the_portal(sender: Sender, receive: Take, settings: Any) -> None:
    receive(sender.full(niss(1)))
    with time_machine.travel(NOW + HOUR, tick=False):
        assert served("/", "portal", settings).content == b"beyond"
