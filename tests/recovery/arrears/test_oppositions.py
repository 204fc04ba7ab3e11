"""Oppositions: only one in form, with reasons and in time stops anything (art. 40 §5)."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from recovery.arrears.errors import ArrearsError
from recovery.arrears.models import DebtCharge, Opposition, OppositionForm
from recovery.arrears.services.oppositions import decide_opposition, record_opposition
from recovery.cases.models import Act, ActKind, Mandate, MandateState, Title, TitleState
from recovery.cases.services.mandates import end_mandate
from secal.access.errors import Refused
from secal.access.unit_of_work import acting_as
from tests.recovery.stories import BRUSSELS, People, made_title, record_act, served_title

FILED_ON = date(2026, 9, 1)
TODAY = date(2026, 10, 1)


def oppose(
    staff: People,
    title: Title,
    *,
    filed_on: date = FILED_ON,
    form: OppositionForm = OppositionForm.SUMMONS,
    reasoned: bool = True,
) -> Opposition:
    with acting_as(staff.directorate.pk):
        return record_opposition(
            file_id=title.file_id,
            title_id=title.pk,
            filed_on=filed_on,
            form=form,
            reasoned=reasoned,
            on=TODAY,
        )


def limitations(title: Title) -> set[date | None]:
    return {row.claim.limitation_on for row in DebtCharge.objects.filter(debt__file=title.file)}


@pytest.mark.obligation("17/006 §4")
def test_a_valid_opposition_blocks_the_execution_and_stops_the_limitation(staff: People) -> None:
    title = served_title(staff)
    assert limitations(title) == {date(2029, 8, 17)}
    assert oppose(staff, title).effective
    title.refresh_from_db()
    assert title.opposed
    assert limitations(title) == {None}
    mandate = Mandate.objects.get(title=title)
    at = datetime(2026, 9, 3, 10, tzinfo=BRUSSELS)
    with pytest.raises(IntegrityError, match="opposition"), transaction.atomic():
        record_act(staff, mandate, ActKind.MOVABLE_SEIZURE, at=at)


@pytest.mark.obligation("17/006 §4")
def test_a_seizure_made_before_stays_and_the_sale_does_not_come(staff: People) -> None:
    title = served_title(staff)
    mandate = Mandate.objects.get(title=title)
    seizure = record_act(
        staff, mandate, ActKind.MOVABLE_SEIZURE, at=datetime(2026, 8, 28, 9, tzinfo=BRUSSELS)
    )
    oppose(staff, title)
    assert Act.objects.filter(pk=seizure.pk).exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        record_act(staff, mandate, ActKind.SALE, at=datetime(2026, 10, 5, 9, tzinfo=BRUSSELS))


def test_a_decided_opposition_lets_the_execution_and_the_limitation_go_on(staff: People) -> None:
    title = served_title(staff)
    opposition = oppose(staff, title)
    with acting_as(staff.directorate.pk):
        decide_opposition(
            file_id=title.file_id,
            opposition_id=opposition.pk,
            decided_on=date(2026, 9, 21),
            upheld=False,
            on=TODAY,
        )
    # Three years from the service of 17 August, and the twenty days of the stay.
    assert limitations(title) == {date(2029, 8, 17) + timedelta(days=20)}
    mandate = Mandate.objects.get(title=title)
    act = record_act(
        staff,
        mandate,
        ActKind.MOVABLE_SEIZURE,
        at=datetime(2026, 9, 28, 9, tzinfo=BRUSSELS),
        costs=Decimal("90.00"),
    )
    assert act.pk


@pytest.mark.parametrize(
    ("changes", "ground"),
    [
        ({"reasoned": False}, "opposition.no_reasons"),
        ({"form": OppositionForm.OTHER}, "opposition.form"),
        ({"filed_on": date(2026, 9, 18)}, "opposition.late"),
    ],
)
def test_without_reasons_form_or_time_it_is_recorded_and_stops_nothing(
    staff: People, changes: dict[str, object], ground: str
) -> None:
    title = served_title(staff)
    opposition = oppose(staff, title, **changes)  # type: ignore[arg-type]
    assert not opposition.effective
    assert opposition.grounds == [ground]
    title.refresh_from_db()
    assert not title.opposed
    assert limitations(title) == {date(2029, 8, 17)}


def test_the_last_day_is_in_time(staff: People) -> None:
    assert oppose(staff, served_title(staff), filed_on=date(2026, 9, 17)).effective


def test_a_null_opposition_leaves_room_for_a_valid_one(staff: People) -> None:
    title = served_title(staff)
    oppose(staff, title, reasoned=False)
    assert oppose(staff, title).effective
    with pytest.raises(ArrearsError) as refused:
        oppose(staff, title)
    assert refused.value.code == "opposition.pending"


def test_in_2018_a_petition_had_not_the_form_and_a_person_must_look(staff: People) -> None:
    title = served_title(staff)
    title.served_at = datetime(2018, 5, 28, 10, tzinfo=BRUSSELS)
    title.opposition_until = date(2018, 6, 12)
    title.save()
    opposition = oppose(staff, title, filed_on=date(2018, 6, 5), form=OppositionForm.PETITION)
    assert not opposition.effective
    assert opposition.grounds == ["opposition.form"]
    assert opposition.review


def test_before_service_there_is_nothing_to_oppose(staff: People) -> None:
    with pytest.raises(ArrearsError) as refused:
        oppose(staff, made_title(staff))
    assert refused.value.code == "opposition.not_served"


def test_the_clerk_records_no_opposition(staff: People) -> None:
    title = served_title(staff)
    with pytest.raises(Refused), acting_as(staff.clerk.pk):
        record_opposition(
            file_id=title.file_id,
            title_id=title.pk,
            filed_on=FILED_ON,
            form=OppositionForm.SUMMONS,
            reasoned=True,
            on=TODAY,
        )
    assert not Opposition.objects.exists()


@pytest.mark.obligation("17/006 §4")
def test_an_opposition_that_is_upheld_ends_the_execution_and_leaves_the_office_to_close(
    staff: People,
) -> None:
    title = served_title(staff)
    opposition = oppose(staff, title)
    with acting_as(staff.directorate.pk):
        decide_opposition(
            file_id=title.file_id,
            opposition_id=opposition.pk,
            decided_on=date(2026, 9, 21),
            upheld=True,
            on=TODAY,
        )
    title.refresh_from_db()
    assert (title.state, title.opposed) == (TitleState.CLOSED, False)
    mandate = Mandate.objects.get(title=title)
    at = datetime(2026, 9, 28, 9, tzinfo=BRUSSELS)
    with pytest.raises(IntegrityError, match="executed no more"), transaction.atomic():
        record_act(staff, mandate, ActKind.MOVABLE_SEIZURE, at=at)
    with acting_as(staff.bailiff.pk):
        ended = end_mandate(mandate=mandate, action="close", reason="done", at=at)
    assert ended.state == MandateState.CLOSED


def test_an_opposition_of_tomorrow_is_not_recorded_today(staff: People) -> None:
    title = served_title(staff)
    with pytest.raises(ArrearsError) as refused:
        oppose(staff, title, filed_on=TODAY + timedelta(days=1))
    assert refused.value.code == "opposition.later"
    assert not Opposition.objects.exists()
