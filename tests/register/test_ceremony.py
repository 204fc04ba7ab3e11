"""The ceremony: the first watchers come by whoever owns the schema, and by nobody else."""

import io
import sys
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from secal.access.identities import number_indexes
from secal.access.models import User
from secal.access.roles import Plane, Role
from secal.access.selectors import actor_or_none
from secal.access.unit_of_work import acting_as
from secal.people.identifiers import niss_index
from secal.register import ceremony
from tests.changing import change

NISS = "75041099814"
TODAY = timezone.localdate()
AN = {
    "subject": "federal-an",
    "given_name": "An",
    "family_name": "Willems",
    "role": "security_coordinator",
    "niss_stdin": True,
}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NISS}\n"))


def appoint(**options: Any) -> str:
    said = io.StringIO()
    call_command("appoint_first", **{**AN, **options}, stdout=said)
    return said.getvalue()


@pytest.mark.obligation("17/006 §16.1")
def test_the_first_watcher_is_entered_by_the_owner_of_the_schema(
    committed_database: str, typed: None
) -> None:
    said = appoint(enter=True)
    user = User.objects.get(subject="federal-an")
    actor = actor_or_none(user.pk)
    assert actor is not None
    assert (actor.plane, actor.roles) == (Plane.OVERSIGHT, frozenset({Role.SECURITY_COORDINATOR}))
    assert user.roles.get().entered_by_id is None
    assert bytes(user.niss_bi) == niss_index(NISS)
    assert NISS not in said and "nobody" in said


def test_without_being_told_to_it_only_says_what_it_would_do(committed_database: str, typed: None) -> None:
    assert "Nothing was written" in appoint()
    assert not User.objects.exists()


@pytest.fixture
def type_number(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda number: monkeypatch.setattr(sys, "stdin", io.StringIO(f"{number}\n"))


def test_who_still_has_rights_and_who_is_somebody_else_are_refused(
    committed_database: str, type_number: Callable[[str], None]
) -> None:
    type_number(NISS)
    appoint(enter=True)
    for number, changed, why in (
        (NISS, {}, "rights in force"),
        (NISS, {"role": "dpo"}, "rights in force"),
        (NISS, {"subject": "federal-other"}, "another person"),
        ("68052199829", {}, "another person"),
    ):
        type_number(number)
        with pytest.raises(CommandError, match=why):
            appoint(enter=True, **changed)
    assert User.objects.count() == 1
    type_number(NISS)
    assert "An Willems" in appoint()


def test_without_the_number_nobody_is_entered_who_could_never_log_in(committed_database: str) -> None:
    arguments = [f"--{name.replace('_', '-')}={value}" for name, value in AN.items() if name != "niss_stdin"]
    with pytest.raises(CommandError, match="niss-stdin"):
        call_command("appoint_first", *arguments, "--enter")
    assert not User.objects.exists()


@pytest.mark.obligation("17/006 §16.1")
def test_a_watcher_who_was_suspended_by_mistake_comes_back(
    committed_database: str, type_number: Callable[[str], None]
) -> None:
    type_number(NISS)
    appoint(enter=True)
    user = User.objects.get()
    for right in (*user.roles.all(), *user.appointments.all()):
        change(right, ended_at=timezone.now(), ended_by=uuid.uuid4(), end_reason="error", valid_until=TODAY)
    change(user, is_active=False, niss_bi=None)
    type_number(NISS)
    appoint(enter=True)
    actor = actor_or_none(user.pk)
    assert actor is not None
    assert actor.roles == {Role.SECURITY_COORDINATOR}
    user.refresh_from_db()
    assert bytes(user.niss_bi) == niss_index(NISS), "who was entered without a number can log in at last"


@pytest.mark.obligation("12/057 §22")
def test_an_employee_becomes_data_protection_officer_on_another_day_than_their_last(
    committed_database: str, type_number: Callable[[str], None], make_user: Callable[..., User]
) -> None:
    officer = make_user(Role.CASE_OFFICER)
    change(officer, subject=AN["subject"], niss_bi=niss_index(NISS))
    ended = {"ended_at": timezone.now(), "ended_by": uuid.uuid4(), "end_reason": "moved"}
    rights = [*officer.charges.all(), *officer.roles.all(), *officer.appointments.all()]
    change(rights, **ended, valid_until=TODAY)
    type_number(NISS)
    with pytest.raises(CommandError, match="tomorrow"):
        appoint(enter=True, role="dpo")
    change(rights, valid_until=TODAY - timedelta(days=1))
    type_number(NISS)
    appoint(enter=True, role="dpo")
    actor = actor_or_none(officer.pk)
    assert actor is not None
    assert (actor.plane, actor.roles) == (Plane.OVERSIGHT, {Role.DATA_PROTECTION_OFFICER})


def test_what_is_no_number_is_refused_without_being_repeated(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("71031299858\n"))
    with pytest.raises(CommandError) as refusal:
        appoint(enter=True)
    assert "71031299858" not in str(refusal.value)


def test_the_ceremony_enters_nobody_else(committed_database: str, typed: None) -> None:
    for role in Role:
        if role.value in ceremony.FIRST:
            continue
        with pytest.raises(CommandError):
            appoint(role=role.value, enter=True)
        first = ceremony.First("x", "X", "Y", role, "Direction", "fr", number_indexes(NISS))
        with pytest.raises(ceremony.CeremonyRefused):
            ceremony.appoint_first(first, on=timezone.localdate())
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_applications_own_user_cannot_hold_the_ceremony(keeper: User) -> None:
    with (
        acting_as(keeper.pk),
        pytest.raises(ProgrammingError, match="not theirs"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        user = User.objects.create(subject="n", given_name="A", family_name="B", section="")
        cursor.execute(
            "INSERT INTO access_appointment (id, user_id, plane, section, valid_from, entered_at, end_reason)"
            " VALUES (gen_random_uuid(), %s, 'oversight', 'Direction', current_date, now(), '')",
            [user.pk],
        )
