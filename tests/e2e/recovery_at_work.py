"""What people do at the screen in the recovery of a debt of the ONSS: they read, type and press."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from playwright.sync_api import expect

from secal.config.demo.seed.deed import deed_paper
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.people import Inventor
from secal.config.demo.seed.recovery_told import unpaid_quarter
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.identifiers import format_enterprise_number
from secal.kernel.reckoning.procedure import BRUSSELS
from secal.people.employers import EmployerDetails
from tests.e2e.browsing import Person

CONTRIBUTIONS = Decimal("4200.00")
NOTICED_BEFORE = 60
"""Days before today on which the notice was sent: its month has run."""
NUMBER = re.compile(r"ONSS-\d{4}-\d{6}")
LIST = re.compile(r"EFF-\d{4}-\d{6}")
TITLE = re.compile(r"CT-\d{4}-\d{6}")
DUE = re.compile(r"Dû ce jour : ([\d ]+,\d\d)")
PDF, XML = "application/pdf", "application/xml"
MOREAU = "Étude Moreau"
REASONS = "Procès-verbal de carence : aucun bien saisissable, le siège est vide et le commerce a cessé."


@dataclass
class Debtor:
    """An employer by chance, and what the people tell each other about its file."""

    day: date
    told: EmployerDetails = field(init=False)
    file: str = ""
    """Identifier, from the address of the page."""
    number: str = ""
    title: str = ""

    def __post_init__(self) -> None:
        chance = random.SystemRandom()
        name = f"Ateliers {chance.randrange(10**9)}"
        self.told = EmployerInventor(Inventor(chance)).firm(name, "SRL", "fr", "bruxelles")

    @property
    def sent_on(self) -> date:
        return self.day - timedelta(days=NOTICED_BEFORE)

    @property
    def misread(self) -> str:
        """The number with wrong check digits."""
        number = self.told.enterprise_number
        return f"{number[:8]}{int(number[8:]) % 97 + 1:02d}"


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def euros(amount: Decimal) -> str:
    """As a page shows it."""
    return f"{amount:,.2f}".replace(",", " ").replace(".", ",")


def opens_the_file(worker: Person, debtor: Debtor) -> None:
    """By the search of the header; from a page that refuses, back to one's work first."""
    if not worker.page.locator("#global-search").count():
        worker.presses("Revenir à mon travail", where="body")
    worker.page.locator("#global-search").fill(debtor.number)
    with worker.page.expect_navigation():
        worker.presses("Chercher", where="header")
    if debtor.number not in worker.reads("main h1"):
        worker.page.locator("main a").filter(has_text=debtor.number).first.click()
    expect(worker.page.locator("main h1")).to_contain_text(debtor.number)


# The clerk


def registers(clerk: Person, debtor: Debtor) -> None:
    """The employer; a wrong digit is explained."""
    told = debtor.told
    clerk.presses("Employeurs", where="nav.menu")
    clerk.ticks("personne morale")
    clerk.fills("Numéro d’entreprise", debtor.misread)
    clerk.fills("Nom ou dénomination", told.name)
    clerk.fills("Forme juridique", told.legal_form)
    clerk.fills("Siège ou domicile", told.address)
    clerk.chooses("Arrondissement judiciaire", "Bruxelles")
    clerk.chooses("Langue", "français")
    clerk.presses("Enregistrer")
    expect(clerk.page.locator("main .error-summary")).to_be_visible()
    clerk.finds_it_accessible()
    clerk.pastes("Numéro d’entreprise", format_enterprise_number(told.enterprise_number))
    clerk.presses("Enregistrer")
    clerk.sees("L’employeur est enregistré.")


def records_the_quarter(clerk: Person, debtor: Debtor) -> None:
    clerk.field("Trimestre").select_option(value=unpaid_quarter(debtor.sent_on).isoformat())
    clerk.ticks("déclaration de l’employeur")
    clerk.fills("Cotisations dues", f"{CONTRIBUTIONS:.2f}".replace(".", ","))
    clerk.finds_it_accessible()
    clerk.presses("Enregistrer la dette")
    clerk.sees("La dette est enregistrée et comptabilisée.", "4 620,00")
    debtor.file = clerk.page.url.rstrip("/").split("/")[-1]
    debtor.number = NUMBER.search(clerk.reads("main h1"))[0]  # type: ignore[index]


def sends_the_notice(clerk: Person, debtor: Debtor) -> None:
    clerk.presses("Envoyer une mise en demeure")
    clerk.ticks("lettre recommandée")
    clerk.fills("Envoyée le", written(debtor.sent_on))
    clerk.presses("Vérifier les réponses")
    clerk.sees("Rien n’est encore enregistré.")
    clerk.finds_it_accessible()
    clerk.presses("Envoyer la mise en demeure")
    clerk.sees("est prête")


def draws_the_roll(clerk: Person) -> None:
    clerk.presses("Établir un rôle")
    clerk.sees("Lignes à porter au rôle")
    for box in clerk.page.locator("main input[name=lines]").all():
        box.check()
    clerk.presses("Établir le rôle")
    clerk.sees("Le rôle est établi. Une autre personne le rend exécutoire.")
    clerk.finds_it_accessible()
    expect(clerk.page.get_by_role("button", name="Rendre exécutoire")).to_have_count(0)


def imports(clerk: Person, statement: bytes) -> None:
    clerk.presses("Extraits de compte", where="nav.menu")
    clerk.presses("Importer un extrait")
    clerk.lays("Extrait camt.053", "extrait.xml", statement, XML)
    clerk.presses("Importer")


def remittance(debtor_day: date, amount: Decimal, ogm: str, *, account: str, iban: str, number: int) -> bytes:
    """What the bailiff's office passes on, as the bank's statement brings it."""
    return write_statement(
        [Transfer(amount, name=MOREAU, iban=iban, ogm=ogm)],
        account_iban=account,
        day=debtor_day,
        opening=Decimal("1000.00"),
        number=number,
        owner="ONSS",
    )


def proposes_to_give_up(clerk: Person, debtor: Debtor) -> None:
    opens_the_file(clerk, debtor)
    clerk.presses("Proposer l’irrécouvrabilité")
    clerk.page.locator("main input[name=evidence]").first.check()
    clerk.fills("Motifs", REASONS)
    clerk.finds_it_accessible()
    clerk.presses("Proposer à la direction")
    clerk.sees("Proposition enregistrée : la direction du recouvrement décide.")


# The signatory, the directorate, the operator


def signs_and_constrains(signatory: Person, debtor: Debtor) -> None:
    signatory.presses(re.compile("^Rôles spéciaux"), where="nav.menu")
    signatory.row(debtor.told.name).get_by_role("link").first.click()
    signatory.presses("Rendre exécutoire")
    signatory.sees("Le rôle est exécutoire.")
    signatory.presses("Décerner la contrainte")
    signatory.sees("La contrainte est décernée.")
    signatory.finds_it_accessible()
    debtor.title = TITLE.search(signatory.reads())[0]  # type: ignore[index]


def transmits(director: Person, debtor: Debtor) -> None:
    director.presses(re.compile("^Contraintes à transmettre"), where="nav.menu")
    director.ticks(debtor.title)
    director.presses("Vérifier la transmission")
    director.sees(debtor.title)
    director.finds_it_accessible()
    director.presses("Transmettre au concessionnaire")
    director.sees("1 titre transmis")


def decides_to_give_up(director: Person, debtor: Debtor) -> None:
    director.presses(re.compile("^Irrécouvrabilités à décider"), where="nav.menu")
    director.row(debtor.number).get_by_role("link").first.click()
    director.sees(REASONS)
    director.finds_it_accessible()
    director.presses("Déclarer irrécouvrable")
    director.sees("Dossier déclaré irrécouvrable.")


def distributes(operator: Person, debtor: Debtor) -> None:
    operator.presses(re.compile("^Titres à confier"), where="nav.menu")
    operator.row(debtor.title).get_by_role("link").first.click()
    operator.page.get_by_role("radio", name=re.compile(f"^{MOREAU} ")).check()
    operator.finds_it_accessible()
    operator.presses("Confier le titre")
    operator.sees(f"confié à {MOREAU}")


# The bailiff


def opens_at_the_portal(bailiff: Person, debtor: Debtor) -> None:
    bailiff.page.locator("header a[href='/']").first.click()
    bailiff.row(debtor.told.name).get_by_role("link").first.click()
    expect(bailiff.page.locator("main h1")).to_contain_text(debtor.told.name)


def says_when(bailiff: Person) -> None:
    """This minute, with the judge's leave: tests run at night and on Sundays too."""
    at = datetime.now(BRUSSELS)
    bailiff.fills("Jour", written(at.date()))
    bailiff.fills("Heure", f"{at:%H:%M}")
    bailiff.fills("Date de l’autorisation du juge", written(at.date()))


def serves(bailiff: Person, *, opposition_until: date) -> None:
    bailiff.presses("Enregistrer la signification")
    says_when(bailiff)
    bailiff.ticks("au domicile ou au siège")
    bailiff.fills("Coût de l’acte", "95,40")
    bailiff.presses("Continuer")
    bailiff.sees("Vérifier la signification", written(opposition_until))
    bailiff.finds_it_accessible()
    bailiff.presses("Enregistrer la signification")
    bailiff.sees("Enregistré. Citez ce numéro")
    bailiff.finds_it_accessible()


def acts(bailiff: Person, debtor: Debtor, kind: str) -> None:
    opens_at_the_portal(bailiff, debtor)
    bailiff.presses("Enregistrer un acte")
    bailiff.ticks(kind)
    says_when(bailiff)
    bailiff.presses("Continuer")
    bailiff.sees("Vérifier l’acte", kind)
    bailiff.presses("Enregistrer l’acte")
    bailiff.sees("Enregistré. Citez ce numéro")


def adds_the_deed(bailiff: Person, words: str) -> None:
    """To the act that was just recorded."""
    bailiff.presses("Joindre l’exploit")
    bailiff.lays("Exploit", "exploit.pdf", deed_paper(words), PDF)
    bailiff.finds_it_accessible()
    bailiff.presses("Joindre")
    bailiff.sees("L’exploit est joint.")


def is_paid(bailiff: Person, debtor: Debtor) -> Decimal:
    """All that the portal asks, the costs of service with it."""
    bailiff.reloads_until("95,40", f"/dossiers/{debtor.file}/", where="main section[aria-labelledby=due]")
    asked = DUE.search(bailiff.reads())
    assert asked, bailiff.reads()
    bailiff.presses("Paiement reçu")
    bailiff.fills("Montant reçu", asked[1])
    bailiff.fills("Reçu le", written(debtor.day))
    bailiff.ticks("virement sur le compte de tiers")
    bailiff.presses("Continuer")
    bailiff.sees("Vérifier le paiement")
    bailiff.presses("Enregistrer le paiement")
    bailiff.finds_it_accessible()
    return Decimal(asked[1].replace(" ", "").replace(",", "."))


def closes(bailiff: Person, debtor: Debtor, why: str) -> None:
    opens_at_the_portal(bailiff, debtor)
    bailiff.presses("Rendre ou clôturer")
    bailiff.ticks("Clôturer : il n’y a plus rien à faire avec ce titre")
    bailiff.chooses("Si vous clôturez, pourquoi", why)
    bailiff.finds_it_accessible()
    bailiff.presses("Continuer")
    bailiff.presses("Mettre fin à l’intervention")
    bailiff.sees("est terminée")
    expect(bailiff.page.locator("main")).not_to_contain_text(debtor.told.name)


# The watchers


def finds_the_list(watcher: Person, debtor: Debtor) -> str:
    """The open list that names the file by its number; the list's number."""
    watcher.presses(re.compile("^Conservation et effacement"), where="nav.menu")
    watcher.sees(debtor.number)
    number = LIST.search(watcher.reads())
    assert number, watcher.reads()
    return number[0]


def approves(watcher: Person, list_number: str) -> None:
    watcher.presses(re.compile("^Conservation et effacement"), where="nav.menu")
    watcher.row(list_number).get_by_role("link").first.click()
    watcher.finds_it_accessible()
    watcher.presses("Approuver l’effacement")


def asks_the_log(watcher: Person, about: str) -> str:
    """The rows of the answer, as they show."""
    watcher.presses("Journal de sécurité", where="nav.menu")
    watcher.chooses("Motif", "Contrôle interne")
    watcher.fills("Au sujet de", about)
    watcher.presses("Chercher")
    watcher.sees("Réponse du journal")
    return watcher.reads()
