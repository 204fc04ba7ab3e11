"""When an alimony file has to go, who goes with it, and what its book keeps."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import ProgrammingError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext

from secal.access.models import User
from secal.access.unit_of_work import acting_as, service_work
from secal.cases import keeping as kept
from secal.cases.models import AlimonyFile, Statement
from secal.cases.services import turn_down
from secal.config.demo.statement_files import Transfer, write_statement
from secal.ledger import keeping as ledger_keeping
from secal.ledger.models import BankMovement, Book, Receipt
from secal.ledger.services.receipts import import_statement
from secal.office import keeping
from secal.office.keeping import Erasing
from secal.people.models import RegistrationAct
from tests import stories

ON = date(2026, 11, 21)
DUE_ON = date(2028, 1, 1)
"""The file ended in 2026; the year after it is over."""


def refused(registrar: User, officer: User, **changes: Any) -> AlimonyFile:
    file = stories.register_file(registrar=registrar, officer=officer, **changes)
    with acting_as(officer.pk):
        turn_down(file, on=ON)
    return file


@pytest.fixture
def pay(settings: Any) -> Callable[[str], BankMovement]:
    def paid(ogm: str) -> BankMovement:
        transfer = Transfer(Decimal("12.00"), "Tom Maes", stories.IBAN, ogm=ogm, text="pension")
        content = write_statement([transfer], account_iban=settings.OFFICE_IBAN, day=ON, opening=Decimal(1))
        with service_work("bank"):
            return BankMovement.objects.get(statement=import_statement(content=content, on=ON))

    return paid


def test_a_file_that_ended_is_due_the_day_after_the_year_that_follows(registrar: User, officer: User) -> None:
    file = refused(registrar, officer)
    assert list(kept.due(date(2027, 12, 31))) == []
    (unit,) = kept.due(DUE_ON)
    assert (unit.id, unit.number, unit.ground, unit.since) == (
        file.pk,
        file.number,
        "application_refused",
        DUE_ON,
    )
    assert kept.still_due(file.pk, DUE_ON)


def test_a_file_at_work_is_never_due(registrar: User, officer: User) -> None:
    file = stories.granted_file(registrar=registrar, officer=officer)
    assert not kept.still_due(file.pk, date(2050, 1, 1))


def test_a_file_with_money_to_refund_is_not_due(
    registrar: User, officer: User, pay: Callable[[str], BankMovement]
) -> None:
    file = refused(registrar, officer)
    pay(file.book.communication)
    assert not kept.still_due(file.pk, DUE_ON)


def test_what_is_due_costs_one_question_however_many_files(registrar: User, officer: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as seen:
            list(kept.due(DUE_ON))
        return len(seen)

    refused(registrar, officer)
    first = cost()
    for _ in range(4):
        refused(registrar, officer)
    assert cost() == first == 1


def test_a_person_goes_with_the_last_file_that_names_them(registrar: User, officer: User) -> None:
    tom = stories.tom()
    first = refused(registrar, officer, debtor=tom)
    second = stories.register_file(registrar=registrar, officer=officer, debtor=tom)
    assert first.debtor_id == second.debtor_id
    gone = set(kept.persons_only_of("default", first.pk))
    assert first.creditor_id in gone
    assert first.debtor_id not in gone


def test_every_act_of_registration_on_who_goes_is_named(registrar: User, officer: User) -> None:
    file = refused(registrar, officer)
    acts = set(kept._registrations("default", file.pk))
    assert acts == set(RegistrationAct.objects.filter(file=file.pk).values_list("pk", flat=True))


def test_what_was_stated_goes_with_the_file(registrar: User, officer: User) -> None:
    file = refused(registrar, officer)
    stories.register_file(registrar=registrar, officer=officer)
    (entry,) = (entry for entry in keeping.kept_of("alimony_file") if entry.model is Statement)
    assert entry.rows_of("default", file.pk) == [Statement.objects.get(file=file).pk]


def test_all_rooms_say_what_they_keep_of_a_file() -> None:
    rooms = {entry.model._meta.app_label for entry in keeping.kept_of("alimony_file")}
    assert {"cases", "people", "ledger", "files", "advances", "solvency"} <= rooms


def test_movements_of_a_file_are_those_of_its_book_and_of_its_communication(
    registrar: User, officer: User, pay: Callable[[str], BankMovement]
) -> None:
    file = refused(registrar, officer)
    movement = pay(file.book.communication)
    assert set(ledger_keeping._movements("alimony_file", "default", file.pk)) == {movement.pk}
    assert Receipt.objects.get(movement=movement).book_id == file.book_id


def test_only_the_eraser_may_empty_the_books(
    registrar: User, officer: User, pay: Callable[[str], BankMovement]
) -> None:
    file = refused(registrar, officer)
    movement = pay(file.book.communication)
    told = Erasing("default", file.pk, [movement.pk], frozenset())
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ledger_keeping._empty_movements(told)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ledger_keeping._empty_books(Erasing("default", file.pk, [file.book_id], frozenset()))


def test_the_eraser_empties_a_book_and_its_movements_and_writes_nothing(
    committed_database: str, registrar: User, officer: User, pay: Callable[[str], BankMovement]
) -> None:
    file = refused(registrar, officer)
    movement = pay(file.book.communication)
    with transaction.atomic(using="eraser"):
        ledger_keeping._empty_movements(Erasing("eraser", file.pk, [movement.pk], frozenset()))
        ledger_keeping._empty_books(Erasing("eraser", file.pk, [file.book_id], frozenset()))
    after = BankMovement.objects.get(pk=movement.pk)
    assert (after.ogm, after.remitter_name, after.remitter_iban_bi, after.amount) == (
        "",
        None,
        None,
        movement.amount,
    )
    assert Book.objects.get(pk=file.book_id).ogm is None
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM keystore.data_key WHERE id = %s", [movement.key_id])
        assert cursor.fetchone() == (0,)
    for statement in (
        "UPDATE ledger_bankmovement SET ogm = '123456789012' WHERE id = %s",
        "UPDATE ledger_bankmovement SET amount = 1 WHERE id = %s",
        "DELETE FROM ledger_bankmovement WHERE id = %s",
    ):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(using="eraser"),
            connections["eraser"].cursor() as cursor,
        ):
            cursor.execute(statement, [movement.pk])
