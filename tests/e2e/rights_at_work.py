"""What people do at the screen about rights: entering a person, appointing, accepting the texts, asking by
exception, suspending. They read, type and press.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import expect

from secal.config.demo.personas import Card
from secal.kernel.identifiers import format_niss
from tests.e2e.browsing import Person

REASON = "La débitrice part à l’étranger ce soir : la somme saisie doit être confirmée avant midi."
FINDING = "justifié"
NUMBER = re.compile(r"SECAL-\d{4}-\d+")


# Who keeps the register


def fills_in(keeper: Person, card: Card) -> None:
    """The form for a new person, with a number that cannot be."""
    keeper.uses_the_card()
    keeper.presses("Inscrire une personne", where="nav.menu")
    keeper.fills("Prénom", card.given_name)
    keeper.fills("Nom", card.family_name)
    keeper.fills("NISS", f"{card.niss[:9]}{int(card.niss[9:]) % 97 + 1:02d}")
    keeper.fills("Identifiant fédéral", card.subject)
    keeper.field("Langue").select_option(value="fr")


def enters(keeper: Person, card: Card) -> None:
    """The person, without any right. A number that cannot be is refused, and not shown back."""
    fills_in(keeper, card)
    keeper.presses("Inscrire")
    keeper.sees("n’est pas un numéro de registre national", where="main .error-summary")
    expect(keeper.field("NISS")).to_have_value("")
    keeper.finds_it_accessible()
    keeper.pastes("NISS", format_niss(card.niss))
    keeper.presses("Inscrire")
    keeper.sees("Personne inscrite, sans aucun droit encore.", "Jamais désignée encore.")


def appoints(
    keeper: Person,
    plane: str,
    section: str,
    roles: Iterable[str],
    missions: Iterable[str] = (),
    note: str = "",
) -> None:
    """The person whose page is open: plane, section, roles, missions with their note, from today on."""
    keeper.presses("Désigner")
    keeper.ticks(plane)
    keeper.fills("Section", section)
    for words in (*roles, *missions):
        # The label of a role says its plane too.
        keeper.page.locator("main").get_by_label(re.compile(rf"{words}\s*$")).first.check()
    if note:
        keeper.fills("Note qui charge l’agent", note)
    keeper.finds_it_accessible()
    keeper.presses("Inscrire la désignation")
    keeper.sees("Désignation inscrite, avec ses rôles et ses missions.", section, *roles, *missions)
    keeper.finds_it_accessible()


def finds(keeper: Person, card: Card) -> None:
    """By name, in the register."""
    keeper.presses("Registre", where="nav.menu")
    keeper.fills("Nom ou prénom", card.family_name)
    keeper.presses("Chercher")
    keeper.row(card.given_name).get_by_role("link").first.click()
    expect(keeper.page.locator("main h1")).to_have_text(card.name)


def suspends(keeper: Person, card: Card, why: str) -> None:
    """One reason, one button."""
    finds(keeper, card)
    keeper.presses("Suspendre")
    keeper.ticks(why)
    keeper.finds_it_accessible()
    keeper.presses("Suspendre maintenant")
    keeper.sees(
        "Suspendu : session fermée, désignation, rôles et missions terminés.", "suspendu", where="main"
    )


# Whoever comes for the first time


def reads_and_signs(newcomer: Person) -> None:
    """Both texts, one after the other: nothing opens before."""
    newcomer.sees("Règles de sécurité et de confidentialité", "Déclaration de confidentialité")
    assert not newcomer.page.locator("nav.menu a").count()
    boxes = newcomer.page.locator("main input[name=agreed]")
    for left in (1, 0):
        boxes.first.check()
        newcomer.presses("J’ai lu et je m’engage")
        expect(boxes).to_have_count(left)


def is_told_why(someone: Person, path: str, *words: str) -> None:
    """The page that refuses names the right that is missing, who has it and who can give it."""
    told = someone.is_refused(path)
    for one in ("Accès refusé", "Droit demandé", "Qui le peut", "accordé par", *words):
        assert one in told, (one, told)
    someone.finds_it_accessible()


# Files


def files_on_the_list(officer: Person) -> list[tuple[str, str]]:
    """(number, address) of each file on this officer's list."""
    officer.presses(re.compile("^Dossiers"), where="nav.menu")
    links = officer.page.locator("main tbody a").filter(has_text=NUMBER)
    expect(links.first).to_be_visible()
    return [(one.inner_text().strip(), one.get_attribute("href") or "") for one in links.all()]


def protects(watcher: Person, number: str) -> str:
    """The first person of that file; their name."""
    watcher.presses("Personnes protégées", where="nav.menu")
    watcher.fills("Numéro du dossier", number)
    watcher.presses("Chercher les personnes du dossier")
    choice = watcher.page.locator("main input[name=person]").first
    choice.check()
    chosen = " ".join(str(choice.evaluate("box => box.labels[0].innerText")).split())
    watcher.page.locator("main input[name=ground]").first.check()
    watcher.finds_it_accessible()
    watcher.presses("Protéger cette personne")
    watcher.sees("La personne est protégée.", chosen)
    watcher.finds_it_accessible()
    return chosen


def asks_to_open(officer: Person, number: str) -> None:
    officer.presses("Ouvrir un dossier protégé", where="nav.menu")
    officer.fills("Numéro du dossier", number)
    officer.fills("Motif", REASON)
    officer.finds_it_accessible()
    officer.presses("Demander les deux accords")
    officer.sees("La demande est partie : deux accords sont attendus.")


def agrees(someone: Person, number: str) -> None:
    someone.presses("Dossiers protégés : accords", where="nav.menu")
    someone.sees(number, REASON)
    someone.finds_it_accessible()
    someone.page.locator("main section").filter(has_text=number).get_by_role(
        "button", name="Donner mon accord"
    ).click()
    someone.sees("Votre accord est donné pour vingt-quatre heures.")


def asks_by_exception(officer: Person, number: str) -> None:
    officer.uses_the_card()
    officer.presses("Accès d’urgence", where="nav.menu")
    officer.fills("Numéro du dossier", number)
    officer.fills("Motif", "Urgent.")
    officer.may_be_refused = True
    officer.presses("Demander l’accès")
    expect(officer.page.locator("main .error-summary")).to_be_visible()
    officer.finds_it_accessible()
    officer.fills("Motif", REASON)
    officer.presses("Demander l’accès")
    officer.sees("un second signataire d’une autre section répond", "réponse attendue", number)


def allows(approver: Person, number: str) -> None:
    approver.uses_the_card()
    approver.presses("Accès d’urgence à accorder", where="nav.menu")
    approver.sees(number, REASON)
    approver.finds_it_accessible()
    approver.page.locator("main section").filter(has_text=number).get_by_role(
        "button", name="Accorder trente minutes"
    ).click()
    approver.sees("L’accès est accordé pour trente minutes.")


def reviews(watcher: Person, number: str) -> None:
    watcher.presses("Accès d’urgence à examiner", where="nav.menu")
    watcher.sees(number, REASON)
    watcher.finds_it_accessible()
    watcher.page.locator("main section").filter(has_text=number).get_by_role(
        "button", name=FINDING, exact=True
    ).click()
    watcher.sees("L’examen est enregistré.")
