"""Nothing is erased that two persons did not approve: the services say so, and the database says it again."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from audit.retention.errors import RetentionError
from audit.retention.models import (
    ErasureApproval,
    ErasureItem,
    ErasureList,
    ItemState,
    ListState,
)
from audit.retention.services import ERASE_JOB, approve, propose_list, reject, start
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.cases.models import AlimonyFile
from secal.office.clock import today
from secal.office.models import Job
from tests import stories

pytestmark = pytest.mark.django_db

DueFile = Callable[..., AlimonyFile]
Proposed = Callable[[], ErasureList]
Log = Callable[..., list[dict[str, Any]]]


def test_what_is_due_comes_on_one_list_with_its_ground(due_file: DueFile, proposed: Proposed) -> None:
    file = due_file()
    made = proposed()
    (item,) = made.items.all()
    assert (item.unit_id, item.number, item.state) == (file.pk, file.number, ItemState.WAITING)
    assert (item.ground != "", item.due_since <= today()) == (True, True)
    assert (made.state, made.made_by) == (ListState.PROPOSED, "service:retention")
    with service_work("retention"):
        assert propose_list(on=today()) is None


def test_a_file_that_still_runs_is_on_no_list(granted: AlimonyFile) -> None:
    with service_work("retention"):
        assert propose_list(on=today()) is None


@pytest.fixture
def granted(registrar: User, officer: User) -> AlimonyFile:
    return stories.granted_file(registrar=registrar, officer=officer)


def test_no_person_makes_a_list(due_file: DueFile, dpo: User, security_log: Log) -> None:
    due_file()
    with pytest.raises(Refused), acting_as(dpo.pk):
        propose_list(on=today())
    assert not ErasureList.objects.exists()
    assert security_log(kind="DENY", act="erasure.list", actor=dpo.pk)


@pytest.mark.obligation("17/006 §7", "17/006 §15")
def test_two_watchers_approve_and_then_the_erasure_is_asked_for(
    due_file: DueFile, proposed: Proposed, dpo: User, coordinator: User
) -> None:
    due_file()
    made = proposed()
    with acting_as(dpo.pk):
        assert approve(list_id=made.pk).state == ListState.PROPOSED
    assert not Job.objects.filter(kind=ERASE_JOB).exists()
    with acting_as(coordinator.pk):
        assert approve(list_id=made.pk).state == ListState.APPROVED
    assert Job.objects.filter(kind=ERASE_JOB, period=str(made.pk)).exists()
    assert [change.action for change in made.changes.order_by("at")] == [
        "propose",
        "approve",
        "approve_second",
    ]


def test_one_person_never_approves_twice_also_with_both_roles(
    due_file: DueFile, proposed: Proposed, make_user: Callable[..., User]
) -> None:
    due_file()
    made = proposed()
    both = make_user(Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR)
    with acting_as(both.pk):
        approve(list_id=made.pk)
    with pytest.raises(RetentionError) as caught, acting_as(both.pk):
        approve(list_id=made.pk)
    assert caught.value.code == "erasure.same_person"
    free = {"dpo", "security_coordinator"} - {made.approvals.get().role}
    with pytest.raises(IntegrityError, match="one_approval_a_person"), transaction.atomic():
        ErasureApproval.objects.create(list=made, user=both, role=free.pop())
    made.refresh_from_db()
    assert made.state == ListState.PROPOSED


def test_two_persons_of_one_role_are_not_enough(
    due_file: DueFile, proposed: Proposed, dpo: User, make_user: Callable[..., User]
) -> None:
    due_file()
    made = proposed()
    colleague = make_user(Role.DATA_PROTECTION_OFFICER)
    with acting_as(dpo.pk):
        approve(list_id=made.pk)
    with pytest.raises(RetentionError) as caught, acting_as(colleague.pk):
        approve(list_id=made.pk)
    assert caught.value.code == "erasure.same_role"
    with pytest.raises(IntegrityError, match="one_approval_a_role"), transaction.atomic():
        ErasureApproval.objects.create(list=made, user=colleague, role="dpo")


def test_nobody_approves_in_a_role_that_is_not_theirs(
    due_file: DueFile, proposed: Proposed, dpo: User
) -> None:
    due_file()
    made = proposed()
    with pytest.raises(IntegrityError, match="a role that the person holds"), transaction.atomic():
        ErasureApproval.objects.create(list=made, user=dpo, role="security_coordinator")


def test_who_does_not_watch_neither_approves_nor_rejects(
    due_file: DueFile, proposed: Proposed, officer: User, security_log: Log
) -> None:
    due_file()
    made = proposed()
    for act in (lambda: approve(list_id=made.pk), lambda: reject(list_id=made.pk, reason="non")):
        with pytest.raises(Refused), acting_as(officer.pk):
            act()
    made.refresh_from_db()
    assert (made.state, made.approvals.count()) == (ListState.PROPOSED, 0)
    assert len(security_log(kind="DENY", act="erasure.approve", actor=officer.pk)) == 2


def test_a_list_with_one_approval_does_not_start_in_the_database_either(
    due_file: DueFile, proposed: Proposed, dpo: User
) -> None:
    due_file()
    made = proposed()
    with acting_as(dpo.pk):
        approve(list_id=made.pk)
    with service_work("retention"):
        assert start(made.pk).state == ListState.PROPOSED
    for state in ("approved", "running", "done"):
        with pytest.raises(IntegrityError), transaction.atomic():
            ErasureList.objects.filter(pk=made.pk).update(state=state)
    with pytest.raises(IntegrityError, match="two persons did not approve"), transaction.atomic():
        ErasureItem.objects.filter(list=made).update(state="erasing")


def test_what_somebody_approved_is_not_added_to(due_file: DueFile, proposed: Proposed, dpo: User) -> None:
    due_file()
    made = proposed()
    with acting_as(dpo.pk):
        approve(list_id=made.pk)
    with pytest.raises(IntegrityError, match="is not added to"), transaction.atomic():
        ErasureItem.objects.create(
            list=made,
            unit_kind="alimony_file",
            unit_id=uuid.uuid4(),
            number="X",
            ground="x",
            due_since=today(),
        )
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        ErasureItem.objects.filter(list=made).update(unit_id=uuid.uuid4())


def test_a_rejected_list_says_why_and_its_files_come_back(
    due_file: DueFile, proposed: Proposed, dpo: User
) -> None:
    file = due_file()
    made = proposed()
    with pytest.raises(RetentionError) as caught, acting_as(dpo.pk):
        reject(list_id=made.pk, reason="  ")
    assert caught.value.code == "erasure.reason_missing"
    with acting_as(dpo.pk):
        reject(list_id=made.pk, reason="Un contrôle interne est en cours.")
    assert (made.items.get().state, made.items.get().reason) == (ItemState.KEPT_BACK, "list_rejected")
    with pytest.raises(RetentionError), acting_as(dpo.pk):
        approve(list_id=made.pk)
    assert proposed().items.get().unit_id == file.pk


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM cases_alimonyfile",
        "TRUNCATE cases_alimonyfile CASCADE",
        "DELETE FROM cases_historicalalimonyfile",
        "DELETE FROM people_historicalperson",
        "DELETE FROM retention_erasurelist",
        "DELETE FROM retention_erasureitem",
        "DELETE FROM retention_erasureapproval",
        "DELETE FROM retention_listchange",
        "DELETE FROM retention_certificate",
        "UPDATE retention_certificate SET number = number",
        "UPDATE retention_erasureapproval SET role = role",
        "UPDATE retention_listchange SET action = action",
        "DELETE FROM keystore.data_key",
    ],
)
def test_the_application_erases_nothing_by_itself(statement: str, due_file: DueFile) -> None:
    due_file()
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_file_that_is_being_erased_is_changed_no_more(
    due_file: DueFile, approved: Callable[[], ErasureList]
) -> None:
    file = due_file()
    made = approved()
    with service_work("retention"):
        start(made.pk)
        ErasureItem.objects.filter(list=made).update(state="erasing")
    with (
        pytest.raises(ProgrammingError, match="is being erased"),
        transaction.atomic(),
        connections["default"].cursor() as cursor,
    ):
        cursor.execute("UPDATE cases_alimonyfile SET section = section WHERE id = %s", [file.pk])
