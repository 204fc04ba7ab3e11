"""The main job, clicked from the registrar's first field to the officer's file page, by those who do it."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import expect

from secal.config.demo.bank import Bank
from secal.config.demo.office import Open
from secal.kernel.calendar import next_working_day
from secal.kernel.identifiers import format_niss
from secal.office.clock import today
from tests.e2e import people_at_work as work
from tests.e2e.browsing import Person
from tests.e2e.people_at_work import Household, written

pytestmark = pytest.mark.browser

RITA, NADIA = "demo-rita-claes", "demo-nadia-lambert"
LUC, LUC_NAMED, MIA = "demo-luc-dubois", "Luc Dubois", "demo-mia-peeters"
ROOT = Path(__file__).resolve().parents[2]
ADVANCE, CONTRIBUTION_RATE = Decimal("175.00"), Decimal("0.13")
FOR_THE_ADVANCE = Decimal("64.80")
REASONS = "Salaire régulier chez un employeur connu ; la quotité saisissable suffit."
DAYS_TO_NEXT_REVIEW = 45
STATEMENT_NUMBER = 90_001
SecurityRows = Callable[..., list[dict[str, Any]]]


@dataclass
class Case:
    """What the people tell each other about the file."""

    home: Household
    id: str = ""
    number: str = ""

    @property
    def path(self) -> str:
        return f"/dossiers/{self.id}/"

    @property
    def contribution(self) -> Decimal:
        return self.home.charged * CONTRIBUTION_RATE

    @property
    def payment(self) -> Decimal:
        return self.contribution + FOR_THE_ADVANCE

    @property
    def left(self) -> Decimal:
        return self.home.charged + self.contribution - self.payment


def euro(amount: Decimal) -> str:
    return f"{amount:.2f} €".replace(".", ",")


@pytest.mark.obligation("12/057 §1")
def test_the_main_job_is_done_by_clicking(
    office: Open, person: Callable[..., Person], security_rows: SecurityRows
) -> None:
    case = Case(Household(today()))
    registrar = person(RITA)
    register(registrar, case)
    refuse_the_registrar(registrar, case)
    officer, approver = person(LUC), person(NADIA)
    give_to_the_officer(approver, officer, case)
    decide(officer, case)
    prepare(officer)
    approve(approver)
    pay(officer, office.bank, case)
    receive(officer, case)
    review(officer, case)
    read_the_file_page(officer, case)
    assert case.home.creditor.family_name not in person(MIA).is_refused(case.path)
    every_look_left_its_row(case, security_rows)


def register(registrar: Person, case: Case) -> None:
    """A NISS that cannot be is explained; an application says what it misses, then is completed."""
    home = case.home
    work.begins_an_application(registrar, home)
    work.types_the_creditor(registrar, home)
    for impossible, why in (
        (home.misread_niss, "les chiffres de contrôle sont faux"),
        (home.unissued_niss, "ce numéro d’ordre n’est jamais attribué"),
    ):
        registrar.fills("NISS", impossible)
        registrar.presses("Continuer")
        registrar.sees(f"Lu comme NISS {format_niss(impossible)}", why, where="main .error-summary")
    registrar.finds_it_accessible()
    registrar.pastes("NISS", format_niss(home.creditor.niss))
    work.goes_on(registrar, "Débiteur")
    work.types_the_debtor(registrar, home)
    work.types_the_children(registrar, home)
    work.types_the_terms(registrar, home)
    registrar.sees(work.name_of(home.creditor), work.name_of(home.debtor), home.child.given_name)
    registrar.finds_it_accessible()
    registrar.presses("Envoyer la demande")
    registrar.sees("La demande est incomplète")
    registrar.finds_it_accessible()
    received = registrar.reads()
    assert "Pièces de signification" in received and "percevoir ou de recouvrer" in received, received
    case.id = registrar.page.url.rstrip("/").split("/")[-2]
    case.number = work.NUMBER.search(received)[0]  # type: ignore[index]
    work.brings_what_is_missing(registrar)


def refuse_the_registrar(registrar: Person, case: Case) -> None:
    """Who recorded an application sees that it is there, and nothing of what is in it."""
    registrar.presses("Retour à l’introduction des demandes")
    expect(registrar.row(case.number)).to_contain_text("complète")
    assert case.home.creditor.family_name not in registrar.reads()
    refusal = registrar.is_refused(case.path)
    assert case.home.creditor.family_name not in refusal


def give_to_the_officer(approver: Person, officer: Person, case: Case) -> None:
    """The service gave it to the officer with the fewest files; unless that is Luc, Nadia gives it to him."""
    work.opens_the_file(approver, case.number)
    approver.sees("à décider", "Gestionnaire", where="main section.identity")
    if LUC_NAMED not in approver.reads("main section.identity"):
        work.gives_the_file(approver, LUC_NAMED)
    approver.sees(LUC_NAMED, where="main section.identity")
    assert work.finds_the_work(officer, "Décider des avances", case.number)


def decide(officer: Person, case: Case) -> None:
    """From the worklist: the proposal with each step and its article, then the decision."""
    officer.presses(f"Décider des avances – {case.number}")
    officer.sees(case.home.child.given_name, "220,00 €", euro(ADVANCE))
    told = work.opens_every_step(officer)
    officer.finds_it_accessible()
    assert "art. 4 §2" in told and "175,00" in told, told
    assert "art. 6" in told, told
    officer.presses("Décider et signer")
    officer.sees("La décision est enregistrée.", "intervention avec avances", "Droits aux avances")


def prepare(officer: Person) -> None:
    """The exclusions say why; who prepared finds no button to approve, but is told who may."""
    work.prepares_the_run(officer)
    officer.finds_it_accessible()
    exclusions = officer.page.get_by_role("region", name="Exclusions par motif")
    reason = exclusions.get_by_role("link").first.inner_text()
    assert officer.page.get_by_role("button", name=re.compile("Approuver")).count() == 0
    assert officer.page.locator("main .blocked").first.inner_text().strip()
    exclusions.get_by_role("link").first.click()
    expect(officer.page.locator("main tbody tr").first).to_contain_text(reason)


def approve(approver: Person) -> None:
    """The second signatory finds the list, approves it, and it leaves for the bank."""
    work.opens_the_run(approver, "à approuver")
    approver.presses(re.compile("^Approuver et payer"))
    work.awaits_run(approver, "envoyée à la banque")
    approver.sees("Approuvée par Nadia Lambert", "Empreinte SHA-256")


def pay(officer: Person, bank: Bank, case: Case) -> None:
    """The bank executes on its day; its reports confirm the list, and the advance stands in the book."""
    execution_on = next_working_day(case.home.day)
    bank.advance_to(next_working_day(next_working_day(execution_on)))
    work.opens_the_run(officer, "envoyée à la banque")
    work.collects_the_reports(officer)
    work.opens_the_run(officer, "confirmée par la banque")
    officer.presses("Candidats")
    line = officer.row(case.number)
    expect(line).to_contain_text("175,00")
    line.get_by_role("link").first.click()
    assert "art. 4 §2" in work.opens_every_step(officer)
    officer.presses("Ouvrir le dossier")
    officer.presses("Toutes les écritures")
    expect(officer.row("Avance payée")).to_contain_text("175,00")


def receive(officer: Person, case: Case) -> None:
    """The receipt with the file's communication is spread by article 23; the stranger's waits in sight."""
    ogm = "".join(work.OGM.search(officer.reads()).groups())  # type: ignore[union-attr]
    statement = work.bank_statement(
        case.home, ogm, case.payment, account=settings.OFFICE_IBAN, number=STATEMENT_NUMBER
    )
    work.imports(officer, statement)
    officer.sees("1 mouvement sur 2 attend encore.")
    expect(officer.row("rapproché")).to_contain_text(euro(case.payment))
    officer.row("rapproché").get_by_role("link").first.click()
    officer.sees(case.number, "Rapproché et imputé.")
    spread = officer.reads("main .allocation")
    assert f"Contribution aux frais de fonctionnement {euro(case.contribution)}" in spread, spread
    assert f"Avances {euro(FOR_THE_ADVANCE)}" in spread, spread
    officer.presses("Paiements à rapprocher", where="main nav.crumbs")
    expect(officer.row(euro(work.FROM_A_STRANGER))).to_contain_text("pas de communication structurée")
    refuse_statements(officer, statement, case, ogm)


def refuse_statements(officer: Person, taken: bytes, case: Case, ogm: str) -> None:
    """The same file again, and one with a line that cannot be read: the page says which and why."""
    officer.may_be_refused = True
    work.imports(officer, taken)
    officer.sees("a déjà été importé", where="main .error-summary")
    officer.finds_it_accessible()
    unreadable = work.bank_statement(
        case.home, ogm, Decimal("12.34"), account=settings.OFFICE_IBAN, number=STATEMENT_NUMBER + 1
    ).replace(b">12.34<", b">12,34<")
    work.imports(officer, unreadable)
    officer.sees("Mouvement 1", "12,34", where="main .error-summary")
    officer.may_be_refused = False


def review(officer: Person, case: Case) -> None:
    """Signed with reasons and the next day; on that day the scheduler's job puts it on the worklist."""
    next_on = case.home.day + timedelta(days=DAYS_TO_NEXT_REVIEW)
    work.opens_the_file(officer, case.number)
    work.reviews_solvency(officer, REASONS, next_on)
    officer.sees(REASONS, written(next_on))
    bring_back(next_on)
    assert work.finds_the_work(officer, "Examiner la solvabilité", case.number)


def bring_back(day: date) -> None:
    """What the scheduler does on that day, as a program of its own over the office's data."""
    command = [sys.executable, "manage.py", "run_job", "solvency.due", day.isoformat(), "--json"]
    environment = {**os.environ, "SECAL_SITE": "worker", "SECAL_STATE_DIR": str(settings.STATE_DIR)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def read_the_file_page(officer: Person, case: Case) -> None:
    """Identity, figures, drawn charts, the ledger, and a line of the timeline for all that happened."""
    officer.presses(f"Examiner la solvabilité – {case.number}")
    work.opens_the_file(officer, case.number)
    officer.sees(
        work.name_of(case.home.creditor), work.name_of(case.home.debtor), where="main section.identity"
    )
    figures = officer.reads("main .figures")
    for words in (f"Arriérés {euro(case.left)}", f"Avances versées {euro(ADVANCE)}"):
        assert words in figures, figures
    for drawing in (f"Avances {euro(ADVANCE)}", f"aujourd’hui {euro(case.left)}"):
        expect(officer.page.get_by_role("img", name=drawing).first).to_be_visible()
    expect(officer.row("Paiement du débiteur")).to_contain_text(euro(case.left))
    told = officer.reads("main aside")
    for line in (
        "Demande reçue",
        "Demande complète",
        "Dossier attribué à",
        "Décision : intervention avec avances",
        "Arriérés pris en charge",
        "Avance de",
        "Paiement du débiteur",
        "Solvabilité examinée : solvable",
        "La solvabilité est à examiner de nouveau",
    ):
        assert line in told, (line, told)


def every_look_left_its_row(case: Case, security_rows: SecurityRows) -> None:
    """Reads by the officer and the second signatory; refusals of the registrar, who read her own draft only,
    and of a colleague, who read nothing.
    """
    acts = {"file.open", "ledger.view", "receipt.view", "solvency.read"}
    for subject, wanted in ((LUC, acts), (NADIA, {"file.open", "file.assign"})):
        looks = security_rows(subject, kind="READ", file=case.id)
        assert wanted <= {look["act"] for look in looks}, (subject, looks)
        assert all(look["purpose"] and look["fields"] and look["capacity"] for look in looks)
    for subject, purposes in ((RITA, {"intake.draft"}), (MIA, set())):
        refused = security_rows(subject, kind="DENY", file=case.id)
        assert [row["act"] for row in refused] == ["file.open"], refused
        assert {look["purpose"] for look in security_rows(subject, kind="READ", file=case.id)} == purposes
