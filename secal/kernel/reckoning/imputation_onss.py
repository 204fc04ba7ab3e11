"""To what an employer's payment goes: the debt chosen in writing when paying, else the oldest one, never a
branch of social security (law of 27 June 1969, art. 25)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.explanation import Given, Inputs
from secal.kernel.reckoning.imputation import Head, Imputation, OpenClaim, Turn, in_order, spread
from secal.kernel.reckoning.refusals import unknown_choice

SOURCE = "art. 25"
OLDEST_UNLESS_CHOSEN = "oldest_debt_unless_chosen"
"""The one rule between debts that is known here."""


@dataclass(frozen=True)
class OldestFirstParameters:
    """between_debts: the rule of article 25; inside_debt: heads in their order, a dated assumption."""

    between_debts: Given[str]
    inside_debt: Given[tuple[str, ...]]

    def place(self, head: Head) -> int:
        """Place of a head inside its debt. Raises ReckoningError for a head without place."""
        if head.value not in self.inside_debt.value:
            raise unknown_choice("head", head.value)
        return self.inside_debt.value.index(head.value)


def impute_oldest(
    amount: Decimal,
    claims: Sequence[OpenClaim],
    parameters: OldestFirstParameters,
    chosen: str | None = None,
) -> Imputation:
    """Spread an employer's payment over open claims, debt after debt, to the cent.

    A debt is as old as the oldest of its claims, open or not. `chosen` is the `debt` (or the key of a claim
    that is a debt of its own) which the debtor named in writing when paying; what it cannot take goes on to
    the oldest. A choice of anything else, a branch for one, is ignored and said in the explanation.
    Raises ReckoningError: imputation.nothing_paid, imputation.same_key, reckoning.negative,
    reckoning.unknown_choice.
    """
    if parameters.between_debts.value != OLDEST_UNLESS_CHOSEN:
        raise unknown_choice("between_debts", parameters.between_debts.value)
    debts: dict[str, list[OpenClaim]] = {}
    for claim in claims:
        debts.setdefault(claim.debt or claim.key, []).append(claim)
    followed = chosen is not None and any(claim.open > 0 for claim in debts.get(chosen, ()))

    def turn_of(name: str) -> tuple[bool, date, str]:
        return not (followed and name == chosen), min(claim.due_on for claim in debts[name]), name

    turns: list[Turn] = []
    for name in sorted(debts, key=turn_of):
        members = [claim for claim in debts[name] if claim.open > 0]
        if members:
            turns.append(_turn(len(turns) + 1, name, turn_of(name)[1], members, parameters))
    text = None
    if chosen is not None:
        text = "imputation.choice_followed" if followed else "imputation.choice_ignored"
    given = (parameters.between_debts, parameters.inside_debt)
    return spread(amount, claims, turns, source=SOURCE, given=given, text=text)


def _turn(
    rank: int, name: str, due_on: date, members: Sequence[OpenClaim], parameters: OldestFirstParameters
) -> Turn:
    ordered = sorted(members, key=lambda claim: (parameters.place(claim.head), claim.due_on, claim.key))
    return Turn(
        rank=rank,
        claims=ordered,
        share=in_order,
        code="imputation.debt",
        source=SOURCE,
        inputs=Inputs({"rank": rank, "debt": name, "due_on": due_on}),
    )
