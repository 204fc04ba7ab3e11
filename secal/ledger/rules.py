"""Which accounts an event touches, and how a receipt is spread: pure, shown before it is booked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from secal.kernel.money import ZERO, total
from secal.kernel.reckoning import imputation
from secal.kernel.reckoning.imputation import Imputation
from secal.kernel.reckoning.imputation_onss import impute_oldest
from secal.law import assembly, onss
from secal.ledger.models import Account, BookKind, EntryKind, Head, Owner

CREDITED_BY: dict[str, Account] = {
    EntryKind.ARREARS: Account.CREDITOR,
    EntryKind.TERM_DUE: Account.CREDITOR,
    EntryKind.CONTRIBUTION: Account.CONTRIBUTION,
    EntryKind.INTEREST: Account.INTEREST,
    EntryKind.COSTS: Account.COSTS,
    EntryKind.QUARTER_DUE: Account.INSTITUTION,
    EntryKind.SURCHARGE: Account.INSTITUTION,
}
"""The account that each kind of charge credits; its debit goes to the debtor."""

HEADS: dict[str, imputation.Head] = {
    Head.COSTS: imputation.Head.RECOVERY_COSTS,
    Head.CONTRIBUTION: imputation.Head.OPERATING_CONTRIBUTION,
    Head.INTEREST: imputation.Head.INTEREST,
    Head.ADVANCE: imputation.Head.ADVANCES,
    Head.BALANCE: imputation.Head.TERM_MINUS_ADVANCE,
    Head.ARREARS: imputation.Head.ARREARS_AT_APPLICATION,
    Head.SOCIAL: imputation.Head.SOCIAL_CONTRIBUTIONS,
    Head.SURCHARGE: imputation.Head.SURCHARGE,
}
"""The ledger's heads in the words of the kernel: those of article 23, and those of an employer's debt."""

ONSS_CHARGES: dict[Head, EntryKind] = {
    Head.SOCIAL: EntryKind.QUARTER_DUE,
    Head.SURCHARGE: EntryKind.SURCHARGE,
    Head.INTEREST: EntryKind.INTEREST,
    Head.COSTS: EntryKind.COSTS,
}
"""What an employer's debt is made of, each with the kind of entry that charges it."""

RANK_OF_ADVANCES = 4
"""Place of the advances in article 23; what is open of a paid advance moves there."""


ONSS_RANK = 0
"""No rank of article 23: between an employer's debts age decides, inside one the order of the law files."""


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """What a claim still owes, as the ledger's selectors read it."""

    id: uuid.UUID
    head: str
    rank: int
    owner: str
    period: date | None
    due_on: date
    open: Decimal


@dataclass(frozen=True, slots=True)
class Line:
    """One posting to be made: debit positive, credit negative, in euro."""

    account: Account
    amount: Decimal
    claim_id: uuid.UUID | None = None


def charge_lines(kind: str, charged: Sequence[tuple[uuid.UUID, Decimal]]) -> list[Line]:
    """Debit the debtor for each (claim, amount), credit whoever is owed."""
    debits = [Line(Account.DEBTOR, amount, claim_id) for claim_id, amount in charged]
    return [*debits, Line(CREDITED_BY[kind], -total(amount for _, amount in charged))]


def subrogated(advance: Decimal, open_on_term: Decimal) -> Decimal:
    """The part of a paid advance that becomes the Treasury's claim (art. 12): never more than is open."""
    return max(ZERO, min(advance, open_on_term))


def advance_lines(
    advance: Decimal, moved: Decimal, *, term_claim: uuid.UUID, advance_claim: uuid.UUID | None
) -> list[Line]:
    """The advance leaves the bank for the creditor; what is open of the term passes to the Treasury."""
    lines = [Line(Account.CREDITOR, advance), Line(Account.BANK, -advance)]
    if moved > 0:
        lines += [Line(Account.DEBTOR, -moved, term_claim), Line(Account.DEBTOR, moved, advance_claim)]
    return lines


def spread(
    amount: Decimal,
    claims: Sequence[OpenClaim],
    *,
    kind: str,
    on: date,
    chosen: date | None = None,
) -> Imputation:
    """A payment over the open claims of a book of this kind, by the law of its value date `on`.

    An alimony file: article 23. An employer: the oldest debt first, unless the debtor named another one in
    writing when paying (`chosen`, its quarter; law of 27-06-1969 art. 25).
    """
    owed = [
        imputation.OpenClaim(
            key=str(claim.id),
            head=HEADS[claim.head],
            owner=imputation.Owner(Owner(claim.owner).value),
            due_on=claim.due_on,
            open=claim.open,
            debt=claim.period.isoformat() if kind == BookKind.EMPLOYER and claim.period else "",
        )
        for claim in claims
    ]
    if kind == BookKind.EMPLOYER:
        return impute_oldest(
            amount,
            owed,
            onss.imputation_parameters(on=on),
            chosen=chosen.isoformat() if chosen else None,
        )
    return imputation.impute(amount, owed, _article_23(on))


@lru_cache(maxsize=4096)
def _article_23(on: date) -> imputation.ImputationParameters:
    return assembly.imputation_parameters(on=on)


def remitted(amount: Decimal, held: Decimal) -> tuple[Decimal, Decimal]:
    """Of money that an intermediary sends: what it held for us, and what is a payment of its own."""
    settled = max(ZERO, min(amount, held))
    return settled, amount - settled


def remittance_lines(amount: Decimal) -> list[Line]:
    """What the bailiff held reaches the account: the debt went down when they received it, not again."""
    return [Line(Account.BANK, amount), Line(Account.HELD, -amount)]


def receipt_lines(result: Imputation, *, into: Account = Account.BANK) -> list[Line]:
    """Debit the bank (or what a bailiff holds), credit each claim with its share; what no claim could take
    waits to be refunded."""
    lines = [Line(into, result.paid)]
    lines += [Line(Account.DEBTOR, -part.amount, uuid.UUID(part.claim.key)) for part in result.allocations]
    if result.remainder > 0:
        lines.append(Line(Account.SUSPENSE, -result.remainder))
    return lines


def mirrored(lines: Sequence[Line]) -> list[Line]:
    """The postings that undo these."""
    return [Line(line.account, -line.amount, line.claim_id) for line in lines]
