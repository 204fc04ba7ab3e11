"""Distribution: what the operator sees, which offices may act, what returns to the inbox."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recovery.cases.models import ActKind, Mandate, MandateState, TitleState
from recovery.cases.services.mandates import give_mandate
from recovery.enforcement.errors import DistributionError
from recovery.enforcement.rules import money_alarm, silent_since
from recovery.enforcement.selectors import distribution as selectors
from recovery.enforcement.services.distribution import give
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import acting_as
from secal.law.onss import remittance_parameters
from tests.recovery.enforcement.conftest import (
    ENDED_ON,
    at_bailiff,
    collected,
    ended,
    given,
    paid,
    waiting,
)
from tests.recovery.enforcement.many import add_titles
from tests.recovery.stories import (
    MANDATED_ON,
    TRANSMITTED_ON,
    People,
    made_title,
    office_with_bailiff,
    record_act,
    serve,
)

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
ClientFor = Callable[[User], Client]
MakeUser = Callable[..., User]


@pytest.mark.obligation("17/006 §5")
@pytest.mark.obligation("17/006 §10")
def test_a_waiting_title_goes_to_an_office_of_the_debtors_arrondissement(
    staff: People, as_user: AsUser, security_log: Log
) -> None:
    title = waiting(staff)
    with as_user(staff.operator):
        assert [row.pk for row in selectors.waiting_titles()] == [title.pk]
    mandate = given(staff, title)
    assert (mandate.office, mandate.state) == (staff.office, MandateState.RUNNING)
    with as_user(staff.operator):
        assert not selectors.waiting_titles().exists()
    assert security_log(kind="WRITE", act="mandate.give", file=title.file_id)


def test_an_office_of_another_arrondissement_is_refused_by_service_and_database(
    staff: People, as_user: AsUser, make_user: MakeUser
) -> None:
    """Judicial Code art. 516."""
    title = waiting(staff)
    foreign, _bailiff = office_with_bailiff(make_user, "Étude de Meuse", arrondissement="liege")
    with as_user(staff.operator):
        with pytest.raises(DistributionError) as refusal:
            give(title_id=title.pk, office_id=foreign.pk, on=MANDATED_ON)
        assert refusal.value.code == "office.foreign"
        with pytest.raises(IntegrityError, match="arrondissement"), transaction.atomic():
            give_mandate(title_id=title.pk, file_id=title.file_id, office=foreign, on=MANDATED_ON)
        with pytest.raises(IntegrityError, match="arrondissement"), transaction.atomic():
            Mandate.objects.create(
                title=title, file=title.file, office=foreign, given_on=MANDATED_ON, given_by=staff.operator.pk
            )
    assert not Mandate.objects.exists()
    title.refresh_from_db()
    assert title.state == TitleState.TRANSMITTED


def test_competent_offices_come_least_loaded_first(
    staff: People, as_user: AsUser, make_user: MakeUser
) -> None:
    free, _bailiff = office_with_bailiff(make_user, "Étude Zola")
    office_with_bailiff(make_user, "Étude de Meuse", arrondissement="liege")
    empty, leaver = office_with_bailiff(make_user, "Étude vide")
    leaver.is_active = False
    leaver.save()
    at_bailiff(staff)
    with as_user(staff.operator):
        offices = selectors.competent_offices("bruxelles", on=MANDATED_ON)
    assert [(office.key, office.running) for office in offices] == [
        (str(free.pk), 0),
        (str(staff.office.pk), 1),
    ]
    assert str(empty.pk) not in {office.key for office in offices}


def test_a_title_handed_back_waits_again_from_that_day(staff: People, as_user: AsUser) -> None:
    first = at_bailiff(staff)
    second = at_bailiff(staff)
    serve(staff, second)
    ended(staff, second, action="hand_back")
    fresh = waiting(staff)
    ended(staff, first, action="hand_back")
    with as_user(staff.operator):
        rows = {row.pk: row for row in selectors.waiting_titles()}
    assert set(rows) == {first.title_id, second.title_id, fresh.pk}
    assert rows[first.title_id].waiting_since == ENDED_ON
    assert rows[second.title_id].state == TitleState.SERVED
    assert rows[fresh.pk].waiting_since == TRANSMITTED_ON


def test_a_title_that_does_not_wait_is_not_given_twice(staff: People, as_user: AsUser) -> None:
    mandate = at_bailiff(staff)
    with as_user(staff.operator), pytest.raises(DistributionError) as refusal:
        give(title_id=mandate.title_id, office_id=staff.office.pk, on=MANDATED_ON)
    assert refusal.value.code == "title.not_waiting"


def test_the_operator_cannot_reach_a_title_that_was_not_transmitted(
    staff: People, as_user: AsUser, security_log: Log, client_for: ClientFor
) -> None:
    title = made_title(staff)
    waiting(staff)  # a sibling that is theirs
    with pytest.raises(Refused) as refusal, as_user(staff.operator):
        give(title_id=title.pk, office_id=staff.office.pk, on=MANDATED_ON)
    assert refusal.value.hidden
    assert security_log(kind="DENY", act="mandate.give", actor=staff.operator.pk)
    browser = client_for(staff.operator)
    assert browser.get(reverse("enforcement:distribute", args=[title.pk])).status_code == 404
    assert title.number not in browser.get(reverse("enforcement:inbox")).content.decode()
    assert not Mandate.objects.exists()


def test_only_the_operator_gives_mandates(staff: People, as_user: AsUser, security_log: Log) -> None:
    title = waiting(staff)
    for user in (staff.clerk, staff.directorate, staff.signatory):
        with pytest.raises(Refused), as_user(user):
            give(title_id=title.pk, office_id=staff.office.pk, on=MANDATED_ON)
        assert security_log(kind="DENY", act="mandate.give", actor=user.pk)
    assert not Mandate.objects.exists()


def test_the_operator_chooses_on_the_page(staff: People, client_for: ClientFor, make_user: MakeUser) -> None:
    title = waiting(staff)
    foreign, _bailiff = office_with_bailiff(make_user, "Étude de Meuse", arrondissement="liege")
    browser = client_for(staff.operator)
    address = reverse("enforcement:distribute", args=[title.pk])
    shown = browser.get(address).content.decode()
    assert staff.office.name in shown and foreign.name not in shown
    assert "n’est pas compétente" in browser.post(address, {"office": str(foreign.pk)}).content.decode()
    assert browser.post(address, {"office": str(staff.office.pk)}).status_code == 302
    assert browser.get(address).status_code == 302
    assert Mandate.objects.get().office == staff.office


@pytest.mark.obligation("17/006 §10")
def test_the_board_shows_silence_and_money_at_the_bailiff(
    staff: People, as_user: AsUser, client_for: ClientFor
) -> None:
    silent, busy = at_bailiff(staff), at_bailiff(staff)
    with acting_as(staff.bailiff.pk):
        record_act(staff, busy, ActKind.OTHER, at=datetime(2026, 9, 1, 22, 30, tzinfo=UTC))
    collected(busy.file, Decimal("3000.00"), on=date(2026, 9, 2))
    with as_user(staff.operator):
        rows = list(selectors.running_board())
        held = selectors.held_of([row.file.book_id for row in rows])
    assert [row.pk for row in rows] == [silent.pk, busy.pk]
    assert rows[1].silent_from == date(2026, 9, 2)
    assert held == {busy.file.book_id: selectors.Held(Decimal("3000.00"), date(2026, 9, 2))}
    shown = client_for(staff.operator).get(reverse("enforcement:mandates")).content.decode()
    assert "compte spécial obligatoire" in shown


def test_money_passed_on_was_the_oldest(staff: People, as_user: AsUser, settings: Any) -> None:
    mandate = at_bailiff(staff)
    staff.office.iban = "BE96001547852105"
    staff.office.save()
    collected(mandate.file, Decimal("1000.00"), on=date(2026, 9, 2))
    collected(mandate.file, Decimal("500.00"), on=date(2026, 9, 20))
    paid(mandate.file, Decimal("1000.00"), account=settings.ONSS_IBAN, by=staff.office.iban)
    with as_user(staff.operator):
        assert selectors.held_of([mandate.file.book_id]) == {
            mandate.file.book_id: selectors.Held(Decimal("500.00"), date(2026, 9, 20))
        }


@pytest.mark.parametrize(
    ("held", "on", "state"),
    [
        ("0.00", date(2026, 12, 1), ""),
        ("9000.00", date(2026, 11, 2), "underway"),
        ("2500.00", date(2026, 11, 3), "attention"),
        ("2500.01", date(2026, 11, 3), "late"),
    ],
)
def test_money_held_beyond_two_months_alarms(held: str, on: date, state: str) -> None:
    """Judicial Code art. 522/1."""
    received = date(2026, 9, 2)
    found, _until = money_alarm(Decimal(held), received, on=on, parameters=remittance_parameters(on=received))
    assert found == state


def test_the_lists_cost_the_same_with_one_ten_and_a_hundred_lines(
    staff: People, client_for: ClientFor, django_assert_max_num_queries: Any, many: Callable[[int], None]
) -> None:
    operator = client_for(staff.operator)
    pages = [
        ("enforcement:inbox", operator),
        ("enforcement:mandates", operator),
        ("enforcement:to_transmit", client_for(staff.directorate)),
    ]
    counts = []
    for size in (1, 9, 90):
        many(size)
        found = []
        for name, browser in pages:
            with django_assert_max_num_queries(40) as queries:
                assert browser.get(reverse(name)).status_code == 200
            found.append(len(queries))
        counts.append(found)
    assert counts[0] == counts[1] == counts[2]


@pytest.fixture
def many(staff: People) -> Callable[[int], None]:
    """Many waiting titles and running mandates, as rows beside one told by the services."""
    told = at_bailiff(staff)

    def add(size: int) -> None:
        add_titles(told, size, given_by=staff.operator.pk)

    return add


def test_the_bailiff_has_no_business_with_the_lists(staff: People, as_user: AsUser) -> None:
    waiting(staff)
    for read in (selectors.waiting_titles, selectors.running_board):
        with pytest.raises(Refused), as_user(staff.bailiff):
            read()


def test_days_of_silence_begin_at_the_mandate() -> None:
    assert silent_since(MANDATED_ON, None) == MANDATED_ON
    assert silent_since(MANDATED_ON, MANDATED_ON + timedelta(days=3)) == date(2026, 8, 10)
