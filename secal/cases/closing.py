"""Whether a file may be closed, and on which ground (article 11). Pure: a standing in, an answer out.

What the law asks is read in `secal/law/values/closure.yaml`; the words of each condition are there too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO
from secal.kernel.reckoning.cessation import Cessation

SIX_MONTHS = "six_months_paid"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a file stands on a day, in euro.

    to_treasury, to_creditor   what the debtor still owes, by owner.
    to_refund                  what was received too much and waits to be paid back.
    running                    how many children still have terms to come.
    cessation                  the test of six months fully paid.
    """

    to_treasury: Decimal
    to_creditor: Decimal
    to_refund: Decimal
    running: int
    cessation: Cessation


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the file may be closed on this ground; `missing`: codes of the conditions that do not hold."""

    allowed: bool
    missing: tuple[str, ...]
    explanation: Explanation


CONDITIONS: dict[str, Callable[[Standing], bool]] = {
    "nothing_open": lambda standing: standing.to_treasury + standing.to_creditor == ZERO,
    "treasury_paid": lambda standing: standing.to_treasury == ZERO,
    "nothing_to_refund": lambda standing: standing.to_refund == ZERO,
    "no_running_term": lambda standing: standing.running == 0,
    SIX_MONTHS: lambda standing: standing.cessation.met,
}
"""Each condition of the law files, by its code."""

STEPS = {
    "closure.assessment": gettext_noop("Le dossier peut être clôturé"),
    "closure.nothing_open": gettext_noop("Plus rien n’est dû"),
    "closure.treasury_paid": gettext_noop("Plus rien n’est dû au Trésor"),
    "closure.nothing_to_refund": gettext_noop("Rien n’est à rembourser"),
    "closure.no_running_term": gettext_noop("Plus aucun terme ne court"),
    "closure.six_months_paid": gettext_noop("Six mois consécutifs entièrement payés"),
}
FACTS = {
    "to_treasury": gettext_noop("encore dû au Trésor"),
    "to_creditor": gettext_noop("encore dû au créancier"),
    "to_refund": gettext_noop("reçu en trop"),
    "running": gettext_noop("enfants dont des termes courent"),
}
SUMS = ("to_treasury", "to_creditor", "to_refund")
"""Facts that are sums of money."""
SHOWN = {
    "nothing_open": ("to_treasury", "to_creditor"),
    "treasury_paid": ("to_treasury",),
    "nothing_to_refund": ("to_refund",),
    "no_running_term": ("running",),
    SIX_MONTHS: (),
}
"""The facts of the standing that each condition looks at."""


def assess(standing: Standing, conditions: Given[tuple[str, ...]]) -> Answer:
    """Judge a file by the conditions of a ground."""
    held = {code: CONDITIONS[code](standing) for code in conditions.value}
    missing = tuple(code for code, holds in held.items() if not holds)
    explanation = Explanation(
        code="closure.assessment",
        value=not missing,
        source=conditions.source,
        parameters=(conditions,),
        children=tuple(
            Explanation(
                code=f"closure.{code}",
                value=holds,
                inputs=Inputs({name: getattr(standing, name) for name in SHOWN[code]}),
                children=(standing.cessation.explanation,) if code == SIX_MONTHS else (),
            )
            for code, holds in held.items()
        ),
    )
    return Answer(not missing, missing, explanation)
