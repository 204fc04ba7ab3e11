"""Every address of the office: who may ask, and that a refusal is a refusal and leaves its row."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from secal.access.models import User
from secal.access.policy import ACTS
from secal.access.roles import Role
from secal.cases.models import Assignment
from secal.files.models import IntakeDraft
from secal.office.screens import OPEN_TO_ALL
from tests import stories
from tests.files import wizard

ClientFor = Callable[[User], Client]
Log = Callable[..., list[dict[str, Any]]]

NOT_OURS = {"set_language": "a cookie", "prometheus-django-metrics": "counts", "admin": "its own guard"}
"""Addresses of libraries, by their name or namespace, with what they give."""
VALUES = {"uuid": str(uuid.UUID(int=7)), "intake_step": "titre"}


def _lines(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for line in resolver.url_patterns:
        if isinstance(line, URLResolver):
            yield from _lines(line, line.namespace or space)
        else:
            yield space, line


def _ours() -> dict[str, tuple[str, str]]:
    """The act and an address of each of our pages, by its name."""
    pages = {}
    for space, line in _lines(get_resolver()):
        if space in NOT_OURS or line.name in NOT_OURS:
            continue
        name = f"{space}:{line.name}"
        kinds = {key: type(kind).__name__ for key, kind in line.pattern.converters.items()}
        values = {
            key: VALUES["uuid" if kind == "UUIDConverter" else "intake_step"] for key, kind in kinds.items()
        }
        pages[name] = (getattr(line.callback, "act", ""), reverse(name, kwargs=values))
    return pages


OURS = _ours()
GUARDED = {name: page for name, page in OURS.items() if page[0] != OPEN_TO_ALL}


@pytest.mark.parametrize("name", OURS)
def test_every_page_names_an_act_that_the_policy_knows(name: str) -> None:
    assert OURS[name][0] in {OPEN_TO_ALL, *ACTS}


def test_the_pages_open_to_all_are_few_and_known() -> None:
    assert set(OURS) - set(GUARDED) == {
        "office:health",
        "access:login",
        "access:begin",
        "access:callback",
        "access:logout",
    }


@pytest.mark.parametrize("name", GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_stranger_is_sent_to_the_login_or_not_answered(name: str, method: str, db: None) -> None:
    _act, address = GUARDED[name]
    answer = getattr(Client(), method)(address)
    assert answer.status_code in (302, 405), answer.status_code
    if answer.status_code == 302:
        assert answer["Location"].startswith(reverse("access:login"))


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.BAILIFF])
def test_a_role_without_the_act_gets_403_everywhere_and_each_refusal_is_logged(
    role: Role, make_user: Callable[..., User], client_for: ClientFor, security_log: Log
) -> None:
    user = make_user(role)
    browser = client_for(user)
    tried = 0
    for act, address in GUARDED.values():
        if role in ACTS[act]:
            continue
        codes = {browser.get(address).status_code, browser.post(address).status_code}
        assert 403 in codes and codes <= {403, 405}, (act, address, codes)
        tried += 1
        assert security_log(kind="DENY", act=act, actor=user.pk, reason="role_missing"), act
    assert tried


def test_a_bailiff_is_nobody_in_the_office(make_user: Callable[..., User], client_for: ClientFor) -> None:
    """Even with a session of the office's own: its pages send the portal's people to the login."""
    browser = client_for(make_user(Role.BAILIFF))
    for name, (_act, address) in GUARDED.items():
        answer = browser.get(address)
        assert answer.status_code in (302, 405), name
        assert answer.status_code == 405 or answer["Location"].startswith(reverse("access:login")), name


def test_a_form_from_elsewhere_is_refused_and_logged(officer: User, security_log: Log) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(officer)
    assert browser.post(reverse("office:search"), {"q": "Peeters"}).status_code == 403
    (refusal,) = security_log(kind="DENY", actor=officer.pk)
    assert (refusal["act"], refusal["reason"]) == ("request", "csrf")


def test_the_admin_pages_have_no_password_and_look_nothing_up(officer: User, client_for: ClientFor) -> None:
    browser = client_for(officer)
    for path in ("password_change/", "password_change/done/", "autocomplete/", "r/1/1/"):
        assert browser.get(f"/admin/{path}").status_code == 404, path


def test_what_nobody_types_is_answered_and_is_no_failure_of_ours(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    """Zero bytes, digits of other scripts, numbers without end: an answer, never an incident."""
    file = stories.register_file(registrar=registrar, officer=officer)
    browser = client_for(officer)
    for text in ("\x00", "Pee\x00ters", "²" * 11, "9" * 5000):
        assert browser.post(reverse("office:search"), {"q": text}).status_code == 200, repr(text[:9])
    book = reverse("ledger:book", args=[file.book_id])
    assert browser.get(book, {"year": "²²²²"}).status_code == 200
    browser = client_for(registrar)
    step = wizard.address(wizard.begin(browser), "enfants")
    for action in ("remove-²", "remove-" + "9" * 5000, "remove-999"):
        assert browser.post(step, {"action": action}).status_code == 302, action[:9]


def test_an_application_sent_after_midnight_is_read_again_by_the_calendar_of_the_office(
    registrar: User, officer: User, client_for: ClientFor
) -> None:
    """Received and sent on 5 October in Brussels, when it is still the 4th elsewhere."""
    browser = client_for(registrar)
    draft = wizard.begin(browser)
    wizard.fill(browser, draft)
    assert wizard.send(browser, draft).status_code == 302
    IntakeDraft.objects.filter(pk=draft).update(sent_at=datetime(2026, 10, 4, 22, 30, tzinfo=UTC))
    officer = Assignment.objects.get(file=draft, until_at=None).officer
    answer = client_for(officer).get(reverse("files:stated", args=[draft]))
    assert answer.status_code == 200
    assert "Els Peeters" in answer.content.decode()
