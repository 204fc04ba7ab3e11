"""The advance on a month's maintenance term (art. 4 §2, law of 21 February 2003)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from secal.kernel.explanation import Explanation, Given, Inputs
from secal.kernel.money import ZERO, cents, total
from secal.kernel.periods import Month
from secal.kernel.reckoning.refusals import require_not_negative

SOURCE = "art. 4 §2"


@dataclass(frozen=True)
class AdvanceParameters:
    """cap: the most that is advanced per maintenance creditor and month, in euro."""

    cap: Given[Decimal]


@dataclass(frozen=True)
class TermToAdvance:
    """A term as it stands when the advance is reckoned.

    key       the caller's name for the term; appears in the explanation, so no personal value.
    creditor  the caller's name for the maintenance creditor (each child with an amount of its own is one).
    due       the indexed term, in euro.
    received  what the debtor paid of this term, in euro.
    """

    key: str
    creditor: str
    month: Month
    due: Decimal
    received: Decimal = ZERO


@dataclass(frozen=True)
class TermAdvance:
    """advance: what the office pays; balance: what stays due to the creditor (rank 5 of art. 23)."""

    term: TermToAdvance
    advance: Decimal
    balance: Decimal
    explanation: Explanation


@dataclass(frozen=True)
class Advances:
    """The advances on several terms, in the order given, and their sum."""

    terms: tuple[TermAdvance, ...]
    total: Decimal
    explanation: Explanation


def advance_for_term(term: TermToAdvance, parameters: AdvanceParameters) -> TermAdvance:
    """max(0, min(term, cap) - received). Raises ReckoningError when an amount is negative."""
    return _advance_within(term, parameters, parameters.cap.value)


def advances(terms: Sequence[TermToAdvance], parameters: AdvanceParameters) -> Advances:
    """The advances on terms of any creditors and months.

    The cap belongs to a creditor and a month: several terms of one creditor in one month (two titles) share
    it,
    in the order given.
    """
    left: dict[tuple[str, Month], Decimal] = {}
    results: list[TermAdvance] = []
    for term in terms:
        room = left.get((term.creditor, term.month), parameters.cap.value)
        results.append(_advance_within(term, parameters, room))
        left[term.creditor, term.month] = room - min(term.due, room)
    paid = total(result.advance for result in results)
    explanation = Explanation(
        code="advance.total",
        amount=paid,
        source=SOURCE,
        children=tuple(result.explanation for result in results),
    )
    return Advances(tuple(results), paid, explanation)


def _advance_within(term: TermToAdvance, parameters: AdvanceParameters, room: Decimal) -> TermAdvance:
    require_not_negative(due=term.due, received=term.received, cap=parameters.cap.value)
    ceiling = min(term.due, room)
    advance = cents(max(ZERO, ceiling - term.received))
    balance = cents(max(ZERO, term.due - term.received - advance))
    explanation = Explanation(
        code="advance.term",
        amount=advance,
        text=_remark(term, parameters, room),
        source=SOURCE,
        inputs=Inputs(
            {
                "term": term.key,
                "month": term.month,
                "term_due": term.due,
                "cap_left": room,
                "received": term.received,
            }
        ),
        parameters=(parameters.cap,),
        children=(
            Explanation(code="advance.ceiling", amount=cents(ceiling), source=SOURCE),
            Explanation(code="advance.balance", amount=balance, source="art. 23, 5°"),
        ),
    )
    return TermAdvance(term, advance, balance, explanation)


def _remark(term: TermToAdvance, parameters: AdvanceParameters, room: Decimal) -> str:
    if term.received >= term.due:
        return "advance.term_paid"
    if term.received >= min(term.due, room):
        return "advance.nothing_left"
    if term.due <= room:
        return "advance.whole_term"
    return "advance.capped" if room == parameters.cap.value else "advance.cap_shared"
