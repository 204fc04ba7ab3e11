"""The last formal notice: what it claims, when its month runs, and which contest keeps a line off the
roll.
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from recovery.arrears.errors import ArrearsError
from recovery.arrears.models import (
    ChargeHead,
    ContestChannel,
    DebtCharge,
    FormalNotice,
    NoticeChannel,
    NoticeLine,
)
from recovery.arrears.services.notices import draft_notice, record_contest, record_presentation, send_notice
from recovery.cases.models import DocumentKind, FileEvent
from secal.access.errors import Refused
from secal.access.unit_of_work import acting_as
from secal.ledger.selectors import employer_figures
from tests.recovery.stories import NOTICE_ON, QUARTER, People, made_file, new_id, sent_notice

OLDER = (date(2025, 7, 1), date(2025, 10, 1), QUARTER)


@pytest.mark.obligation("17/006 §4")
def test_the_notice_claims_what_is_owed_to_the_cent_and_books_the_interest(staff: People) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file)
    lines = {line.charge.head: line.amount for line in NoticeLine.objects.filter(notice=notice)}
    # 33 days from 1 May to 2 June at 7 % on 10 000.00.
    assert lines == {
        ChargeHead.SOCIAL: Decimal("10000.00"),
        ChargeHead.SURCHARGE: Decimal("1000.00"),
        ChargeHead.INTEREST: Decimal("63.29"),
    }
    assert employer_figures(file.book).open == sum(lines.values())


def test_the_paper_is_kept_sealed_with_its_clause(staff: People) -> None:
    notice = sent_notice(staff, made_file(staff))
    assert notice.document is not None
    assert notice.document.kind == DocumentKind.NOTICE
    assert notice.document.open_bytes("content").startswith(b"%PDF")
    assert b"%PDF" not in bytes(notice.document.content)
    assert notice.clause_version


@pytest.mark.parametrize(
    ("channel", "sent_on", "last_day"),
    [
        # On paper the third working day after posting is the first; Easter Monday moves the end.
        (NoticeChannel.REGISTERED_PAPER, date(2026, 3, 2), date(2026, 4, 7)),
        (NoticeChannel.E_BOX, date(2026, 2, 27), date(2026, 3, 27)),
    ],
)
def test_the_month_follows_the_channel(
    staff: People, channel: NoticeChannel, sent_on: date, last_day: date
) -> None:
    file = made_file(staff, quarters=(date(2025, 7, 1),), on=date(2026, 1, 15))
    assert sent_notice(staff, file, on=sent_on, channel=channel).last_day == last_day


def test_a_letter_with_acknowledgement_has_no_month_before_it_is_presented(staff: People) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file, channel=NoticeChannel.REGISTERED_RECEIPT)
    assert notice.last_day is None
    with acting_as(staff.clerk.pk):
        presented = record_presentation(
            file_id=file.pk, notice_id=notice.pk, presented_on=date(2026, 6, 5), on=date(2026, 6, 8)
        )
    assert presented.first_day == date(2026, 6, 6)


def test_a_registered_letter_gives_the_debt_a_new_term(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    days = {row.claim.limitation_on for row in DebtCharge.objects.filter(debt__file=file)}
    assert days == {date(2029, 6, 2)}


def test_a_second_notice_claims_nothing_twice(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        send_notice(file_id=file.pk, channel=NoticeChannel.E_BOX, sent_on=NOTICE_ON, on=NOTICE_ON)
    assert refused.value.code == "notice.nothing_due"


def test_a_later_notice_claims_the_interest_since(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    later = sent_notice(staff, file, on=NOTICE_ON + timedelta(days=365))
    lines = {line.charge.head: line.amount for line in NoticeLine.objects.filter(notice=later)}
    # 398 days less the 33 already booked.
    assert lines == {ChargeHead.INTEREST: Decimal("763.29") - Decimal("63.29")}


def test_a_draft_writes_nothing(staff: People) -> None:
    file = made_file(staff)
    before = employer_figures(file.book).open
    with acting_as(staff.clerk.pk):
        draft = draft_notice(
            file, channel=NoticeChannel.E_BOX, sent_on=NOTICE_ON, presented_on=None, on=NOTICE_ON
        )
    assert draft.amount == Decimal("11063.29")
    assert employer_figures(file.book).open == before
    assert not FormalNotice.objects.exists()


@pytest.mark.obligation("17/006 §4")
def test_two_lines_contested_by_registered_item_on_day_twenty_leave_the_others(staff: People) -> None:
    file = made_file(staff, quarters=OLDER)
    notice = sent_notice(staff, file)
    lines = list(NoticeLine.objects.filter(notice=notice, charge__head__in=["social", "surcharge"]))[:5]
    assert notice.first_day is not None
    with acting_as(staff.clerk.pk):
        contest = record_contest(
            file_id=file.pk,
            notice_id=notice.pk,
            channel=ContestChannel.REGISTERED,
            sent_on=notice.first_day + timedelta(days=19),
            line_ids=[lines[0].pk, lines[1].pk],
            on=date(2026, 7, 1),
        )
    assert contest.effective
    contested = NoticeLine.objects.filter(notice=notice, contested_on__isnull=False)
    assert {line.pk for line in contested} == {lines[0].pk, lines[1].pk}


@pytest.mark.obligation("17/006 §4")
def test_an_ordinary_e_mail_blocks_no_line_and_is_kept_as_a_warning(staff: People) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file)
    line = NoticeLine.objects.filter(notice=notice).earliest("amount")
    with acting_as(staff.clerk.pk):
        contest = record_contest(
            file_id=file.pk,
            notice_id=notice.pk,
            channel=ContestChannel.EMAIL,
            sent_on=date(2026, 6, 25),
            line_ids=[line.pk],
            on=date(2026, 6, 26),
        )
    assert not contest.effective
    assert contest.grounds == ["contest.not_registered"]
    assert not NoticeLine.objects.filter(contested_on__isnull=False).exists()
    assert FileEvent.objects.filter(code="contest_without_effect").exists()


def test_a_contest_of_lines_of_another_notice_is_refused(staff: People) -> None:
    file, other = made_file(staff), made_file(staff)
    notice = sent_notice(staff, file)
    foreign = NoticeLine.objects.filter(notice=sent_notice(staff, other)).earliest("amount")
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        record_contest(
            file_id=file.pk,
            notice_id=notice.pk,
            channel=ContestChannel.REGISTERED,
            sent_on=date(2026, 6, 25),
            line_ids=[foreign.pk],
            on=date(2026, 6, 26),
        )
    assert refused.value.code == "lines.none"


def test_a_notice_of_another_file_is_hidden(staff: People) -> None:
    file, other = made_file(staff), made_file(staff)
    notice = sent_notice(staff, other)
    with pytest.raises(Refused) as refused, acting_as(staff.clerk.pk):
        record_contest(
            file_id=file.pk,
            notice_id=notice.pk,
            channel=ContestChannel.REGISTERED,
            sent_on=date(2026, 6, 25),
            line_ids=[new_id()],
            on=date(2026, 6, 26),
        )
    assert refused.value.hidden


def test_the_signatory_sends_no_notice(staff: People) -> None:
    file = made_file(staff)
    with pytest.raises(Refused), acting_as(staff.signatory.pk):
        send_notice(file_id=file.pk, channel=NoticeChannel.E_BOX, sent_on=NOTICE_ON, on=NOTICE_ON)
    assert not FormalNotice.objects.exists()
