"""The one door to a file: who gets in, who does not, why, and what is left behind either way."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, timedelta
from typing import Any

import pytest

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.policy import decide
from secal.access.roles import Role
from secal.cases.selectors import files_of, get_file, visible_files, worklist
from secal.people.identifiers import niss_index
from tests import stories
from tests.changing import change
from tests.conftest import appoint

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
MOVED = date(2026, 1, 5)


def _move(user: User, role: Role) -> None:
    """The person changes plane and role, as a mover does."""
    change(user.roles.all(), valid_until=MOVED - timedelta(days=1))
    change(user.appointments.all(), valid_until=MOVED - timedelta(days=1))
    appoint(user, role, since=MOVED)


def _refusal(user: User, file_id: uuid.UUID, as_user: AsUser, act: str = "file.open") -> Refused:
    with pytest.raises(Refused) as caught, as_user(user):
        get_file(file_id, act=act, purpose="file.work")
    with as_user(user):
        assert not files_of(current_actor()).filter(pk=file_id).exists()
        assert not worklist(current_actor()).filter(file=file_id).exists()
    return caught.value


@pytest.mark.obligation("12/057 §23", "12/057 §24")
def test_the_officer_in_charge_opens_the_file_and_the_read_is_logged(
    registrar: User, officer: User, as_user: AsUser, security_log: Log
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with as_user(officer):
        assert get_file(file.pk, purpose="file.work", fields=("parties",)).number == file.number
        assert [one.pk for one in files_of(current_actor())] == [file.pk]
    row = security_log(kind="READ", act="file.open")[-1]
    assert (row["file"], row["actor"], row["purpose"], row["fields"]) == (
        file.pk,
        officer.pk,
        "file.work",
        ["parties"],
    )


@pytest.mark.obligation("12/057 §21", "forbidden 1")
def test_a_sibling_officers_file_does_not_exist_for_others(
    registrar: User, officer: User, other_officer: User, as_user: AsUser, security_log: Log
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    refusal = _refusal(other_officer, file.pk, as_user)
    assert (refusal.hidden, refusal.reason) == (True, "not_assigned")
    row = security_log(kind="DENY")[-1]
    assert (row["file"], row["actor"], row["reason"]) == (file.pk, other_officer.pk, "not_assigned")


def test_a_file_that_does_not_exist_answers_like_a_sibling_file(officer: User, as_user: AsUser) -> None:
    assert _refusal(officer, uuid.uuid4(), as_user).hidden


@pytest.mark.obligation("12/057 §22", "forbidden 2")
def test_who_registered_a_person_long_ago_never_consults_them_whatever_their_role_now(
    registrar: User, officer: User, as_user: AsUser, security_log: Log, make_user: Callable[..., User]
) -> None:
    creditor = stories.els()
    stories.register_file(registrar=registrar, officer=officer, creditor=creditor)
    other_registrar = make_user(Role.REGISTRAR, given_name="Ria")
    file = stories.register_file(registrar=other_registrar, officer=officer, creditor=creditor)
    _move(registrar, Role.CASE_OFFICER)
    stories.hand_over(file, registrar)
    refusal = _refusal(registrar, file.pk, as_user)
    assert (refusal.hidden, refusal.reason) == (False, "registered_by_actor")
    assert security_log(kind="DENY")[-1]["reason"] == "registered_by_actor"


def test_what_an_officer_had_in_charge_is_closed_to_them_when_that_role_ends(
    registrar: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    both = make_user(Role.CASE_OFFICER, Role.APPROVER, given_name="Bo", section="Liège")
    file = stories.register_file(registrar=registrar, officer=both)
    change(both.roles.get(role=Role.CASE_OFFICER), valid_until=MOVED)
    refusal = _refusal(both, file.pk, as_user)
    assert (refusal.hidden, refusal.reason) == (True, "not_assigned")


@pytest.mark.obligation("forbidden 7")
@pytest.mark.parametrize("party", ["creditor", "debtor", "child"])
def test_nobody_opens_a_file_to_which_they_are_party(
    registrar: User, officer: User, as_user: AsUser, party: str
) -> None:
    own = stories.child() if party == "child" else stories.els() if party == "creditor" else stories.tom()
    parties: dict[str, Any] = {"children": [own]} if party == "child" else {party: own}
    file = stories.register_file(registrar=registrar, officer=officer, **parties)
    change(officer, niss_bi=niss_index(own.niss))
    refusal = _refusal(officer, file.pk, as_user)
    assert (refusal.hidden, refusal.reason) == (False, "actor_is_party")


@pytest.mark.obligation("12/057 §22")
def test_a_registrar_never_opens_any_file(
    registrar: User, officer: User, as_user: AsUser, security_log: Log
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    assert _refusal(registrar, file.pk, as_user).reason == "role_missing"
    assert security_log(kind="DENY")[-1]["file"] == file.pk


def test_the_second_signatory_reads_the_files_of_the_section_and_decides_none(
    registrar: User, officer: User, approver: User, as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    with as_user(approver):
        assert get_file(file.pk, purpose="file.work").pk == file.pk
        assert not decide(current_actor(), "advance.decide").permitted
    assert _approver_refused(approver, file.pk, as_user) == "role_missing"


def _approver_refused(approver: User, file_id: uuid.UUID, as_user: AsUser) -> str:
    with pytest.raises(Refused) as caught, as_user(approver):
        get_file(file_id, act="advance.decide", purpose="decision")
    return caught.value.reason


@pytest.mark.obligation("12/057 §21")
def test_the_second_signatory_of_another_section_sees_nothing(
    registrar: User, officer: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    stranger = make_user(Role.APPROVER, section="Liège")
    assert _refusal(stranger, file.pk, as_user).hidden


def test_lists_and_the_door_agree_for_every_actor_and_file(
    registrar: User, officer: User, other_officer: User, approver: User, as_user: AsUser
) -> None:
    known = stories.tom()
    files = [
        stories.register_file(registrar=registrar, officer=officer),
        stories.register_file(registrar=registrar, officer=other_officer, debtor=known),
    ]
    change(approver, niss_bi=niss_index(known.niss))
    for user in (officer, other_officer, approver):
        for file in files:
            with as_user(user):
                listed = visible_files(current_actor()).filter(pk=file.pk).exists()
            try:
                with as_user(user):
                    get_file(file.pk, purpose="file.work")
                opened = True
            except Refused:
                opened = False
            assert listed == opened, (user, file)


def test_the_door_costs_the_same_few_queries_however_many_people_stand_behind_it(
    registrar: User, officer: User, as_user: AsUser, django_assert_max_num_queries: Any
) -> None:
    small = stories.register_file(registrar=registrar, officer=officer)
    large = stories.register_file(registrar=registrar, officer=officer, children=8)
    for file in (small, large):
        with as_user(officer), django_assert_max_num_queries(2):
            get_file(file.pk, purpose="file.work")
