"""The ceiling on the applicant's own means for advances, by date of application (art. 4 §1; none since 1
June 2020)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO, cents
from secal.kernel.reckoning.refusals import ReckoningError, require_not_negative

SOURCE = "art. 4 §1"


@dataclass(frozen=True)
class MeansParameters:
    """ceiling None: no ceiling at that date. child_supplement per dependent child, multiplied for a disabled
    one."""

    ceiling: Given[Decimal | None]
    child_supplement: Given[Decimal | None]
    disabled_multiplier: Given[int | None]


@dataclass(frozen=True)
class OwnMeans:
    """The applicant's own monthly means in euro (a partner's are left out) and dependent children.

    children counts all of them, disabled_children those with increased family allowance or a disability
    allowance.
    """

    monthly: Decimal
    children: int = 0
    disabled_children: int = 0


@dataclass(frozen=True)
class MeansTest:
    """passes: means are no ground of refusal; ceiling None when the law has none at that date."""

    passes: bool
    ceiling: Decimal | None
    explanation: Explanation


def assess_means(means: OwnMeans, parameters: MeansParameters) -> MeansTest:
    """Own means not higher than the ceiling pass: equality passes.

    Raises ReckoningError means.children when more children are disabled than there are children.
    """
    _check(means)
    base = parameters.ceiling.value
    if base is None:
        explanation = Explanation(
            code="means.test",
            value=True,
            text="means.no_ceiling",
            source=SOURCE,
            parameters=(parameters.ceiling,),
        )
        return MeansTest(True, None, explanation)
    per_child = parameters.child_supplement.value or ZERO
    multiplier = parameters.disabled_multiplier.value or 1
    for_children = per_child * (means.children - means.disabled_children)
    for_disabled = per_child * multiplier * means.disabled_children
    ceiling = cents(base + for_children + for_disabled)
    passes = means.monthly <= ceiling
    explanation = Explanation(
        code="means.test",
        value=passes,
        text="means.within" if passes else "means.above",
        source=SOURCE,
        inputs=Inputs({"own_means": means.monthly, "ceiling": ceiling}),
        children=(
            Explanation(
                code="means.base", amount=cents(base), source=SOURCE, parameters=(parameters.ceiling,)
            ),
            Explanation(
                code="means.children",
                amount=cents(for_children),
                source=SOURCE,
                inputs=Inputs({"children": means.children - means.disabled_children}),
                parameters=(parameters.child_supplement,),
            ),
            Explanation(
                code="means.disabled_children",
                amount=cents(for_disabled),
                source=SOURCE,
                inputs=Inputs({"children": means.disabled_children}),
                parameters=(parameters.child_supplement, parameters.disabled_multiplier),
            ),
        ),
    )
    return MeansTest(passes, ceiling, explanation)


def _check(means: OwnMeans) -> None:
    require_not_negative(monthly=means.monthly)
    if not 0 <= means.disabled_children <= means.children:
        raise ReckoningError(
            "means.children",
            gettext_noop(
                "%(disabled)s enfants handicapés pour %(children)s enfants à charge : corrigez les nombres."
            ),
            "disabled_children",
            {"disabled": means.disabled_children, "children": means.children},
        )
