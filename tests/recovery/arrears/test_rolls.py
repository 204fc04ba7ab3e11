"""The special roll: which lines it may carry, who signs it, under which delegation, and the constraint on
it.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from recovery.arrears.errors import ArrearsError
from recovery.arrears.models import (
    ContestChannel,
    Delegation,
    NoticeLine,
    RollLine,
    RollState,
    SpecialRoll,
)
from recovery.arrears.services.constraints import issue_constraint
from recovery.arrears.services.notices import record_contest
from recovery.arrears.services.rolls import draw_roll, draw_roll_without_notice, sign_roll, withdraw_roll
from recovery.cases.models import RecoveryFile, Title
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.ledger.services.receipts import record_collected
from tests.recovery.stories import (
    CONSTRAINT_ON,
    NOTICE_ON,
    ROLL_ON,
    People,
    delegate,
    drawn_roll,
    enforceable_roll,
    first_free_day,
    made_file,
    new_id,
    people,
    sent_notice,
)

Log = Callable[..., list[dict[str, Any]]]


def lines_of(file: RecoveryFile) -> list[Any]:
    return list(NoticeLine.objects.filter(notice__file=file).values_list("pk", flat=True))


def contest(staff: People, file: RecoveryFile, *, channel: ContestChannel) -> NoticeLine:
    line = NoticeLine.objects.filter(notice__file=file).select_related("notice").latest("amount")
    with acting_as(staff.clerk.pk):
        record_contest(
            file_id=file.pk,
            notice_id=line.notice_id,
            channel=channel,
            sent_on=date(2026, 6, 22),
            line_ids=[line.pk],
            on=date(2026, 6, 23),
        )
    return line


@pytest.mark.obligation("17/006 §4")
def test_a_roll_may_be_drawn_from_the_day_after_the_month_and_no_earlier(staff: People) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file)
    first = first_free_day(notice)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll(file_id=file.pk, line_ids=lines_of(file), on=first - timedelta(days=1))
    assert refused.value.params["grounds"] == ["constraint.notice_running"]
    with acting_as(staff.clerk.pk):
        assert draw_roll(file_id=file.pk, line_ids=lines_of(file), on=first).state == RollState.DRAWN


def test_a_notice_without_the_clause_is_null_and_carries_no_roll(staff: People) -> None:
    file = made_file(staff)
    notice = sent_notice(staff, file)
    notice.clause_version = ""
    notice.save()
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    assert refused.value.params["grounds"] == ["constraint.notice_null"]


def test_without_a_notice_no_roll_since_the_law_asks_one(staff: People) -> None:
    file = made_file(staff)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll_without_notice(file_id=file.pk, on=ROLL_ON)
    assert refused.value.params["grounds"] == ["constraint.no_notice"]
    assert not SpecialRoll.objects.exists()


def test_in_2018_a_roll_needed_no_notice_and_carries_a_flag(staff: People) -> None:
    file = made_file(staff, quarters=(date(2017, 7, 1),), on=date(2018, 2, 1))
    with acting_as(staff.clerk.pk):
        roll = draw_roll_without_notice(file_id=file.pk, on=date(2018, 3, 1))
    assert roll.annulled_text
    assert {line.charge.head for line in roll.lines.all()} == {"social", "surcharge", "interest"}


@pytest.mark.obligation("17/006 §4")
def test_a_contested_line_never_enters_a_roll(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    line = contest(staff, file, channel=ContestChannel.REGISTERED)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    assert refused.value.code == "roll.contested"
    with acting_as(staff.clerk.pk):
        roll = draw_roll(
            file_id=file.pk, line_ids=[one for one in lines_of(file) if one != line.pk], on=ROLL_ON
        )
    assert roll.lines.count() == 2


@pytest.mark.obligation("17/006 §4")
def test_the_database_refuses_a_contested_line_too(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    line = contest(staff, file, channel=ContestChannel.REGISTERED)
    roll = SpecialRoll.objects.create(file=file, number="RS-TEST-1", drawn_on=ROLL_ON, drawn_by=staff.clerk)
    with pytest.raises(IntegrityError, match="contested"), transaction.atomic():
        RollLine.objects.create(roll=roll, charge=line.charge, notice_line=line, amount=line.amount)


def test_the_database_refuses_a_line_of_another_debtor(staff: People) -> None:
    file, other = made_file(staff), made_file(staff)
    sent_notice(staff, other)
    line = NoticeLine.objects.filter(notice__file=other).earliest("amount")
    roll = SpecialRoll.objects.create(file=file, number="RS-TEST-2", drawn_on=ROLL_ON, drawn_by=staff.clerk)
    with pytest.raises(IntegrityError, match="own debtor"), transaction.atomic():
        RollLine.objects.create(roll=roll, charge=line.charge, notice_line=line, amount=line.amount)


def test_a_line_disputed_by_e_mail_needs_a_decision_before_the_roll(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    contest(staff, file, channel=ContestChannel.EMAIL)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    assert refused.value.code == "roll.not_confirmed"
    with acting_as(staff.clerk.pk):
        roll = draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON, confirmed=True)
    assert roll.lines.count() == 3


def test_a_payment_since_the_notice_lowers_the_line(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    with service_work("collection"):
        record_collected(
            book_id=file.book_id, amount=Decimal("4000.00"), on=date(2026, 7, 1), source=new_id()
        )
    roll = drawn_roll(staff, file)
    assert sum(line.amount for line in roll.lines.all()) == Decimal("7063.29")


def test_a_line_is_in_one_roll_until_that_is_withdrawn(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError) as refused:
        draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    assert refused.value.code == "lines.unknown"
    with acting_as(staff.clerk.pk):
        withdraw_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)
    assert drawn_roll(staff, file).lines.count() == 3


@pytest.mark.obligation("17/006 §8")
def test_who_drew_the_roll_up_cannot_make_it_enforceable(
    make_user: Callable[..., User], staff: People, security_log: Log
) -> None:
    both = make_user(Role.ARREARS_CLERK, Role.ROLL_SIGNATORY, family_name="Both")
    delegate(staff.user_registrar, both, from_on=date(2020, 1, 1))
    file = made_file(staff)
    sent_notice(staff, file)
    with acting_as(both.pk):
        roll = draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    with pytest.raises(Refused) as refused, acting_as(both.pk):
        sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)
    assert refused.value.reason == "same_person"
    roll.refresh_from_db()
    assert roll.state == RollState.DRAWN
    assert [row["reason"] for row in security_log(kind="DENY", act="roll.sign")] == ["same_person"]


@pytest.mark.obligation("17/006 §8")
def test_the_database_refuses_the_same_person_too(make_user: Callable[..., User], staff: People) -> None:
    both = make_user(Role.ARREARS_CLERK, Role.ROLL_SIGNATORY, family_name="Both")
    delegate(staff.user_registrar, both, from_on=date(2020, 1, 1))
    file = made_file(staff)
    sent_notice(staff, file)
    with acting_as(both.pk):
        roll = draw_roll(file_id=file.pk, line_ids=lines_of(file), on=ROLL_ON)
    delegation = Delegation.objects.get(delegate=both)
    sql = (
        "UPDATE arrears_specialroll SET state = 'enforceable', enforceable_on = %s, enforceable_by_id = %s,"
        " delegation_id = %s WHERE id = %s"
    )
    with (
        pytest.raises(IntegrityError, match="does_not_sign"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql, [ROLL_ON, both.pk, delegation.pk, roll.pk])
    with (
        pytest.raises(IntegrityError, match="drawn up once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "UPDATE arrears_specialroll SET drawn_by_id = %s WHERE id = %s", [staff.clerk.pk, roll.pk]
        )


@pytest.mark.obligation("17/006 §8")
def test_a_delegation_that_starts_a_day_later_signs_nothing(
    make_user: Callable[..., User], security_log: Log
) -> None:
    staff = people(make_user, delegated_from=ROLL_ON + timedelta(days=1))
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    with pytest.raises(Refused) as refused, acting_as(staff.signatory.pk):
        sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)
    assert refused.value.reason == "no_delegation"
    assert not SpecialRoll.objects.filter(state=RollState.ENFORCEABLE).exists()
    assert [row["reason"] for row in security_log(kind="DENY")] == ["no_delegation"]
    with acting_as(staff.signatory.pk):
        signed = sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON + timedelta(days=1))
    assert signed.state == RollState.ENFORCEABLE


def test_a_delegation_that_is_over_signs_nothing(make_user: Callable[..., User]) -> None:
    staff = people(make_user, delegated_from=date(2027, 1, 1))
    delegate(staff.user_registrar, staff.signatory, from_on=date(2020, 1, 1), until_on=date(2026, 7, 31))
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    with pytest.raises(Refused), acting_as(staff.signatory.pk):
        sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)


def test_a_delegation_for_constraints_only_signs_no_roll(make_user: Callable[..., User]) -> None:
    staff = people(make_user, delegated_from=date(2027, 1, 1))
    delegate(staff.user_registrar, staff.signatory, from_on=date(2020, 1, 1), signs_rolls=False)
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    with pytest.raises(Refused), acting_as(staff.signatory.pk):
        sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)


def test_the_database_asks_for_a_delegation_of_that_day(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    delegation = Delegation.objects.get(delegate=staff.signatory)
    roll.state, roll.enforceable_by, roll.delegation = RollState.ENFORCEABLE, staff.signatory, delegation
    roll.enforceable_on = ROLL_ON
    with acting_as(staff.user_registrar.pk):
        delegation.until_on = ROLL_ON - timedelta(days=1)
        delegation.save()
    with pytest.raises(IntegrityError, match="in force on that day"), transaction.atomic():
        roll.save()


def test_nobody_records_a_delegation_for_a_person_who_is_no_signatory(staff: People) -> None:
    with pytest.raises(ArrearsError) as refused:
        delegate(staff.user_registrar, staff.clerk, from_on=date(2026, 1, 1))
    assert refused.value.code == "delegation.not_a_signatory"


def test_a_signed_roll_never_changes(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = enforceable_roll(staff, file)
    with acting_as(staff.clerk.pk), pytest.raises(ArrearsError):
        withdraw_roll(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    with (
        pytest.raises(IntegrityError, match="signed once"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE arrears_specialroll SET state = 'withdrawn' WHERE id = %s", [roll.pk])


def test_a_constraint_needs_an_enforceable_roll_and_comes_once(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    with acting_as(staff.signatory.pk), pytest.raises(ArrearsError) as refused:
        issue_constraint(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    assert refused.value.code == "constraint.roll"
    with acting_as(staff.signatory.pk):
        sign_roll(file_id=file.pk, roll_id=roll.pk, on=ROLL_ON)
        issue_constraint(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    with acting_as(staff.signatory.pk), pytest.raises(ArrearsError) as refused:
        issue_constraint(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    assert refused.value.code == "constraint.twice"
    assert Title.objects.get(file=file).court == "bruxelles"


def test_a_clerk_neither_signs_nor_issues(staff: People) -> None:
    file = made_file(staff)
    sent_notice(staff, file)
    roll = drawn_roll(staff, file)
    for service in (sign_roll, issue_constraint):
        with pytest.raises(Refused), acting_as(staff.clerk.pk):
            service(file_id=file.pk, roll_id=roll.pk, on=CONSTRAINT_ON)
    assert NOTICE_ON < ROLL_ON
    assert not Title.objects.exists()
