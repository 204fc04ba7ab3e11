"""A run at a real bank program: over the screens, by its jobs, to the bank's own record and back into
the books.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any
from unittest.mock import patch

import pytest
from django.test import Client
from django.urls import reverse

from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.advances.models import AdvanceRun, LineState, RunLine, RunState
from secal.advances.services import runs
from secal.cases.models import CaseEvent, WorkItem, WorkKind
from secal.config.demo.bank import Bank
from secal.ledger import bank_client
from secal.ledger.models import (
    BankMessage,
    EntryKind,
    InstructionState,
    JournalEntry,
    PaymentFile,
    PaymentFileState,
    PaymentInstruction,
)
from secal.ledger.tasks import collect_bank_reports
from secal.office import jobs
from secal.office.models import Job, JobState
from tests.advances.rights import CLOSED_IBAN, GOOD_IBAN, MONTH, give_account, grant, grant_many

EXECUTION = date(2026, 11, 23)
AFTER = date(2026, 11, 25)


def run_job(kind: str, run: AdvanceRun) -> Job:
    job = jobs.run(Job.objects.get(kind=kind, period=str(run.pk)).pk)
    run.refresh_from_db()
    return job


def proposed(officer: User) -> AdvanceRun:
    with acting_as(officer.pk):
        run = runs.prepare(month=MONTH, execution_on=EXECUTION)
    run_job("advances.compute", run)
    return run


def approved(officer: User, approver: User) -> AdvanceRun:
    run = proposed(officer)
    with acting_as(approver.pk):
        runs.approve(run_id=run.pk)
    return run


def sent(officer: User, approver: User) -> AdvanceRun:
    run = approved(officer, approver)
    run_job("advances.send", run)
    return run


def dying_before_noting() -> Any:
    """As if the reader died each time just before it notes a message as dealt with."""
    return patch.object(BankMessage.objects, "bulk_create")


def test_a_month_is_prepared_approved_sent_and_confirmed_over_the_screens(
    bank: Bank, officer: User, approver: User, client_for: Callable[[User], Client]
) -> None:
    paid = grant_many(2, officer=officer)
    refused = grant(officer=officer, number=3, iban=CLOSED_IBAN)
    grant(officer=officer, number=4, iban=None)
    maker, second = client_for(officer), client_for(approver)

    answer = maker.post(
        reverse("advances:run_prepare"), {"month": "2026-11", "execution_on": EXECUTION.isoformat()}
    )
    run = AdvanceRun.objects.get()
    address = reverse("advances:run", args=[run.pk])
    assert answer.headers["Location"] == address
    assert maker.get(address).headers["Refresh"] == "3"
    run_job("advances.compute", run)

    told = maker.get(address).content.decode()
    assert "Qui prépare n’approuve pas" in told or "Votre rôle ne permet pas cet acte" in told
    assert "Approuver et payer" not in told
    assert "Pas de compte bancaire" in told
    assert "Approuver et payer 525,00" in second.get(address).content.decode()

    second.post(reverse("advances:run_approve", args=[run.pk]))
    run_job("advances.send", run)
    assert run.state == RunState.SENT
    assert PaymentFile.objects.get().sha256 in maker.get(address).content.decode()

    bank.advance_to(AFTER)
    collect_bank_reports()
    run.refresh_from_db()
    assert run.state == RunState.CONFIRMED
    assert {
        line.state for line in RunLine.objects.filter(run=run, right__in=[one.right for one in paid])
    } == {"paid"}
    assert RunLine.objects.get(run=run, right=refused.right).exclusion == "AC04"
    told = maker.get(address).content.decode()
    assert "2 payés, 1 refusé" in told
    assert (
        "Compte clôturé (AC04)"
        in maker.get(reverse("advances:run_lines", args=[run.pk]), {"show": "rejected"}).content.decode()
    )


def test_the_books_follow_the_bank(bank: Bank, officer: User, approver: User) -> None:
    granted = grant(officer=officer)
    sent(officer, approver)
    bank.advance_to(AFTER)
    collect_bank_reports()
    entry = JournalEntry.objects.get(book=granted.file.book, kind=EntryKind.ADVANCE_PAID)
    assert entry.value_on == EXECUTION
    assert sum(posting.amount for posting in entry.postings.filter(account="bank")) == Decimal("-175.00")
    assert CaseEvent.objects.get(file=granted.file, code="advance_paid").params == {
        "amount": "175.00",
        "month": "2026-11",
    }
    assert PaymentFile.objects.get().state == PaymentFileState.EXECUTED


def test_a_refused_payment_comes_back_to_the_officer_and_into_the_next_run(
    bank: Bank, officer: User, approver: User
) -> None:
    granted = grant(officer=officer, iban=CLOSED_IBAN)
    run = sent(officer, approver)
    collect_bank_reports()
    run.refresh_from_db()
    line = RunLine.objects.get(run=run)
    work = WorkItem.objects.get(kind=WorkKind.PAYMENT_REJECTED)
    assert (line.state, run.state) == (LineState.REJECTED, RunState.CONFIRMED)
    assert (work.file_id, work.source, work.done_on) == (granted.file.pk, line.pk, None)
    assert not JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).exists()

    give_account(granted.creditor, GOOD_IBAN, valid_from=EXECUTION)
    again = sent(officer, approver)
    bank.advance_to(AFTER)
    collect_bank_reports()
    assert (again.number, RunLine.objects.get(run=again).state) == (2, LineState.PAID)
    work.refresh_from_db()
    assert work.done_on == EXECUTION


def test_sending_twice_is_one_message_and_one_payment(bank: Bank, officer: User, approver: User) -> None:
    """Cut off after the bank had the message and before we noted it: the same bytes go again."""
    grant_many(3, officer=officer)
    run = sent(officer, approver)
    first = bytes(PaymentFile.objects.get().open_bytes("content"))
    PaymentInstruction.objects.update(state=InstructionState.READY)
    PaymentFile.objects.update(state=PaymentFileState.MADE, sent_at=None)
    AdvanceRun.objects.update(state=RunState.APPROVED)
    Job.objects.filter(kind="advances.send").update(state=JobState.WAITING)
    job = run_job("advances.send", run)
    assert job.result["had_it_already"] is True
    assert run.state == RunState.SENT
    assert bytes(PaymentFile.objects.get().open_bytes("content")) == first
    assert len(bank.payments()) == 3
    bank.advance_to(AFTER)
    told = collect_bank_reports()
    run.refresh_from_db()
    assert told["duplicate"] >= 1
    assert run.state == RunState.CONFIRMED
    assert JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).count() == 3


def test_reading_the_mailbox_again_changes_nothing(bank: Bank, officer: User, approver: User) -> None:
    grant_many(2, officer=officer)
    sent(officer, approver)
    bank.advance_to(AFTER)
    collect_bank_reports()
    assert collect_bank_reports() == {}
    assert {message.reference for message in bank_client.waiting_messages()} == set(
        BankMessage.objects.values_list("reference", flat=True)
    )
    assert JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).count() == 2


def test_a_reader_cut_off_before_noting_its_message_books_nothing_twice(
    bank: Bank, officer: User, approver: User
) -> None:
    grant_many(2, officer=officer)
    sent(officer, approver)
    bank.advance_to(AFTER)
    with dying_before_noting():
        collect_bank_reports()
    assert not BankMessage.objects.exists()
    collect_bank_reports()
    assert JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).count() == 2
    assert PaymentFile.objects.get().state == PaymentFileState.EXECUTED


@pytest.mark.parametrize("behaviour", ["reject-file", "silent", "insufficient-funds"])
def test_each_way_of_the_bank_ends_without_a_wrong_booking(
    bank: Bank, officer: User, approver: User, behaviour: str
) -> None:
    grant_many(2, officer=officer)
    if behaviour == "insufficient-funds":
        bank.ask("PATCH", "/_mock/accounts/SECAL", {"balance": 175_00})
    bank.behave(behaviour)
    run = sent(officer, approver)
    bank.advance_to(AFTER)
    collect_bank_reports()
    run.refresh_from_db()
    paid = [one for one in bank.payments() if one["booked_at"]]
    assert run.state == RunState.CONFIRMED
    assert JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).count() == len(paid)
    assert RunLine.objects.filter(run=run, state=LineState.PAID).count() == len(paid)


def test_a_bank_that_is_away_postpones_the_sending(
    bank: Bank, officer: User, approver: User, settings: Any
) -> None:
    grant(officer=officer)
    run = approved(officer, approver)
    settings.BANK_URL = "http://127.0.0.1:9"
    job = run_job("advances.send", run)
    assert (job.state, job.error, run.state) == (JobState.WAITING, "bank.unreachable", RunState.APPROVED)
    settings.BANK_URL = bank.url
    assert run_job("advances.send", run).state == JobState.DONE
    assert len(bank.payments()) == 1


def test_no_name_or_account_is_kept_outside_the_sealed_message(
    bank: Bank, officer: User, approver: User
) -> None:
    grant(officer=officer)
    sent(officer, approver)
    file, instruction = PaymentFile.objects.get(), PaymentInstruction.objects.get()
    assert b"BE71096123456769" in file.open_bytes("content")
    for sealed in (bytes(file.content), bytes(instruction.iban)):
        assert b"BE71096123456769" not in sealed
        assert b"Peeters" not in sealed
    assert "Peeters" not in instruction.remittance
