"""Transmission to the concessionaire: what goes, what stays and why, and what each leaves behind."""

import csv
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date
from io import StringIO
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from recovery.cases.models import FileEvent, Title, TitleState
from recovery.cases.selectors import get_file
from recovery.enforcement.errors import TransmissionError
from recovery.enforcement.models import Transmission, TransmittedTitle
from recovery.enforcement.selectors.extracts import EXTRACT_FIELDS
from recovery.enforcement.services.transmission import preview, transmit
from secal.access.errors import Refused
from secal.access.models import User
from tests.recovery.enforcement.conftest import ended, given, paid, sent, waiting
from tests.recovery.stories import CONSTRAINT_ON, TRANSMITTED_ON, People, made_title

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
ClientFor = Callable[[User], Client]
LIST = "enforcement:to_transmit"


@pytest.mark.obligation("17/006 §5")
@pytest.mark.obligation("17/006 §14")
def test_a_transmission_names_controller_and_processor_and_leaves_an_export_line_a_file(
    staff: People, security_log: Log, settings: Any
) -> None:
    first, second = made_title(staff), made_title(staff)
    transmission = sent(staff, first, second)
    assert (transmission.controller, transmission.processor) == (
        settings.ONSS_NAME,
        settings.CONCESSIONAIRE_NAME,
    )
    assert set(Title.objects.values_list("state", flat=True)) == {TitleState.TRANSMITTED}
    assert set(TransmittedTitle.objects.values_list("title", flat=True)) == {first.pk, second.pk}
    exports = security_log(kind="EXPORT", act="title.transmit", actor=staff.directorate.pk)
    assert {row["file"] for row in exports} == {first.file_id, second.file_id}
    assert all((row["purpose"], row["fields"]) == ("recovery", list(EXTRACT_FIELDS)) for row in exports)
    line = FileEvent.objects.get(file=first.file_id, code="title_transmitted")
    assert line.params["processor"] == settings.CONCESSIONAIRE_NAME
    assert Title.history.filter(id=first.pk, state=TitleState.TRANSMITTED).exists()


def test_the_preview_says_what_goes_and_why_the_rest_stays(
    staff: People, as_user: AsUser, settings: Any
) -> None:
    going, gone, settled = made_title(staff), made_title(staff), made_title(staff)
    sent(staff, gone)
    paid(settled.file, _owed(settled), account=settings.ONSS_IBAN, on=date(2026, 8, 6))
    with as_user(staff.directorate):
        seen = preview(title_ids=[going.pk, gone.pk, settled.pk], on=TRANSMITTED_ON)
        early = preview(title_ids=[going.pk], on=date(2026, 8, 4))
    assert [title.pk for title in seen.going] == [going.pk]
    assert {line.title.pk: line.code for line in seen.skipped} == {gone.pk: "state", settled.pk: "state"}
    assert [line.code for line in early.skipped] == ["later"]
    assert date(2026, 8, 4) < CONSTRAINT_ON


def test_what_stays_behind_is_not_sent_and_nothing_at_all_is_refused(staff: People, as_user: AsUser) -> None:
    going, gone = made_title(staff), made_title(staff)
    sent(staff, gone)
    with as_user(staff.directorate):
        mixed = transmit(title_ids=[going.pk, gone.pk], on=TRANSMITTED_ON)
        assert list(mixed.lines.values_list("title", flat=True)) == [going.pk]
        for chosen, code in (([gone.pk], "transmission.nothing"), ([], "transmission.none_chosen")):
            with pytest.raises(TransmissionError) as refusal:
                transmit(title_ids=chosen, on=TRANSMITTED_ON)
            assert refusal.value.code == code


def test_without_a_named_processor_nothing_leaves(staff: People, as_user: AsUser, settings: Any) -> None:
    title = made_title(staff)
    settings.CONCESSIONAIRE_NAME = ""
    with as_user(staff.directorate), pytest.raises(TransmissionError) as refusal:
        transmit(title_ids=[title.pk], on=TRANSMITTED_ON)
    assert refusal.value.code == "transmission.no_processor"


def test_only_the_directorate_transmits(staff: People, as_user: AsUser, security_log: Log) -> None:
    title = made_title(staff)
    for user in (staff.clerk, staff.signatory, staff.operator):
        with pytest.raises(Refused), as_user(user):
            transmit(title_ids=[title.pk], on=TRANSMITTED_ON)
        assert security_log(kind="DENY", act="title.transmit", actor=user.pk)
    assert Title.objects.get(pk=title.pk).state == TitleState.ISSUED
    assert not Transmission.objects.exists()


@pytest.mark.obligation("17/006 §8")
def test_the_operator_does_not_see_a_file_before_its_title_is_transmitted_nor_after_its_end(
    staff: People, as_user: AsUser, security_log: Log, settings: Any
) -> None:
    title = made_title(staff)
    waiting(staff)  # a sibling that is theirs to see
    for _moment in ("before", "after"):
        with pytest.raises(Refused) as refusal, as_user(staff.operator):
            get_file(title.file_id)
        assert refusal.value.hidden
        assert security_log(kind="DENY", actor=staff.operator.pk, file=title.file_id)
        if title.state == TitleState.ISSUED:
            sent(staff, title)
            title.refresh_from_db()
            with as_user(staff.operator):
                get_file(title.file_id)
            mandate = given(staff, title)
            paid(title.file, _owed(title), account=settings.ONSS_IBAN)
            ended(staff, mandate)


def test_a_transmission_is_never_rewritten(staff: People) -> None:
    sent(staff, made_title(staff))
    for statement in (
        "UPDATE enforcement_transmission SET processor = 'x'",
        "DELETE FROM enforcement_transmittedtitle",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_choose_preview_confirm_result(staff: People, client_for: ClientFor, security_log: Log) -> None:
    first, second = made_title(staff, name="Toitures Sambre"), made_title(staff)
    browser = client_for(staff.directorate)
    listed = browser.get(reverse(LIST)).content.decode()
    assert first.number in listed and "Toitures Sambre" in listed
    checked = browser.post(reverse(LIST), {"step": "check", "titles": [str(first.pk), str(second.pk)]})
    assert "2 titres seront transmis" in checked.content.decode()
    assert not Transmission.objects.exists()
    done = browser.post(reverse(LIST), {"step": "confirm", "titles": [str(first.pk)]}, follow=True)
    transmission = Transmission.objects.get()
    assert done.redirect_chain[-1][0] == reverse("enforcement:transmission", args=[transmission.pk])
    assert "1 titre transmis" in done.content.decode()
    assert browser.post(reverse(LIST), {"step": "check"}).status_code == 422
    assert browser.post(reverse(LIST), {"titles": "x"}).status_code == 404
    assert security_log(kind="READ", act="title.transmit", file=first.file_id)


@pytest.mark.obligation("17/006 §14")
@pytest.mark.obligation("17/006 §6")
def test_the_extract_names_controller_processor_and_purpose_and_holds_the_listed_data_only(
    staff: People, client_for: ClientFor, security_log: Log, settings: Any
) -> None:
    title = made_title(staff, name="=cmd Toitures")
    transmission = sent(staff, title)
    answer = client_for(staff.directorate).get(reverse("enforcement:extract", args=[transmission.pk]))
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    head = dict(row for row in rows[:4])
    assert head["Responsable du traitement"] == settings.ONSS_NAME
    assert head["Sous-traitant"] == settings.CONCESSIONAIRE_NAME
    assert "recouvrement" in head["Finalité"]
    assert len(rows) == 6 and len(rows[4]) == len(rows[5]) == len(EXTRACT_FIELDS)
    assert rows[5][0] == title.number and rows[5][3] == "'=cmd Toitures"
    (line,) = security_log(kind="EXPORT", act="title.extract", file=title.file_id)
    assert (line["purpose"], line["fields"]) == ("recovery", list(EXTRACT_FIELDS))


def _owed(title: Title) -> Any:
    from recovery.cases.dues import amount_due

    return amount_due(title.file, on=date(2026, 12, 31)).total
