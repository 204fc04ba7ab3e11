"""No file begins, changes parties or opens again without an act of registration in the same transaction."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from secal.access.models import User
from secal.access.roles import Role
from secal.cases.models import AlimonyFile, Beneficiary
from secal.cases.services import applications as receiving
from secal.cases.services import receive_application
from secal.ledger.models import BookKind
from secal.ledger.services.books import open_book
from secal.people.models import RegistrationAct, RegistrationKind
from tests import stories

pytestmark = pytest.mark.obligation("12/057 §22")
AsUser = Callable[[User], AbstractContextManager[None]]


def refused(statement: str, *values: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_file_opened_without_its_act_is_not_committed(
    committed_database: str, registrar: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "record_file_opened", lambda **_file: None)
    with pytest.raises(IntegrityError, match="opened by an act"), as_user(registrar):
        receive_application(stories.statement(), on=stories.RECEIVED_ON)
    assert not AlimonyFile.objects.exists() and not RegistrationAct.objects.exists()


def test_an_act_of_an_earlier_transaction_opens_no_file(
    committed_database: str, registrar: User, officer: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    colleague = make_user(Role.REGISTRAR, given_name="Iris")
    file = stories.register_file(registrar=registrar, officer=officer)
    file.pk, file.number = uuid.uuid4(), "SECAL-2026-999999"
    with as_user(colleague):
        RegistrationAct.objects.create(kind=RegistrationKind.FILE_OPENED, file=file.pk, actor=colleague.pk)
        file.book = open_book(kind=BookKind.ALIMONY_FILE, opened_on=stories.RECEIVED_ON)
    with pytest.raises(IntegrityError, match="opened by an act"), as_user(colleague):
        file.save(force_insert=True)
    assert not AlimonyFile.objects.filter(pk=file.pk).exists()


@pytest.mark.parametrize("column", ["creditor_id", "debtor_id", "id"])
def test_the_parties_of_a_file_stay(column: str, registrar: User, officer: User) -> None:
    """Not even whoever opened it in this very transaction changes them."""
    file = stories.register_file(registrar=registrar, officer=officer)
    other = stories.register_file(registrar=registrar, officer=officer)
    value = uuid.uuid4() if column == "id" else getattr(other, column)
    refused(f"UPDATE cases_alimonyfile SET {column} = %s WHERE id = %s", value, file.pk)


def test_a_child_stays_in_its_file_and_under_its_name(registrar: User, officer: User) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    other = stories.register_file(registrar=registrar, officer=officer)
    line = Beneficiary.objects.get(title__file=file)
    refused("UPDATE cases_beneficiary SET child_id = %s WHERE id = %s", other.debtor_id, line.pk)
    refused("UPDATE cases_beneficiary SET title_id = %s WHERE id = %s", other.title.pk, line.pk)
    refused("UPDATE cases_executorytitle SET file_id = %s WHERE file_id = %s", uuid.uuid4(), file.pk)


def test_a_child_comes_into_a_file_by_an_act_only(
    committed_database: str, registrar: User, officer: User
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    refused(
        "INSERT INTO cases_beneficiary (id, title_id, child_id, monthly_amount, due_day, from_month)"
        " VALUES (%s, %s, %s, 10, 1, '2026-01-01')",
        uuid.uuid4(),
        file.title.pk,
        file.debtor_id,
    )


@pytest.mark.parametrize("state", ["intake", "to_decide", "active"])
def test_an_ended_file_is_not_opened_again_by_an_update(state: str, registrar: User, officer: User) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cases_alimonyfile SET state = 'refused', closed_on = '2026-10-05' WHERE id = %s",
            [file.pk],
        )
    refused("UPDATE cases_alimonyfile SET state = %s, closed_on = NULL WHERE id = %s", state, file.pk)
