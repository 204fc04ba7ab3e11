"""May SECAL step in? Two defaulted terms in twelve months, creditor domiciled in Belgium (art. 6); and for
advances,
a child's maintenance (art. 3) with, for an adult child, family allowances and studies (art. 4 §1/1, 7 §2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO
from secal.kernel.periods import DateRange, add_months, age_on
from secal.kernel.reckoning.refusals import require_not_negative

SOURCE = "art. 6"
SOURCE_ADULT = "art. 4 §1/1, 7 §2, 3°"


@dataclass(frozen=True)
class EligibilityParameters:
    """defaulted_terms within window_months before the application; debtor_in_belgium only bound early
    applications."""

    defaulted_terms: Given[int]
    window_months: Given[int]
    creditor_in_belgium: Given[bool]
    debtor_in_belgium: Given[bool]


@dataclass(frozen=True)
class TermHistory:
    """A term that fell due, and what the debtor paid of it, in euro. `key` is the caller's name for it."""

    key: str
    due_on: date
    due: Decimal
    paid: Decimal = ZERO

    @property
    def unpaid(self) -> Decimal:
        return max(ZERO, self.due - self.paid)


@dataclass(frozen=True)
class Eligibility:
    """met: whether every condition holds; counted: the defaulted terms that count; grounds: codes of what
    fails."""

    met: bool
    window: DateRange
    counted: tuple[TermHistory, ...]
    grounds: tuple[str, ...]
    explanation: Explanation


def assess_eligibility(
    *,
    applied_on: date,
    terms: Sequence[TermHistory],
    creditor_in_belgium: bool,
    debtor_in_belgium: bool,
    parameters: EligibilityParameters,
) -> Eligibility:
    """The conditions of art. 6 on the day of the application.

    A term counts when it fell due from the same day `window_months` earlier up to the day before the
    application
    and any part of it is unpaid. Grounds: eligibility.too_few_terms, eligibility.creditor_abroad,
    eligibility.debtor_abroad.
    """
    window = DateRange.half_open(add_months(applied_on, -parameters.window_months.value), applied_on)
    for term in terms:
        require_not_negative(due=term.due, paid=term.paid)
    counted = tuple(sorted(_defaulted(terms, window), key=lambda term: (term.due_on, term.key)))
    grounds: list[str] = []
    if len(counted) < parameters.defaulted_terms.value:
        grounds.append("eligibility.too_few_terms")
    if parameters.creditor_in_belgium.value and not creditor_in_belgium:
        grounds.append("eligibility.creditor_abroad")
    if parameters.debtor_in_belgium.value and not debtor_in_belgium:
        grounds.append("eligibility.debtor_abroad")
    explanation = Explanation(
        code="eligibility.conditions",
        value=not grounds,
        text=grounds[0] if grounds else "eligibility.met",
        source=SOURCE,
        inputs=Inputs({"applied_on": applied_on, "creditor_in_belgium": creditor_in_belgium}),
        parameters=(parameters.creditor_in_belgium, parameters.debtor_in_belgium),
        children=(_explain_terms(window, counted, parameters),),
    )
    return Eligibility(not grounds, window, counted, tuple(grounds), explanation)


def _defaulted(terms: Sequence[TermHistory], window: DateRange) -> list[TermHistory]:
    return [term for term in terms if term.due_on in window and term.unpaid > 0]


def _explain_terms(
    window: DateRange, counted: Sequence[TermHistory], parameters: EligibilityParameters
) -> Explanation:
    return Explanation(
        code="eligibility.defaulted_terms",
        value=len(counted),
        source=SOURCE,
        inputs=Inputs({"window_first": window.first, "window_last": window.last}),
        parameters=(parameters.defaulted_terms, parameters.window_months),
        children=tuple(
            Explanation(
                code="eligibility.term",
                amount=term.unpaid,
                inputs=Inputs(
                    {"term": term.key, "due_on": term.due_on, "term_due": term.due, "received": term.paid}
                ),
            )
            for term in counted
        ),
    )


@dataclass(frozen=True)
class AdvanceRightParameters:
    """kinds: maintenance kinds that give advances; the flags say which proofs an adult child owes at that
    date."""

    kinds: Given[tuple[str, ...]]
    majority_age: Given[int]
    adult_studies: Given[bool]
    adult_family_allowances: Given[bool]


@dataclass(frozen=True)
class Claimant:
    """For whom an advance is asked: kind of maintenance, date of birth, and the proofs at hand."""

    maintenance_kind: str
    born_on: date | None
    family_allowances_proved: bool = False
    studies_proved: bool = False


@dataclass(frozen=True)
class AdvanceRight:
    """open: whether advances may be granted; grounds: codes of what fails."""

    open: bool
    adult: bool
    grounds: tuple[str, ...]
    explanation: Explanation


def assess_advance_right(claimant: Claimant, *, on: date, parameters: AdvanceRightParameters) -> AdvanceRight:
    """Whether advances may be granted for this beneficiary on a day.

    Grounds: advance_right.kind, advance_right.birth_date_missing, advance_right.family_allowances,
    advance_right.studies.
    """
    if claimant.maintenance_kind not in parameters.kinds.value:
        return _advance_right(claimant, on, False, ("advance_right.kind",), (parameters.kinds,))
    if claimant.born_on is None:
        return _advance_right(claimant, on, False, ("advance_right.birth_date_missing",), (parameters.kinds,))
    adult = age_on(claimant.born_on, on) >= parameters.majority_age.value
    grounds: list[str] = []
    if adult and parameters.adult_family_allowances.value and not claimant.family_allowances_proved:
        grounds.append("advance_right.family_allowances")
    if adult and parameters.adult_studies.value and not claimant.studies_proved:
        grounds.append("advance_right.studies")
    used: tuple[Given[tuple[str, ...] | int | bool], ...] = (parameters.kinds, parameters.majority_age)
    if adult:
        used = (*used, parameters.adult_family_allowances, parameters.adult_studies)
    return _advance_right(claimant, on, adult, tuple(grounds), used)


def _advance_right(
    claimant: Claimant,
    on: date,
    adult: bool,
    grounds: tuple[str, ...],
    used: tuple[Given[tuple[str, ...] | int | bool], ...],
) -> AdvanceRight:
    fallback = "advance_right.adult" if adult else "advance_right.minor"
    explanation = Explanation(
        code="advance_right.conditions",
        value=not grounds,
        text=grounds[0] if grounds else fallback,
        source=SOURCE_ADULT if adult else "art. 3, 4",
        inputs=Inputs(
            {
                "on": on,
                "maintenance_kind": claimant.maintenance_kind,
                "born_on": claimant.born_on,
                "family_allowances_proved": claimant.family_allowances_proved,
                "studies_proved": claimant.studies_proved,
            }
        ),
        parameters=used,
    )
    return AdvanceRight(not grounds, adult, grounds, explanation)
