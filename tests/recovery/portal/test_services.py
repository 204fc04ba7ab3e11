"""What a bailiff records: the clocks it starts, what is refused, and that nothing is recorded twice or
changed."""

import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from recovery.cases.models import (
    Act,
    ActKind,
    FileEvent,
    Mandate,
    MandateState,
    ServiceMode,
    Title,
    TitleState,
)
from recovery.portal.errors import PortalError
from recovery.portal.models import CollectedPayment, FollowUp, JudgeLeave, PaymentWay
from recovery.portal.services import (
    ActFacts,
    CloseReason,
    HandBackReason,
    PaymentFacts,
    ServiceFacts,
    close,
    hand_back,
    record_act,
    record_payment,
    record_service,
)
from secal.access.errors import Refused
from secal.access.unit_of_work import acting_as
from secal.kernel.reckoning.procedure import BRUSSELS, Residence
from tests.recovery.portal.conftest import World

NOW = datetime(2026, 11, 20, 12, tzinfo=BRUSSELS)
SERVED = datetime(2026, 9, 1, 10, 30, tzinfo=BRUSSELS)


def service(world: World, **told: Any) -> ServiceFacts:
    facts = ServiceFacts(
        world.mandate.pk, SERVED, "bruxelles", ServiceMode.AT_DOMICILE, costs=Decimal("95.40")
    )
    return replace(facts, **told)


def seizure(world: World, at: datetime, **told: Any) -> ActFacts:
    return replace(ActFacts(world.mandate.pk, ActKind.MOVABLE_SEIZURE, at, "bruxelles"), **told)


def serve(world: World, **told: Any) -> Act:
    now = told.pop("now", NOW)
    with acting_as(world.staff.bailiff.pk):
        return record_service(
            file_id=world.file_id, facts=service(world, **told), act_id=uuid.uuid4(), now=now
        )


def act(world: World, at: datetime, **told: Any) -> Act:
    with acting_as(world.staff.bailiff.pk):
        return record_act(
            file_id=world.file_id, facts=seizure(world, at, **told), act_id=uuid.uuid4(), now=NOW
        )


def title_of(world: World) -> Title:
    return Title.objects.get(pk=world.mandate.title_id)


@pytest.mark.obligation("17/006 §4")
def test_service_opens_the_delay_of_opposition_and_leaves_its_traces(world: World) -> None:
    done = serve(world, note="Remis à la gérante")
    title = title_of(world)
    assert (title.state, title.served_at, title.opposition_until) == (
        TitleState.SERVED,
        SERVED,
        date(2026, 10, 1),
    )
    assert (done.kind, done.mode, done.costs, done.open_value("note")) == (
        ActKind.SERVICE,
        ServiceMode.AT_DOMICILE,
        Decimal("95.40"),
        "Remis à la gérante",
    )
    assert FollowUp.objects.get(act=done).done_at is None
    event = FileEvent.objects.get(file=world.file_id, code="title_served")
    assert event.params == {"title": title.number, "until_on": "2026-10-01"}
    assert title.history.latest().state == TitleState.SERVED


@pytest.mark.obligation("17/006 §4")
@pytest.mark.parametrize(
    ("served_on", "residence", "until"),
    [
        (date(2024, 3, 1), Residence.BELGIUM, date(2024, 4, 2)),
        (date(2025, 4, 1), Residence.BELGIUM, date(2025, 5, 2)),
        (date(2025, 2, 28), Residence.BELGIUM, date(2025, 3, 31)),
        (date(2025, 1, 31), Residence.BELGIUM, date(2025, 2, 28)),
        (date(2024, 7, 10), Residence.BELGIUM, date(2024, 9, 16)),
        (date(2024, 6, 14), Residence.BELGIUM, date(2024, 7, 15)),
        (date(2025, 3, 3), Residence.NEIGHBOUR, date(2025, 4, 18)),
        (date(2025, 3, 3), Residence.ELSEWHERE, date(2025, 6, 23)),
    ],
)
def test_opposition_clock(world: World, served_on: date, residence: Residence, until: date) -> None:
    """Golden cases 11, 13, 14, 15 and 16, through the service."""
    with transaction.atomic():
        _backdate(world, served_on - timedelta(days=10))
    at = datetime(served_on.year, served_on.month, served_on.day, 9, tzinfo=BRUSSELS)
    serve(world, at=at, residence=residence)
    assert title_of(world).opposition_until == until


def _backdate(world: World, day: date) -> None:
    """A mandate given on an earlier day, as a new one on the same title."""
    with acting_as(world.staff.bailiff.pk):
        hand_back(
            file_id=world.file_id, mandate_id=world.mandate.pk, reason=HandBackReason.ASKED_BACK, at=NOW
        )
    from recovery.cases.services.mandates import give_mandate

    with acting_as(world.staff.operator.pk):
        given = give_mandate(
            title_id=world.mandate.title_id, file_id=world.file_id, office=world.staff.office, on=day
        )
    world.mandate.pk = given.pk


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"at": datetime(2026, 9, 1, 21, 0, tzinfo=BRUSSELS)}, "act.hours"),
        ({"at": datetime(2026, 9, 5, 10, 0, tzinfo=BRUSSELS)}, "act.hours"),
        ({"at": datetime(2026, 11, 11, 10, 0, tzinfo=BRUSSELS)}, "act.hours"),
        ({"place": "liege"}, "act.place"),
        ({"at": datetime(2026, 11, 21, 10, 0, tzinfo=BRUSSELS)}, "act.future"),
        ({"at": datetime(2026, 8, 6, 10, 0, tzinfo=BRUSSELS)}, "act.before_mandate"),
        ({"costs": Decimal("-1.00")}, "act.negative"),
    ],
)
def test_a_service_that_the_law_does_not_allow_changes_nothing(
    world: World, told: dict[str, Any], code: str
) -> None:
    with pytest.raises(PortalError) as refused:
        serve(world, **told)
    assert refused.value.code == code
    assert title_of(world).state == TitleState.MANDATED
    assert not Act.objects.filter(file=world.file_id).exists()


def test_with_leave_of_the_judge_it_is_served_on_a_saturday_and_the_leave_is_kept(world: World) -> None:
    done = serve(world, at=datetime(2026, 9, 5, 10, tzinfo=BRUSSELS), leave_on=date(2026, 9, 4))
    assert JudgeLeave.objects.get(act=done).given_on == date(2026, 9, 4)


def test_it_is_served_once_and_a_form_sent_twice_records_once(world: World) -> None:
    ticket = uuid.uuid4()
    with acting_as(world.staff.bailiff.pk):
        first = record_service(file_id=world.file_id, facts=service(world), act_id=ticket, now=NOW)
        again = record_service(file_id=world.file_id, facts=service(world), act_id=ticket, now=NOW)
    assert first.pk == again.pk
    with pytest.raises(PortalError) as refused:
        serve(world)
    assert refused.value.code == "act.served_already"
    assert Act.objects.filter(file=world.file_id).count() == 1


def test_a_wrong_day_of_service_is_put_right_by_a_rectifying_act_only(world: World) -> None:
    wrong = serve(world)
    right = serve(world, at=SERVED + timedelta(days=1), rectifies=wrong.pk)
    title = title_of(world)
    assert (title.served_at, title.opposition_until) == (SERVED + timedelta(days=1), date(2026, 10, 2))
    assert right.rectifies_id == wrong.pk
    with pytest.raises(PortalError) as refused:
        serve(world, rectifies=wrong.pk)
    assert refused.value.code == "act.not_to_rectify"
    with pytest.raises(DatabaseError), transaction.atomic():
        Act.objects.filter(pk=wrong.pk).update(costs=Decimal("1.00"))


def test_a_rectifying_act_is_of_the_same_kind(world: World) -> None:
    wrong = serve(world)
    with pytest.raises(PortalError) as refused:
        act(world, SERVED + timedelta(days=7), rectifies=wrong.pk)
    assert refused.value.code == "act.not_to_rectify"


@pytest.mark.obligation("17/006 §4")
def test_nothing_is_executed_before_24_hours(world: World) -> None:
    with pytest.raises(PortalError) as refused:
        act(world, SERVED + timedelta(days=1))
    assert refused.value.code == "act.not_served"
    serve(world)
    with pytest.raises(PortalError) as refused:
        act(world, SERVED + timedelta(hours=23, minutes=59))
    assert refused.value.code == "act.too_early"
    assert act(world, SERVED + timedelta(hours=24)).kind == ActKind.MOVABLE_SEIZURE


@pytest.mark.obligation("17/006 §4")
def test_an_opposition_blocks_execution_and_leaves_conservatory_acts(world: World) -> None:
    serve(world)
    seized = act(world, SERVED + timedelta(days=6))
    with acting_as(world.staff.directorate.pk):
        title = title_of(world)
        title.opposed_on = date(2026, 9, 15)
        title.save()
    with pytest.raises(PortalError) as refused:
        act(world, SERVED + timedelta(days=14), kind=ActKind.SALE)
    assert refused.value.code == "act.opposed"
    act(world, SERVED + timedelta(days=14), kind=ActKind.CONSERVATORY_SEIZURE)
    assert Act.objects.filter(pk=seized.pk).exists()
    with pytest.raises(PortalError) as refused:
        serve(world, rectifies=Act.objects.get(file=world.file_id, kind=ActKind.SERVICE).pk)
    assert refused.value.code == "act.service_opposed"
    with acting_as(world.staff.directorate.pk):
        title.opposition_decided_on = date(2026, 10, 12)
        title.save()
    assert act(world, SERVED + timedelta(days=42), kind=ActKind.SALE)


def test_service_is_never_recorded_as_another_act(world: World) -> None:
    with pytest.raises(PortalError) as refused:
        act(world, SERVED, kind=ActKind.SERVICE)
    assert refused.value.code == "act.service"


def paid(world: World, **told: Any) -> CollectedPayment:
    ticket = told.pop("ticket", uuid.uuid4())
    facts = PaymentFacts(world.mandate.pk, Decimal("500.00"), date(2026, 9, 3), PaymentWay.CASH)
    with acting_as(world.staff.bailiff.pk):
        return record_payment(
            file_id=world.file_id, facts=replace(facts, **told), payment_id=ticket, on=NOW.date()
        )


def test_a_payment_is_recorded_once_and_waits_to_be_booked(world: World) -> None:
    ticket = uuid.uuid4()
    assert paid(world, ticket=ticket).booked_at is None
    paid(world, ticket=ticket)
    assert CollectedPayment.objects.filter(file=world.file_id).count() == 1
    assert title_of(world).state == TitleState.MANDATED


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"amount": Decimal("0.00")}, "payment.nothing"),
        ({"received_on": date(2026, 11, 21)}, "payment.future"),
        ({"received_on": date(2026, 8, 6)}, "payment.before_mandate"),
        ({"quarter": date(2025, 10, 1)}, "payment.quarter"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(world: World, told: dict[str, Any], code: str) -> None:
    with pytest.raises(PortalError) as refused:
        paid(world, **told)
    assert refused.value.code == code
    assert not CollectedPayment.objects.exists()


@pytest.mark.obligation("17/006 §7", "17/006 §15")
@pytest.mark.parametrize("how", ["hand_back", "close"])
def test_after_the_end_of_the_mandate_nothing_more_is_recorded(
    world: World, how: str, security_log: Any
) -> None:
    with acting_as(world.staff.bailiff.pk):
        if how == "close":
            close(file_id=world.file_id, mandate_id=world.mandate.pk, reason=CloseReason.PAID, at=NOW)
        else:
            hand_back(
                file_id=world.file_id, mandate_id=world.mandate.pk, reason=HandBackReason.PREVENTED, at=NOW
            )
    ended = Mandate.objects.get(pk=world.mandate.pk)
    assert ended.state == (MandateState.CLOSED if how == "close" else MandateState.HANDED_BACK)
    assert FollowUp.objects.get(mandate=ended, act=None).done_at is None
    with pytest.raises(Refused) as refused:
        serve(world)
    assert refused.value.hidden
    assert security_log(kind="DENY", act="act.record", actor=world.staff.bailiff.pk)
    assert not Act.objects.filter(file=world.file_id).exists()


def test_a_siblings_mandate_opens_nothing_here(world: World, security_log: Any) -> None:
    """Also when the form names the sibling's own running mandate with our file, or the other way round."""
    for user, mandate in ((world.sibling, world.sibling_mandate), (world.sibling, world.mandate)):
        with pytest.raises(Refused) as refused, acting_as(user.pk):
            record_service(
                file_id=world.file_id,
                facts=service(world, mandate_id=mandate.pk),
                act_id=uuid.uuid4(),
                now=NOW,
            )
        assert refused.value.hidden
    with pytest.raises(Refused) as refused, acting_as(world.staff.bailiff.pk):
        record_service(
            file_id=world.file_id,
            facts=service(world, mandate_id=world.sibling_mandate.pk),
            act_id=uuid.uuid4(),
            now=NOW,
        )
    assert refused.value.reason == "no_such_mandate"
    assert len(security_log(kind="DENY", act="act.record")) == 3
    assert not Act.objects.exists()
