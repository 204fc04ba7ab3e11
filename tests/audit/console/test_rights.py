"""The watchers' page of rights: the whole table, or what one role reaches."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.access.roles import Role
from secal.office.page_rules import page_rules

PAGE = "console:rights"


@pytest.fixture
def watcher(make_user: Callable[..., User], client_for: Callable[[User], Client]) -> Client:
    return client_for(make_user(Role.SECURITY_COORDINATOR))


@pytest.mark.obligation("17/006 §16.2")
def test_every_page_stands_on_the_page_of_rights(watcher: Client) -> None:
    answer = watcher.get(reverse(PAGE))
    assert answer.status_code == 200
    text = answer.content.decode()
    for rule in page_rules():
        assert rule.route.replace("<", "&lt;").replace(">", "&gt;") in text, rule.route


def test_one_roles_pages_are_shown_alone(watcher: Client) -> None:
    text = watcher.get(reverse(PAGE), {"role": Role.BAILIFF.value}).content.decode()
    assert "/dossiers/&lt;uuid:file_id&gt;/signification/" in text
    assert "/onss/delegations/" not in text


def test_a_role_that_is_none_shows_all(watcher: Client) -> None:
    text = watcher.get(reverse(PAGE), {"role": "king\x00"}).content.decode()
    assert "/onss/delegations/" in text


def test_the_page_asks_nothing_of_the_database_for_its_rows(
    watcher: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    with django_assert_max_num_queries(16):  # type: ignore[attr-defined]
        watcher.get(reverse(PAGE))
