"""The permission of the officer in charge: kept with the assignment, held by the database, asked in queries;
and the traps of guardian's own look-ups.
"""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.db import IntegrityError, connection, connections, transaction
from django.db.models import Model
from django.db.utils import ProgrammingError
from django.utils import timezone
from guardian.shortcuts import get_objects_for_user

from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Mission, Plane, Role
from secal.access.unit_of_work import acting_as
from secal.cases.models import AlimonyFile, Assignment, FilePermission
from secal.cases.selectors import files_of, get_file, visible_files, worklist
from tests import stories
from tests.changing import change
from tests.conftest import appoint

AsUser = Callable[[User], AbstractContextManager[None]]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return stories.register_file(registrar=registrar, officer=officer)


def work_in_charge() -> Permission:
    return Permission.objects.get(codename="work_in_charge")


def sees(user: User, as_user: AsUser) -> set[uuid.UUID]:
    with as_user(user):
        return set(visible_files(current_actor()).values_list("pk", flat=True))


def holder(file: AlimonyFile) -> list[User]:
    return [row.user for row in FilePermission.objects.filter(content_object=file).select_related("user")]


def test_the_permission_comes_with_the_assignment_and_goes_with_it(
    file: AlimonyFile, officer: User, other_officer: User, as_user: AsUser
) -> None:
    assert holder(file) == [officer]
    stories.hand_over(file, other_officer)
    assert holder(file) == [other_officer]
    assert (sees(officer, as_user), sees(other_officer, as_user)) == (set(), {file.pk})
    Assignment.objects.filter(file=file, until_at=None).update(until_at=timezone.now())
    assert holder(file) == []


def test_the_database_refuses_a_permission_without_a_running_assignment(
    file: AlimonyFile, officer: User, other_officer: User, approver: User
) -> None:
    stories.hand_over(file, other_officer)
    for user in (officer, approver):
        with pytest.raises(IntegrityError, match="no running assignment"), transaction.atomic():
            FilePermission.objects.create(user=user, permission=work_in_charge(), content_object=file)


def test_a_permission_is_neither_moved_nor_taken_away_by_the_application(
    file: AlimonyFile, other_officer: User
) -> None:
    for statement in (
        f"UPDATE cases_filepermission SET user_id = '{other_officer.pk}'",
        "DELETE FROM cases_filepermission",
        "TRUNCATE cases_filepermission",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_a_permission_stands_in_the_order_of_its_file_whatever_was_given(file: AlimonyFile) -> None:
    def stands() -> tuple[date, str]:
        permission = FilePermission.objects.get(content_object=file)
        return permission.opened_on, permission.number

    assert stands() == (file.opened_on, file.number)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_alimonyfile SET opened_on = '2024-02-29' WHERE id = %s", [file.pk])
    assert stands() == (date(2024, 2, 29), file.number)


def test_an_officers_list_is_newest_first_and_so_is_a_section(
    registrar: User, officer: User, approver: User, as_user: AsUser
) -> None:
    files = [stories.register_file(registrar=registrar, officer=officer) for _ in range(3)]
    with connection.cursor() as cursor:
        for one, day in zip(files, (10, 30, 20), strict=True):
            cursor.execute(
                "UPDATE cases_alimonyfile SET opened_on = make_date(2025, 6, %s) WHERE id = %s", [day, one.pk]
            )
    for user in (officer, approver):
        with as_user(user):
            assert [one.pk for one in files_of(current_actor())] == [files[place].pk for place in (1, 2, 0)]


def test_nobody_writes_what_opens_files(file: AlimonyFile) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT privilege_type FROM information_schema.role_table_grants"
            " WHERE table_name = 'cases_fileopening' AND grantee <> 'secal_owner'"
        )
        assert cursor.fetchall() == [("SELECT",)]


def test_an_assignment_is_given_once_and_ends_once(file: AlimonyFile, other_officer: User) -> None:
    running = Assignment.objects.filter(file=file, until_at=None)
    with pytest.raises(IntegrityError, match="given once"), transaction.atomic():
        running.update(officer=other_officer)
    ended = running.get()
    running.update(until_at=timezone.now())
    with pytest.raises(IntegrityError, match="ends once"), transaction.atomic():
        Assignment.objects.filter(pk=ended.pk).update(until_at=None)


def test_whoever_leaves_loses_every_permission_and_gets_none_back_by_returning(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    for active in (False, True):
        officer.is_active = active
        officer.save()
    assert holder(file) == []
    assert sees(officer, as_user) == set()


def rights(user: User) -> list[Model]:
    return [*user.charges.all(), *user.roles.all(), *user.appointments.all()]


@pytest.mark.obligation("17/006 §21")
def test_whoever_is_appointed_anew_does_not_find_the_files_of_before(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    ended = {"ended_at": timezone.now(), "ended_by": uuid.uuid4(), "end_reason": "moved"}
    change(rights(officer), valid_until=timezone.localdate(), **ended)
    assert holder(file) == []
    appoint(officer, Role.CASE_OFFICER, since=timezone.localdate())
    assert (holder(file), sees(officer, as_user)) == ([], set())
    assert not Assignment.objects.filter(officer=officer, until_at=None).exists()


def test_an_appointment_that_ran_out_some_days_ago_gives_no_files_to_the_next(
    file: AlimonyFile, officer: User
) -> None:
    today = timezone.localdate()
    change(rights(officer), valid_until=today - timedelta(days=2))
    appoint(officer, Role.CASE_OFFICER, since=today)
    assert holder(file) == []


def test_an_appointment_that_goes_on_the_next_day_keeps_the_files(file: AlimonyFile, officer: User) -> None:
    today = timezone.localdate()
    change(rights(officer), valid_until=today - timedelta(days=1))
    appoint(officer, Role.CASE_OFFICER, since=today)
    assert holder(file) == [officer]


def test_the_permission_of_an_inactive_user_counts_for_nothing(
    committed_database: str, registrar: User, officer: User
) -> None:
    """Also while its row is still there, and for an actor made before: guardian's list would go on."""
    file = stories.register_file(registrar=registrar, officer=officer)
    before = Actor(
        id=officer.pk,
        name="Luc",
        plane=Plane.CASEWORK,
        roles=frozenset({Role.CASE_OFFICER}),
        missions=frozenset({Mission.ADVANCES}),
        committed=True,
        section=officer.section,
    )
    assert visible_files(before).filter(pk=file.pk).exists()
    with connections["owner"].cursor() as cursor:
        cursor.execute("ALTER TABLE access_user DISABLE TRIGGER leaver_loses_file_permissions")
    officer.is_active = False
    officer.save()
    assert holder(file) == [officer]
    assert not visible_files(before).filter(pk=file.pk).exists()


@pytest.mark.obligation("12/057 §7")
def test_an_officer_without_a_mission_lists_no_file_as_the_door_opens_none(
    file: AlimonyFile, officer: User
) -> None:
    with acting_as(officer.pk):
        assert list(files_of(current_actor())) == [file]
    change(officer.charges.all(), valid_until=date(2021, 1, 1))
    with acting_as(officer.pk):
        assert list(files_of(current_actor())) == []
        assert list(worklist(current_actor())) == []
    with pytest.raises(Refused, match="chargé"), acting_as(officer.pk):
        get_file(file.pk, purpose="file.work")


def test_a_grant_on_the_whole_model_gives_no_file(
    file: AlimonyFile, other_officer: User, as_user: AsUser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """guardian lists every object to whoever holds the permission on the model."""
    monkeypatch.setattr(User, "has_perm", lambda self, perm, obj=None: obj is None)
    everything = get_objects_for_user(other_officer, "cases.work_in_charge", AlimonyFile)
    assert file in everything
    assert sees(other_officer, as_user) == set()
    with pytest.raises(Refused) as refused, as_user(other_officer):
        get_file(file.pk, purpose="file.work")
    assert refused.value.reason == "not_assigned"


@pytest.mark.django_db
def test_nobody_and_the_anonymous_user_have_no_permission() -> None:
    nobody = Actor(id=uuid.UUID(int=0), name="", plane=None, roles=frozenset({Role.CASE_OFFICER}), section="")
    assert not visible_files(nobody).exists()
    assert not User.objects.filter(subject="AnonymousUser").exists()


@pytest.mark.django_db
def test_a_file_that_is_no_more_leaves_no_permission_to_one_with_the_same_identifier() -> None:
    """A foreign key in the database: no row survives its file (guardian's generic keys would)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT confrelid::regclass::text, confdeltype::text, convalidated FROM pg_constraint"
            " WHERE conrelid = 'cases_filepermission'::regclass AND contype = 'f'"
        )
        keys = {table: (action, valid) for table, action, valid in cursor.fetchall()}
    assert keys["cases_alimonyfile"] == ("a", True)
    assert keys["access_user"] == ("a", True)


@pytest.mark.django_db
def test_the_generic_tables_of_guardian_stay_empty_and_its_look_ups_unused() -> None:
    with connection.cursor() as cursor:
        for table in ("guardian_userobjectpermission", "guardian_groupobjectpermission"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
    names = ("get_objects_for_user", "get_objects_for_group", "assign_perm", "ObjectPermissionChecker")
    for folder in ("secal", "recovery", "audit"):
        for path in (ROOT / folder).rglob("*.py"):
            if path.parts[-2] not in ("proving", "benching"):
                assert not any(name in path.read_text() for name in names), path
