"""What people see when something does not go through: what happened, what is safe, what to do."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.db import connections
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from secal.access.models import User
from secal.office.views import SEARCHES_A_MINUTE

ClientFor = Callable[[User], Client]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_counters() -> None:
    cache.clear()


def test_searching_without_end_is_stopped_and_logged(
    officer: User, client_for: ClientFor, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    browser = client_for(officer)
    # All of them within one minute, however slow the machine.
    with time_machine.travel(timezone.now(), tick=False):
        answers = [browser.post(reverse("office:search"), {"q": "x"}) for _ in range(SEARCHES_A_MINUTE + 1)]
    assert {answer.status_code for answer in answers[:-1]} == {200}
    assert answers[-1].status_code == 429
    assert answers[-1].headers["Retry-After"] == "60"
    (refusal,) = security_log(kind="DENY", act="office.search")
    assert (refusal["actor"], refusal["reason"]) == (officer.pk, "too_many")


def test_one_persons_searches_do_not_count_for_another(
    officer: User, other_officer: User, client_for: ClientFor
) -> None:
    for _ in range(SEARCHES_A_MINUTE + 1):
        client_for(officer).post(reverse("office:search"), {"q": "x"})
    assert client_for(other_officer).post(reverse("office:search"), {"q": "x"}).status_code == 200


def test_a_database_that_does_not_answer_is_a_503_page(committed_database: str) -> None:
    usual = connections["default"].settings_dict["PORT"]
    connections["default"].close()
    connections["default"].settings_dict["PORT"] = "1"
    try:
        answer = Client(raise_request_exception=False).get("/dossiers/")
        health = Client().get("/health")
    finally:
        connections["default"].close()
        connections["default"].settings_dict["PORT"] = usual
    assert answer.status_code == 503
    assert "text/html" in answer.headers["Content-Type"]
    assert health.status_code == 503
    assert health.json()["status"] == "DOWN"


@pytest.mark.parametrize(
    ("portal", "told", "never"),
    [(True, "Mes dossiers", "chef de section"), (False, "chef de section", "Mes dossiers")],
)
def test_a_page_that_is_not_there_advises_what_its_site_has(portal: bool, told: str, never: str) -> None:
    page = render_to_string("errors/404.html", {"portal": portal})
    assert told in page
    assert never not in page
