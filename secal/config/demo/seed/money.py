"""One book in memory while its file lives: claims and entries in the shapes of secal.ledger.rules.

What each claim still owes is known here, so that no row has to be read back; a receipt is spread by the
rule that the office applies, at its value date.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from secal.cases.services.terms import ARREARS_RANK, CONTRIBUTION_RANK, TERM_RANK
from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.people import Inventor
from secal.kernel.money import ZERO, total
from secal.kernel.reckoning.contribution import ContributionParameters, debtor_contribution
from secal.kernel.reckoning.imputation import Imputation
from secal.kernel.reckoning.limitation import limitation
from secal.law.assembly import contribution_parameters, limitation_parameters
from secal.ledger import rules
from secal.ledger.models import BookKind, EntryKind, Head, Owner

RANKS = {
    Head.CONTRIBUTION: CONTRIBUTION_RANK,
    Head.ADVANCE: rules.RANK_OF_ADVANCES,
    Head.BALANCE: TERM_RANK,
    Head.ARREARS: ARREARS_RANK,
}


@dataclass(frozen=True, slots=True)
class Term:
    """A month's maintenance of one child, and what was paid on it before the application."""

    id: uuid.UUID
    child: uuid.UUID
    beneficiary: uuid.UUID
    month: date
    due_on: date
    amount: Decimal
    paid: Decimal = ZERO

    @property
    def unpaid(self) -> Decimal:
        return self.amount - self.paid


@dataclass(slots=True)
class SeedClaim:
    """A claim and what is still due of it."""

    id: uuid.UUID
    head: Head
    owner: Owner
    term: Term
    amount: Decimal
    open: Decimal

    @property
    def rank(self) -> int:
        return RANKS[self.head]


@lru_cache(maxsize=4096)
def lapses_on(due_on: date) -> date | None:
    """When a term of that day lapses if nothing interrupts it."""
    return limitation(due_on, limitation_parameters("maintenance_term", on=due_on)).lapses_on


@lru_cache(maxsize=4096)
def contribution_on(received_on: date) -> ContributionParameters:
    return contribution_parameters(application_received_on=received_on)


class BookOfFile:
    """The accounts of one file, written to the loader as they come."""

    def __init__(self, loader: Loader, inventor: Inventor, book_id: uuid.UUID) -> None:
        self.loader = loader
        self.inventor = inventor
        self.id = book_id
        self.last_entry = 0
        self.claims: list[SeedClaim] = []

    def charge(self, term: Term, *, received_on: date, on: date, actor: uuid.UUID) -> SeedClaim:
        """What is unpaid of a term falls to the office, with its contribution (art. 5)."""
        arrears = term.due_on < received_on
        head = Head.ARREARS if arrears else Head.BALANCE
        claim = self._claim(head, Owner.CREDITOR, term, term.unpaid)
        kind = EntryKind.ARREARS if arrears else EntryKind.TERM_DUE
        self._entry(kind, on, on, term.id, actor, rules.charge_lines(kind, [(claim.id, claim.amount)]))
        contribution = debtor_contribution(term.unpaid, contribution_on(received_on)).amount
        if contribution > 0:
            accessory = self._claim(Head.CONTRIBUTION, Owner.TREASURY, term, contribution)
            lines = rules.charge_lines(EntryKind.CONTRIBUTION, [(accessory.id, contribution)])
            self._entry(EntryKind.CONTRIBUTION, on, on, term.id, actor, lines)
        return claim

    def advance(
        self, term: SeedClaim, amount: Decimal, *, on: date, source: uuid.UUID, actor: uuid.UUID
    ) -> uuid.UUID:
        """The Treasury paid the creditor: what was open of it is the Treasury's from now on (art. 12)."""
        moved = rules.subrogated(amount, term.open)
        advanced = None
        if moved > 0:
            advanced = self._claim(Head.ADVANCE, Owner.TREASURY, term.term, moved).id
            term.open -= moved
        lines = rules.advance_lines(amount, moved, term_claim=term.id, advance_claim=advanced)
        return self._entry(EntryKind.ADVANCE_PAID, on, on, source, actor, lines)

    def receive(
        self, receipt: uuid.UUID, amount: Decimal, *, value_on: date, booked_on: date, actor: uuid.UUID
    ) -> Imputation:
        """The debtor paid: the rule spreads it over what is open, the rest is kept to be paid back."""
        due = {claim.id: claim for claim in self.claims if claim.open > 0}
        outcome = rules.spread(
            amount,
            [
                rules.OpenClaim(
                    claim.id,
                    claim.head,
                    claim.rank,
                    claim.owner,
                    claim.term.month,
                    claim.term.due_on,
                    claim.open,
                )
                for claim in due.values()
            ],
            kind=BookKind.ALIMONY_FILE,
            on=value_on,
        )
        entry = self._entry(
            EntryKind.RECEIPT, booked_on, value_on, receipt, actor, rules.receipt_lines(outcome)
        )
        for part in outcome.allocations:
            claim = due[uuid.UUID(part.claim.key)]
            claim.open = part.left_open
            self.loader.add(
                "ledger.Allocation",
                id=self.inventor.uuid(),
                receipt_id=receipt,
                entry_id=entry,
                claim_id=claim.id,
                rank=part.rank,
                amount=part.amount,
            )
        return outcome

    def due(self) -> Decimal:
        """What the debtor still owes."""
        return total(claim.open for claim in self.claims) if self.claims else ZERO

    def _claim(self, head: Head, owner: Owner, term: Term, amount: Decimal) -> SeedClaim:
        claim = SeedClaim(self.inventor.uuid(), head, owner, term, amount, amount)
        self.claims.append(claim)
        self.loader.add(
            "ledger.Claim",
            id=claim.id,
            book_id=self.id,
            head=head.value,
            rank=claim.rank,
            owner=owner.value,
            period=term.month,
            beneficiary_id=term.child,
            due_on=term.due_on,
            limitation_on=lapses_on(term.due_on),
        )
        return claim

    def _entry(
        self,
        kind: EntryKind,
        booked_on: date,
        value_on: date,
        source: uuid.UUID,
        actor: uuid.UUID,
        lines: Sequence[rules.Line],
    ) -> uuid.UUID:
        entry = self.inventor.uuid()
        self.last_entry += 1
        self.loader.add(
            "ledger.JournalEntry",
            id=entry,
            book_id=self.id,
            number=self.last_entry,
            kind=kind.value,
            booked_on=booked_on,
            value_on=value_on,
            source=source,
            actor=actor,
            created_at=moment(booked_on, self.last_entry),
        )
        for line in lines:
            self.loader.add(
                "ledger.Posting",
                id=self.inventor.uuid(),
                entry_id=entry,
                book_id=self.id,
                account=line.account.value,
                claim_id=line.claim_id,
                amount=line.amount,
            )
        return entry
