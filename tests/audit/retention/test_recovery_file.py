"""A recovery file that ran its whole course is erased: nothing of the debtor is found anywhere afterwards.

The search of these tests is not that of the application: an administrator reads every row of every table. It
has to find the debtor before.
"""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.conf import settings as configured

from audit.retention import outside
from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState
from recovery.arrears.models import Origin
from recovery.arrears.models.rolls import OppositionForm
from recovery.arrears.services.debts import record_debt
from recovery.arrears.services.oppositions import record_opposition
from recovery.cases.dues import amount_due
from recovery.cases.models import Act, Document, Outcome, RecoveryFile, ServiceMode
from recovery.portal.booking import book_waiting
from recovery.portal.models import PaymentWay
from recovery.portal.services import (
    CloseReason,
    PaymentFacts,
    ServiceFacts,
    close,
    record_payment,
    record_service,
    upload_deed,
)
from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.config.demo.statement_files import Transfer, write_statement
from secal.kernel.identifiers import format_enterprise_number, format_niss
from secal.ledger.models import Posting
from secal.ledger.services.receipts import import_statement
from secal.office.keeping import Trace
from secal.office.models import Job, JobState
from secal.people.models import Employer, EmployerKind
from tests import stories as alimony
from tests.audit.retention.test_erasure import tables_with
from tests.pdf_reading import text_of
from tests.recovery.enforcement.conftest import at_bailiff
from tests.recovery.portal.hostile import good
from tests.recovery.stories import BRUSSELS, SERVED_AT, People, enterprise_number, made_file, people

pytestmark = pytest.mark.usefixtures("committed_database")

Approved = Callable[[], ErasureList]
Run = Callable[[ErasureList], Job]

NAME = "Zébulon Van Quetzaele"
ADDRESS = "Quai des Canaris 97 boîte 13, 1000 Bruxelles"
ACCOUNT = "BE62510007547061"
OFFICES_ACCOUNT = "BE96001547852105"
NOTE = "Remis au canari du gérant Quetzaele"
PAID_ON, REMITTED_ON, CLOSED_AT = (
    date(2026, 9, 21),
    date(2026, 10, 5),
    datetime(2026, 10, 7, 16, 0, tzinfo=BRUSSELS),
)


@pytest.fixture
def staff(make_user: Callable[..., User]) -> People:
    made = people(make_user)
    made.office.iban = OFFICES_ACCOUNT
    made.office.save()
    return made


@pytest.fixture
def story(staff: People) -> Callable[..., tuple[RecoveryFile, list[str]]]:
    """An unpaid quarter, served, opposed to in vain, paid in part by the debtor and for the rest through the
    bailiff, who closes: the file with every word by which the debtor is known."""

    def tell(**changes: Any) -> tuple[RecoveryFile, list[str]]:
        number, niss = enterprise_number(), alimony.new_niss(date(1984, 2, 3))
        onss = changes.pop("onss_number", "")
        details: dict[str, Any] = {
            "kind": EmployerKind.NATURAL,
            "name": NAME,
            "legal_form": "",
            "enterprise_number": number,
            "onss_number": onss,
            "niss": niss,
            "birth_date": date(1984, 2, 3),
            "address": ADDRESS,
        }
        mandate = at_bailiff(staff, **{**details, **changes})
        file = RecoveryFile.objects.select_related("book", "employer").get(pk=mandate.file_id)
        with acting_as(staff.bailiff.pk):
            act = record_service(
                file_id=file.pk,
                facts=ServiceFacts(
                    mandate.pk,
                    SERVED_AT,
                    "bruxelles",
                    ServiceMode.AT_DOMICILE,
                    costs=Decimal("95.40"),
                    note=NOTE,
                ),
                act_id=uuid.uuid4(),
                now=CLOSED_AT,
            )
        with acting_as(staff.bailiff.pk):
            upload_deed(file_id=file.pk, act_id=act.pk, content=good(), on=date(2026, 8, 18))
        with acting_as(staff.directorate.pk):
            record_opposition(
                file_id=file.pk,
                title_id=mandate.title_id,
                filed_on=date(2026, 8, 20),
                form=OppositionForm.OTHER,
                reasoned=False,
                on=date(2026, 8, 21),
            )
        book_waiting(at=CLOSED_AT)
        _transfer(file, Decimal("1000.00"), name=NAME, account=ACCOUNT, on=date(2026, 9, 14))
        rest = amount_due(file, on=PAID_ON).total
        with acting_as(staff.bailiff.pk):
            record_payment(
                file_id=file.pk,
                facts=PaymentFacts(
                    mandate_id=mandate.pk,
                    amount=rest,
                    received_on=PAID_ON,
                    way=PaymentWay.TRANSFER,
                    quarter=None,
                ),
                payment_id=uuid.uuid4(),
                on=PAID_ON,
            )
        book_waiting(at=CLOSED_AT)
        _transfer(file, rest, name="Étude Lambert", account=OFFICES_ACCOUNT, on=REMITTED_ON)
        with acting_as(staff.bailiff.pk):
            close(file_id=file.pk, mandate_id=mandate.pk, reason=CloseReason.PAID, at=CLOSED_AT)
        book_waiting(at=CLOSED_AT)
        file.refresh_from_db()
        assert (file.outcome, file.ended_on) == (Outcome.PAID, CLOSED_AT.date())
        words = [
            number,
            format_enterprise_number(number),
            niss,
            format_niss(niss),
            "quetzaele",
            "canari",
            "Quai des Canaris",
            ACCOUNT,
            file.book.ogm or "",
            str(file.employer_id),
            str(file.employer.key_id),
            str(file.key_id),
        ]
        return file, [word for word in words if word]

    return tell


_numbers = iter(range(500, 10_000))


def _transfer(file: RecoveryFile, amount: Decimal, *, name: str, account: str, on: date) -> None:
    content = write_statement(
        (Transfer(amount, name, account, ogm=file.book.ogm or ""),),
        account_iban=configured.ONSS_IBAN,
        day=on,
        opening=Decimal("100.00"),
        number=next(_numbers),
    )
    with service_work("bank"):
        import_statement(content=content, on=on)


def sealed_with(administrator: psycopg.Connection[Any], key: uuid.UUID) -> set[str]:
    """Tables with a value that this key sealed."""
    columns = administrator.execute(
        "SELECT c.table_schema, c.table_name, c.column_name FROM information_schema.columns c"
        " JOIN information_schema.tables t USING (table_schema, table_name)"
        " WHERE t.table_type = 'BASE TABLE' AND c.data_type = 'bytea'"
        " AND c.table_schema NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    return {
        table
        for schema, table, column in columns
        if administrator.execute(
            f'SELECT 1 FROM "{schema}"."{table}" WHERE position(%s in "{column}") > 0 LIMIT 1', [key.bytes]
        ).fetchone()
    }


@pytest.mark.obligation("17/006 §7", "17/006 §15", "forbidden 4")
def test_after_a_whole_recovery_nothing_of_the_debtor_is_found_anywhere(
    story: Callable[..., tuple[RecoveryFile, list[str]]],
    approved: Approved,
    run_erasure: Run,
    administrator: psycopg.Connection[Any],
    security_log: Callable[..., list[dict[str, Any]]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    file, words = story()
    employer_key = file.employer.key_id
    before = tables_with(administrator, words)
    assert {
        "public.people_employer",
        "public.people_historicalemployer",
        "public.recovery_cases_recoveryfile",
        "public.recovery_cases_historicalrecoveryfile",
        "public.ledger_book",
        "public.ledger_bankmovement",
        "keystore.data_key",
    } <= before, "the search finds what is there"
    assert {"recovery_cases_document", "recovery_cases_act"} <= sealed_with(administrator, file.key_id)
    assert {"people_employer", "people_historicalemployer"} <= sealed_with(administrator, employer_key)
    money = Posting.objects.filter(book_id=file.book_id).count()

    job = run_erasure(approved())

    assert (job.state, job.error, job.result) == (JobState.DONE, "", {"erased": 1})
    assert tables_with(administrator, words) == set()
    assert sealed_with(administrator, file.key_id) == sealed_with(administrator, employer_key) == set()
    assert tables_with(administrator, [str(file.pk)]) == {
        "public.retention_erasureitem",
        "public.retention_certificate",
    }
    assert Posting.objects.filter(book_id=file.book_id).count() == money > 0, "the sums stay, without person"
    item = ErasureItem.objects.get()
    assert (item.state, item.material, item.key_id) == (ItemState.ERASED, None, None)
    assert not administrator.execute("SELECT 1 FROM keystore.data_key WHERE purpose = 'erasure'").fetchall()
    _certificate_names_nobody(words)
    assert [row["act"] for row in security_log(file=file.pk) if row["act"].startswith("erasure.")] == [
        "erasure.begin",
        "erasure.keys",
        "erasure.rows",
        "erasure.certify",
    ]
    told = "".join(capfd.readouterr()).casefold()
    assert not [word for word in words[:8] if word.casefold() in told], "nothing was written to a log"


def _certificate_names_nobody(words: list[str]) -> None:
    certificate = Certificate.objects.get()
    text = text_of(bytes(certificate.pdf))
    traces = [Trace.text("word", word) for word in words]
    assert certificate.number in text
    assert outside.in_bytes(text.encode(), traces) == []
    assert outside.in_bytes(str(certificate.manifest).encode(), traces) == []


def test_a_namesake_and_their_file_stay_whole(
    story: Callable[..., tuple[RecoveryFile, list[str]]], staff: People, approved: Approved, run_erasure: Run
) -> None:
    gone, _words = story()
    namesake = made_file(staff, name=NAME, kind=EmployerKind.NATURAL, legal_form="")
    assert run_erasure(approved()).state == JobState.DONE
    assert not Employer.objects.filter(pk=gone.employer_id).exists()
    stays = Employer.objects.get(pk=namesake.employer_id)
    assert (stays.name, stays.open_value("address")) == (NAME, "Rue du Midi 12, 1000 Bruxelles")
    assert stays.history.exists()


def test_an_employer_with_a_second_file_stays_and_the_first_file_goes(
    story: Callable[..., tuple[RecoveryFile, list[str]]],
    staff: People,
    approved: Approved,
    run_erasure: Run,
    administrator: psycopg.Connection[Any],
) -> None:
    gone, _words = story()
    with acting_as(staff.clerk.pk):
        record_debt(
            employer_id=gone.employer_id,
            quarter=date(2026, 4, 1),
            origin=Origin.DECLARED,
            contributions=Decimal("700.00"),
            on=date(2026, 11, 2),
        )
    second = RecoveryFile.objects.exclude(pk=gone.pk).get(employer=gone.employer_id)
    erased = run_erasure(approved())
    assert (erased.state, erased.error) == (JobState.DONE, "")
    employer = Employer.objects.get(pk=second.employer_id)
    assert employer.open_value("address") == ADDRESS
    assert not RecoveryFile.objects.filter(pk=gone.pk).exists()
    assert not Document.objects.filter(file_id=gone.pk).exists() and not Act.objects.exists()
    assert sealed_with(administrator, gone.key_id) == set()
    assert tables_with(administrator, [ACCOUNT, NOTE, gone.book.ogm or "-"]) == set()
    assert amount_due(second, on=date(2026, 11, 3)).total > 0
