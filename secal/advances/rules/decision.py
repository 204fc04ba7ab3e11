"""What the law says of an application (art. 4, 6, 7, 9, 10/2): a proposal that an officer confirms or not.

Pure: facts and legal values in, proposal with its explanation out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO, total
from secal.kernel.periods import ONE_DAY, DateRange, Month, add_years
from secal.kernel.reckoning.advance import AdvanceParameters, TermAdvance, TermToAdvance, advances
from secal.kernel.reckoning.delays import (
    DecisionDates,
    LetterDates,
    advance_right_period,
    decision_dates,
    letter_dates,
)
from secal.kernel.reckoning.eligibility import (
    AdvanceRightParameters,
    Claimant,
    Eligibility,
    EligibilityParameters,
    TermHistory,
    assess_advance_right,
    assess_eligibility,
)
from secal.kernel.reckoning.means import MeansParameters, OwnMeans, assess_means
from secal.kernel.reckoning.refusals import unknown_choice

GRANTED, COLLECTED, REFUSED = "granted", "collect", "refused"
CHILD = "child"
"""The kind of maintenance of every beneficiary of an alimony file (art. 2, 2°, a)."""


@dataclass(frozen=True, slots=True)
class ChildFacts:
    """One maintenance creditor. `key` is its place in the file ("1"), never a name; amounts in euro.

    term_due and received are those of the month from which advances would be paid.
    """

    key: str
    born_on: date | None
    term_due: Decimal
    received: Decimal = ZERO
    family_allowances_proved: bool = False
    studies_proved: bool = False


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What is known on the day of the decision. `own_means` None: not declared."""

    on: date
    received_on: date
    complete_on: date
    asks_advances: bool
    creditor_in_belgium: bool
    terms: tuple[TermHistory, ...]
    children: tuple[ChildFacts, ...]
    missing: tuple[str, ...] = ()
    debtor_in_belgium: bool = True
    own_means: Decimal | None = None
    disabled_children: int = 0


@dataclass(frozen=True, slots=True)
class DecisionParameters:
    """The legal values in force at the dates that decide."""

    eligibility: EligibilityParameters
    right: AdvanceRightParameters
    means: MeansParameters
    advance: AdvanceParameters
    first_month: Given[str]
    period_months: Given[int]
    decision_days: Given[int]
    silence_months: Given[int]
    letter_working_days: Given[int]
    appeal_months: Given[int]


@dataclass(frozen=True, slots=True)
class ChildProposal:
    """What one child would receive. period None: no right; `grounds` says why."""

    key: str
    adult: bool
    grounds: tuple[str, ...]
    period: DateRange | None
    ends_at_majority: bool
    advance: TermAdvance

    @property
    def open(self) -> bool:
        return not self.grounds


@dataclass(frozen=True, slots=True)
class DecisionProposal:
    """outcome: granted, collect (no advances) or refused; grounds: codes of what stands in the way.

    monthly: the sum of the advances a month while the debtor pays nothing more, in euro.
    """

    outcome: str
    grounds: tuple[str, ...]
    counted: tuple[TermHistory, ...]
    children: tuple[ChildProposal, ...]
    monthly: Decimal
    dates: DecisionDates
    letter: LetterDates
    explanation: Explanation


def decide_on_advances(facts: DecisionFacts, parameters: DecisionParameters) -> DecisionProposal:
    """The outcome that the law gives on these facts. Raises ReckoningError for impossible facts."""
    eligibility = assess_eligibility(
        applied_on=facts.received_on,
        terms=facts.terms,
        creditor_in_belgium=facts.creditor_in_belgium,
        debtor_in_belgium=facts.debtor_in_belgium,
        parameters=parameters.eligibility,
    )
    means_grounds, means_step = _judge_means(facts, parameters.means)
    children = _judge_children(facts, parameters)
    outcome, grounds = _conclude(facts, eligibility, means_grounds, children)
    dates = decision_dates(facts.complete_on, parameters.decision_days, parameters.silence_months)
    letter = letter_dates(facts.on, parameters.letter_working_days, parameters.appeal_months)
    monthly = total(child.advance.advance for child in children if child.open)
    steps: list[Explanation] = [_complete_step(facts, dates, parameters), eligibility.explanation]
    if facts.asks_advances:
        steps += [means_step, *(_child_step(child, facts, parameters) for child in children)]
    steps.append(_dates_step(facts, letter, parameters))
    return DecisionProposal(
        outcome=outcome,
        grounds=grounds,
        counted=eligibility.counted,
        children=children,
        monthly=monthly if outcome == GRANTED else ZERO,
        dates=dates,
        letter=letter,
        explanation=Explanation(
            code="decision.proposal",
            amount=monthly if outcome == GRANTED else None,
            text=f"decision.{outcome}",
            source="art. 9 §1",
            children=tuple(steps),
        ),
    )


def rights_when_granted(proposal: DecisionProposal) -> tuple[ChildProposal, ...]:
    """The children who receive advances if they are granted, also when an officer departs from the proposal.

    A ground in the application as a whole can be judged otherwise; one in the child cannot.
    """
    return tuple(child for child in proposal.children if child.open and child.period is not None)


def _conclude(
    facts: DecisionFacts,
    eligibility: Eligibility,
    means_grounds: tuple[str, ...],
    children: Sequence[ChildProposal],
) -> tuple[str, tuple[str, ...]]:
    """Conditions of the intervention first (art. 6, 7), then those of the advances (art. 4)."""
    missing = ("decision.incomplete",) if facts.missing else ()
    if missing or not eligibility.met:
        return REFUSED, (*missing, *eligibility.grounds)
    if not facts.asks_advances:
        return COLLECTED, ("decision.not_asked",)
    if means_grounds:
        return COLLECTED, means_grounds
    if not any(child.open for child in children):
        own = dict.fromkeys(ground for child in children for ground in child.grounds)
        return COLLECTED, ("decision.no_child", *own)
    return GRANTED, ()


def _judge_means(facts: DecisionFacts, parameters: MeansParameters) -> tuple[tuple[str, ...], Explanation]:
    """The ceiling on own means, where the law has one at the date of the application."""
    if parameters.ceiling.value is not None and facts.own_means is None:
        step = Explanation(
            code="means.test",
            value=False,
            text="decision.means_unknown",
            source="art. 4 §1, 7 §2",
            parameters=(parameters.ceiling,),
        )
        return ("decision.means_unknown",), step
    means = OwnMeans(facts.own_means or ZERO, len(facts.children), facts.disabled_children)
    test = assess_means(means, parameters)
    return () if test.passes else ("means.above",), test.explanation


def _judge_children(facts: DecisionFacts, parameters: DecisionParameters) -> tuple[ChildProposal, ...]:
    first_day = _first_day(facts.on, parameters.first_month)
    terms = [
        TermToAdvance(child.key, child.key, Month.of(first_day), child.term_due, child.received)
        for child in facts.children
    ]
    reckoned = advances(terms, parameters.advance).terms
    return tuple(
        _judge_child(child, advance, first_day, facts.on, parameters)
        for child, advance in zip(facts.children, reckoned, strict=True)
    )


def _judge_child(
    child: ChildFacts, advance: TermAdvance, first_day: date, on: date, parameters: DecisionParameters
) -> ChildProposal:
    right = assess_advance_right(_claimant(child), on=on, parameters=parameters.right)
    period, ends_at_majority = None, False
    if right.open:
        period = advance_right_period(first_day, parameters.period_months)
        if not right.adult and child.born_on is not None:
            majority = add_years(child.born_on, parameters.right.majority_age.value)
            if majority in period:
                period, ends_at_majority = DateRange(first_day, majority - ONE_DAY), True
    return ChildProposal(child.key, right.adult, right.grounds, period, ends_at_majority, advance)


def _claimant(child: ChildFacts) -> Claimant:
    return Claimant(CHILD, child.born_on, child.family_allowances_proved, child.studies_proved)


def _first_day(on: date, first_month: Given[str]) -> date:
    if first_month.value != "month_of_decision":
        raise unknown_choice(first_month.name, first_month.value)
    return Month.of(on).first_day


def _complete_step(facts: DecisionFacts, dates: DecisionDates, parameters: DecisionParameters) -> Explanation:
    return Explanation(
        code="decision.completeness",
        value=not facts.missing,
        text="decision.incomplete" if facts.missing else "decision.complete",
        source="art. 7, 9 §1",
        inputs=Inputs(
            {"received_on": facts.received_on, "complete_on": facts.complete_on, "decide_by": dates.decide_by}
        ),
        parameters=(parameters.decision_days,),
    )


def _child_step(child: ChildProposal, facts: DecisionFacts, parameters: DecisionParameters) -> Explanation:
    claimant = next(_claimant(known) for known in facts.children if known.key == child.key)
    right = assess_advance_right(claimant, on=facts.on, parameters=parameters.right).explanation
    steps = [right, child.advance.explanation]
    if child.period is not None:
        steps.append(_period_step(child, child.period, parameters))
    return Explanation(
        code="decision.child",
        amount=child.advance.advance if child.open else ZERO,
        source="art. 4 §2",
        inputs=Inputs({"child": child.key}),
        children=tuple(steps),
    )


def _period_step(child: ChildProposal, period: DateRange, parameters: DecisionParameters) -> Explanation:
    text = "decision.ends_at_majority" if child.ends_at_majority else None
    return Explanation(
        code="decision.period",
        text=text or ("decision.proofs_before_end" if child.adult else "decision.prolonged_until_majority"),
        source="art. 10/2",
        inputs=Inputs({"from": period.first, "to": period.last}),
        parameters=(parameters.first_month, parameters.period_months),
    )


def _dates_step(facts: DecisionFacts, letter: LetterDates, parameters: DecisionParameters) -> Explanation:
    return Explanation(
        code="decision.dates",
        value=letter.effect_on,
        source="art. 9 §2-3",
        inputs=Inputs(
            {"sent_on": facts.on, "effect_on": letter.effect_on, "appeal_until": letter.appeal_until}
        ),
        parameters=(parameters.letter_working_days, parameters.appeal_months),
    )
