"""Every page that one can reach by clicking: accessible in light and dark, quiet, no wider than a phone.

Here axe judges what it has not seen yet, and each desk speaks one other language. With SECAL_PAGES=whole it
judges every page of everybody, in both themes and all four languages (`manage.py prove --only pages`).
"""

import json
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ViewportSize

from tests.e2e.browsing import Person

pytestmark = pytest.mark.browser

WHOLE = os.environ.get("SECAL_PAGES") == "whole"
REPORT = "SECAL_PAGES_REPORT"
"""Where the number of pages looked at, and of faults, is written, for who asked."""
PERSONAS = (
    "demo-rita-claes",
    "demo-luc-dubois",
    "demo-nadia-lambert",
    "demo-paul-renard",
    "demo-an-willems",
    "demo-bart-goossens",
    "demo-helene-marchal",
    "demo-brigitte-collard",
    "demo-geert-van-damme",
    "demo-dirk-aerts",
    "demo-sophie-moreau",
)
IDENTIFIER = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
NOT_A_PAGE = ("/static/", "/deconnexion", "/connexion", "/metrics")
PHONE: ViewportSize = {"width": 320, "height": 800}
DESK: ViewportSize = {"width": 1366, "height": 900}
MOST_PAGES = 60
REPRESENTATIVE = {
    "demo-luc-dubois": {
        "/",
        "/dossiers/",
        "/dossiers/*/",
        "/avances/paiements/",
        "/avances/paiements/*/",
        "/paiements/comptes/*/",
        "/solvabilite/examiner/*/",
        "/loi/",
        "/engagements/",
        "/dossiers/acces-urgence/",
        "/dossiers/proteges/demande/",
        "/dossiers/*/conflit/",
    },
    "demo-an-willems": {
        "/",
        "/registre/",
        "/registre/*/",
        "/registre/*/suspendre/",
        "/registre/droits/",
        "/registre/sessions/",
        "/registre/revisions/",
        "/registre/revisions/*/",
        "/registre/chambre/",
        "/registre/chambre/differences/",
        "/registre/chambre/messages/*/",
        "/dossiers/proteges/",
        "/dossiers/proteges/accords/",
        "/dossiers/acces-urgence/examens/",
        "/controle/droits/",
    },
    "demo-bart-goossens": {
        "/",
        "/registre/",
        "/registre/inscrire/",
        "/registre/*/",
        "/registre/*/designer/",
        "/registre/*/role/",
        "/registre/*/mission/",
        "/registre/designations/*/terminer/",
    },
    "demo-helene-marchal": {
        "/",
        "/onss/",
        "/onss/*/",
        "/onss/employeurs/",
        "/onss/roles/",
        "/onss/*/mise-en-demeure/",
        "/onss/*/role/",
    },
    "demo-sophie-moreau": {
        "/",
        "/dossiers/*/",
        "/dossiers/*/acte/",
        "/dossiers/*/paiement/",
        "/dossiers/*/fin/",
    },
    "demo-paul-renard": {
        "/",
        "/controle/journal/",
        "/controle/obligations/",
        "/conservation/",
        "/conservation/certificats/",
    },
}
"""Pages of each make, by whose they are: lists, a file, figures and charts, a run, a ledger, long forms."""

LANGUAGES = ("nl", "de", "en")
TO_SPEAK = [
    (subject, language)
    for place, subject in enumerate(REPRESENTATIVE)
    for language in (LANGUAGES if WHOLE else [LANGUAGES[place % len(LANGUAGES)]])
]

_told = {"tried": 0, "failed": 0}


@pytest.fixture(scope="module", autouse=True)
def told_to_who_asked() -> Iterator[None]:
    yield
    if path := os.environ.get(REPORT):
        Path(path).write_text(json.dumps(_told), encoding="utf-8")


def _counted(faults: list[str]) -> list[str]:
    """The faults of one page looked at."""
    _told["tried"] += 1
    _told["failed"] += bool(faults)
    return faults


def _shape(path: str) -> str:
    """The address without identifiers and filters: one page of a kind is enough."""
    return IDENTIFIER.sub("*", urlsplit(path).path)


def _walk(person: Person, wanted: set[str] | None = None) -> Iterator[str]:
    """Follow every link of the office from the first page, one page of each kind; or only those wanted."""
    seen: set[str] = set()
    waiting = ["/"]
    while waiting:
        path = waiting.pop(0)
        if _shape(path) in seen:
            continue
        seen.add(_shape(path))
        assert len(seen) <= MOST_PAGES, "the walk does not end"
        if not person.opens(path):
            continue
        yield path
        links = person.page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        for link in links:
            target = link.removeprefix(person.origin)
            if target == link or target.startswith(NOT_A_PAGE) or "#" in target:
                continue
            if wanted is None or _shape(target) in wanted:
                waiting.append(target)


def _judges(person: Person, path: str) -> list[str]:
    """What axe finds in both themes; in the short form, on pages with a part that it has not judged yet. The
    first page is judged for everybody: it shows the frame and menu that they alone have.
    """
    if WHOLE or path == "/":
        return person.faults_in_both_themes()
    return person.faults_of_what_is_new()


def _too_wide(person: Person, path: str) -> list[str]:
    person.page.set_viewport_size(PHONE)
    wide = person.overflows()
    person.page.set_viewport_size(DESK)
    return [f"{path} is {wide} px wider than a phone"] if wide > 0 else []


@pytest.mark.parametrize("subject", PERSONAS)
def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    subject: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    faults: list[str] = []
    for path in _walk(someone):
        faults += _counted(_judges(someone, path) + _too_wide(someone, path))
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize(("subject", "language"), TO_SPEAK)
def test_pages_speak_the_chosen_language_and_fit_a_phone(
    subject: str, language: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    someone.speaks(language)
    shown, faults = set(), []
    for path in _walk(someone, None if WHOLE else REPRESENTATIVE[subject]):
        shown.add(_shape(path))
        spoken = someone.page.locator("html").get_attribute("lang")
        strange = [] if spoken == language else [f"{path} speaks {spoken}"]
        judged = someone.faults_in_both_themes() if WHOLE else []
        faults += _counted(strange + judged + _too_wide(someone, path))
    assert REPRESENTATIVE[subject] <= shown
    assert not faults, "\n".join(faults[:40])


REFUSALS = {
    "demo-luc-dubois": (
        "/dossiers/introduction/",
        "/registre/",
        "/registre/chambre/",
        "/dossiers/proteges/",
        "/controle/droits/",
        "/nulle-part/",
        "/dossiers/00000000-0000-4000-8000-000000000000/",
    ),
    "demo-an-willems": ("/dossiers/", "/avances/paiements/", "/onss/"),
    "demo-bart-goossens": ("/registre/droits/", "/registre/revisions/", "/dossiers/acces-urgence/"),
    "demo-sophie-moreau": ("/nulle-part/", "/dossiers/00000000-0000-4000-8000-000000000000/acte/"),
}
NAMES_THE_RIGHT = {
    "fr": ("Droit demandé", "Qui le peut"),
    "nl": ("Vereist recht", "Wie het mag"),
    "de": ("Verlangtes Recht", "Wer es darf"),
    "en": ("Right required", "Who may do it"),
}


@pytest.mark.parametrize("subject", REFUSALS)
def test_pages_that_refuse_are_accessible_and_name_the_right_in_every_language(
    subject: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    faults: list[str] = []
    for language, words in NAMES_THE_RIGHT.items():
        someone.goes_to("/")
        someone.speaks(language)
        for path in REFUSALS[subject][: None if language == "fr" or WHOLE else 2]:
            told = someone.is_refused(path)
            missing = [one for one in words if one not in told] if "403" in told else []
            found = [f"{language} {path} does not say {one!r}" for one in missing]
            if language == "fr" or WHOLE:
                found += _judges(someone, path)
            faults += _counted(found + _too_wide(someone, f"{language} {path}"))
    someone.goes_to("/")
    someone.speaks("fr")
    assert not faults, "\n".join(faults[:40])
