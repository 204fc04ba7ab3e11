"""To what a payment by the debtor goes: the ranks of art. 23, and before them the old CPAS advances (art.
29bis §3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import cents, split_by_weight, total
from secal.kernel.reckoning.refusals import ReckoningError, require_not_negative, unknown_choice

SOURCE = "art. 23"
SOURCE_CPAS = "art. 29bis §3"


class Head(StrEnum):
    """What a claim is for; the order among heads is a legal value."""

    CPAS_ADVANCES = "cpas_advances"
    RECOVERY_COSTS = "recovery_costs"
    OPERATING_CONTRIBUTION = "operating_contribution"
    INTEREST = "interest"
    ADVANCES = "advances"
    TERM_MINUS_ADVANCE = "term_minus_advance"
    ARREARS_AT_APPLICATION = "arrears_at_application"


class Owner(StrEnum):
    """To whom the money belongs once received (art. 12)."""

    TREASURY = "treasury"
    CREDITOR = "creditor"


class InsideRank(StrEnum):
    """How claims of one rank share; the law is silent."""

    OLDEST_FIRST = "oldest_first"
    PRO_RATA = "pro_rata"


@dataclass(frozen=True)
class ImputationParameters:
    """order: the heads in their ranks, CPAS advances (rank 0) first; inside_rank: a value of InsideRank."""

    order: Given[tuple[str, ...]]
    inside_rank: Given[str]

    def rank(self, head: Head) -> int:
        """Rank of a head: 0 for CPAS advances, then 1 to 6. Raises ReckoningError for a head without rank."""
        if head.value not in self.order.value:
            raise unknown_choice("head", head.value)
        return self.order.value.index(head.value)


@dataclass(frozen=True)
class OpenClaim:
    """A line still due. `key` is the caller's name for it (no personal value); `open` is in euro."""

    key: str
    head: Head
    owner: Owner
    due_on: date
    open: Decimal


@dataclass(frozen=True)
class Allocation:
    """What one claim receives and what it still owes afterwards."""

    claim: OpenClaim
    rank: int
    amount: Decimal
    left_open: Decimal


@dataclass(frozen=True)
class Imputation:
    """allocations: only the claims that receive something, in order; remainder: what no claim could take
    (the debtor's)."""

    paid: Decimal
    allocations: tuple[Allocation, ...]
    remainder: Decimal
    open_after: Decimal
    explanation: Explanation

    def to_owner(self, owner: Owner) -> Decimal:
        """Sum that goes to an owner."""
        return total(part.amount for part in self.allocations if part.claim.owner is owner)

    def to_head(self, head: Head) -> Decimal:
        """Sum that goes to a head."""
        return total(part.amount for part in self.allocations if part.claim.head is head)


def impute(paid: Decimal, claims: Sequence[OpenClaim], parameters: ImputationParameters) -> Imputation:
    """Spread a payment over open claims, rank after rank, to the cent.

    Raises ReckoningError: imputation.nothing_paid (not above nought), imputation.same_key (a claim given
    twice),
    reckoning.negative (a claim below nought), reckoning.unknown_choice (a head or convention not known).
    """
    _check(paid, claims)
    left = cents(paid)
    allocations: list[Allocation] = []
    steps: list[Explanation] = []
    ranks = sorted({parameters.rank(claim.head) for claim in claims if claim.open > 0})
    for rank in ranks:
        members = [claim for claim in claims if claim.open > 0 and parameters.rank(claim.head) == rank]
        shares = _share(left, members, parameters.inside_rank.value)
        taken = [
            Allocation(claim, rank, amount, cents(claim.open - amount))
            for claim, amount in shares
            if amount > 0
        ]
        steps.append(_explain_rank(rank, members, taken, left))
        allocations += taken
        left -= total(part.amount for part in taken)
    open_after = cents(total(claim.open for claim in claims) - (cents(paid) - left))
    explanation = Explanation(
        code="imputation.payment",
        amount=cents(paid - left),
        source=SOURCE,
        inputs=Inputs({"paid": cents(paid), "remainder": left, "open_after": open_after}),
        parameters=(parameters.order, parameters.inside_rank),
        children=tuple(steps),
    )
    return Imputation(cents(paid), tuple(allocations), left, open_after, explanation)


def _check(paid: Decimal, claims: Sequence[OpenClaim]) -> None:
    if paid <= 0:
        raise ReckoningError(
            "imputation.nothing_paid",
            gettext_noop("Un paiement à imputer est supérieur à zéro (reçu : %(paid)s)."),
            "paid",
            {"paid": paid},
        )
    if len({claim.key for claim in claims}) != len(claims):
        raise ReckoningError(
            "imputation.same_key",
            gettext_noop("Une même créance figure deux fois dans l’imputation."),
            "claims",
        )
    for claim in claims:
        require_not_negative(open=claim.open)


def _share(left: Decimal, members: Sequence[OpenClaim], inside_rank: str) -> list[tuple[OpenClaim, Decimal]]:
    by_age = sorted(members, key=lambda claim: (claim.due_on, claim.key))
    if inside_rank == InsideRank.OLDEST_FIRST:
        shares: list[tuple[OpenClaim, Decimal]] = []
        for claim in by_age:
            amount = min(left, claim.open)
            shares.append((claim, cents(amount)))
            left -= amount
        return shares
    if inside_rank == InsideRank.PRO_RATA:
        owed = [claim.open for claim in by_age]
        return list(zip(by_age, split_by_weight(min(left, total(owed)), owed), strict=True))
    raise unknown_choice("inside_rank", inside_rank)


def _explain_rank(
    rank: int, members: Sequence[OpenClaim], taken: Sequence[Allocation], available: Decimal
) -> Explanation:
    return Explanation(
        code=f"imputation.{members[0].head.value}",
        amount=total(part.amount for part in taken),
        source=SOURCE_CPAS if rank == 0 else f"{SOURCE}, {rank}°",
        inputs=Inputs(
            {
                "rank": rank,
                "available": cents(available),
                "open_before": total(claim.open for claim in members),
            }
        ),
        children=tuple(
            Explanation(
                code="imputation.claim",
                amount=part.amount,
                inputs=Inputs(
                    {
                        "claim": part.claim.key,
                        "due_on": part.claim.due_on,
                        "owner": part.claim.owner.value,
                        "open_before": part.claim.open,
                        "left_open": part.left_open,
                    }
                ),
            )
            for part in taken
        ),
    )
