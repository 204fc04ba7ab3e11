"""The ceremony: the first watchers come by whoever owns the schema, and by nobody else."""

import io
import sys
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from secal.access.models import User
from secal.access.roles import Plane, Role
from secal.access.selectors import actor_or_none
from secal.access.unit_of_work import acting_as
from secal.people.identifiers import niss_index
from secal.register import ceremony

NISS = "75041099814"
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


def test_a_person_whom_the_register_knows_is_refused(
    committed_database: str, typed: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    appoint(enter=True)
    with pytest.raises(CommandError, match="already"):
        appoint(enter=True, niss_stdin=False)
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NISS}\n"))
    with pytest.raises(CommandError, match="already"):
        appoint(enter=True, subject="federal-other")
    assert User.objects.count() == 1
    assert "An Willems" in appoint(niss_stdin=False)


def test_what_is_no_number_is_refused_without_being_repeated(
    committed_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("71031299858\n"))
    with pytest.raises(CommandError) as refusal:
        appoint(enter=True)
    assert "71031299858" not in str(refusal.value)


def test_the_ceremony_enters_nobody_else(committed_database: str) -> None:
    for role in Role:
        if role.value in ceremony.FIRST:
            continue
        with pytest.raises(CommandError):
            appoint(role=role.value, niss_stdin=False, enter=True)
        first = ceremony.First("x", "X", "Y", role, "Direction", "fr", None)
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
