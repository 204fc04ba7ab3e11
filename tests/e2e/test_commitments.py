"""Before anything opens: somebody reads and accepts the texts, in their language, on a phone or a desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import ViewportSize, expect

from tests.e2e.browsing import Person

pytestmark = pytest.mark.browser

KARIN = "demo-karin-schmitz"
PHONE: ViewportSize = {"width": 320, "height": 800}
DESK: ViewportSize = {"width": 1366, "height": 900}
TITLES = {
    "nl": ("Regels voor veiligheid en vertrouwelijkheid", "Vertrouwelijkheidsverklaring"),
    "en": ("Rules of security and confidentiality", "Declaration of confidentiality"),
    "de": ("Regeln für Sicherheit und Vertraulichkeit", "Vertraulichkeitserklärung"),
    "fr": ("Règles de sécurité et de confidentialité", "Déclaration de confidentialité"),
}


@pytest.mark.obligation("12/057 §26", "17/006 §16.3")
def test_karin_reads_the_texts_in_any_language_accepts_them_and_finds_her_desk_open(
    person: Callable[..., Person],
) -> None:
    karin = person(KARIN)
    karin.goes_to("/dossiers/")
    assert "/engagements/" in karin.page.url
    for language, titles in TITLES.items():
        karin.page.locator(f"main button[name=language][value={language}]").click()
        expect(karin.page.locator("html")).to_have_attribute("lang", language)
        karin.sees(*titles)
        karin.page.set_viewport_size(PHONE)
        assert karin.overflows() <= 0, language
        karin.page.set_viewport_size(DESK)
    karin.finds_it_accessible()
    karin.may_be_refused = True
    karin.presses("J’ai lu et je m’engage")
    karin.sees("Cochez cette case quand vous avez lu le texte.")
    karin.finds_it_accessible()
    boxes = karin.page.locator("main input[name=agreed]")
    for left in (1, 0):
        boxes.first.check()
        karin.presses("J’ai lu et je m’engage")
        expect(boxes).to_have_count(left)
        karin.sees("Votre engagement est enregistré.")
    assert "/dossiers/" in karin.page.url
    karin.presses("Mes engagements", where="nav.menu")
    expect(karin.page.locator("main h1")).to_have_text("Mes engagements")
    karin.finds_it_accessible()
    karin.presses("Déclaration de confidentialité")
    karin.sees("Le texte tel que vous l’avez accepté.")
    karin.finds_it_accessible()
    karin.page.set_viewport_size(PHONE)
    assert karin.overflows() <= 0
