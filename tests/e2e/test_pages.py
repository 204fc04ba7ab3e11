"""Every page that one can reach by clicking: accessible in light and dark, quiet, no wider than a phone."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import ViewportSize

from tests.e2e.browsing import Person

pytestmark = pytest.mark.browser

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

PARTS = """[...document.querySelectorAll("body *")].map(element => element.localName + "." +
  [...element.classList].sort().join("."))"""
_judged: set[str] = set()
"""Addresses and parts of pages that axe has seen, whoever opened them."""


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


def _faults_of_what_is_new(person: Person, path: str) -> list[str]:
    """What axe finds, where the page holds anything that it has not judged yet: in both themes for a new
    part, in light for parts that are known at a new address. The first page is judged for everybody: it
    shows the frame and menu that they alone have.
    """
    parts = {*person.page.evaluate(PARTS)}
    new_parts, new_address = not parts <= _judged, _shape(path) not in _judged
    _judged.update(parts, {_shape(path)})
    if new_parts or path == "/":
        return person.faults_in_both_themes()
    return [f"light {fault}" for fault in person.axe_faults()] if new_address else []


@pytest.mark.parametrize("subject", PERSONAS)
def test_every_page_is_accessible_in_light_and_dark_and_fits_a_phone(
    subject: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    faults: list[str] = []
    for path in _walk(someone):
        faults += _faults_of_what_is_new(someone, path)
        someone.page.set_viewport_size(PHONE)
        if (wide := someone.overflows()) > 0:
            faults.append(f"{path} is {wide} px wider than a phone")
        someone.page.set_viewport_size(DESK)
    assert not faults, "\n".join(faults[:40])


@pytest.mark.parametrize("language", ["nl", "de", "en"])
@pytest.mark.parametrize("subject", REPRESENTATIVE)
def test_pages_speak_the_chosen_language_and_fit_a_phone(
    subject: str, language: str, person: Callable[..., Person]
) -> None:
    someone = person(subject)
    someone.speaks(language)
    someone.page.set_viewport_size(PHONE)
    shown, faults = set(), []
    for path in _walk(someone, REPRESENTATIVE[subject]):
        shown.add(_shape(path))
        assert someone.page.locator("html").get_attribute("lang") == language, path
        if someone.overflows() > 0:
            faults.append(path)
    assert shown == REPRESENTATIVE[subject]
    assert not faults


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
        for path in REFUSALS[subject]:
            told = someone.is_refused(path)
            missing = [one for one in words if one not in told] if "403" in told else []
            faults += [f"{language} {path} does not say {one!r}" for one in missing]
            if language == "fr":
                faults += someone.faults_in_both_themes()
            someone.page.set_viewport_size(PHONE)
            if (wide := someone.overflows()) > 0:
                faults.append(f"{language} {path} is {wide} px wider than a phone")
            someone.page.set_viewport_size(DESK)
    someone.goes_to("/")
    someone.speaks("fr")
    assert not faults, "\n".join(faults[:40])
