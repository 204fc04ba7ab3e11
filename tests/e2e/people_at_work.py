"""What the office's people do at the screen in the main job: they read, type and press; nothing is posted
behind the page's back. Each waits until the page says that it is done.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from playwright.sync_api import expect

from secal.config.demo.family import unpaid_months
from secal.config.demo.seed.people import Invented, Inventor
from secal.config.demo.seed.told import PAPER
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.identifiers import format_iban, format_niss
from secal.kernel.periods import Month
from tests.e2e.browsing import Person

TERM, PAID_TERM = Decimal("220.00"), Decimal("90.00")
FROM_A_STRANGER = Decimal("77.77")
MONTHS_OF_MAINTENANCE = 20
PDF, XML = "application/pdf", "application/xml"
NUMBER = re.compile(r"SECAL-\d{4}-\d+")
OGM = re.compile(r"\+\+\+(\d{3})/(\d{4})/(\d{5})\+\+\+")


@dataclass
class Household:
    """A mother, a father, a child for whom two months were not paid, and an elder one who was paid for to the
    end. Names and numbers by chance.
    """

    day: date
    inventor: Inventor = field(default_factory=lambda: Inventor(random.SystemRandom()))
    creditor: Invented = field(init=False)
    debtor: Invented = field(init=False)
    child: Invented = field(init=False)
    elder: Invented = field(init=False)

    def __post_init__(self) -> None:
        parents = (date(1978, 2, 1), date(1996, 11, 30))
        person = self.inventor.person
        self.creditor = person("fr", woman=True, born=parents)
        self.debtor = person("fr", woman=False, born=parents)
        named = f" {self.debtor.family_name}"
        self.child = person("fr", woman=True, born=born(self.day.year - 8), named=named)
        self.elder = person("fr", woman=False, born=born(self.day.year - 14), named=named)
        self.creditor_iban, self.debtor_iban = self.inventor.iban(), self.inventor.iban()

    @property
    def unpaid(self) -> list[Month]:
        """The two months that the application states as unpaid."""
        return unpaid_months(self.day)[-2:]

    @property
    def charged(self) -> Decimal:
        """What the debtor owes at the take-over: on the first of a month its term falls due too."""
        return TERM * (len(self.unpaid) + (self.day.day == 1))

    @property
    def misread_niss(self) -> str:
        """The creditor's number with wrong check digits."""
        niss = self.creditor.niss
        return f"{niss[:9]}{int(niss[9:]) % 97 + 1:02d}"

    @property
    def unissued_niss(self) -> str:
        """The creditor's number with a sequence that is never issued, and right check digits."""
        stem = f"{self.creditor.niss[:6]}000"
        return f"{stem}{97 - int(stem) % 97:02d}"


def born(year: int) -> tuple[date, date]:
    return date(year, 2, 1), date(year, 11, 30)


def name_of(person: Invented) -> str:
    return f"{person.given_name} {person.family_name}"


def written(day: date) -> str:
    return f"{day:%d/%m/%Y}"


# The registrar


def begins_an_application(registrar: Person, home: Household) -> None:
    """The menu, the button, and the step of the title."""
    registrar.presses("Introduction des demandes", where="nav.menu")
    registrar.presses("Enregistrer une demande")
    decided_on = (Month.of(home.day) - MONTHS_OF_MAINTENANCE).day(12)
    registrar.fills("Demande reçue le", written(home.day))
    registrar.chooses("Langue du dossier", "Français")
    registrar.ticks("Des avances sont demandées")
    registrar.chooses("Nature du titre", "jugement ou arrêt")
    registrar.fills("Juridiction ou notaire", "Tribunal de la famille de Bruxelles")
    registrar.fills("Date du titre", written(decided_on))
    registrar.fills("Date de signification", written(decided_on + timedelta(days=20)))
    registrar.chooses("Indexation", "pas d’indexation")
    goes_on(registrar, "Créancier")


def types_a_person(registrar: Person, who: Invented, *, domicile: str = "Domicile") -> None:
    registrar.fills("Prénom", who.given_name)
    registrar.fills("Nom", who.family_name)
    registrar.fills("Date de naissance", written(who.birth_date))
    registrar.fills("Lieu de naissance", "Namur")
    registrar.fills(domicile, who.address)
    registrar.chooses("Langue", "Français")


def types_the_creditor(registrar: Person, home: Household) -> None:
    """Everything but a NISS that holds."""
    types_a_person(registrar, home.creditor)
    registrar.ticks("Oui")
    registrar.fills("Compte bancaire (IBAN)", format_iban(home.creditor_iban))


def types_the_debtor(registrar: Person, home: Household) -> None:
    types_a_person(registrar, home.debtor, domicile="Dernier domicile connu")
    registrar.pastes("NISS", format_niss(home.debtor.niss))
    goes_on(registrar, "Enfants et montants")


def types_the_children(registrar: Person, home: Household) -> None:
    """The child who is owed, and the elder one, whose maintenance the title ended last month."""
    this = Month.of(home.day)
    types_a_child(registrar, home.child, TERM, since=this - MONTHS_OF_MAINTENANCE, row=1)
    registrar.presses("Ajouter un enfant")
    types_a_child(registrar, home.elder, PAID_TERM, since=this - MONTHS_OF_MAINTENANCE, row=2)
    registrar.fills("Due jusqu’à", f"{(this - 1).first_day:%m/%Y}", where="#ligne-2")
    goes_on(registrar, "Termes, pièces et signatures")


def types_a_child(registrar: Person, who: Invented, monthly: Decimal, *, since: Month, row: int) -> None:
    where = f"#ligne-{row}"
    registrar.fills("Prénom", who.given_name, where=where)
    registrar.fills("Nom", who.family_name, where=where)
    registrar.pastes("NISS", format_niss(who.niss), where=where)
    registrar.fills("Date de naissance", written(who.birth_date), where=where)
    registrar.fills("Montant mensuel fixé par le titre", f"{monthly:.2f}".replace(".", ","), where=where)
    registrar.fills("Jour d’échéance", "1", where=where)
    registrar.fills("Due depuis", f"{since.first_day:%m/%Y}", where=where)


def types_the_terms(registrar: Person, home: Household) -> None:
    """Two unpaid months; the title lies with it; the proof of service and the order to collect do not."""
    for month in home.unpaid:
        registrar.fills(f"Payé, {home.child.given_name}, {month.first_day:%m/%Y}", "0")
    registrar.ticks(
        "Le relevé couvre cinq ans, ou tout le temps depuis le titre : les mois non repris ont été payés"
    )
    registrar.ticks("La demande est signée")
    registrar.lays("copie exécutoire du titre", "grosse.pdf", PAPER, PDF)
    registrar.finds_it_accessible()
    goes_on(registrar, "Vérifier la demande")


def goes_on(registrar: Person, heading: str) -> None:
    """To the next step, whose heading this is."""
    registrar.presses("Continuer")
    expect(registrar.page.locator("main h1")).to_have_text(heading)


def brings_what_is_missing(registrar: Person) -> None:
    registrar.presses("Apporter ce qui manque")
    registrar.ticks("L’ordre de percevoir ou de recouvrer tous les termes et les arriérés est signé")
    registrar.lays("preuve de signification", "signification.pdf", PAPER, PDF)
    registrar.presses("Enregistrer")
    registrar.sees("La demande est complète")


# The officer and the second signatory


def finds_the_work(officer: Person, work: str, number: str) -> bool:
    """Is there such work on this officer's list? The list is narrowed to its kind first."""
    officer.presses(re.compile("^À faire"), where="nav.menu")
    expect(officer.page.locator("main h1")).to_have_text("Mon travail aujourd’hui")
    kind = officer.page.locator("main nav.filters").get_by_role("link", name=re.compile(f"^{work}"))
    if not kind.count():
        return False
    kind.click()
    expect(officer.page.locator("main nav.filters a[aria-current]")).to_contain_text(work)
    return officer.page.get_by_role("link", name=f"{work} – {number}", exact=True).count() == 1


def opens_the_file(officer: Person, number: str) -> None:
    """From the identity bar, or through the search of the header, as the page offers."""
    bar = officer.page.locator("a.identity__number")
    if bar.count():
        bar.click()
    else:
        officer.page.locator("#global-search").fill(number)
        officer.presses("Chercher", where="header")
        officer.page.locator("main a").filter(has_text=number).first.click()
    expect(officer.page.locator("main h1")).to_contain_text(number)


def gives_the_file(approver: Person, officer: str) -> None:
    """To this officer, one of those who recorded nothing of it."""
    approver.presses("Attribuer à un autre gestionnaire")
    approver.page.get_by_role("radio", name=re.compile(f"^{officer} ")).check()
    approver.presses("Attribuer")
    approver.sees("Le dossier est attribué.")


def opens_every_step(reader: Person) -> str:
    """Unfold the whole explanation; its words."""
    folded = reader.page.locator("main .explanation details:not([open]) > summary:visible")
    while folded.count():
        folded.first.click()
    return reader.reads("main .explanation")


def prepares_the_run(officer: Person) -> None:
    """This month's list, executed on the next working day: what the form proposes."""
    officer.presses(re.compile("^Payer les avances du mois"), where="nav.menu")
    officer.presses("Calculer les avances du mois")
    awaits_run(officer, "à approuver")


def awaits_run(person: Person, state: str) -> None:
    """The page asks again by itself while work goes on."""
    expect(person.page.locator("main .lede .status")).to_have_text(state)


def opens_the_run(person: Person, state: str) -> None:
    """The latest list in this state, from the menu."""
    person.presses(re.compile("^Payer les avances du mois"), where="nav.menu")
    person.row(state).get_by_role("link").first.click()
    awaits_run(person, state)


def collects_the_reports(officer: Person) -> None:
    officer.presses("Relever la boîte maintenant")
    officer.sees("Le travail est terminé.")
    officer.finds_it_accessible()


def imports(officer: Person, statement: bytes) -> None:
    """A statement file, through the form; whatever the answer is."""
    officer.presses("Extraits de compte", where="nav.menu")
    officer.presses("Importer un extrait")
    officer.lays("Extrait camt.053", "extrait.xml", statement, XML)
    officer.presses("Importer")


def bank_statement(home: Household, ogm: str, paid: Decimal, *, account: str, number: int) -> bytes:
    """The debtor's payment with the file's communication, and a stranger's without any."""
    return write_statement(
        [
            Transfer(paid, name=name_of(home.debtor), iban=home.debtor_iban, ogm=ogm),
            Transfer(FROM_A_STRANGER, name="Inconnu", iban=home.inventor.iban(), text="paiement"),
        ],
        account_iban=account,
        day=home.day,
        opening=Decimal("1000.00"),
        number=number,
    )


def reviews_solvency(officer: Person, reasons: str, next_on: date) -> None:
    """Solvent, with one line of means; read once more, then signed."""
    officer.presses("Examiner la solvabilité")
    officer.chooses("Nature – ligne 1", "Rémunération")
    officer.fills("Précision – ligne 1", "salaire net")
    officer.fills("Montant par mois – ligne 1", "2.150,00")
    officer.fills("Source – ligne 1", "fiche de paie")
    officer.ticks("solvable")
    officer.ticks("sommation de payer")
    officer.fills("Motivation", reasons)
    officer.fills("Examen suivant", written(next_on))
    officer.presses("Vérifier les réponses")
    officer.sees("Vérifier avant de signer", reasons, written(next_on))
    officer.finds_it_accessible()
    officer.presses("Signer l’examen")
    officer.sees("L’examen est signé")
