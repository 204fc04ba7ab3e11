"""From a bailiff's act to the books: the worker carries it out once, in its own name, and goes on after a
failure."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from recovery.cases.dues import amount_due, amounts_due
from recovery.cases.models import FileEvent, Title
from recovery.portal.booking import book_waiting
from recovery.portal.models import CollectedPayment, FollowUp
from secal.access.errors import Refused
from secal.access.policy import require
from secal.access.unit_of_work import acting_as, service_work
from secal.ledger.models import Claim, EntryKind, Head, JournalEntry
from secal.ledger.selectors import held_by_bailiff
from tests.recovery.portal.conftest import World
from tests.recovery.portal.test_services import NOW, SERVED, act, paid, serve

TODAY = NOW.date()


def due(world: World, on: date = TODAY) -> Any:
    title = Title.objects.get(pk=world.mandate.title_id)
    return amounts_due([world.file], on=on, quarters={world.file_id: title.quarters})[world.file_id]


def test_a_payment_comes_off_the_debt_and_is_held_by_the_bailiff(world: World, security_log: Any) -> None:
    before = due(world)
    payment = paid(world, amount=Decimal("500.00"))
    assert due(world) == before
    assert book_waiting(at=NOW) == {"follow_ups": 0, "payments": 1}
    payment.refresh_from_db()
    assert payment.booked_at == NOW
    assert held_by_bailiff(world.file.book_id) == Decimal("500.00")
    after = due(world)
    assert (after.paid, after.aside.held) == (Decimal("500.00"), Decimal("500.00"))
    assert after.due <= before.due - Decimal("500.00")
    entry = JournalEntry.objects.get(kind=EntryKind.COLLECTED, source=payment.pk)
    assert entry.value_on == payment.received_on
    assert security_log(kind="WRITE", act="collection.book", file=world.file_id)
    assert book_waiting(at=NOW) == {"follow_ups": 0, "payments": 0}


def test_what_the_bailiff_is_shown_is_what_the_office_reckons(world: World) -> None:
    """The title carries the whole file here: both ways to the sum agree to the cent."""
    paid(world, amount=Decimal("1234.56"))
    book_waiting(at=NOW)
    for on in (NOW.date(), NOW.date() + timedelta(days=200)):
        assert due(world, on).due == amount_due(world.file, on=on).total


@pytest.mark.obligation("17/006 §4")
def test_the_costs_of_an_act_are_the_debtors_and_a_service_interrupts_limitation(world: World) -> None:
    lapses = Claim.objects.filter(book=world.file.book_id, head=Head.SOCIAL).values_list(
        "limitation_on", flat=True
    )
    (before,) = lapses.all()
    serve(world, costs=Decimal("95.40"))
    assert book_waiting(at=NOW) == {"follow_ups": 1, "payments": 0}
    (after,) = lapses.all()
    assert before is not None and after is not None and after > before
    assert due(world).costs == Decimal("95.40")
    assert FileEvent.objects.filter(file=world.file_id, code="costs_charged").count() == 1


def test_a_rectifying_act_takes_the_wrong_costs_back(world: World) -> None:
    wrong = serve(world, costs=Decimal("95.40"))
    book_waiting(at=NOW)
    same = serve(world, costs=Decimal("95.40"), rectifies=wrong.pk)
    book_waiting(at=NOW)
    assert due(world).costs == Decimal("95.40")
    serve(world, costs=Decimal("80.00"), rectifies=same.pk)
    book_waiting(at=NOW)
    assert due(world).costs == Decimal("80.00")


def test_an_act_without_costs_needs_nobody(world: World) -> None:
    serve(world, costs=Decimal("0.00"))
    act(world, SERVED + timedelta(days=7))
    assert FollowUp.objects.count() == 1


def test_one_that_cannot_be_booked_stays_and_the_next_is_booked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from recovery.portal import booking
    from secal.ledger.errors import LedgerError
    from secal.ledger.services import receipts

    first, second = paid(world), paid(world, amount=Decimal("20.00"))
    usual = receipts.record_collected

    def fails_on_the_first(**told: Any) -> Any:
        if told["source"] == first.pk:
            raise LedgerError("book.unknown")
        return usual(**told)

    monkeypatch.setattr(booking, "record_collected", fails_on_the_first)
    assert book_waiting(at=NOW)["payments"] == 1
    assert set(CollectedPayment.objects.filter(booked_at=None)) == {first}
    assert CollectedPayment.objects.get(pk=second.pk).booked_at == NOW


def test_nobody_but_the_worker_books(world: World) -> None:
    for work in (acting_as(world.staff.bailiff.pk), acting_as(world.staff.clerk.pk), service_work("bank")):
        with pytest.raises(Refused), work:
            require("collection.book")
