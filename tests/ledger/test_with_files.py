"""The ledger under real alimony files: whoever may open the file may open its book, nobody else."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.cases import guards as cases_guards
from secal.cases.models import AlimonyFile
from secal.ledger.models import BankStatement, Receipt
from secal.ledger.services.receipts import put_back
from tests import stories
from tests.ledger.statements import Transfer

ClientFor = Callable[[User], Client]


@pytest.fixture
def file(registrar: User, officer: User, guard: Any) -> AlimonyFile:
    cases_guards.register()
    return stories.granted_file(registrar=registrar, officer=officer)


def test_the_officer_of_a_file_sees_its_book_and_no_other_officer_does(
    officer: User, other_officer: User, registrar: User, client_for: ClientFor, file: AlimonyFile
) -> None:
    url = reverse("ledger:book", args=[file.book_id])
    page = client_for(officer).get(url)
    assert page.status_code == 200
    assert file.number in page.content.decode()
    assert client_for(other_officer).get(url).status_code == 404
    assert client_for(registrar).get(url).status_code == 403


def test_a_receipt_of_another_officers_file_is_neither_shown_nor_matched(
    officer: User,
    other_officer: User,
    client_for: ClientFor,
    file: AlimonyFile,
    take: Callable[..., BankStatement],
) -> None:
    take(
        Transfer(Decimal("20.00"), "Tom Maes", text="pension"),
        Transfer(Decimal("30.00"), ogm=file.book.communication),
    )
    waiting, matched = Receipt.objects.order_by("amount")
    stranger = client_for(other_officer)
    body = {"ogm": file.book.communication, "confirmed": "1"}
    assert stranger.get(reverse("ledger:receipt", args=[matched.pk])).status_code == 404
    assert stranger.post(reverse("ledger:match", args=[waiting.pk]), body).status_code == 422
    shown = client_for(officer).post(
        reverse("ledger:match", args=[waiting.pk]), {"ogm": file.book.communication}
    )
    assert file.number in shown.content.decode()
    client_for(officer).post(reverse("ledger:match", args=[waiting.pk]), body)
    waiting.refresh_from_db()
    assert waiting.book == file.book


def test_a_payment_of_the_debtor_stands_on_the_timeline_of_its_file(
    officer: User, as_user: Callable[[User], Any], file: AlimonyFile, take: Callable[..., BankStatement]
) -> None:
    take(Transfer(Decimal("30.00"), ogm=file.book.communication), Transfer(Decimal("20.00"), text="loyer"))
    (event,) = file.events.filter(code="receipt_allocated")
    assert event.params["amount"] == "30.00"
    receipt = Receipt.objects.get(book=file.book)
    with as_user(officer):
        put_back(receipt_id=receipt.pk, on=receipt.value_on)
    assert file.events.filter(code="receipt_put_back").count() == 1
