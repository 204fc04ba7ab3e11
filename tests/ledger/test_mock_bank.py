"""The statements of a bank that is a program of its own: our payment leaves, its camt.053 is taken."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from secal.access.models import User
from secal.ledger import bank_client, selectors
from secal.ledger.models import BankStatement, Book, Head, MovementState, Receipt
from secal.ledger.services.receipts import import_statement
from tests.bank import running_bank
from tests.ledger.conftest import PAYER, charged
from tests.ledger.statements import OFFICE
from tests.ledger.test_books import instruction

TAKEN_ON = date(2026, 11, 24)
ORDER = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"><CstmrCdtTrfInitn>
<GrpHdr><MsgId>RUN-1</MsgId><CreDtTm>2026-11-20T09:00:00</CreDtTm><NbOfTxs>1</NbOfTxs><CtrlSum>175.00</CtrlSum>
<InitgPty><Nm>SECAL</Nm></InitgPty></GrpHdr>
<PmtInf><PmtInfId>P1</PmtInfId><PmtMtd>TRF</PmtMtd><NbOfTxs>1</NbOfTxs><CtrlSum>175.00</CtrlSum>
<ReqdExctnDt><Dt>2026-11-20</Dt></ReqdExctnDt><Dbtr><Nm>SECAL</Nm></Dbtr>
<DbtrAcct><Id><IBAN>{office}</IBAN></Id></DbtrAcct>
<DbtrAgt><FinInstnId><BICFI>GKCCBEBB</BICFI></FinInstnId></DbtrAgt>
<CdtTrfTxInf><PmtId><EndToEndId>{end_to_end}</EndToEndId></PmtId>
<Amt><InstdAmt Ccy="EUR">175.00</InstdAmt></Amt>
<Cdtr><Nm>Els Peeters</Nm></Cdtr><CdtrAcct><Id><IBAN>{payee}</IBAN></Id></CdtrAcct>
<RmtInf><Ustrd>SECAL 11/2026</Ustrd></RmtInf></CdtTrfTxInf></PmtInf></CstmrCdtTrfInitn></Document>"""


def test_the_statements_of_an_independent_bank_are_taken(
    tmp_path: Path, settings: Any, officer: User, as_user: Callable[[User], Any], officer_book: Book
) -> None:
    with as_user(officer):
        order = instruction(officer_book, charged(officer_book, Head.BALANCE, "200.00"), "175.00")
    pain = ORDER.format(office=OFFICE, end_to_end=order.end_to_end_id, payee=PAYER).encode()
    with running_bank(tmp_path) as bank:
        settings.BANK_URL = bank.url
        assert bank_client.send_payment_file(pain, message_id="RUN-1").taken
        for cents, reference in ((5500, officer_book.communication), (5501, "RF18 539007547034")):
            credit = {"account": "SECAL", "amount": cents, "debtor": {"name": "Tom"}, "reference": reference}
            bank.ask("POST", "/_mock/credits", credit)
        bank.advance_to(TAKEN_ON)
        messages = [one for one in bank_client.waiting_messages() if one.kind.startswith("camt.053")]
        contents = [bank_client.message_content(message) for message in messages]
    ours = [content for content in contents if OFFICE.encode() in content]
    for content in ours:
        with as_user(officer):
            import_statement(content=content, on=TAKEN_ON)
    assert BankStatement.objects.count() == len(ours) == 2
    debit, known, unknown = BankStatement.objects.earliest("until_on").movements.order_by("line")
    assert (debit.amount, debit.end_to_end_id) == (Decimal("-175.00"), order.end_to_end_id)
    assert [movement.state for movement in (debit, known, unknown)] == [
        MovementState.PAYMENT,
        MovementState.MATCHED,
        MovementState.WAITING,
    ]
    assert selectors.book_figures(officer_book).recovered == Decimal("55.00")
    assert Receipt.objects.get(book=None).amount == Decimal("55.01")
