"""What the ledger tells the security log: one named function an event, never a value."""

from collections.abc import Sequence
from uuid import UUID

from audit.log import events as log

RECOVERY = "recovery"
"""Purpose: recovering what the debtor owes (12/057 §8)."""
PAYER = ("remitter_name", "remitter_iban", "remittance", "amount")


def book_read(*, file: UUID, purpose: str) -> None:
    log.record_read("ledger.view", purpose=purpose, file=file, fields=("entries", "balance", "receipts"))


def waiting_receipts_read(receipts: Sequence[UUID]) -> None:
    """The payers of these receipts are shown; no file knows them yet, so the receipt names them."""
    log.record_list_read(
        "receipt.view", purpose=RECOVERY, lines=[(receipt, None) for receipt in receipts], fields=PAYER
    )


def receipt_read(receipt: UUID, *, file: UUID | None) -> None:
    log.record_read("receipt.view", purpose=RECOVERY, subject=receipt, file=file, fields=PAYER)


def statement_read(statement: UUID) -> None:
    log.record_read(
        "receipt.view", purpose=RECOVERY, subject=statement, fields=("amount", "communication", "state")
    )


def statement_imported(statement: UUID) -> None:
    log.record_write("statement.import", subject=statement, purpose=RECOVERY)


def receipt_matched(receipt: UUID, *, file: UUID) -> None:
    log.record_write("receipt.match", subject=receipt, file=file, purpose=RECOVERY)


def receipt_put_back(receipt: UUID, *, file: UUID) -> None:
    log.record_write("receipt.put_back", subject=receipt, file=file, purpose=RECOVERY)


def book_hidden(book: UUID, *, act: str, reason: str) -> None:
    """Somebody named the communication of a file that is not theirs."""
    log.record_refusal(act, reason=reason, file=book)
