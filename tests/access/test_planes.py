"""Planes and powers, below the program: what the database refuses to the application in raw SQL."""

import uuid
from collections.abc import Callable
from itertools import permutations

import pytest
from django.db import IntegrityError, connection, transaction

from secal.access.models import User
from secal.access.roles import PLANE_OF_ROLE, Plane, Role

ACROSS = [
    (first, second)
    for first, second in permutations(Role, 2)
    if PLANE_OF_ROLE[first] != PLANE_OF_ROLE[second]
]

NEW_ROLE = (
    "INSERT INTO access_userrole (id, user_id, role, plane, valid_from) VALUES (%s, %s, %s, %s, '2026-01-01')"
)


def refused_by_database(sql: str, values: list[object]) -> str:
    """Name of the constraint that refuses the statement."""
    with pytest.raises(IntegrityError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone()[0] == "secal_app"
        cursor.execute(sql, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return str(refusal.value)


@pytest.mark.obligation("12/057 §22")
def test_a_second_plane_cannot_be_stored(officer: User) -> None:
    message = refused_by_database(
        "INSERT INTO access_userplane (user_id, plane) VALUES (%s, %s)", [officer.pk, Plane.REGISTRATION]
    )
    assert "access_userplane_pkey" in message


@pytest.mark.obligation("12/057 §22")
@pytest.mark.parametrize(("held", "wanted"), ACROSS, ids=lambda role: role.value)
def test_a_role_of_another_plane_cannot_be_stored(
    held: Role, wanted: Role, make_user: Callable[..., User]
) -> None:
    message = refused_by_database(
        NEW_ROLE,
        [uuid.uuid4(), make_user(held).pk, wanted, PLANE_OF_ROLE[wanted]],
    )
    assert "role_in_the_persons_plane" in message


def test_a_role_cannot_be_passed_off_as_one_of_the_persons_plane(officer: User) -> None:
    message = refused_by_database(
        NEW_ROLE,
        [uuid.uuid4(), officer.pk, Role.REGISTRAR, Plane.CASEWORK],
    )
    assert "role_plane_matches" in message


def test_a_plane_with_roles_cannot_be_changed(officer: User) -> None:
    message = refused_by_database(
        "UPDATE access_userplane SET plane = %s WHERE user_id = %s", [Plane.REGISTRATION, officer.pk]
    )
    assert "role_in_the_persons_plane" in message


def test_a_plane_that_nobody_knows_cannot_be_stored(make_user: Callable[..., User], db: None) -> None:
    user = User.objects.create(subject="nobody", given_name="A", family_name="B", section="Bruxelles")
    message = refused_by_database(
        "INSERT INTO access_userplane (user_id, plane) VALUES (%s, 'everything')", [user.pk]
    )
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
