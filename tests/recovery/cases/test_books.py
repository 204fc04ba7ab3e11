"""The ledger's pages of an employer's book, through the door of the recovery file."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from recovery.cases.guards import third_party_accounts
from recovery.cases.models import FileEvent
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.access.unit_of_work import service_work
from secal.ledger.services.receipts import record_collected
from tests.recovery.stories import People, made_file, new_id

IBAN = "BE71096123456769"


def test_a_clerk_opens_the_book_of_a_debtor(staff: People, client_for: Callable[[User], Client]) -> None:
    file = made_file(staff)
    page = client_for(staff.clerk).get(reverse("ledger:book", args=[file.book_id]))
    assert page.status_code == 200
    assert file.number in page.content.decode()


@pytest.mark.parametrize("role", [Role.CASE_OFFICER, Role.CONCESSION_OPERATOR])
def test_a_book_of_a_debtor_is_closed_to_others(
    staff: People, make_user: Callable[..., User], client_for: Callable[[User], Client], role: Role
) -> None:
    file = made_file(staff)
    answer = client_for(make_user(role)).get(reverse("ledger:book", args=[file.book_id]))
    assert answer.status_code in (403, 404)


def test_money_at_the_bailiffs_is_on_the_timeline(staff: People) -> None:
    file = made_file(staff)
    with service_work("collection"):
        record_collected(book_id=file.book_id, amount=Decimal("50.00"), on=date(2026, 6, 10), source=new_id())
    event = FileEvent.objects.get(file=file, code="collected")
    assert event.params["amount"] == "50.00"


def test_third_party_accounts_are_known_by_their_offices(staff: People) -> None:
    Office.objects.create(name="Étude Noël", arrondissement="namur", iban=IBAN)
    assert third_party_accounts([IBAN, "BE68539007547034", ""]) == {IBAN}
