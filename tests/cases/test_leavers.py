"""What an officer who left worked on does not lie unnoticed: the second signatory is asked for another."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Mission
from secal.access.unit_of_work import service_work
from secal.cases.errors import CaseError
from secal.cases.models import AlimonyFile, Assignment, FileState, WorkItem, WorkKind
from secal.cases.services import ask_for_officers, assign
from secal.people.models import RegistrationAct
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


def moves(officer: User) -> None:
    """To another section, and nothing else changed."""
    change(officer.appointments.get(), section="Namur")


def is_relieved(officer: User) -> None:
    """Of every mission in which files are read (12/057 §7); another stays."""
    for mission in officer.charges.exclude(mission=Mission.ARREARS):
        change(mission, valid_until=date(2020, 1, 2))


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return register_file(registrar=registrar, officer=officer)


@pytest.mark.parametrize("departs", [leaves, runs_out, moves, is_relieved])
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


@pytest.mark.obligation("12/057 §22")
@pytest.mark.parametrize("of", ["file", "creditor", "debtor"])
def test_the_file_of_an_officer_who_may_never_open_it_is_asked_for(
    of: str, file: AlimonyFile, officer: User
) -> None:
    named = {"file": file.pk} if of == "file" else {"person_id": getattr(file, f"{of}_id")}
    RegistrationAct.objects.create(kind="person_linked", actor=officer.pk, **named)
    assert (asked(), waiting(file)) == (1, 1)


@pytest.mark.obligation("12/057 §22")
def test_the_file_of_an_officer_who_is_a_party_is_asked_for(file: AlimonyFile, officer: User) -> None:
    change(officer, niss_bi=file.debtor.niss_bi)
    assert (asked(), waiting(file)) == (1, 1)


@pytest.mark.obligation("12/057 §7")
def test_no_file_is_given_to_an_officer_without_a_mission(
    registrar: User, officer: User, other_officer: User, approver: User, as_user: AsUser
) -> None:
    is_relieved(officer)
    file = register_file(registrar=registrar)
    assert Assignment.objects.get(file=file, until_at=None).officer == other_officer
    with as_user(approver), pytest.raises(CaseError) as refused:
        assign(file_id=file.pk, officer_id=officer.pk, on=TODAY)
    assert refused.value.code == "cases.officer_not_eligible"


def test_the_officer_who_came_back_is_given_the_file_and_nobody_is_asked_any_more(
    file: AlimonyFile, officer: User, approver: User, as_user: AsUser
) -> None:
    is_relieved(officer)
    assert (asked(), waiting(file)) == (1, 1)
    change(officer.charges.all(), valid_until=None)
    with as_user(approver):
        assign(file_id=file.pk, officer_id=officer.pk, on=TODAY)
    assert waiting(file) == 0
    assert Assignment.objects.get(file=file).until_at is None


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
