"""Planes and powers, below the program: what the database refuses to the application in raw SQL."""

import uuid
from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from secal.access.models import Office, User
from secal.access.roles import PLANE_OF_ROLE, Plane, Role
from tests.changing import change

ACROSS = [
    (first, second)
    for first, second in permutations(Role, 2)
    if PLANE_OF_ROLE[first] != PLANE_OF_ROLE[second]
]

NEW_ROLE = (
    "INSERT INTO access_userrole"
    " (id, user_id, appointment_id, role, plane, valid_from, entered_at, end_reason)"
    " SELECT %s, a.user_id, a.id, %s, %s, '2026-01-01', now(), ''"
    " FROM access_appointment a WHERE a.user_id = %s"
)
NEW_APPOINTMENT = (
    "INSERT INTO access_appointment"
    " (id, user_id, plane, section, office_id, valid_from, valid_until, entered_at, end_reason)"
    " VALUES (gen_random_uuid(), %s, %s, 'Bruxelles', NULL, %s, %s, now(), '')"
)


@pytest.fixture
def office(db: None) -> Office:
    return Office.objects.create(name="Étude Moreau", arrondissement="bruxelles")


def refused_by_database(sql: str, values: list[object]) -> str:
    """Name of the constraint that refuses the statement."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "secal_app"
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(refusal.value)


@pytest.mark.obligation("12/057 §22")
@pytest.mark.parametrize(
    "period", [("2020-01-01", None), ("2019-01-01", "2020-01-01"), ("2030-06-01", "2030-06-01")]
)
def test_a_second_plane_on_one_day_cannot_be_stored_past_present_or_to_come(
    period: tuple[str, str | None], officer: User
) -> None:
    message = refused_by_database(NEW_APPOINTMENT, [officer.pk, Plane.REGISTRATION, *period])
    assert "at_a_time" in message


def test_not_even_where_the_first_appointment_has_been_ended(officer: User) -> None:
    """The day counts for both: an officer of the morning is no registrar in the afternoon."""
    today = timezone.localdate()
    change(
        officer.appointments.get(),
        valid_until=today,
        ended_at=timezone.now(),
        ended_by=uuid.uuid4(),
        end_reason="moved",
    )
    message = refused_by_database(NEW_APPOINTMENT, [officer.pk, Plane.REGISTRATION, today, None])
    assert "one_plane_at_a_time" in message


def test_two_appointments_of_one_plane_on_one_day_cannot_be_stored(officer: User) -> None:
    message = refused_by_database(NEW_APPOINTMENT, [officer.pk, Plane.CASEWORK, "2024-01-01", None])
    assert "one_appointment_at_a_time" in message


@pytest.mark.obligation("12/057 §22")
@pytest.mark.parametrize(("held", "wanted"), ACROSS, ids=lambda role: role.value)
def test_a_role_of_another_plane_cannot_be_stored(
    held: Role, wanted: Role, make_user: Callable[..., User], office: Office
) -> None:
    user = make_user(held, office=office if held is Role.BAILIFF else None)
    message = refused_by_database(NEW_ROLE, [uuid.uuid4(), wanted, PLANE_OF_ROLE[wanted], user.pk])
    assert "role_inside_its_appointment" in message


def test_a_role_cannot_be_passed_off_as_one_of_the_persons_plane(officer: User) -> None:
    message = refused_by_database(NEW_ROLE, [uuid.uuid4(), Role.REGISTRAR, Plane.CASEWORK, officer.pk])
    assert "role_plane_matches" in message


def test_a_plane_with_roles_cannot_be_changed(officer: User) -> None:
    message = refused_by_database(
        "UPDATE access_appointment SET plane = %s WHERE user_id = %s", [Plane.REGISTRATION, officer.pk]
    )
    assert "role_inside_its_appointment" in message


def test_a_plane_that_nobody_knows_cannot_be_stored(db: None) -> None:
    user = User.objects.create(subject="nobody", given_name="A", family_name="B", section="Bruxelles")
    message = refused_by_database(NEW_APPOINTMENT, [user.pk, "everything", "2026-01-01", None])
    assert "plane_is_known" in message


@pytest.mark.obligation("forbidden 8")
def test_nobody_becomes_a_superuser(officer: User) -> None:
    message = refused_by_database("UPDATE access_user SET is_superuser = true WHERE id = %s", [officer.pk])
    assert "nobody_is_superuser" in message


@pytest.mark.obligation("forbidden 8")
def test_no_one_is_born_a_superuser(db: None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(
            subject="s", given_name="A", family_name="B", section="Bruxelles", is_superuser=True
        )


def test_a_period_cannot_end_before_it_begins(officer: User) -> None:
    message = refused_by_database(
        "UPDATE access_userrole SET valid_until = '1999-01-01' WHERE user_id = %s", [officer.pk]
    )
    assert "role_period_in_order" in message


def test_one_subject_is_one_person(officer: User) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(subject=officer.subject, given_name="A", family_name="B", section="Bruxelles")
