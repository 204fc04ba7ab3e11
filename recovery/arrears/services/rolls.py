"""The special roll: drawn up by one person, made enforceable by another under a delegation of that day (art.
40 §2).
"""

import uuid
from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext_lazy as _

from recovery.arrears import events
from recovery.arrears.errors import (
    ArrearsError,
    choose_lines,
    contested_line,
    foreign_line,
    nothing_due,
    refused_by_law,
    roll_paid,
    roll_state,
    signed_before_drawn,
)
from recovery.arrears.models import (
    Delegation,
    FormalNotice,
    NoticeLine,
    RollLine,
    RollState,
    SpecialRoll,
)
from recovery.arrears.selectors import (
    RollCandidate,
    claimable,
    delegation_in_force,
    roll_candidates,
    still_claimed,
)
from recovery.arrears.services.debts import book_accruals
from recovery.arrears.services.notices import month_of
from recovery.arrears.services.numbers import next_number
from recovery.cases.errors import file_ended, not_in_file
from recovery.cases.models import FileEventKind, RecoveryFile
from recovery.cases.selectors import get_file
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.policy import Facts, require
from secal.kernel.money import total
from secal.kernel.reckoning.procedure import Assessment, LastNotice, assess_constraint
from secal.law.onss import notice_parameters
from secal.ledger.services.books import lock_books
from secal.office.formatting import date_text


def draw_roll(
    *, file_id: uuid.UUID, line_ids: Sequence[uuid.UUID], on: date, confirmed: bool = False
) -> SpecialRoll:
    """Draw up the roll of a debtor from lines of notices whose month has run and that are not contested.

    A line disputed outside the legal form needs `confirmed`: a person looked and decided. Raises Refused;
    ArrearsError lines.none, lines.unknown, roll.contested, roll.refused (with the law's ground),
    roll.not_confirmed.
    """
    file = _writable_file(file_id, "roll.draw")
    if not line_ids:
        raise choose_lines()
    wanted = set(line_ids)
    lock_books([file.book_id])
    list(NoticeLine.objects.select_for_update(no_key=True).filter(notice__file=file, pk__in=wanted))
    chosen = [found for found in roll_candidates(file, on=on) if found.line.pk in wanted]
    if len(chosen) != len(wanted):
        raise foreign_line()
    if any(found.line.contested_on is not None for found in chosen):
        raise contested_line()
    notices = sorted(
        {found.line.notice for found in chosen}, key=lambda notice: (notice.sent_on, notice.number)
    )
    assessments = [assess_notice(notice, on=on) for notice in notices]
    for assessment in assessments:
        if not assessment.allowed:
            raise refused_by_law("roll.refused", assessment.grounds)
    if any(found.warned for found in chosen) and not confirmed:
        raise ArrearsError(
            "roll.not_confirmed",
            _("Une de ces lignes est contestée sans envoi recommandé : confirmez que vous l’avez examiné."),
            "confirmed",
        )
    roll = _new_roll(file, on, assessments[0])
    for found in chosen:
        _add_line(roll, found)
    return _drawn(file, roll, on)


def draw_roll_without_notice(*, file_id: uuid.UUID, on: date) -> SpecialRoll:
    """Draw up the roll of everything due where the law of that day knew no notice. Raises Refused;
    ArrearsError roll.refused where it does, notice.nothing_due.
    """
    file = _writable_file(file_id, "roll.draw")
    assessment = assess_constraint(issued_on=on, notice=None, parameters=notice_parameters(on=on))
    if not assessment.allowed:
        raise refused_by_law("roll.refused", assessment.grounds)
    book_accruals(file, on)
    booked = [(line.charge, line.amount) for line in claimable(file, until=on) if line.charge is not None]
    if not booked:
        raise nothing_due()
    roll = _new_roll(file, on, assessment)
    for charge, amount in booked:
        RollLine.objects.create(roll=roll, charge=charge, amount=amount)
    return _drawn(file, roll, on)


def withdraw_roll(*, file_id: uuid.UUID, roll_id: uuid.UUID, on: date) -> SpecialRoll:
    """Take back a roll that nobody signed: its lines may be drawn up again. Raises Refused, ArrearsError
    roll.state.
    """
    file = get_file(file_id, act="roll.draw", fields=("roll",), lock=True)
    roll = _roll_of(file, roll_id, "roll.draw")
    if roll.state != RollState.DRAWN:
        raise roll_state()
    roll.state = RollState.WITHDRAWN
    roll.save()
    add_event(file, kind=FileEventKind.TITLE, code="roll_withdrawn", on=on, params={"number": roll.number})
    events.roll_withdrawn(file=file.pk)
    return roll


def sign_roll(*, file_id: uuid.UUID, roll_id: uuid.UUID, on: date) -> SpecialRoll:
    """Make a roll enforceable, as a delegate of the Management Committee on that day: it is a title from
    then on.

    Raises Refused: same_person for whoever drew it up, no_delegation without one in force on the day of
    signing; ArrearsError roll.state, roll.before_drawn, roll.contested, roll.paid; RecoveryError
    recovery.file_ended.
    """
    file = get_file(file_id, act="roll.sign", fields=("roll",), lock=True)
    roll = _roll_of(file, roll_id, "roll.sign")
    require("roll.sign", Facts(file=file.pk, prepared_by=roll.drawn_by_id))
    if file.ended_on:
        raise file_ended()
    if roll.state != RollState.DRAWN:
        raise roll_state()
    if on < roll.drawn_on:
        raise signed_before_drawn()
    delegation = delegated("roll.sign", power="signs_rolls", file=file, on=on)
    if RollLine.objects.filter(roll=roll, notice_line__contested_on__isnull=False).exists():
        raise contested_line()
    if not still_claimed(roll):
        raise roll_paid()
    roll.state = RollState.ENFORCEABLE
    roll.enforceable_on = on
    roll.enforceable_by_id = current_actor().id
    roll.delegation = delegation
    roll.save()
    add_event(file, kind=FileEventKind.TITLE, code="roll_enforceable", on=on, params={"number": roll.number})
    events.roll_signed(file=file.pk)
    return roll


def delegated(act: str, *, power: str, file: RecoveryFile, on: date) -> Delegation:
    """The delegation under which the actor may do the act on a day. Raises Refused no_delegation."""
    delegation = delegation_in_force(current_actor().id, power=power, on=on)
    if delegation is None:
        raise Refused(
            act,
            "no_delegation",
            _("Aucune délégation du Comité de gestion ne vous permet cet acte au %(on)s.")
            % {"on": date_text(on)},
            who_may=_("Un membre du personnel dont la délégation est en vigueur ce jour-là."),
            file=file.pk,
        )
    return delegation


def assess_notice(notice: FormalNotice, *, on: date) -> Assessment:
    """Whether a roll may rest on this notice on a day. A letter not yet presented has no month that has
    run.
    """
    if notice.last_day is None:
        raise refused_by_law("roll.refused", ["constraint.notice_running"])
    last = LastNotice(delay=month_of(notice), clause=bool(notice.clause_version))
    return assess_constraint(issued_on=on, notice=last, parameters=notice_parameters(on=on))


def _writable_file(file_id: uuid.UUID, act: str) -> RecoveryFile:
    file = get_file(file_id, act=act, fields=("debts", "notices"), lock=True)
    if file.ended_on:
        raise file_ended()
    return file


def _new_roll(file: RecoveryFile, on: date, assessment: Assessment) -> SpecialRoll:
    return SpecialRoll.objects.create(
        file=file,
        number=next_number("roll", on=on),
        drawn_on=on,
        drawn_by_id=current_actor().id,
        annulled_text=assessment.review,
        explanation=assessment.explanation.to_dict(),
    )


def _add_line(roll: SpecialRoll, found: RollCandidate) -> None:
    """What is still open of the line, never more than the notice claimed."""
    RollLine.objects.create(roll=roll, charge=found.line.charge, notice_line=found.line, amount=found.open)


def _drawn(file: RecoveryFile, roll: SpecialRoll, on: date) -> SpecialRoll:
    amount = total(RollLine.objects.filter(roll=roll).values_list("amount", flat=True))
    params = {"number": roll.number, "amount": str(amount)}
    add_event(file, kind=FileEventKind.TITLE, code="roll_drawn", on=on, params=params)
    events.roll_drawn(file=file.pk)
    return roll


def _roll_of(file: RecoveryFile, roll_id: uuid.UUID, act: str) -> SpecialRoll:
    roll = SpecialRoll.objects.select_for_update(no_key=True).filter(file=file, pk=roll_id).first()
    if roll is None:
        raise not_in_file(act, file.pk)
    return roll
