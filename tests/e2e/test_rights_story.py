"""Who may do what, clicked: from the first appointment to the click that ends it all; and what is opened by
exception, by agreement, or on the word of the National Chamber.
"""

import os
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect
from psycopg.conninfo import make_conninfo

from secal.config.demo.office import Open, ring_for_lists
from secal.config.demo.personas import BRUSSELS, NEWCOMERS
from tests.e2e import rights_at_work as work
from tests.e2e.browsing import Person
from tests.e2e.people_at_work import gives_the_file, opens_the_file

pytestmark = pytest.mark.browser

AN, PAUL, BART = "demo-an-willems", "demo-paul-renard", "demo-bart-goossens"
LUC, NADIA, FABIENNE = "demo-luc-dubois", "demo-nadia-lambert", "demo-fabienne-piette"
WIM, INES = NEWCOMERS
MISSIONS = ("octroi et récupération des avances", "recouvrement des pensions alimentaires")
HALF_AN_HOUR_LATER = """
UPDATE cases_emergencyaccess SET asked_at = asked_at - interval '40 minutes',
       answer_until = answer_until - interval '40 minutes', decided_at = decided_at - interval '40 minutes',
       access_until = access_until - interval '40 minutes'
 WHERE access_until > now()
"""
TEN_MINUTES_LATER = "UPDATE seat.session SET authenticated_at = authenticated_at - interval '10 minutes'"
SecurityRows = Callable[..., list[dict[str, Any]]]
People = Callable[..., Person]


@pytest.fixture
def half_an_hour_passes(office_database: str) -> Callable[[], None]:
    """Every emergency access that runs was given forty minutes earlier; written as the administrator, past
    the guards."""

    def pass_() -> None:
        address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=office_database)
        with psycopg.connect(address) as connection:
            connection.execute("SET session_replication_role = replica")
            assert connection.execute(HALF_AN_HOUR_LATER).rowcount == 1

    return pass_


@pytest.fixture
def ten_minutes_pass(office_database: str) -> Callable[[], None]:
    """Every card was used ten minutes earlier; written as the administrator."""

    def pass_() -> None:
        with psycopg.connect(make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=office_database)) as it:
            assert it.execute(TEN_MINUTES_LATER).rowcount

    return pass_


def test_a_form_sent_long_after_the_card_asks_for_it_and_leads_back_to_the_form(
    person: People, security_rows: SecurityRows, ten_minutes_pass: Callable[[], None]
) -> None:
    bart = in_french(person(BART))
    work.fills_in(bart, WIM)
    form = bart.page.url
    ten_minutes_pass()
    bart.may_be_refused = True
    bart.presses("Inscrire")
    bart.sees("Votre carte, encore une fois", "Rien n’a été fait")
    bart.finds_it_accessible()
    bart.presses("Utiliser ma carte")
    bart.chooses_themselves()
    assert bart.page.url == form
    assert security_rows(BART, kind="DENY", reason="card_not_fresh")


@pytest.mark.obligation("12/057 §7", "12/057 §21", "17/006 §16.1")
def test_somebody_is_appointed_works_and_is_out_at_the_next_click(
    person: People, security_rows: SecurityRows, half_an_hour_passes: Callable[[], None]
) -> None:
    coordinator = in_french(person(AN))
    becomes_registrar(coordinator, person)
    registrar = person(WIM.subject)
    enters_ines(registrar)
    ines = person(INES.subject)
    begins(ines)
    luc = person(LUC)
    (given, path), (others, hidden) = work.files_on_the_list(luc)[:2]
    is_given_a_file(person(NADIA), ines, given, path)
    opens_by_exception(ines, coordinator, person, others, hidden)
    half_an_hour_passes()
    assert others not in ines.is_refused(hidden)
    is_seen_at_work(coordinator)
    work.suspends(coordinator, INES, "Incident de sécurité")
    is_out(ines, path)
    refused = [row["act"] for row in security_rows(INES.subject, kind="DENY")]
    assert "file.open" in refused
    assert security_rows(INES.subject, kind="READ", act="file.open")


def becomes_registrar(coordinator: Person, person: People) -> None:
    """The co-ordinator enters and appoints the user registrar, and may appoint nobody else."""
    work.enters(coordinator, WIM)
    coordinator.presses("Désigner")
    planes = coordinator.page.locator("main input[name=plane]")
    expect(planes).to_have_count(1)
    coordinator.page.go_back()
    work.appoints(coordinator, "Gestion des utilisateurs", BRUSSELS, ["Gestionnaire des utilisateurs"])


def enters_ines(registrar: Person) -> None:
    """After the texts, the register is open; files are not, and the page says who could open them. His own
    entry has no buttons."""
    work.reads_and_signs(registrar)
    work.is_told_why(registrar, "/dossiers/", "voir la liste des dossiers", "Gestionnaire de dossiers")
    registrar.goes_to("/registre/")
    work.finds(registrar, WIM)
    registrar.sees("C’est votre propre inscription : un autre gestionnaire doit la changer.")
    expect(registrar.page.locator("main").get_by_role("link", name="Désigner")).to_have_count(0)
    work.enters(registrar, INES)
    work.appoints(registrar, "Traitement", BRUSSELS, ["Gestionnaire de dossiers"], MISSIONS, note="2026/231")


def begins(newcomer: Person) -> None:
    work.reads_and_signs(newcomer)
    newcomer.goes_to("/")
    expect(newcomer.page.locator("main h1")).to_have_text("Mon travail aujourd’hui")
    newcomer.finds_it_accessible()


def is_given_a_file(approver: Person, officer: Person, number: str, path: str) -> None:
    """Not hers until the second signatory gives it."""
    assert number not in officer.is_refused(path)
    opens_the_file(approver, number)
    gives_the_file(approver, INES.name)
    officer.goes_to("/")
    assert [one for one, _path in work.files_on_the_list(officer)] == [number]
    opens_the_file(officer, number)


def opens_by_exception(officer: Person, watcher: Person, person: People, number: str, hidden: str) -> None:
    """A colleague's file for thirty minutes, when another section agrees; reviewed at once."""
    assert number not in officer.is_refused(hidden)
    officer.goes_to("/")
    work.asks_by_exception(officer, number)
    work.allows(person(FABIENNE), number)
    officer.goes_to("/dossiers/acces-urgence/")
    officer.presses(number)
    expect(officer.page.locator("main h1")).to_contain_text(number)
    officer.presses("Accès d’urgence", where="nav.menu")
    officer.sees("accordé")
    watcher.presses("Vue d’ensemble", where="nav.menu")
    watcher.sees("Accès d’urgence à examiner")
    work.reviews(watcher, number)


def is_seen_at_work(watcher: Person) -> None:
    watcher.presses("Sessions ouvertes", where="nav.menu")
    expect(watcher.row(INES.name)).to_contain_text("Traitement")
    watcher.finds_it_accessible()


def is_out(leaver: Person, path: str) -> None:
    """At the next click, and at the door."""
    leaver.page.goto(leaver.origin + path)
    assert "/connexion/" in leaver.page.url
    leaver.sees("Votre session s’est terminée.")
    leaver.may_be_refused = True
    leaver.presses("Se connecter avec la carte d’identité électronique")
    leaver.chooses_themselves()
    leaver.sees("Connexion refusée")


@pytest.mark.obligation("12/057 §10")
def test_the_file_of_a_protected_person_opens_with_two_agreements(person: People) -> None:
    officer, coordinator = person(LUC), in_french(person(AN))
    number, path = work.files_on_the_list(officer)[-1]
    protected = work.protects(coordinator, number)
    assert protected not in officer.is_refused(path)
    officer.sees("Une des personnes de ce dossier est protégée", "Qui le peut")
    officer.goes_to("/")
    work.asks_to_open(officer, number)
    work.agrees(person(NADIA), number)
    officer.is_refused(path)
    work.agrees(coordinator, number)
    officer.goes_to(path)
    expect(officer.page.locator("main h1")).to_contain_text(number)
    coordinator.presses("Personnes protégées", where="nav.menu")
    coordinator.page.locator("main section").filter(has_text=protected).get_by_role(
        "button", name="Lever la protection"
    ).click()
    coordinator.sees("La protection est levée.")


@pytest.mark.obligation("17/006 §21")
def test_a_list_without_too_many_waits_for_two_watchers(office: Open, person: People) -> None:
    """A full list that forgets everybody is held: one agreement is not enough, and it is set aside."""
    coordinator, officer = in_french(person(AN)), person(PAUL)
    office.chamber.publish_full(without=["NK-1001", "NK-1002"])
    ring_for_lists()
    coordinator.reloads_until("Listes retenues 1", "/registre/chambre/", where="main .figures")
    coordinator.sees("2 personnes perdraient leur accès.", "deux accords attendus")
    coordinator.finds_it_accessible()
    coordinator.uses_the_card()
    coordinator.goes_to("/registre/chambre/")
    coordinator.page.locator("main").get_by_role("link", name="liste complète").first.click()
    coordinator.sees("Sophie Moreau", "attend la décision")
    coordinator.finds_it_accessible()
    message = coordinator.page.url.removeprefix(coordinator.origin)
    coordinator.presses("Donner mon accord aux départs")
    coordinator.sees("Vous avez déjà donné votre accord.", "An Willems")
    coordinator.finds_it_accessible()
    officer.uses_the_card()
    officer.goes_to(message)
    officer.presses("Écarter cette liste")
    officer.sees("Liste écartée : personne ne perd son accès")
    office.chamber.publish_full()
    ring_for_lists()
    officer.reloads_until("Listes retenues 0", "/registre/chambre/", where="main .figures")
    officer.presses("Comparer avec le registre")
    officer.finds_it_accessible()
    assert person("demo-sophie-moreau").reads("main h1")


def in_french(someone: Person) -> Person:
    someone.speaks("fr")
    return someone
