"""The contribution to the operating costs of the service (art. 5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import cents, percentage
from secal.kernel.reckoning.refusals import require_not_negative

SOURCE = "art. 5"


@dataclass(frozen=True)
class ContributionParameters:
    """Rates in per cent, chosen by the date the application was received."""

    debtor_pct: Given[Decimal]
    creditor_pct: Given[Decimal]


@dataclass(frozen=True)
class Contribution:
    """amount: the contribution in euro; total: the base and the contribution together."""

    base: Decimal
    amount: Decimal
    total: Decimal
    explanation: Explanation


def debtor_contribution(principal_due: Decimal, parameters: ContributionParameters) -> Contribution:
    """The debtor's share: a percentage of the principal that is due, whatever was received.

    Made once with each principal line and never again on receipt; it bears no interest.
    """
    return _share("contribution.debtor", "principal_due", principal_due, parameters.debtor_pct)


def creditor_contribution(recovered: Decimal, parameters: ContributionParameters) -> Contribution:
    """The creditor's share of what was recovered for them, advances left out; nought for applications since
    2015."""
    return _share("contribution.creditor", "recovered", recovered, parameters.creditor_pct)


def _share(code: str, base_name: str, base: Decimal, rate: Given[Decimal]) -> Contribution:
    require_not_negative(**{base_name: base})
    amount = percentage(base, rate.value)
    explanation = Explanation(
        code=code, amount=amount, source=SOURCE, inputs=Inputs({base_name: base}), parameters=(rate,)
    )
    return Contribution(base, amount, cents(base + amount), explanation)
