"""The ledger's screens: who sees what, what the log keeps of it, and what they cost."""

import uuid
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from secal.access.models import User
from secal.kernel.identifiers import format_ogm, make_ogm
from secal.ledger.models import (
    BankMessage,
    BankMessageState,
    BankStatement,
    Book,
    Head,
    Receipt,
    ReceiptState,
)
from tests.ledger.conftest import PAYER, charged
from tests.ledger.statements import Transfer, statement

ClientFor = Callable[[User], Client]
Take = Callable[..., BankStatement]
Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def owing(officer: User, as_user: Callable[[User], Any], officer_book: Book) -> Book:
    with as_user(officer):
        charged(officer_book, Head.CONTRIBUTION, "26.00")
        charged(officer_book, Head.BALANCE, "200.00")
    return officer_book


@pytest.fixture
def waiting(take: Take) -> Receipt:
    take(Transfer(Decimal("50.00"), "Tom Maes", PAYER, text="pension de novembre"))
    return Receipt.objects.get()


def upload(client: Client, content: bytes) -> Any:
    return client.post(
        reverse("ledger:import"), {"file": SimpleUploadedFile("extrait.xml", content)}, follow=True
    )


def test_an_officer_imports_a_statement_and_sees_what_became_of_it(
    officer: User, client_for: ClientFor, owing: Book, security_log: Log
) -> None:
    content = statement(
        Transfer(Decimal("50.00"), ogm=owing.communication), Transfer(Decimal("7.00"), text="?")
    )
    response = upload(client_for(officer), content)
    page = response.content.decode()
    assert response.status_code == 200
    assert "rapproché" in page
    assert "1 mouvement sur 2 attend encore" in page
    assert security_log(kind="WRITE", act="statement.import")


def test_a_refused_statement_says_where_and_what_to_do(officer: User, client_for: ClientFor) -> None:
    response = upload(
        client_for(officer), statement(Transfer(Decimal("7.00"))).replace(b">7.00</Amt>", b">7,00</Amt>")
    )
    assert response.status_code == 422
    page = response.content.decode()
    assert "Mouvement 1" in page
    assert "7,00" in page
    assert not BankStatement.objects.exists()


def test_the_same_statement_again_says_who_took_it(officer: User, client_for: ClientFor) -> None:
    client = client_for(officer)
    upload(client, statement())
    response = upload(client, statement())
    assert response.status_code == 422
    assert "Luc Dubois" in response.content.decode()


def test_a_waiting_receipt_is_listed_with_its_payer_and_reason(
    officer: User, client_for: ClientFor, waiting: Receipt, security_log: Log
) -> None:
    page = client_for(officer).get(reverse("ledger:waiting")).content.decode()
    assert "Tom Maes" in page
    assert "pension de novembre" in page
    assert "pas de communication structurée" in page
    (row,) = security_log(kind="READ", act="receipt.view")
    assert row["subject"] == waiting.pk
    assert "remitter_iban" in row["fields"]


def test_matching_by_hand_shows_the_file_before_it_saves(
    officer: User, client_for: ClientFor, waiting: Receipt, owing: Book
) -> None:
    client = client_for(officer)
    url = reverse("ledger:match", args=[waiting.pk])
    first = client.post(url, {"ogm": format_ogm(owing.communication)})
    page = first.content.decode()
    assert f"SECAL-{owing.number}" in page
    assert "Contribution aux frais de fonctionnement" in page
    waiting.refresh_from_db()
    assert waiting.state == ReceiptState.WAITING
    second = client.post(url, {"ogm": owing.communication, "confirmed": "1"}, follow=True)
    assert "Paiement rapproché et imputé" in second.content.decode()
    waiting.refresh_from_db()
    assert (waiting.state, waiting.book, waiting.matched_by) == (ReceiptState.ALLOCATED, owing, officer)


def test_the_file_of_another_officer_answers_like_a_communication_of_nobody(
    officer: User,
    client_for: ClientFor,
    waiting: Receipt,
    owing: Book,
    shut: set[uuid.UUID],
    security_log: Log,
) -> None:
    client = client_for(officer)
    url = reverse("ledger:match", args=[waiting.pk])
    shut.add(owing.pk)
    answers = [client.post(url, {"ogm": ogm}) for ogm in (owing.communication, make_ogm(77))]
    assert [answer.status_code for answer in answers] == [422, 422]
    assert all("Aucun dossier qui vous est attribué" in answer.content.decode() for answer in answers)
    assert [row["file"] for row in security_log(kind="DENY")] == [owing.pk]


def test_a_wrong_communication_is_refused_in_words(
    officer: User, client_for: ClientFor, waiting: Receipt
) -> None:
    response = client_for(officer).post(reverse("ledger:match", args=[waiting.pk]), {"ogm": "123456789099"})
    assert response.status_code == 422
    assert "chiffres de contrôle" in response.content.decode()


def test_a_matched_receipt_shows_how_it_was_spread_and_can_be_put_back(
    officer: User, client_for: ClientFor, owing: Book, take: Take
) -> None:
    take(Transfer(Decimal("50.00"), "Tom Maes", PAYER, ogm=owing.communication))
    receipt = Receipt.objects.get()
    client = client_for(officer)
    page = client.get(reverse("ledger:receipt", args=[receipt.pk])).content.decode()
    assert "26,00" in page
    assert "24,00" in page
    assert "art. 23" in page
    after = client.post(reverse("ledger:put-back", args=[receipt.pk]), follow=True)
    assert "contre-passée" in after.content.decode()
    receipt.refresh_from_db()
    assert receipt.state == ReceiptState.WAITING


def test_the_book_shows_its_lines_its_balance_and_that_it_adds_up(
    officer: User, client_for: ClientFor, owing: Book, take: Take, security_log: Log
) -> None:
    take(Transfer(Decimal("50.00"), ogm=owing.communication))
    url = reverse("ledger:book", args=[owing.pk])
    page = client_for(officer).get(url).content.decode()
    assert f"SECAL-{owing.number}" in page
    assert format_ogm(owing.communication) in page
    assert "176,00" in page
    assert "Solde d’ouverture" in page
    assert "Comptes en équilibre" in page
    (row,) = security_log(kind="READ", act="ledger.view")
    assert row["file"] == owing.pk
    filtered = client_for(officer).get(url, {"kind": "receipt", "year": "2026"}).content.decode()
    assert "Paiement du débiteur" in filtered
    assert "Comptes en équilibre" in filtered


@pytest.mark.parametrize("exists", [True, False])
def test_a_book_that_is_not_the_officers_does_not_exist(
    officer: User, client_for: ClientFor, owing: Book, shut: set[uuid.UUID], security_log: Log, exists: bool
) -> None:
    shut.add(owing.pk)
    url = reverse("ledger:book", args=[owing.pk if exists else uuid.uuid4()])
    assert client_for(officer).get(url).status_code == 404
    assert len(security_log(kind="DENY", act="ledger.view")) == 1


def test_a_receipt_matched_to_anothers_file_does_not_exist(
    officer: User, client_for: ClientFor, owing: Book, take: Take, shut: set[uuid.UUID]
) -> None:
    take(Transfer(Decimal("50.00"), "Tom Maes", PAYER, ogm=owing.communication))
    shut.add(owing.pk)
    receipt = Receipt.objects.get()
    assert client_for(officer).get(reverse("ledger:receipt", args=[receipt.pk])).status_code == 404
    assert client_for(officer).post(reverse("ledger:put-back", args=[receipt.pk])).status_code == 404


def test_a_registrar_sees_nothing_of_the_ledger(
    registrar: User, client_for: ClientFor, waiting: Receipt
) -> None:
    client = client_for(registrar)
    for name in ("ledger:statements", "ledger:import", "ledger:waiting"):
        assert client.get(reverse(name)).status_code == 403


def test_an_approver_sees_receipts_but_does_not_match_them(
    approver: User, client_for: ClientFor, waiting: Receipt, owing: Book
) -> None:
    client = client_for(approver)
    assert "Seul un gestionnaire" in client.get(reverse("ledger:receipt", args=[waiting.pk])).content.decode()
    assert (
        client.post(reverse("ledger:match", args=[waiting.pk]), {"ogm": owing.communication}).status_code
        == 403
    )


def queries_of(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("name", ["waiting", "statement", "statements", "book"])
def test_a_list_costs_the_same_with_one_row_and_with_a_hundred(
    officer: User, client_for: ClientFor, take: Take, owing: Book, name: str
) -> None:
    client = client_for(officer)
    client.get(reverse("ledger:waiting"))
    counts = []
    for size in (1, 10, 100):
        transfers = [
            Transfer(
                Decimal("1.00"), "Tom", PAYER, ogm=owing.communication if name == "book" else "", text=str(n)
            )
            for n in range(size)
        ]
        if name == "statements":
            for transfer in transfers:
                found = take(transfer)
        else:
            found = take(*transfers)
        one = {"statement": [found.pk], "book": [owing.pk]}.get(name, [])
        counts.append(queries_of(client, reverse(f"ledger:{name}", args=one)))
    assert counts[0] == counts[1] == counts[2]


def test_a_message_of_the_bank_that_could_not_be_booked_is_in_sight(
    officer: User, client_for: ClientFor
) -> None:
    page = reverse("ledger:statements")
    assert "à examiner" not in client_for(officer).get(page).content.decode()
    BankMessage.objects.create(
        reference="mailbox-17", kind="camt.054.001.08", sha256="0" * 64, state=BankMessageState.CONTRADICTION
    )
    BankMessage.objects.create(
        reference="mailbox-18", kind="camt.053.001.08", sha256="1" * 64, state=BankMessageState.HANDLED
    )
    shown = client_for(officer).get(page).content.decode()
    assert "Messages de la banque à examiner" in shown
    assert "mailbox-17" in shown and "mailbox-18" not in shown
