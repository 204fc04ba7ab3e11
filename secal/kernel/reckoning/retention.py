"""Keeping back sums unduly paid from later payments to the creditor (art. 18), and refunding the debtor in
step (art. 19)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import cents, percentage
from secal.kernel.reckoning.refusals import require_not_negative


@dataclass(frozen=True)
class RetentionParameters:
    """pct of each later payment: ten, or a hundred where the creditor's fraud obtained the sum."""

    pct: Given[Decimal]


@dataclass(frozen=True)
class Retention:
    """kept and paid_out add up to the payment; left is what stays to be kept back later."""

    kept: Decimal
    paid_out: Decimal
    left: Decimal
    explanation: Explanation


def retain(payment: Decimal, undue_left: Decimal, parameters: RetentionParameters) -> Retention:
    """What is kept back of one payment to the creditor; never more than is still undue."""
    require_not_negative(payment=payment, undue_left=undue_left)
    kept = min(percentage(payment, parameters.pct.value), undue_left)
    left = cents(undue_left - kept)
    explanation = Explanation(
        code="retention.kept",
        amount=kept,
        source="art. 18",
        inputs=Inputs({"payment": payment, "undue_before": undue_left, "undue_left": left}),
        parameters=(parameters.pct,),
    )
    return Retention(kept, cents(payment - kept), left, explanation)


def refundable(unduly_paid: Decimal, recovered: Decimal, refunded: Decimal) -> Decimal:
    """What may be refunded to the debtor now: in step with what was recovered from the creditor (art. 19)."""
    require_not_negative(unduly_paid=unduly_paid, recovered=recovered, refunded=refunded)
    return cents(max(Decimal(0), min(unduly_paid, recovered) - refunded))
