"""A debt of the ONSS, clicked from the unpaid quarter to the erased debtor; and one that is given up."""

import os
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import expect
from psycopg import sql
from psycopg.conninfo import make_conninfo

from secal.config.demo.evidence import let_a_day_pass
from secal.config.demo.seed.people import belgian_iban
from secal.config.demo.seed.staff import OFFICES
from secal.kernel.reckoning.procedure import opposition_delay
from secal.law.onss import opposition_parameters
from secal.office.clock import today
from tests.e2e import recovery_at_work as work
from tests.e2e.browsing import Person
from tests.e2e.people_at_work import OGM
from tests.e2e.recovery_at_work import Debtor

pytestmark = pytest.mark.browser

HELENE, BRIGITTE = "demo-helene-marchal", "demo-brigitte-collard"
GEERT, DIRK = "demo-geert-van-damme", "demo-dirk-aerts"
SOPHIE, JAN = "demo-sophie-moreau", "demo-jan-de-clercq"
AN, PAUL = "demo-an-willems", "demo-paul-renard"
ROOT = Path(__file__).resolve().parents[2]
MOREAUS_ACCOUNT = belgian_iban(next(stem for name, _place, _language, stem in OFFICES if name == work.MOREAU))
STATEMENT_NUMBER = 91_001
SecurityRows = Callable[..., list[dict[str, Any]]]
People = Callable[..., Person]


@pytest.fixture
def tables_with(office_database: str) -> Callable[[str], set[str]]:
    """`tables_with("Ateliers")`: the tables in which a row says these words, read as the administrator."""

    def read(words: str) -> set[str]:
        address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=office_database)
        found = set()
        with psycopg.connect(address) as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables"
                " WHERE schemaname IN ('public', 'seclog', 'keystore')"
            ).fetchall()
            for schema, table in tables:
                query = sql.SQL("SELECT EXISTS (SELECT 1 FROM {} AS t WHERE t::text ILIKE %s)")
                row = connection.execute(
                    query.format(sql.Identifier(schema, table)), [f"%{words}%"]
                ).fetchone()
                if row and row[0]:
                    found.add(table)
        return found

    return read


@pytest.mark.obligation("17/006 §7")
def test_an_unpaid_quarter_is_recovered_and_its_debtor_erased_by_clicking(
    person: People,
    office_database: str,
    security_rows: SecurityRows,
    tables_with: Callable[[str], set[str]],
) -> None:
    debtor = Debtor(today())
    clerk = person(HELENE)
    becomes_a_title(person, clerk, debtor)
    goes_to_moreau(person, debtor)
    is_hidden_from_a_sibling(person, debtor, security_rows)
    bailiff = person(SOPHIE)
    is_served(bailiff, debtor)
    paid = is_paid(bailiff, clerk, debtor)
    assert paid > work.CONTRIBUTIONS
    work.closes(bailiff, debtor, "la dette est payée")
    assert debtor.told.name not in bailiff.is_refused(f"/dossiers/{debtor.file}/")
    clerk.reloads_until("Terminé", f"/onss/{debtor.file}/")
    assert {"people_employer", "people_historicalemployer"} <= tables_with(debtor.told.name)
    is_erased(person, debtor, office_database)
    assert tables_with(debtor.told.name) == set()
    remembers_who_looked(person, debtor)


def becomes_a_title(person: People, clerk: Person, debtor: Debtor) -> None:
    work.registers(clerk, debtor)
    work.records_the_quarter(clerk, debtor)
    work.sends_the_notice(clerk, debtor)
    work.draws_the_roll(clerk)
    work.signs_and_constrains(person(BRIGITTE), debtor)


def goes_to_moreau(person: People, debtor: Debtor) -> None:
    work.transmits(in_french(person(GEERT)), debtor)
    work.distributes(in_french(person(DIRK)), debtor)


def is_hidden_from_a_sibling(person: People, debtor: Debtor, security_rows: SecurityRows) -> None:
    """A bailiff of another office: as if the file did not exist, and it is written down."""
    jan = person(JAN)
    assert debtor.told.name not in jan.is_refused(f"/dossiers/{debtor.file}/")
    assert debtor.told.name not in jan.is_refused(f"/dossiers/{debtor.file}/acte/")
    refused = security_rows(JAN, kind="DENY", file=debtor.file)
    assert [row["act"] for row in refused] == ["portal.open", "act.record"], refused


def is_served(bailiff: Person, debtor: Debtor) -> None:
    day = debtor.day
    delay = opposition_delay(served_on=day, parameters=opposition_parameters(on=day))
    work.opens_at_the_portal(bailiff, debtor)
    work.serves(bailiff, opposition_until=delay.last_day)
    work.acts(bailiff, debtor, "commandement de payer")
    work.adds_the_deed(bailiff, "Commandement de payer")


def is_paid(bailiff: Person, clerk: Person, debtor: Debtor) -> Decimal:
    """To the bailiff, who passes it on; then nothing is due to the cent."""
    amount = work.is_paid(bailiff, debtor)
    work.opens_the_file(clerk, debtor)
    ogm = OGM.search(clerk.reads("main aside"))
    assert ogm
    statement = work.remittance(
        debtor.day,
        amount,
        "".join(ogm.groups()),
        account=settings.ONSS_IBAN,
        iban=MOREAUS_ACCOUNT,
        number=STATEMENT_NUMBER,
    )
    clerk.reloads_until("Chez l’huissier " + work.euros(amount), f"/onss/{debtor.file}/")
    work.imports(clerk, statement)
    work.opens_the_file(clerk, debtor)
    for words in ("Reste dû, comptabilisé 0,00", "Chez l’huissier 0,00"):
        assert words in clerk.reads("main .figures"), clerk.reads("main .figures")
    clerk.finds_it_accessible()
    return amount


def is_erased(person: People, debtor: Debtor, office_database: str) -> None:
    """Listed the night after, approved by two, erased by the worker, certified."""
    let_a_day_pass(debtor.file, database=office_database)
    run_job("retention.list", debtor.day.isoformat())
    security, protection = in_french(person(AN)), person(PAUL)
    number = work.finds_the_list(security, debtor)
    work.approves(security, number)
    security.sees("Votre approbation est notée.")
    work.approves(protection, number)
    protection.sees("l’effacement commence")
    protection.reloads_until("Effacement terminé", protection.page.url.removeprefix(protection.origin))
    expect(protection.row(debtor.number)).to_contain_text("CERT-")
    protection.finds_it_accessible()


def remembers_who_looked(person: People, debtor: Debtor) -> None:
    """By its identifier, which the certificate gives: who, when and why, and no debtor."""
    answer = work.asks_the_log(person(PAUL), debtor.file)
    assert "Jan De Clercq" in answer or "Sophie Moreau" in answer
    assert debtor.told.name not in answer
    person(HELENE).is_refused("/controle/journal/")


@pytest.mark.obligation("17/006 §7")
def test_a_debt_is_given_up_by_two_people_and_ends_when_the_bailiff_closes(
    person: People, security_rows: SecurityRows
) -> None:
    debtor = Debtor(today())
    clerk, director = person(HELENE), in_french(person(GEERT))
    becomes_a_title(person, clerk, debtor)
    goes_to_moreau(person, debtor)
    bailiff = person(SOPHIE)
    work.opens_at_the_portal(bailiff, debtor)
    work.acts(bailiff, debtor, "procès-verbal de carence")
    work.adds_the_deed(bailiff, "Rien de saisissable")
    work.proposes_to_give_up(clerk, debtor)
    assert "/onss/irrecouvrable/" not in clerk.reads("nav.menu")
    clerk.is_refused("/onss/irrecouvrable/")
    work.decides_to_give_up(director, debtor)
    work.opens_the_file(clerk, debtor)
    clerk.sees("Déclaré irrécouvrable", "Le dossier se termine quand aucun mandat n’est en cours")
    work.closes(bailiff, debtor, "rien à saisir : procès-verbal de carence")
    clerk.reloads_until("Dossier terminé le", f"/onss/{debtor.file}/")
    clerk.finds_it_accessible()
    refused = security_rows(HELENE, kind="DENY", act="irrecoverable.approve")
    assert refused


def in_french(someone: Person) -> Person:
    """The screens open in the language of whoever logs in; this story is told in French."""
    someone.speaks("fr")
    return someone


def run_job(kind: str, period: str) -> None:
    """What the scheduler does at night, as a program of its own over the office's data."""
    command = [sys.executable, "manage.py", "run_job", kind, period, "--json"]
    environment = {**os.environ, "SECAL_SITE": "worker", "SECAL_STATE_DIR": str(settings.STATE_DIR)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
