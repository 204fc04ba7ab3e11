"""What an officer who left worked on does not lie unnoticed: the second signatory is asked for another."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.cases.models import AlimonyFile, Assignment, FileState, WorkItem, WorkKind
from secal.cases.services import ask_for_officers, assign
from tests.changing import change
from tests.stories import register_file

TODAY = timezone.localdate()
AsUser = Callable[[User], AbstractContextManager[None]]


def asked() -> int:
    with service_work("assignment"):
        return ask_for_officers(on=TODAY)


def waiting(file: AlimonyFile) -> int:
    return WorkItem.objects.filter(file=file, kind=WorkKind.REASSIGN, done_on=None).count()


def leaves(officer: User) -> None:
    change(officer, is_active=False)


def runs_out(officer: User) -> None:
    """The last day of the role passed; nobody ended anything."""
    for role in officer.roles.all():
        change(role, valid_until=TODAY - timedelta(days=1))


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return register_file(registrar=registrar, officer=officer)


@pytest.mark.parametrize("departs", [leaves, runs_out])
def test_the_file_of_an_officer_who_is_gone_is_asked_for_once(
    file: AlimonyFile,
    officer: User,
    other_officer: User,
    approver: User,
    as_user: AsUser,
    departs: Callable[[User], None],
) -> None:
    assert (asked(), waiting(file)) == (0, 0)
    departs(officer)
    assert (asked(), waiting(file)) == (1, 1)
    assert (asked(), waiting(file)) == (0, 1)
    with as_user(approver):
        assign(file_id=file.pk, officer_id=other_officer.pk, on=TODAY)
    assert (asked(), waiting(file)) == (0, 0)
    leaves(other_officer)
    assert (asked(), waiting(file)) == (1, 1)


def test_a_file_that_never_had_an_officer_is_asked_for_too(file: AlimonyFile) -> None:
    Assignment.objects.all().delete()
    assert (asked(), waiting(file)) == (1, 1)


def test_a_closed_file_needs_nobody(file: AlimonyFile, officer: User) -> None:
    change(file, state=FileState.REFUSED, closed_on=TODAY)
    leaves(officer)
    assert (asked(), waiting(file)) == (0, 0)


def test_only_the_service_that_gives_files_asks(officer: User, registrar: User, as_user: AsUser) -> None:
    for user in (officer, registrar):
        with pytest.raises(Refused), as_user(user):
            ask_for_officers(on=TODAY)


@pytest.mark.parametrize("files", [1, 10])
def test_many_files_cost_as_much_as_one(files: int, registrar: User, officer: User) -> None:
    for _ in range(files):
        register_file(registrar=registrar, officer=officer)
    leaves(officer)
    with service_work("assignment"), CaptureQueriesContext(connection) as queries:
        assert ask_for_officers(on=TODAY) == files
    assert len(queries) == 2, [query["sql"][:80] for query in queries]
