"""Every page that one can reach by clicking: accessible in light and dark, quiet, no wider than a phone."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest

from tests.e2e.browsing import Person

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PERSONAS = ("demo-rita-claes", "demo-luc-dubois", "demo-nadia-lambert", "demo-paul-renard", "demo-an-willems")
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_A_PAGE = ("/static/", "/deconnexion", "/connexion", "/metrics")
PHONE = {"width": 320, "height": 800}
DESK = {"width": 1366, "height": 900}
MOST_PAGES = 60


def _shape(path: str) -> str:
    """The address without identifiers: one page of a kind is enough."""
    parts = urlsplit(path)
    return IDENTIFIER.sub("*", parts.path) + ("?" + re.sub(r"=[^&]*", "", parts.query) if parts.query else "")


def _walk(person: Person) -> Iterator[str]:
    """Follow every link of the office from the first page, one page of each kind."""
    seen: set[str] = set()
    waiting = ["/"]
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if _shape(path) in seen:
            continue
        seen.add(_shape(path))
        person.goes_to(path)
        yield path
        links = person.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            target = link.removeprefix(person.origin)
            if target != link and not target.startswith(NOT_A_PAGE) and "#" not in target:
                waiting.append(target)


@pytest.mark.parametrize("subject", PERSONAS)
def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    subject: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    faults: list[str] = []
    for path in _walk(someone):
        for scheme in ("light", "dark"):
            someone.page.emulate_media(color_scheme=scheme)
            faults += [f"{scheme} {fault}" for fault in someone.axe_faults()]
        someone.page.set_viewport_size(PHONE)
        if (wide := someone.overflows()) > 0:
            faults.append(f"{path} is {wide} px wider than a phone")
        someone.page.set_viewport_size(DESK)
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize("language", ["nl", "de", "en"])
def test_pages_speak_the_chosen_language_and_fit_a_phone(
    language: str, person: Callable[..., Person]
) -> None:
    officer = person("demo-luc-dubois")
    officer.page.locator(f"button[name=language][value={language}]").click()
    assert officer.page.locator("html").get_attribute("lang") == language
    officer.page.set_viewport_size(PHONE)
    faults = [path for path in _walk(officer) if officer.overflows() > 0]
    assert not faults


def test_error_pages_are_accessible(person: Callable[..., Person]) -> None:
    officer = person("demo-luc-dubois")
    faults = []
    for path in (
        "/dossiers/introduction/",
        "/nulle-part/",
        "/dossiers/00000000-0000-4000-8000-000000000000/",
    ):
        officer.page.goto(officer.origin + path)
        faults += officer.axe_faults()
    officer.complaints[:] = [
        line for line in officer.complaints if "the server responded with a status of" not in line
    ]
    assert not faults
