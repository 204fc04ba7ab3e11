"""Who oversees sees who accepted which version, and who has not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from secal.access.commitments.selectors import Signed, signed, standings, waiting
from secal.access.errors import Refused
from secal.access.models import CommitmentKind, User, UserRole
from secal.access.roles import Role
from secal.access.services import users
from secal.access.unit_of_work import acting_as
from tests.access.commitments.conftest import NEXT, give, in_force
from tests.changing import change

POLICY, DECLARATION = CommitmentKind
Log = Callable[..., list[dict[str, Any]]]


@pytest.fixture
def watcher(make_user: Callable[..., User]) -> User:
    return make_user(Role.SECURITY_COORDINATOR, given_name="An", family_name="Willems")


def test_counts_and_names_of_who_misses(
    watcher: User, officer: User, newcomer: User, new_version: Callable[..., None], security_log: Log
) -> None:
    today, first = timezone.localdate(), in_force(POLICY).version
    give(newcomer, in_force(POLICY, "nl"))
    with acting_as(watcher.pk):
        assert [(one.kind, one.people, one.given, one.missing) for one in standings(today)] == [
            (POLICY, 3, 3, 0),
            (DECLARATION, 3, 2, 1),
        ]
        (line,) = waiting(today)
    assert (line.user_id, line.name, line.missing) == (newcomer.pk, "Nora Nys", (DECLARATION,))
    assert line.last_version == first
    assert security_log(kind="READ", act="commitment.oversee", subject=newcomer.pk)
    new_version(POLICY)
    give(watcher, in_force(POLICY, "de"))
    with acting_as(watcher.pk):
        assert [(one.version, one.given) for one in standings(today)] == [(NEXT, 1), (first, 2)]
        assert {line.user_id: line.missing for line in waiting(today)} == {
            newcomer.pk: (POLICY, DECLARATION),
            officer.pk: (POLICY,),
        }
        assert len(waiting(today, first=1, most=1)) == 1
        assert Signed(POLICY, NEXT, "de", 1) in signed()
        assert Signed(POLICY, first, "nl", 1) in signed()


def test_who_may_not_work_is_not_waited_for(watcher: User, newcomer: User) -> None:
    change(UserRole.objects.filter(user=newcomer), valid_until=in_force(POLICY).version.replace(year=2021))
    with acting_as(watcher.pk):
        assert waiting(timezone.localdate()) == []


def test_whose_right_was_ended_is_not_waited_for(
    watcher: User, officer: User, newcomer: User, keeper: User
) -> None:
    """Ended today it lasts no longer, whatever its last day says; nor without the appointment."""
    today = timezone.localdate()
    with acting_as(keeper.pk):
        users.end_right(newcomer.roles.get(), reason="left")
    change(officer.appointments.get(), valid_until=today - timedelta(days=1))
    with acting_as(watcher.pk):
        assert waiting(today) == []
        assert {one.people for one in standings(today)} == {2}, "the watcher and the keeper"


def test_the_list_costs_the_same_for_one_and_for_many(
    watcher: User, make_user: Callable[..., User], django_assert_num_queries: Any
) -> None:
    make_user(Role.REGISTRAR, committed=False)
    with acting_as(watcher.pk), django_assert_num_queries(3):
        assert len(waiting(timezone.localdate())) == 1
    for _ in range(9):
        make_user(Role.REGISTRAR, committed=False)
    with acting_as(watcher.pk), django_assert_num_queries(3):
        assert len(waiting(timezone.localdate())) == 10


@pytest.mark.parametrize("look", [standings, waiting])
def test_nobody_else_looks(look: Callable[..., Any], officer: User, security_log: Log) -> None:
    with pytest.raises(Refused), acting_as(officer.pk):
        look(timezone.localdate())
    assert security_log(kind="DENY", act="commitment.oversee", actor=officer.pk)
