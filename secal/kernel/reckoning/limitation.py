"""When a claim lapses: so many years from a start, renewed by interruptions, stretched by suspensions
(old Civil Code art. 2244, 2257, 2277; recovery code art. 23 §5, 24, 25; for employers' debts law of 27 June
1969 art. 42, see `arrears`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.periods import DateRange, add_months, add_years


@dataclass(frozen=True)
class LimitationParameters:
    """years from the start; years_after_interruption for the new term; source names the article that
    applies."""

    years: Given[int]
    years_after_interruption: Given[int]


@dataclass(frozen=True)
class Interruption:
    """An act that starts the term anew, on the day it takes effect. `kind` is the caller's code for the
    act."""

    effect_on: date
    kind: str


@dataclass(frozen=True)
class Suspension:
    """A stretch in which the term stands still: from the opening act of a court action to the final judgment.

    An action still pending has `days.last` None.
    """

    days: DateRange
    kind: str
    source: str = "art. 25 CRAF"


@dataclass(frozen=True)
class Limitation:
    """lapses_on: last day of the term, None while a suspension is pending; ignored: interruptions that came
    too late."""

    lapses_on: date | None
    ignored: tuple[Interruption, ...]
    explanation: Explanation

    def lapsed(self, on: date) -> bool:
        """Whether the claim can no longer be claimed on a day."""
        return self.lapses_on is not None and on > self.lapses_on

    def alarms(self, months_before: Sequence[int]) -> tuple[date, ...]:
        """The days on which to warn, earliest first; none while a suspension is pending."""
        if self.lapses_on is None:
            return ()
        return tuple(sorted(add_months(self.lapses_on, -months) for months in months_before))


def limitation(
    starts_on: date,
    parameters: LimitationParameters,
    *,
    interruptions: Sequence[Interruption] = (),
    suspensions: Sequence[Suspension] = (),
) -> Limitation:
    """The last day of the term that runs from `starts_on` (due day, or day the register became executory).

    An interruption after the claim had lapsed does nothing and is reported. Overlapping suspensions count
    once.
    """
    pauses = _merged([suspension.days for suspension in suspensions])
    lapses_on = _end(starts_on, parameters.years.value, pauses)
    steps = [_step("limitation.start", starts_on, lapses_on, parameters.years)]
    ignored: list[Interruption] = []
    for act in sorted(interruptions, key=lambda act: (act.effect_on, act.kind)):
        if act.effect_on < starts_on or (lapses_on is not None and act.effect_on > lapses_on):
            ignored.append(act)
            steps.append(
                _step("limitation.without_effect", act.effect_on, lapses_on, parameters.years, act.kind)
            )
            continue
        lapses_on = _end(act.effect_on, parameters.years_after_interruption.value, pauses)
        years = parameters.years_after_interruption
        steps.append(_step("limitation.interrupted", act.effect_on, lapses_on, years, act.kind))
    explanation = Explanation(
        code="limitation.date",
        value=lapses_on,
        text=None if lapses_on is not None else "limitation.suspended",
        source=parameters.years.source,
        inputs=Inputs({"starts_on": starts_on}),
        children=(*steps, *(_pause_step(suspension) for suspension in suspensions)),
    )
    return Limitation(lapses_on, tuple(ignored), explanation)


def _end(start: date, years: int, pauses: Sequence[DateRange]) -> date | None:
    end = add_years(start, years)
    for pause in pauses:
        if pause.last is not None and pause.last < start:
            continue
        if pause.first > end:
            break
        if pause.last is None:
            return None
        end += pause.last - max(pause.first, start) + timedelta(days=1)
    return end


def _merged(stretches: Sequence[DateRange]) -> list[DateRange]:
    merged: list[DateRange] = []
    for stretch in sorted(stretches, key=lambda days: days.first):
        if merged and merged[-1].overlaps(stretch):
            ends = (merged[-1].last, stretch.last)
            known = [last for last in ends if last is not None]
            merged[-1] = DateRange(merged[-1].first, max(known) if len(known) == len(ends) else None)
        else:
            merged.append(stretch)
    return merged


def _step(
    code: str, on: date, lapses_on: date | None, years: Given[int], kind: str | None = None
) -> Explanation:
    inputs = Inputs({"on": on} if kind is None else {"on": on, "act": kind})
    return Explanation(code=code, value=lapses_on, source=years.source, inputs=inputs, parameters=(years,))


def _pause_step(suspension: Suspension) -> Explanation:
    return Explanation(
        code="limitation.pause",
        source=suspension.source,
        inputs=Inputs({"from": suspension.days.first, "to": suspension.days.last, "act": suspension.kind}),
    )
