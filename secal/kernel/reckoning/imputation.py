"""To what a payment by the debtor goes: the ranks of art. 23, and before them the old CPAS advances (art.
29bis §3). The shapes and the spreading serve the arrears of employers too (`imputation_onss`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import TypeAlias

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs, Scalar
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
    SOCIAL_CONTRIBUTIONS = "social_contributions"
    SURCHARGE = "surcharge"


class Owner(StrEnum):
    """To whom the money belongs once received (art. 12; for an employer's debts, the institution: ONSS)."""

    TREASURY = "treasury"
    CREDITOR = "creditor"
    INSTITUTION = "institution"


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
    """A line still due. `key` is the caller's name for it (no personal value); `open` is in euro; `debt`
    names the debt it is a part of, where debts have parts (a quarter); empty, it is a debt of its own."""

    key: str
    head: Head
    owner: Owner
    due_on: date
    open: Decimal
    debt: str = ""


@dataclass(frozen=True)
class Allocation:
    """What one claim receives and what it still owes afterwards; `rank` is its turn."""

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
    turns = []
    for rank in sorted({parameters.rank(claim.head) for claim in claims if claim.open > 0}):
        members = [claim for claim in claims if claim.open > 0 and parameters.rank(claim.head) == rank]
        turns.append(
            Turn(
                rank=rank,
                claims=members,
                share=partial(_share, inside_rank=parameters.inside_rank.value),
                code=f"imputation.{members[0].head.value}",
                source=SOURCE_CPAS if rank == 0 else f"{SOURCE}, {rank}°",
                inputs=Inputs({"rank": rank}),
            )
        )
    return spread(paid, claims, turns, source=SOURCE, given=(parameters.order, parameters.inside_rank))


Share: TypeAlias = Callable[[Decimal, Sequence[OpenClaim]], list[tuple[OpenClaim, Decimal]]]
"""What each claim of a turn takes of what is left, in order."""


@dataclass(frozen=True)
class Turn:
    """Claims that are served together, and how they share; code, source and inputs explain the turn."""

    rank: int
    claims: Sequence[OpenClaim]
    share: Share
    code: str
    source: str
    inputs: Inputs


def spread(
    paid: Decimal,
    claims: Sequence[OpenClaim],
    turns: Sequence[Turn],
    *,
    source: str,
    given: tuple[Given[Scalar], ...],
    text: str | None = None,
) -> Imputation:
    """Serve one turn after the other to the cent. `claims` are all of them, the turns those still open.

    Raises ReckoningError as `impute` does.
    """
    _check(paid, claims)
    left = cents(paid)
    allocations: list[Allocation] = []
    steps: list[Explanation] = []
    for turn in turns:
        taken = [
            Allocation(claim, turn.rank, amount, cents(claim.open - amount))
            for claim, amount in turn.share(left, turn.claims)
            if amount > 0
        ]
        steps.append(_explain_turn(turn, taken, left))
        allocations += taken
        left -= total(part.amount for part in taken)
    open_after = cents(total(claim.open for claim in claims) - (cents(paid) - left))
    explanation = Explanation(
        code="imputation.payment",
        amount=cents(paid - left),
        text=text,
        source=source,
        inputs=Inputs({"paid": cents(paid), "remainder": left, "open_after": open_after}),
        parameters=given,
        children=tuple(steps),
    )
    return Imputation(cents(paid), tuple(allocations), left, open_after, explanation)


def in_order(left: Decimal, ordered: Sequence[OpenClaim]) -> list[tuple[OpenClaim, Decimal]]:
    """Each claim in full before the next one gets anything."""
    shares: list[tuple[OpenClaim, Decimal]] = []
    for claim in ordered:
        amount = min(left, claim.open)
        shares.append((claim, cents(amount)))
        left -= amount
    return shares


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
        return in_order(left, by_age)
    if inside_rank == InsideRank.PRO_RATA:
        owed = [claim.open for claim in by_age]
        return list(zip(by_age, split_by_weight(min(left, total(owed)), owed), strict=True))
    raise unknown_choice("inside_rank", inside_rank)


def _explain_turn(turn: Turn, taken: Sequence[Allocation], available: Decimal) -> Explanation:
    return Explanation(
        code=turn.code,
        amount=total(part.amount for part in taken),
        source=turn.source,
        inputs=Inputs(
            {
                **turn.inputs,
                "available": cents(available),
                "open_before": total(claim.open for claim in turn.claims),
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
