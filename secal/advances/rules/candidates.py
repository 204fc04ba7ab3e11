"""Who is paid an advance in a month, how much, and who is not and why. Pure: facts in, lines out.

One advance a maintenance creditor and month (art. 4): what several titles of one child give together stays
under the cap, and what was advanced for that month before counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Inputs
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.kernel.reckoning.advance import AdvanceParameters, TermToAdvance, advances


class Exclusion(StrEnum):
    """Why a right gives no payment this time."""

    SUSPENDED = "suspended"
    RIGHT_ENDED = "right_ended"
    FILE_CLOSED = "file_closed"
    NO_TERM = "no_term"
    NOT_BOOKED = "not_booked"
    ALREADY_ADVANCED = "already_advanced"
    FULLY_PAID = "fully_paid"
    NOTHING_LEFT = "nothing_left"
    NO_ACCOUNT = "no_account"


WORDS: dict[str, tuple[str, str]] = {
    Exclusion.SUSPENDED: (
        gettext_noop("Droit suspendu"),
        gettext_noop("Levez la suspension dans le dossier, puis préparez une liste complémentaire."),
    ),
    Exclusion.RIGHT_ENDED: (
        gettext_noop("Droit terminé"),
        gettext_noop("Rien à faire, sauf si une prolongation a été demandée."),
    ),
    Exclusion.FILE_CLOSED: (
        gettext_noop("Dossier clôturé"),
        gettext_noop("Rien à faire."),
    ),
    Exclusion.NO_TERM: (
        gettext_noop("Aucun terme pour ce mois"),
        gettext_noop("Vérifiez dans le titre la période et le montant dus à l’enfant."),
    ),
    Exclusion.NOT_BOOKED: (
        gettext_noop("Terme pas encore porté en compte"),
        gettext_noop("Le terme entre en compte à son échéance ; préparez ensuite une liste complémentaire."),
    ),
    Exclusion.ALREADY_ADVANCED: (
        gettext_noop("Avance déjà payée ou ordonnée"),
        gettext_noop("Rien à faire : elle figure dans une autre liste du mois."),
    ),
    Exclusion.FULLY_PAID: (
        gettext_noop("Terme entièrement payé par le débiteur"),
        gettext_noop("Rien à faire : aucune avance n’est due."),
    ),
    Exclusion.NOTHING_LEFT: (
        gettext_noop("Rien ne reste à avancer"),
        gettext_noop("Le débiteur a payé autant que l’avance possible, ou le plafond du mois est atteint."),
    ),
    Exclusion.NO_ACCOUNT: (
        gettext_noop("Pas de compte bancaire"),
        gettext_noop("Demandez au créancier son numéro de compte, puis préparez une liste complémentaire."),
    ),
}
"""Reason and remedy of each exclusion, in French; screens translate them."""


@dataclass(frozen=True, slots=True)
class MonthlyRight:
    """One child's right in one file, with what the month's term of it stands at. No personal value.

    received   what the debtor paid on this term, before and since the application, in euro.
    booked     the term is in the file's book.
    advanced   an advance on this very term was paid or ordered before.
    """

    right_id: UUID
    child: UUID
    running: bool
    ended: bool
    file_closed: bool
    has_account: bool
    term_id: UUID | None = None
    due: Decimal = ZERO
    received: Decimal = ZERO
    booked: bool = False
    advanced: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What the run says about one right: an amount above nought, or a reason."""

    right_id: UUID
    term_id: UUID | None
    amount: Decimal
    exclusion: Exclusion | None
    explanation: Explanation


def lines_for(
    rights: Sequence[MonthlyRight], *, month: Month, parameters: AdvanceParameters, cap_shared: bool
) -> list[Line]:
    """The lines for whole children: every right of a child that has one in this call. In the order given."""
    reckoned = _reckon(rights, month, parameters, cap_shared)
    return [_line(right, reckoned.get(right.right_id)) for right in rights]


def _reckon(
    rights: Sequence[MonthlyRight], month: Month, parameters: AdvanceParameters, cap_shared: bool
) -> dict[UUID, tuple[Decimal, Explanation]]:
    """The advance on each term that may have one. What was advanced before takes its part of the cap
    first.
    """
    with_term = [right for right in rights if right.advanced or _obstacle(right) is None]
    with_term.sort(key=lambda right: not right.advanced)
    terms = [
        TermToAdvance(
            key=str(right.term_id),
            creditor=str(right.child if cap_shared else right.right_id),
            month=month,
            due=right.due,
            received=right.received,
        )
        for right in with_term
    ]
    results = advances(terms, parameters).terms
    return {
        right.right_id: (result.advance, result.explanation)
        for right, result in zip(with_term, results, strict=True)
    }


def _line(right: MonthlyRight, reckoned: tuple[Decimal, Explanation] | None) -> Line:
    reason = _obstacle(right)
    if reason is not None or reckoned is None:
        return _excluded(right, reason or Exclusion.NO_TERM)
    amount, explanation = reckoned
    if amount == ZERO:
        reason = Exclusion.FULLY_PAID if right.received >= right.due else Exclusion.NOTHING_LEFT
        return Line(right.right_id, right.term_id, ZERO, reason, explanation)
    if not right.has_account:
        return Line(right.right_id, right.term_id, ZERO, Exclusion.NO_ACCOUNT, explanation)
    return Line(right.right_id, right.term_id, amount, None, explanation)


def _obstacle(right: MonthlyRight) -> Exclusion | None:
    """What stands in the way before any reckoning, the most telling first."""
    if right.file_closed:
        return Exclusion.FILE_CLOSED
    if right.advanced:
        return Exclusion.ALREADY_ADVANCED
    if right.ended:
        return Exclusion.RIGHT_ENDED
    if not right.running:
        return Exclusion.SUSPENDED
    if right.term_id is None:
        return Exclusion.NO_TERM
    # A term that was wholly paid before the application never comes into the book: the reckoning says so.
    return None if right.booked or right.received >= right.due else Exclusion.NOT_BOOKED


def _excluded(right: MonthlyRight, reason: Exclusion) -> Line:
    explanation = Explanation(
        code="advance.term",
        amount=ZERO,
        inputs=Inputs({"term": str(right.term_id or ""), "term_due": right.due, "received": right.received}),
    )
    return Line(right.right_id, right.term_id, ZERO, reason, explanation)
