"""Every address of the bailiffs' portal: each names its act, a stranger is sent to the login, and no page of
the office is there."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from secal.access.policy import ACTS
from secal.access.roles import Role
from secal.office.screens import OPEN_TO_ALL

PORTAL = "secal.config.portal_urls"
NOT_OURS = {"set_language", "prometheus-django-metrics"}


def _lines(resolver: URLResolver, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    for line in resolver.url_patterns:
        if isinstance(line, URLResolver):
            yield from _lines(line, line.namespace or space)
        elif line.name not in NOT_OURS:
            yield f"{space}:{line.name}".strip(":"), line


def _acts() -> dict[str, tuple[str, str]]:
    """The act and an address of each page, by its name."""
    pages = {}
    for name, line in _lines(get_resolver(PORTAL)):
        values = {key: uuid.UUID(int=7) for key in line.pattern.converters}
        pages[name] = (getattr(line.callback, "act", ""), reverse(name, kwargs=values, urlconf=PORTAL))
    return pages


PAGES = _acts()
GUARDED = {name: page for name, page in PAGES.items() if page[0] != OPEN_TO_ALL}


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_the_portal_names_an_act(name: str) -> None:
    assert PAGES[name][0] in {OPEN_TO_ALL, *ACTS}


@pytest.mark.obligation("17/006 §16.2")
def test_what_is_not_open_to_all_is_for_bailiffs_only() -> None:
    assert {name for name in GUARDED if ACTS[GUARDED[name][0]] != {Role.BAILIFF}} == set()
    assert set(PAGES) - set(GUARDED) == {
        "health",
        "access:login",
        "access:begin",
        "access:callback",
        "access:logout",
    }


def test_no_page_of_the_office_is_there() -> None:
    spaces = {name.split(":")[0] for name in PAGES if ":" in name}
    assert spaces == {"portal", "access"}
    for name in ("office:home", "admin:index", "files:worklist", "console:overview"):
        with pytest.raises(NoReverseMatch):
            reverse(name, urlconf=PORTAL)


def test_a_stranger_is_sent_to_the_login_or_not_answered(
    at_portal: Callable[[], AbstractContextManager[None]],
) -> None:
    with at_portal():
        for name, (_act, address) in GUARDED.items():
            for method in ("get", "post"):
                answer = getattr(Client(), method)(address)
                assert answer.status_code in (302, 405), (name, method)
                assert answer.status_code == 405 or answer["Location"].startswith("/connexion/"), name
