"""The last formal notice: sending it, knowing when its month runs, and what the debtor disputes of it."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from recovery.arrears import events
from recovery.arrears.errors import (
    ArrearsError,
    choose_lines,
    contested_later,
    foreign_line,
    nothing_due,
    presented_later,
    sent_later,
)
from recovery.arrears.letters import notice_paper
from recovery.arrears.models import (
    REGISTERED_CONTESTS,
    ChargeHead,
    Contest,
    ContestChannel,
    ContestLine,
    FormalNotice,
    NoticeChannel,
    NoticeLine,
)
from recovery.arrears.selectors import Owed, claimable
from recovery.arrears.services.debts import book_owed
from recovery.arrears.services.limitation import refresh_limitation
from recovery.arrears.services.numbers import next_number
from recovery.cases.errors import file_ended, not_in_file
from recovery.cases.models import DocumentKind, FileEventKind, RecoveryFile
from recovery.cases.selectors import get_file
from recovery.cases.services.files import keep_document
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.kernel.explanation import Explanation
from secal.kernel.money import total
from secal.kernel.reckoning.procedure import Channel, Delay, assess_contest, notice_delay
from secal.law.onss import notice_parameters
from secal.office.letters import clause_version

PDF = "application/pdf"


@dataclass(frozen=True, slots=True)
class NoticeDraft:
    """What a notice of these answers would say; nothing is written. `delay` is None until presentation is
    known.
    """

    channel: NoticeChannel
    sent_on: date
    presented_on: date | None
    lines: tuple[Owed, ...]
    delay: Delay | None

    @property
    def amount(self) -> Decimal:
        return total(line.amount for line in self.lines)


def draft_notice(
    file: RecoveryFile,
    *,
    channel: NoticeChannel,
    sent_on: date,
    presented_on: date | None,
    on: date,
) -> NoticeDraft:
    """The notice before it is sent, from the ledger.

    Raises ArrearsError notice.sent_later, notice.presented_later, notice.nothing_due; RecoveryError
    recovery.file_ended.
    """
    if file.ended_on:
        raise file_ended()
    if sent_on > on:
        raise sent_later()
    if presented_on is not None and presented_on > on:
        raise presented_later()
    lines = tuple(claimable(file, until=sent_on))
    if not lines:
        raise nothing_due()
    delay = _delay(channel, sent_on, presented_on)
    return NoticeDraft(channel, sent_on, presented_on, lines, delay)


def send_notice(
    *,
    file_id: uuid.UUID,
    channel: NoticeChannel,
    sent_on: date,
    presented_on: date | None = None,
    on: date,
) -> FormalNotice:
    """Send the last formal notice: what is owed is fixed and booked, the paper kept, the month opened (art.
    40 §1).

    A registered letter interrupts the limitation (art. 42). Raises Refused; ReckoningError and ArrearsError
    as `draft_notice`.
    """
    file = get_file(file_id, act="notice.send", fields=("employer", "debts"), lock=True)
    draft = draft_notice(file, channel=channel, sent_on=sent_on, presented_on=presented_on, on=on)
    notice = FormalNotice(
        file=file,
        number=next_number("notice", on=on),
        channel=channel,
        sent_on=sent_on,
        presented_on=presented_on,
        clause_version=clause_version("formal_notice"),
        sent_by=current_actor().id,
    )
    _open_month(notice, draft.delay)
    notice.save()
    lines = _fix_lines(file, notice, draft.lines, on)
    document = keep_document(
        file,
        kind=DocumentKind.NOTICE,
        name=f"{notice.number}.pdf",
        content=notice_paper(file, notice, lines),
        media_type=PDF,
        on=on,
    )
    notice.document = document
    notice.save()
    refresh_limitation(file, on=on)
    params = {"number": notice.number, "amount": str(draft.amount)}
    if notice.last_day:
        params["last_on"] = notice.last_day.isoformat()
    code = "notice_sent" if notice.last_day else "notice_sent_unpresented"
    add_event(file, kind=FileEventKind.LETTER, code=code, on=sent_on, params=params)
    events.notice_sent(file=file.pk)
    return notice


def record_presentation(
    *, file_id: uuid.UUID, notice_id: uuid.UUID, presented_on: date, on: date
) -> FormalNotice:
    """The day on which the letter with acknowledgement was presented: its month begins. Raises Refused,
    ArrearsError.
    """
    file = get_file(file_id, act="notice.send", fields=("notice",), lock=True)
    if file.ended_on:
        raise file_ended()
    notice = _notice_of(file, notice_id)
    if notice.last_day is not None:
        raise ArrearsError("notice.presented", _("Le délai de cette mise en demeure court déjà."))
    if presented_on > on:
        raise presented_later()
    notice.presented_on = presented_on
    _open_month(notice, _delay(NoticeChannel(notice.channel), notice.sent_on, presented_on))
    notice.save()
    params = {"number": notice.number, "last_on": month_of(notice).last_day.isoformat()}
    add_event(file, kind=FileEventKind.LETTER, code="notice_presented", on=presented_on, params=params)
    events.notice_presented(file=file.pk)
    return notice


def record_contest(
    *,
    file_id: uuid.UUID,
    notice_id: uuid.UUID,
    channel: ContestChannel,
    sent_on: date,
    line_ids: Sequence[uuid.UUID],
    on: date,
) -> Contest:
    """The debtor disputes lines of a notice. By registered item in time the lines leave the way of the roll;
    in another form, or late, it is recorded and a person decides (art. 40 §§1-2).

    Raises Refused; ArrearsError lines.none, lines.unknown, contest.no_month, contest.before_notice,
    contest.later; RecoveryError recovery.file_ended.
    """
    file = get_file(file_id, act="notice.send", fields=("notice",), lock=True)
    if file.ended_on:
        raise file_ended()
    if sent_on > on:
        raise contested_later()
    notice = _notice_of(file, notice_id)
    lines = list(NoticeLine.objects.select_for_update(no_key=True).filter(notice=notice, pk__in=line_ids))
    if not lines:
        raise choose_lines()
    if len(lines) != len(set(line_ids)):
        raise foreign_line()
    if sent_on < notice.sent_on:
        raise ArrearsError(
            "contest.before_notice", _("La contestation ne peut précéder la mise en demeure."), "sent_on"
        )
    assessment = assess_contest(
        sent_on=sent_on,
        registered=channel in REGISTERED_CONTESTS,
        delay=month_of(notice),
        parameters=notice_parameters(on=notice.sent_on),
    )
    contest = Contest.objects.create(
        notice=notice,
        channel=channel,
        sent_on=sent_on,
        effective=assessment.allowed,
        grounds=list(assessment.grounds),
        explanation=assessment.explanation.to_dict(),
        recorded_on=on,
        recorded_by=current_actor().id,
    )
    for line in lines:
        ContestLine.objects.create(contest=contest, line=line)
        if assessment.allowed and line.contested_on is None:
            line.contested_on = sent_on
            line.save()
    code = "contest_effective" if assessment.allowed else "contest_without_effect"
    params = {"number": notice.number, "lines": len(lines)}
    add_event(file, kind=FileEventKind.LETTER, code=code, on=sent_on, params=params)
    events.contest_recorded(file=file.pk)
    return contest


def month_of(notice: FormalNotice) -> Delay:
    """The month of a notice as the kernel knows it. Raises ArrearsError contest.no_month before
    presentation.
    """
    if notice.first_day is None or notice.last_day is None:
        raise ArrearsError(
            "contest.no_month",
            _("Enregistrez d’abord le jour où la lettre a été présentée : le délai part de ce jour."),
        )
    return Delay(notice.first_day, notice.last_day, Explanation.from_dict(notice.explanation))


def _delay(channel: NoticeChannel, sent_on: date, presented_on: date | None) -> Delay | None:
    """None while nobody knows when the letter with acknowledgement was presented."""
    if channel == NoticeChannel.REGISTERED_RECEIPT and presented_on is None:
        return None
    return notice_delay(
        channel=Channel(channel.value),
        sent_on=sent_on,
        presented_on=presented_on,
        parameters=notice_parameters(on=sent_on),
    )


def _open_month(notice: FormalNotice, delay: Delay | None) -> None:
    if delay is not None:
        notice.first_day, notice.last_day = delay.first_day, delay.last_day
        notice.explanation = delay.explanation.to_dict()


def _fix_lines(file: RecoveryFile, notice: FormalNotice, owed: Sequence[Owed], on: date) -> list[NoticeLine]:
    """What is claimed and not booked yet is booked now: surcharge by its debt, interest by this notice."""
    charges = {id(line): line.charge for line in owed if line.charge is not None}
    for line in owed:
        if line.charge is None and line.head == ChargeHead.SURCHARGE:
            (charges[id(line)],) = book_owed(file, [line], source=line.debt.pk, on=on)
    fresh = [line for line in owed if line.charge is None and line.head == ChargeHead.INTEREST]
    for line, charge in zip(fresh, book_owed(file, fresh, source=notice.pk, on=on), strict=True):
        charges[id(line)] = charge
    return [
        NoticeLine.objects.create(notice=notice, charge=charges[id(line)], amount=line.amount)
        for line in owed
    ]


def _notice_of(file: RecoveryFile, notice_id: uuid.UUID) -> FormalNotice:
    notice = FormalNotice.objects.select_for_update(no_key=True).filter(file=file, pk=notice_id).first()
    if notice is None:
        raise not_in_file("notice.send", file.pk)
    return notice
