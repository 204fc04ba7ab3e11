"""The demonstration's data: the same every time, books that balance, nothing personal in clear."""

import hashlib
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Count, F, Sum

from audit.retention.selectors import due_units
from recovery.arrears.models import DebtCharge, FormalNotice, RollState, SpecialRoll
from recovery.cases.dues import amount_due
from recovery.cases.models import (
    Mandate,
    MandatePermission,
    MandateState,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import AdvanceRun, LineState, Outcome, RunLine, RunState
from secal.advances.services import runs
from secal.advances.services.decisions import decide_advance
from secal.cases.models import AlimonyFile, Application, ApplicationState, FileState, MonthlyTerm, WorkItem
from secal.config.demo.personas import PERSONAS
from secal.config.demo.seed import recovery_told, told
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.load import Loader
from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.people import TEST_COUNTERS, Inventor, belgian_iban
from secal.config.demo.seed.recovery_bulk import Bulk
from secal.config.demo.seed.recovery_staff import RecoveryStaff
from secal.config.demo.seed.sow import SIZES, NotEmpty, is_empty, sow
from secal.kernel.arrondissements import Arrondissement
from secal.kernel.identifiers import niss_sex, parse_enterprise_number, parse_iban, parse_niss
from secal.ledger.models import (
    Account,
    BankStatement,
    BookKind,
    Claim,
    PaymentFile,
    Posting,
    Receipt,
    ReceiptState,
)
from secal.office import jobs
from secal.office.models import Job
from secal.people.identifiers import niss_index
from secal.people.models import Employer, Person, RegistrationAct
from secal.vault.keystore import keys_remembered
from tests.conftest import _point_at, clone_template, drop_database

ON = date(2026, 11, 21)


@contextmanager
def pointed_at(database: str) -> Iterator[None]:
    usual = connection.settings_dict["NAME"]
    _point_at(database)
    try:
        yield
    finally:
        _point_at(usual)


@pytest.fixture(scope="module")
def sown_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """A database of this module's own, sown once."""
    with django_db_blocker.unblock():
        name = clone_template()
        with pointed_at(name):
            sow("small", today=ON)
    yield name
    with django_db_blocker.unblock():
        drop_database(name)


@pytest.fixture(scope="module")
def sown_digest(sown_database: str, django_db_blocker: Any) -> str:
    """What a person would read in the sown data, in short."""
    with django_db_blocker.unblock(), pointed_at(sown_database):
        return digest()


@pytest.fixture
def sown(sown_database: str, django_db_blocker: Any) -> Iterator[None]:
    """The sown data; what a test changes is undone."""
    with django_db_blocker.unblock(), pointed_at(sown_database), transaction.atomic():
        yield
        transaction.set_rollback(True)


def digest() -> str:
    """Of everything that a person would read: numbers, names, opened NISS, terms, postings, states."""
    with keys_remembered():
        parts: list[Any] = [
            (person.given_name, person.family_name, person.birth_date, person.open_value("niss"))
            for person in Person.objects.order_by("niss_bi")
        ]
        parts += [
            (employer.name, employer.open_value("enterprise_number"), employer.open_value("address"))
            for employer in Employer.objects.order_by("enterprise_number_bi")
        ]
    parts.sort(key=str)
    parts += AlimonyFile.objects.order_by("creditor__search_name", "number").values_list(
        "state", "section", "opened_on", "creditor__family_name", "debtor__family_name"
    )
    parts += MonthlyTerm.objects.order_by(
        "file__number", "beneficiary__child__search_name", "month"
    ).values_list("month", "due_on", "amount", "paid_before_application")
    parts += (
        Posting.objects.values("account", "entry__booked_on")
        .annotate(sum=Sum("amount"), count=Count("pk"))
        .order_by("account", "entry__booked_on")
        .values_list("account", "entry__booked_on", "sum", "count")
    )
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def test_small_has_thirty_files_and_is_refused_a_second_time(sown: None) -> None:
    assert AlimonyFile.objects.count() == SIZES["small"].files == 30
    assert not is_empty()
    with pytest.raises(NotEmpty):
        sow("small", today=ON)


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_data(sown_digest: str) -> None:
    with transaction.atomic():
        sow("small", today=ON)
        assert digest() == sown_digest
        transaction.set_rollback(True)


def test_every_entry_and_every_book_balances(sown: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    entries = Posting.objects.values("entry").annotate(sum=Sum("amount"))
    assert entries.exists()
    assert not entries.exclude(sum=0).exists()


def test_no_claim_is_overpaid_and_every_receipt_is_spent_to_the_cent(sown: None) -> None:
    assert not Claim.objects.annotate(open=Sum("postings__amount")).filter(open__lt=0).exists()
    allocated = Receipt.objects.filter(
        state=ReceiptState.ALLOCATED, book__kind=BookKind.ALIMONY_FILE
    ).annotate(spread=Sum("allocations__amount"))
    assert allocated.exists()
    for receipt in allocated:
        kept = Posting.objects.filter(entry__source=receipt.pk, account=Account.SUSPENSE).aggregate(
            s=Sum("amount")
        )["s"] or Decimal(0)
        assert receipt.spread - kept == receipt.amount


def test_entries_are_numbered_without_gaps_and_books_know_their_last(sown: None) -> None:
    books = AlimonyFile.objects.annotate(entries=Count("book__entries")).values_list(
        "entries", "book__last_entry"
    )
    assert all(count == last for count, last in books)


def test_past_runs_are_confirmed_by_a_second_person_and_add_up(sown: None) -> None:
    runs = list(AdvanceRun.objects.all())
    assert runs
    for run in runs:
        assert run.state == RunState.CONFIRMED
        assert run.approved_by_id not in (None, run.prepared_by_id)
        lines = RunLine.objects.filter(run=run, state=LineState.PAID).aggregate(
            n=Count("pk"), total=Sum("amount")
        )
        assert (run.count, run.total) == (lines["n"], lines["total"] or 0)
    for file in PaymentFile.objects.annotate(n=Count("instructions"), total=Sum("instructions__amount")):
        assert (file.count, file.control_sum) == (file.n, file.total)


def test_statements_follow_each_other_and_add_up(sown: None) -> None:
    before: Decimal | None = None
    statements = BankStatement.objects.filter(account_iban=settings.OFFICE_IBAN)
    for statement in statements.annotate(moved=Sum("movements__amount")).order_by("until_on"):
        assert before in (None, statement.opening)
        assert statement.opening + statement.moved == statement.closing
        before = statement.closing


def test_no_niss_and_no_account_stands_in_clear_in_any_table(sown: None) -> None:
    with keys_remembered():
        numbers = [person.open_value("niss") for person in Person.objects.exclude(niss=None)]
    assert len(numbers) > 60
    wanted = re.compile("|".join(numbers))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            for (row,) in cursor.fetchall():
                # Ciphertext prints as hexadecimal: only what is readable as it stands counts.
                assert not wanted.search(re.sub(r"\\\\x[0-9a-f]+", "", row)), table


def test_who_registers_is_never_in_charge(sown: None) -> None:
    registrars = set(RegistrationAct.objects.values_list("actor", flat=True))
    officers = set(AlimonyFile.objects.values_list("assignments__officer", flat=True))
    assert registrars and officers and not registrars & officers
    personas = User.objects.filter(subject__in=[persona.subject for persona in PERSONAS])
    assert personas.count() == len(PERSONAS)
    working = personas.filter(roles__role__in=[Role.CASE_OFFICER, Role.APPROVER]).values_list("pk", flat=True)
    assert not registrars & set(working)


def test_the_told_stories_are_there(sown: None) -> None:
    def of(name: str) -> AlimonyFile:
        given, family = name.split(" ", 1)
        found = AlimonyFile.objects.filter(creditor__given_name=given, creditor__family_name=family).first()
        return found or AlimonyFile.objects.get(debtor__given_name=given, debtor__family_name=family)

    stories = {story.name: of(story.name) for story in told.STORIES}
    luc = User.objects.get(subject=told.LUC)
    for name in ("Els Peeters", "Tom Willems", "Nora Janssens", "Fatima Lambert"):
        assert stories[name].assignments.get(until_at=None).officer == luc
    assert stories["Els Peeters"].state == FileState.TO_DECIDE
    assert stories["Els Peeters"].application.state == ApplicationState.COMPLETE
    assert stories["Tom Willems"].solvency_reviews.get().outcome == "positive"
    assert stories["Nora Janssens"].reexamination.due_on == ON
    assert WorkItem.objects.filter(file=stories["Nora Janssens"], done_on=None).exists()
    assert stories["Petra Heinen"].language == "de"
    assert stories["Greta Vermeulen"].state == FileState.REFUSED
    assert Application.objects.get(file=stories["Fatima Lambert"]).missing == ["order_to_collect"]
    assert Receipt.objects.filter(state=ReceiptState.WAITING).count() == SIZES["small"].waiting_receipts


def test_history_begins_with_the_row_as_it_was_made(sown: None) -> None:
    for model in (AlimonyFile, Application):
        assert set(model.history.values_list("id", flat=True)) == set(
            model.objects.values_list("pk", flat=True)
        )
    live = dict(Person.objects.values_list("pk", "niss"))
    assert dict(Person.history.filter(history_type="+").values_list("id", "niss")) == live


@pytest.mark.django_db
def test_numbers_of_the_seed_are_valid_and_in_the_range_that_is_never_issued() -> None:
    inventor = Inventor(random.Random(1))  # noqa: S311 - made-up names
    for number in range(300):
        person = inventor.person("nl", woman=bool(number % 2), born=(date(1960, 1, 1), date(2024, 12, 31)))
        assert parse_niss(person.niss) == person.niss
        assert int(person.niss[6:9]) in TEST_COUNTERS
        assert (niss_sex(person.niss) == "F") == person.is_woman
        assert person.niss[2:6] not in ("0101", "0701")
        assert niss_index(person.niss)
        assert parse_iban(inventor.iban())
    assert parse_iban(belgian_iban("1510000000"))


def test_terms_before_the_application_are_within_their_amount(sown: None) -> None:
    assert not MonthlyTerm.objects.filter(paid_before_application__gt=F("amount")).exists()
    undecided = MonthlyTerm.objects.filter(file__state__in=[FileState.INTAKE, FileState.TO_DECIDE])
    assert undecided.exists()
    assert not undecided.exclude(claim=None).exists()


def test_els_is_in_the_months_run_as_soon_as_her_advances_are_decided(sown: None) -> None:
    """The README's tour: decide, then pay. Her term of this month is there, and is advanced."""
    luc = User.objects.get(subject=told.LUC)
    file = AlimonyFile.objects.get(
        creditor__given_name="Els", creditor__family_name="Peeters", state=FileState.TO_DECIDE
    )
    with acting_as(luc.pk):
        decide_advance(file_id=file.pk, outcome=Outcome.GRANTED, motive="", on=ON)
        run = runs.prepare(month=date(2026, 11, 1), execution_on=date(2026, 11, 24))
    jobs.run(Job.objects.get(kind="advances.compute", period=str(run.pk)).pk)
    lines = RunLine.objects.filter(run=run, right__file=file)
    assert {line.state for line in lines} == {LineState.CANDIDATE}
    assert all(Decimal(0) < line.amount <= Decimal("175.00") for line in lines)


def recovery(name: str) -> RecoveryFile:
    return RecoveryFile.objects.get(employer__name=name)


def test_a_debt_stands_at_each_point_of_its_way(sown: None) -> None:
    assert RecoveryFile.objects.count() == SIZES["small"].employers == len(recovery_told.STORIES) + 1
    assert {story.name for story in recovery_told.STORIES} < set(
        Employer.objects.values_list("name", flat=True)
    )
    assert not FormalNotice.objects.filter(file=recovery("Boulangerie Lejeune")).exists()
    assert FormalNotice.objects.get(file=recovery("Bakkerij Van Acker")).last_day >= ON  # type: ignore[operator]
    assert FormalNotice.objects.get(file=recovery("Garage Wauters")).last_day < ON  # type: ignore[operator]
    assert SpecialRoll.objects.get(file=recovery("Bauunternehmen Kessel")).state == RollState.DRAWN
    states = {
        "Drukkerij Peeters": TitleState.ISSUED,
        "Transports Gilson": TitleState.TRANSMITTED,
        "Imprimerie Marchal": TitleState.MANDATED,
        "Restaurant Bodart": TitleState.SERVED,
        "Menuiserie Hubert": TitleState.CLOSED,
    }
    assert {name: Title.objects.get(file=recovery(name)).state for name in states} == states
    assert Title.objects.get(file=recovery("Toitures Delvaux")).opposed
    assert (
        IrrecoverabilityProposal.objects.get(file=recovery("Olivier Servais")).state == ProposalState.PROPOSED
    )
    assert recovery("Menuiserie Hubert").ended_on


def test_what_has_to_go_is_due_and_nothing_else(sown: None) -> None:
    with service_work("retention"):
        due = {line.unit.number for line in due_units(on=ON)}
    refused = AlimonyFile.objects.get(creditor__family_name="Vermeulen", creditor__given_name="Greta")
    assert due == {
        refused.number,
        recovery("Menuiserie Hubert").number,
        recovery("Blanchisserie Henry").number,
    }


def test_a_bailiff_may_work_on_the_files_of_the_office_and_on_no_other(sown: None) -> None:
    permitted = {
        (row.user.office_id, row.content_object_id)
        for row in MandatePermission.objects.select_related("user")
    }
    running = Mandate.objects.filter(state=MandateState.RUNNING).values_list("office", "file")
    assert permitted == set(running)


def test_nobody_signs_what_they_drew_or_decides_what_they_prepared(sown: None) -> None:
    rolls = list(SpecialRoll.objects.filter(state=RollState.ENFORCEABLE))
    assert rolls and all(roll.enforceable_by_id != roll.drawn_by_id and roll.delegation_id for roll in rolls)
    personas = User.objects.filter(subject__in=[persona.subject for persona in PERSONAS])
    assert not SpecialRoll.objects.filter(drawn_by__in=personas).exists()
    assert not IrrecoverabilityProposal.objects.filter(proposed_by__in=personas).exists()


def test_the_other_employers_are_reckoned_as_the_services_do(sown: None) -> None:
    """Two hundred by COPY: sums, delays and histories in the shapes of the told stories."""
    world = bulk_world()
    told_files = list(RecoveryFile.objects.values_list("pk", flat=True))
    with service_work("seed"):
        world.write(200)
        world.loader.flush()
        world.sign()
        world.permit()
        world.loader.write_history()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    added = RecoveryFile.objects.exclude(pk__in=told_files)
    assert added.count() == 200
    assert set(Title.objects.values_list("state", flat=True)) == set(TitleState.values)
    for file in added.filter(debts__isnull=False).distinct()[:25]:
        due = amount_due(file, on=ON)
        owed = DebtCharge.objects.filter(debt__file=file).aggregate(s=Sum("amount"))["s"]
        assert due.open in (owed, Decimal(0)) or file.ended_on
        assert due.interest >= 0
    assert not Posting.objects.values("entry").annotate(sum=Sum("amount")).exclude(sum=0).exists()
    for model in (RecoveryFile, Title, Mandate, SpecialRoll, FormalNotice, Employer):
        assert set(model.history.values_list("id", flat=True)) == set(
            model.objects.values_list("pk", flat=True)
        )
    numbers = RecoveryFile.objects.values_list("number", flat=True)
    assert len(set(numbers)) == len(numbers)


def bulk_world() -> Bulk:
    chance = random.Random(7)  # noqa: S311 - made-up names
    signatory = SpecialRoll.objects.filter(state=RollState.ENFORCEABLE).first()
    assert signatory is not None
    team = RecoveryStaff(
        clerk=signatory.drawn_by,
        signatory=signatory.enforceable_by,  # type: ignore[arg-type]
        directorate=User.objects.filter(roles__role=Role.RECOVERY_DIRECTORATE).first(),  # type: ignore[arg-type]
        operator=User.objects.get(subject="demo-dirk-aerts"),
        delegation=signatory.delegation_id,  # type: ignore[arg-type]
    )
    for office in Office.objects.all():
        team.offices.setdefault(office.arrondissement, []).append(office)
        team.bailiffs[office.name] = list(User.objects.filter(office=office))
    return Bulk(Loader(), EmployerInventor(Inventor(chance)), team, ON)


@pytest.mark.django_db
def test_enterprise_numbers_are_valid_and_were_never_given() -> None:
    inventor = EmployerInventor(Inventor(random.Random(3)))  # noqa: S311 - made-up names
    drawn = [inventor.draw() for _ in range(200)]
    assert {details.language for details in drawn} == {"fr", "nl", "de"}
    assert {details.kind for details in drawn} == {"natural", "legal"}
    for details in drawn:
        assert parse_enterprise_number(details.enterprise_number) == details.enterprise_number
        assert details.enterprise_number.startswith("01")
    assert len({details.enterprise_number for details in drawn}) == 200


def test_an_employer_is_established_in_its_own_arrondissement() -> None:
    inventor = EmployerInventor(Inventor(random.Random(3)))  # noqa: S311 - made-up names
    place_of = {
        f"{postcode} {town}": place for naming in NAMING.values() for town, postcode, place in naming.towns
    }
    drawn = [inventor.draw() for _ in range(200)]
    assert {details.arrondissement for details in drawn} == set(Arrondissement)
    for details in drawn:
        assert place_of[details.address.rpartition(", ")[2]] == details.arrondissement
