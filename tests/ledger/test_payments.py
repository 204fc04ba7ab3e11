"""Payment messages: valid, the same at every sending, and answers read without guessing."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from lxml import etree

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.ledger import bank_client, outcomes, pain001, pain002
from secal.ledger.bank_client import BankAnswerUnreadable, BankUnreachable, DoorAnswer
from secal.ledger.models import (
    BankMessageState,
    EntryKind,
    InstructionState,
    JournalEntry,
    PaymentFile,
    PaymentFileState,
    PaymentInstruction,
)
from secal.ledger.outcomes import Outcome, PaymentOutcome
from secal.ledger.pain002 import Debit, PaymentStatus, StatusReport, UnreadableMessage
from secal.ledger.services import payments
from secal.ledger.services.payments import Order, PaymentError
from tests.advances.rights import Granted, grant

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
EXECUTION = date(2026, 11, 24)
OFFICE = pain001.Office("SPF Finances - SECAL", "BE68539007547034", "GKCCBEBB")


def transfer(number: int = 1, **changes: Any) -> pain001.Transfer:
    told = {
        "end_to_end_id": f"AV{number:032d}",
        "name": "Élodie D’Hondt & fils",
        "iban": "BE71096123456769",
        "amount": Decimal("175.00"),
        "remittance": "SECAL 2026-11 SECAL-2026-000042",
    }
    return pain001.Transfer(**{**told, **changes})


def written(*transfers: pain001.Transfer) -> bytes:
    return pain001.write(
        message_id="AV0123",
        made_at=AT,
        execution_on=EXECUTION,
        office=OFFICE,
        transfers=transfers or (transfer(),),
    )


# --- the order ---------------------------------------------------------------------------------------


def test_the_same_orders_give_the_same_bytes() -> None:
    assert written(transfer(1), transfer(2)) == written(transfer(1), transfer(2))


def test_the_message_counts_and_adds_up_its_payments() -> None:
    root = etree.fromstring(written(transfer(1), transfer(2, amount=Decimal("0.05"))))
    header = root.find("{*}CstmrCdtTrfInitn/{*}GrpHdr")
    assert header is not None
    assert [header.findtext("{*}NbOfTxs"), header.findtext("{*}CtrlSum")] == ["2", "175.05"]
    assert header.findtext("{*}MsgId") == "AV0123"
    assert root.findtext(".//{*}ReqdExctnDt/{*}Dt") == "2026-11-24"


@pytest.mark.parametrize("fault", [{"iban": "BE71 0961"}, {"end_to_end_id": "x" * 36}, {"name": ""}])
def test_a_message_outside_its_schema_is_not_written(fault: dict[str, Any]) -> None:
    with pytest.raises(pain001.InvalidPaymentFile) as refusal:
        written(transfer(**fault))
    assert "BE71" not in str(refusal.value)


# --- the answers -------------------------------------------------------------------------------------

REPORT = """<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<OrgnlGrpInfAndSts><OrgnlMsgId>AV1</OrgnlMsgId>{group}</OrgnlGrpInfAndSts>{payments}</CstmrPmtStsRpt></Document>"""


def test_a_status_report_tells_each_payment() -> None:
    payments_told = (
        "<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>A</OrgnlEndToEndId><TxSts>ACCP</TxSts></TxInfAndSts>"
        "<TxInfAndSts><OrgnlEndToEndId>B</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
        "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
    )
    report = pain002.read_status_report(
        REPORT.format(group="<GrpSts>PART</GrpSts>", payments=payments_told).encode()
    )
    assert report == StatusReport(
        "AV1", "PART", "", (PaymentStatus("A", "ACCP"), PaymentStatus("B", "RJCT", "AC04"))
    )


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not xml",
        b"<Document/>",
        REPORT.format(group="<GrpSts>WHAT</GrpSts>", payments="").encode(),
        REPORT.format(group="<GrpSts>PART</GrpSts>", payments="").encode(),
        b'<!DOCTYPE x [<!ENTITY a "b">]>'
        + REPORT.format(group="<GrpSts>ACCP</GrpSts>", payments="").encode(),
    ],
)
def test_a_report_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableMessage):
        pain002.read_status_report(content)


def test_a_bank_without_address_or_answer_is_unreachable(settings: Any) -> None:
    for address in ("", "http://127.0.0.1:9"):
        settings.BANK_URL = address
        with pytest.raises(BankUnreachable):
            bank_client.send_payment_file(b"<x/>", message_id="AV1")


def test_an_answer_about_another_message_is_refused(settings: Any, bank_saying: Callable[..., str]) -> None:
    settings.BANK_URL = bank_saying(422, b'{"msg_id": "OTHER", "status": "RJCT", "reason": "DUPL"}')
    with pytest.raises(BankAnswerUnreadable):
        bank_client.send_payment_file(b"<x/>", message_id="AV1")


def test_a_failing_bank_is_asked_again(settings: Any, bank_saying: Callable[..., str]) -> None:
    settings.BANK_URL = bank_saying(503, b"", 200, b"[]")
    assert list(bank_client.waiting_messages()) == []


@pytest.fixture
def bank_saying() -> Iterator[Callable[..., str]]:
    """A server that answers what it is told, one (status, body) after the other, the last one for ever."""
    servers: list[ThreadingHTTPServer] = []

    def start(*told: Any) -> str:
        answers = list(zip(told[::2], told[1::2], strict=True))

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers.pop(0) if len(answers) > 1 else answers[0]
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET

            def log_message(self, *_: object) -> None:
                """The test prints nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


# --- the file and its instructions -------------------------------------------------------------------


@pytest.fixture
def granted(officer: User) -> Granted:
    return grant(officer=officer)


def order(granted: Granted) -> Order:
    term = granted.term
    assert term is not None
    assert term.claim_id is not None
    return Order(
        source=granted.right.pk,
        book_id=granted.file.book_id,
        claim_id=term.claim_id,
        account=granted.creditor.accounts.select_related("person").get(),
        amount=Decimal("175.00"),
        remittance="SECAL 2026-11",
    )


def made(granted: Granted, *, to: PaymentFileState = PaymentFileState.MADE) -> PaymentFile:
    """A file with one instruction, as far as `to`."""
    with service_work("advances"):
        file = payments.open_file(source=granted.file.pk, execution_on=EXECUTION)
        payments.instruct(file=file, orders=[order(granted)])
        file = payments.make_file(file_id=file.pk, made_at=AT)
        if to == PaymentFileState.SENT:
            file = payments.record_sent(file_id=file.pk, answer=DoorAnswer("x", True, False), at=AT)
    return file


def test_an_order_given_twice_is_one_instruction(granted: Granted) -> None:
    with service_work("advances"):
        file = payments.open_file(source=granted.file.pk, execution_on=EXECUTION)
        payments.instruct(file=file, orders=[order(granted)])
        payments.instruct(file=file, orders=[order(granted)])
        assert payments.open_file(source=granted.file.pk, execution_on=EXECUTION) == file
    assert PaymentInstruction.objects.count() == 1


def test_a_message_is_made_once(granted: Granted) -> None:
    file = made(granted)
    with service_work("advances"):
        again = payments.make_file(file_id=file.pk, made_at=datetime(2027, 1, 1, tzinfo=UTC))
    assert again.sha256 == file.sha256 == bank_client.digest(again.open_bytes("content"))
    assert len(file.message_id) <= 35


def test_an_empty_file_is_not_made(granted: Granted) -> None:
    with pytest.raises(PaymentError) as refusal, service_work("advances"):
        file = payments.open_file(source=granted.file.pk, execution_on=EXECUTION)
        payments.make_file(file_id=file.pk, made_at=AT)
    assert refusal.value.code == "payments.nothing_to_pay"


def test_handing_over_is_logged_as_data_that_leaves(
    granted: Granted, security_log: Callable[..., list[dict[str, Any]]]
) -> None:
    file = made(granted)
    with service_work("advances"):
        assert payments.message_of(file.pk) is not None
    assert security_log(kind="EXPORT", act="payment.send")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_paymentfile SET content = '\\x00'",
        "UPDATE ledger_paymentfile SET message_id = 'other'",
        "UPDATE ledger_paymentfile SET state = 'open', content = NULL",
        "UPDATE ledger_paymentinstruction SET amount = 1",
        "UPDATE ledger_paymentinstruction SET iban = '\\x00'",
        "DELETE FROM ledger_paymentinstruction",
        "DELETE FROM ledger_bankmessage",
    ],
)
def test_the_database_keeps_what_was_ordered(granted: Granted, statement: str) -> None:
    made(granted)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_file_that_was_made_takes_no_more_payments(granted: Granted, officer: User) -> None:
    file = made(granted)
    with pytest.raises(PaymentError), service_work("advances"):
        payments.instruct(file=file, orders=[order(grant(officer=officer, number=2))])


# --- what becomes of it ------------------------------------------------------------------------------


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[PaymentOutcome]:
    """What listeners are told, instead of the rooms that usually listen."""
    heard: list[PaymentOutcome] = []
    monkeypatch.setattr(outcomes, "_listeners", [heard.extend])
    return heard


def report(file: PaymentFile, status: str, reason: str = "", *lines: PaymentStatus) -> BankMessageState:
    with service_work("bank"):
        return payments.apply_status_report(StatusReport(file.message_id, status, reason, lines), at=AT)


def debit(amount: str = "175.00") -> Debit:
    return Debit(PaymentInstruction.objects.get().end_to_end_id, Decimal(amount), EXECUTION)


def settle(*debits: Debit) -> BankMessageState:
    with service_work("bank"):
        return payments.settle(debits)


def test_an_accepted_payment_is_booked_when_the_bank_books_it(
    granted: Granted, told: list[PaymentOutcome]
) -> None:
    file = made(granted, to=PaymentFileState.SENT)
    assert report(file, "ACCP") == BankMessageState.HANDLED
    assert PaymentInstruction.objects.get().state == InstructionState.ACCEPTED
    assert settle(debit()) == BankMessageState.HANDLED
    assert settle(debit()) == BankMessageState.HANDLED
    instruction = PaymentInstruction.objects.get()
    assert (instruction.state, instruction.entry) == (
        InstructionState.PAID,
        JournalEntry.objects.get(kind=EntryKind.ADVANCE_PAID),
    )
    assert [one.outcome for one in told] == [Outcome.PAID]


def test_a_report_that_comes_before_we_noted_the_sending_is_not_lost(
    granted: Granted, told: list[PaymentOutcome]
) -> None:
    file = made(granted)
    report(file, "ACCP")
    with service_work("advances"):
        payments.record_sent(file_id=file.pk, answer=DoorAnswer("x", False, True, "DUPL"), at=AT)
    assert PaymentInstruction.objects.get().state == InstructionState.ACCEPTED
    assert PaymentFile.objects.get().state == PaymentFileState.ACCEPTED


def test_a_duplicate_report_rejects_nothing(granted: Granted, told: list[PaymentOutcome]) -> None:
    file = made(granted, to=PaymentFileState.SENT)
    assert report(file, "RJCT", "DUPL") == BankMessageState.DUPLICATE
    assert (PaymentInstruction.objects.get().state, told) == (InstructionState.SENT, [])


def test_a_file_refused_whole_rejects_every_payment(granted: Granted, told: list[PaymentOutcome]) -> None:
    file = made(granted, to=PaymentFileState.SENT)
    report(file, "RJCT", "FF01")
    report(file, "RJCT", "FF01")
    assert PaymentInstruction.objects.get().reason_code == "FF01"
    assert [(one.outcome, one.reason) for one in told] == [(Outcome.REJECTED, "FF01")]
    assert PaymentFile.objects.get().state == PaymentFileState.REJECTED


def test_a_file_refused_at_the_door_without_report_rejects_every_payment(
    granted: Granted, told: list[PaymentOutcome]
) -> None:
    file = made(granted)
    refused = DoorAnswer("x", taken=False, duplicate=False, reason="FF01", reported=False)
    with service_work("advances"):
        payments.record_sent(file_id=file.pk, answer=refused, at=AT)
    assert [one.outcome for one in told] == [Outcome.REJECTED]


@pytest.mark.parametrize("amount", ["174.99", "175.01"])
def test_a_debit_of_another_amount_waits_for_a_person(
    granted: Granted, told: list[PaymentOutcome], amount: str
) -> None:
    made(granted, to=PaymentFileState.SENT)
    assert settle(debit(amount)) == BankMessageState.CONTRADICTION
    assert not JournalEntry.objects.filter(kind=EntryKind.ADVANCE_PAID).exists()
    assert told == []


def test_a_debit_of_a_refused_payment_waits_for_a_person(
    granted: Granted, told: list[PaymentOutcome]
) -> None:
    file = made(granted, to=PaymentFileState.SENT)
    report(file, "RJCT", "FF01")
    assert settle(debit()) == BankMessageState.CONTRADICTION
    assert [one.outcome for one in told] == [Outcome.REJECTED]


def test_a_refusal_after_the_money_left_changes_nothing(granted: Granted, told: list[PaymentOutcome]) -> None:
    file = made(granted, to=PaymentFileState.SENT)
    settle(debit())
    line = PaymentStatus(PaymentInstruction.objects.get().end_to_end_id, "RJCT", "AC04")
    report(file, "PART", "", line)
    assert PaymentInstruction.objects.get().state == InstructionState.PAID
    assert PaymentFile.objects.get().state == PaymentFileState.EXECUTED


def test_a_report_on_a_message_that_is_not_ours_is_told_apart(db: None) -> None:
    with service_work("bank"):
        state = payments.apply_status_report(StatusReport("UNKNOWN", "ACCP", "", ()), at=AT)
    assert state == BankMessageState.UNKNOWN


def test_other_services_and_people_cannot_order_payments(
    granted: Granted, as_user: Any, approver: User
) -> None:
    with pytest.raises(Refused), as_user(approver):
        payments.open_file(source=granted.file.pk, execution_on=EXECUTION)
    with pytest.raises(Refused), service_work("bank"):
        payments.open_file(source=granted.file.pk, execution_on=EXECUTION)
