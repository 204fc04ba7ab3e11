"""One book in memory while its file lives: claims, entries and postings in the ledger's own shapes.

The imputation of a receipt is the rule that the office applies (secal.kernel.reckoning.imputation), at the
receipt's value date; what each claim still owes is known here, so that no row has to be read back.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.people import Inventor
from secal.kernel.reckoning import imputation as rule
from secal.kernel.reckoning.limitation import limitation
from secal.law.assembly import imputation_parameters, limitation_parameters
from secal.ledger.models import Account, EntryKind, Head, Owner

Line = tuple[Account, uuid.UUID | None, Decimal]

RULE_HEADS = {
    Head.ADVANCE: rule.Head.ADVANCES,
    Head.BALANCE: rule.Head.TERM_MINUS_ADVANCE,
    Head.ARREARS: rule.Head.ARREARS_AT_APPLICATION,
}
RANKS = {Head.ADVANCE: 4, Head.BALANCE: 5, Head.ARREARS: 6}


@dataclass(slots=True)
class OpenClaim:
    """A claim and what is still due of it."""

    id: uuid.UUID
    head: Head
    owner: Owner
    due_on: date
    period: date
    child: uuid.UUID
    open: Decimal


@lru_cache(maxsize=4096)
def lapses_on(due_on: date) -> date | None:
    """When a term of that day lapses if nothing interrupts it."""
    return limitation(due_on, limitation_parameters("maintenance_term", on=due_on)).lapses_on


@lru_cache(maxsize=4096)
def imputation_on(value_on: date) -> rule.ImputationParameters:
    return imputation_parameters(on=value_on)


class BookOfFile:
    """The accounts of one file, written to the loader as they come."""

    def __init__(self, loader: Loader, inventor: Inventor, book_id: uuid.UUID) -> None:
        self.loader = loader
        self.inventor = inventor
        self.id = book_id
        self.last_entry = 0
        self.claims: list[OpenClaim] = []

    def charge(
        self, *, head: Head, child: uuid.UUID, period: date, due_on: date, amount: Decimal, on: date, source: uuid.UUID,
        actor: uuid.UUID,
    ) -> OpenClaim:  # fmt: skip
        """A term falls to the office: the debtor owes it, and the office owes it to the creditor."""
        claim = self._claim(head, Owner.CREDITOR, child, period, due_on, amount)
        kind = EntryKind.ARREARS if head is Head.ARREARS else EntryKind.TERM_DUE
        self._entry(
            kind,
            on,
            on,
            source,
            actor,
            [(Account.DEBTOR, claim.id, amount), (Account.CREDITOR, None, -amount)],
        )
        return claim

    def advance(
        self, *, term: OpenClaim, amount: Decimal, on: date, source: uuid.UUID, actor: uuid.UUID
    ) -> uuid.UUID:
        """The Treasury paid the creditor: that part of the term is the Treasury's from now on (art. 12)."""
        advanced = self._claim(Head.ADVANCE, Owner.TREASURY, term.child, term.period, term.due_on, amount)
        term.open -= amount
        return self._entry(
            EntryKind.ADVANCE_PAID, on, on, source, actor,
            [
                (Account.DEBTOR, advanced.id, amount),
                (Account.DEBTOR, term.id, -amount),
                (Account.CREDITOR, None, amount),
                (Account.BANK, None, -amount),
            ],
        )  # fmt: skip

    def receive(
        self, *, receipt: uuid.UUID, amount: Decimal, value_on: date, booked_on: date, actor: uuid.UUID
    ) -> rule.Imputation:
        """The debtor paid: the rule spreads it over what is open, the rest is kept to be paid back."""
        by_key = {str(claim.id): claim for claim in self.claims if claim.open > 0}
        outcome = rule.impute(
            amount,
            [
                rule.OpenClaim(
                    key, RULE_HEADS[claim.head], rule.Owner(claim.owner.value), claim.due_on, claim.open
                )
                for key, claim in by_key.items()
            ],
            imputation_on(value_on),
        )
        lines: list[Line] = [(Account.BANK, None, amount)]
        for part in outcome.allocations:
            claim = by_key[part.claim.key]
            claim.open = part.left_open
            lines.append((Account.DEBTOR, claim.id, -part.amount))
        if outcome.remainder:
            lines.append((Account.SUSPENSE, None, -outcome.remainder))
        entry = self._entry(EntryKind.RECEIPT, booked_on, value_on, receipt, actor, lines)
        for part in outcome.allocations:
            self.loader.add(
                "ledger.Allocation", id=self.inventor.uuid(), receipt_id=receipt, entry_id=entry,
                claim_id=uuid.UUID(part.claim.key), rank=part.rank, amount=part.amount,
            )  # fmt: skip
        return outcome

    def due(self) -> Decimal:
        """What the debtor still owes."""
        return sum((claim.open for claim in self.claims), Decimal(0))

    def _claim(
        self, head: Head, owner: Owner, child: uuid.UUID, period: date, due_on: date, amount: Decimal
    ) -> OpenClaim:
        claim = OpenClaim(self.inventor.uuid(), head, owner, due_on, period, child, amount)
        self.claims.append(claim)
        self.loader.add(
            "ledger.Claim", id=claim.id, book_id=self.id, head=head.value, rank=RANKS[head], owner=owner.value,
            period=period, beneficiary_id=child, due_on=due_on, limitation_on=lapses_on(due_on),
        )  # fmt: skip
        return claim

    def _entry(
        self, kind: EntryKind, booked_on: date, value_on: date, source: uuid.UUID, actor: uuid.UUID, lines: Sequence[Line]
    ) -> uuid.UUID:  # fmt: skip
        entry = self.inventor.uuid()
        self.last_entry += 1
        self.loader.add(
            "ledger.JournalEntry", id=entry, book_id=self.id, number=self.last_entry, kind=kind.value,
            booked_on=booked_on, value_on=value_on, source=source, actor=actor,
            created_at=moment(booked_on, self.last_entry),
        )  # fmt: skip
        for account, claim, amount in lines:
            self.loader.add(
                "ledger.Posting", id=self.inventor.uuid(), entry_id=entry, book_id=self.id, account=account.value,
                claim_id=claim, amount=amount,
            )  # fmt: skip
        return entry
