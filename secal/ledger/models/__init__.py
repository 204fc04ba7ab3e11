"""The ledger's tables, by noun: books and postings, bank statements and receipts, payment files."""

from secal.ledger.models.bank import (
    Allocation,
    BankMovement,
    BankStatement,
    Collection,
    MovementState,
    Receipt,
    ReceiptState,
    WaitingReason,
)
from secal.ledger.models.books import (
    Account,
    Book,
    BookKind,
    Claim,
    EntryKind,
    Head,
    JournalEntry,
    Owner,
    Posting,
)
from secal.ledger.models.payments import (
    BankMessage,
    BankMessageState,
    InstructionState,
    PaymentFile,
    PaymentFileState,
    PaymentInstruction,
)

__all__ = [
    "Account",
    "Allocation",
    "BankMessage",
    "BankMessageState",
    "BankMovement",
    "BankStatement",
    "Book",
    "BookKind",
    "Claim",
    "Collection",
    "EntryKind",
    "Head",
    "InstructionState",
    "JournalEntry",
    "MovementState",
    "Owner",
    "PaymentFile",
    "PaymentFileState",
    "PaymentInstruction",
    "Posting",
    "Receipt",
    "ReceiptState",
    "WaitingReason",
]
