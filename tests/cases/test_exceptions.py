"""Files closed to whom they would else be open: a declared conflict of interest, a protected person."""

import uuid
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.cases.access_selectors import (
    count_openings_to_watch,
    openings_to_agree,
    persons_to_protect,
    protections,
)
from secal.cases.errors import CaseError
from secal.cases.models import (
    AlimonyFile,
    CaseEvent,
    PersonProtection,
    ProtectedOpening,
    ProtectionGround,
    Recusal,
    WorkItem,
    WorkKind,
)
from secal.cases.selectors import eligible_officers
from secal.cases.services import assign
from secal.cases.services.exceptions import agree, ask_opening, protect, recuse, unprotect
from secal.people.identifiers import niss_index
from secal.people.services import PersonDetails
from tests import stories
from tests.cases.door import NOW, AsUser, opens
from tests.changing import change

Log = Callable[..., list[dict[str, Any]]]
ON = date(2026, 11, 20)
REASON = "Je traite la demande d’avances qui expire demain."


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return stories.register_file(registrar=registrar, officer=officer)


def protected(file: AlimonyFile, coordinator: User, as_user: AsUser, person: uuid.UUID | None = None) -> None:
    with as_user(coordinator):
        protect(
            number=file.number,
            person_id=person or file.debtor_id,
            ground=ProtectionGround.COLLEAGUE,
            on=ON,
        )


@pytest.mark.obligation("forbidden 7")
def test_a_declared_conflict_closes_the_file_and_asks_for_another_officer(
    file: AlimonyFile, officer: User, other_officer: User, approver: User, as_user: AsUser, security_log: Log
) -> None:
    with as_user(officer):
        recuse(file_id=file.pk, on=ON)
    assert opens(officer, file, as_user) == "actor_recused"
    assert WorkItem.objects.get(file=file, kind=WorkKind.REASSIGN).done_on is None
    assert CaseEvent.objects.filter(file=file, code="officer_recused").exists()
    assert officer not in [candidate.officer for candidate in eligible_officers(file, on=ON)]
    with as_user(approver):
        assign(file_id=file.pk, officer_id=other_officer.pk, on=ON)
    assert WorkItem.objects.get(file=file, kind=WorkKind.REASSIGN).done_on == ON
    assert opens(other_officer, file, as_user) == ""
    assert security_log(kind="WRITE", act="conflict.declare", file=file.pk, actor=officer.pk)


def test_only_the_officer_in_charge_recuses_themselves_and_nobody_takes_it_back(
    file: AlimonyFile, officer: User, other_officer: User, as_user: AsUser
) -> None:
    with pytest.raises(Refused), as_user(other_officer):
        recuse(file_id=file.pk, on=ON)
    with as_user(officer):
        recuse(file_id=file.pk, on=ON)
    assert Recusal.objects.count() == 1
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_recusal")


@pytest.mark.parametrize("whom", ["creditor", "debtor", "child"])
def test_the_file_of_a_protected_person_opens_to_nobody_alone(
    file: AlimonyFile,
    officer: User,
    approver: User,
    coordinator: User,
    as_user: AsUser,
    whom: str,
    security_log: Log,
) -> None:
    child = file.title.beneficiaries.get().child_id
    person = {"creditor": file.creditor_id, "debtor": file.debtor_id, "child": child}[whom]
    protected(file, coordinator, as_user, person)
    for user in (officer, approver):
        assert opens(user, file, as_user) == "protected_person"
    assert security_log(kind="DENY", reason="protected_person", file=file.pk)


def test_two_others_open_it_for_a_day(
    file: AlimonyFile,
    officer: User,
    approver: User,
    coordinator: User,
    as_user: AsUser,
    clock: Callable[[datetime], None],
) -> None:
    protected(file, coordinator, as_user)
    with as_user(officer):
        opening = ask_opening(file_id=file.pk, reason=REASON, at=NOW)
    for number, user in enumerate((approver, coordinator)):
        assert opens(officer, file, as_user) == "protected_person"
        with as_user(user):
            (told,) = openings_to_agree(at=NOW)
            assert told.reason == REASON
            agree(opening_id=opening.pk, at=NOW + timedelta(hours=number))
    assert opens(officer, file, as_user) == ""
    assert opens(approver, file, as_user) == "protected_person"
    clock(NOW + timedelta(hours=23, minutes=59))
    assert opens(officer, file, as_user) == ""
    clock(NOW + timedelta(hours=24))
    assert opens(officer, file, as_user) == "protected_person"
    assert CaseEvent.objects.filter(file=file, code="protected_opening_agreed").count() == 1


def test_no_agreement_comes_from_the_one_who_asks_or_twice_from_one_side(
    file: AlimonyFile, approver: User, coordinator: User, make_user: Callable[..., User], as_user: AsUser
) -> None:
    protected(file, coordinator, as_user)
    with as_user(approver):
        opening = ask_opening(file_id=file.pk, reason=REASON, at=NOW)
    with pytest.raises(Refused) as refused, as_user(approver):
        agree(opening_id=opening.pk, at=NOW)
    assert refused.value.reason == "same_person"
    second = make_user(Role.APPROVER, given_name="Ben")
    with as_user(second):
        agree(opening_id=opening.pk, at=NOW)
    third = make_user(Role.APPROVER, given_name="Cis")
    with pytest.raises(CaseError) as caught, as_user(third):
        agree(opening_id=opening.pk, at=NOW)
    assert caught.value.code == "protection.agreed"
    assert opens(approver, file, as_user) == "protected_person"
    for column, value in (("watched_by", approver), ("watched_by", second)):
        with pytest.raises(IntegrityError, match="protected_opening_needs"), transaction.atomic():
            ProtectedOpening.objects.filter(pk=opening.pk).update(**{column: value, "watched_at": NOW})
    with pytest.raises(IntegrityError, match="given once"), transaction.atomic():
        ProtectedOpening.objects.filter(pk=opening.pk).update(signed_at=NOW + timedelta(hours=5))


def test_an_agreement_does_not_stand_in_for_the_assignment(
    file: AlimonyFile, other_officer: User, coordinator: User, as_user: AsUser
) -> None:
    protected(file, coordinator, as_user)
    with pytest.raises(Refused) as refused, as_user(other_officer):
        ask_opening(file_id=file.pk, reason=REASON, at=NOW)
    assert refused.value.reason == "not_assigned"


def test_nobody_asks_for_a_file_in_which_nobody_is_protected(
    file: AlimonyFile, officer: User, as_user: AsUser
) -> None:
    with pytest.raises(CaseError) as caught, as_user(officer):
        ask_opening(file_id=file.pk, reason=REASON, at=NOW)
    assert caught.value.code == "protection.nobody"


def test_only_the_security_coordinator_protects_and_lifts(
    file: AlimonyFile,
    officer: User,
    approver: User,
    coordinator: User,
    make_user: Callable[..., User],
    as_user: AsUser,
) -> None:
    for user in (officer, approver, make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dina")):
        with pytest.raises(Refused), as_user(user):
            protect(number=file.number, person_id=file.debtor_id, ground=ProtectionGround.WELL_KNOWN, on=ON)
    protected(file, coordinator, as_user)
    protected(file, coordinator, as_user)
    with as_user(coordinator):
        assert {person.pk for person in persons_to_protect(file.number)} >= {file.debtor_id}
        (row,) = protections()
        unprotect(protection_id=row.pk, on=ON)
        assert list(protections()) == []
    assert PersonProtection.objects.count() == 1
    assert opens(officer, file, as_user) == ""


@pytest.fixture
def tom() -> PersonDetails:
    return stories.tom()


@pytest.fixture
def toms_file(
    tom: PersonDetails, registrar: User, officer: User, coordinator: User, as_user: AsUser
) -> AlimonyFile:
    """In which Tom is the debtor, and protected."""
    file = stories.register_file(registrar=registrar, officer=officer, debtor=tom)
    protected(file, coordinator, as_user)
    return file


@pytest.fixture
def at_work_as_tom(tom: PersonDetails, make_user: Callable[..., User]) -> Callable[[Role], User]:
    """Tom himself works here."""

    def make(role: Role) -> User:
        party = make_user(role, given_name="Tom")
        change(party, niss_bi=niss_index(tom.niss))
        return party

    return make


@pytest.mark.obligation("forbidden 7")
@pytest.mark.parametrize("role", [Role.APPROVER, Role.SECURITY_COORDINATOR])
def test_a_party_neither_reads_who_wants_into_their_file_nor_agrees(
    toms_file: AlimonyFile,
    at_work_as_tom: Callable[[Role], User],
    officer: User,
    as_user: AsUser,
    security_log: Log,
    role: Role,
) -> None:
    with as_user(officer):
        opening = ask_opening(file_id=toms_file.pk, reason=REASON, at=NOW)
    party = at_work_as_tom(role)
    with as_user(party):
        assert openings_to_agree(at=NOW) == []
        assert count_openings_to_watch(at=NOW) == 0
    with pytest.raises(Refused) as refused, as_user(party):
        agree(opening_id=opening.pk, at=NOW)
    assert refused.value.reason == "actor_is_party"
    assert security_log(kind="DENY", act="protection.clear", reason="actor_is_party", file=toms_file.pk)


@pytest.mark.obligation("forbidden 7")
def test_a_party_neither_protects_nor_lifts_protection_in_their_own_file(
    toms_file: AlimonyFile,
    at_work_as_tom: Callable[[Role], User],
    file: AlimonyFile,
    coordinator: User,
    as_user: AsUser,
    security_log: Log,
) -> None:
    protected(file, coordinator, as_user)
    party = at_work_as_tom(Role.SECURITY_COORDINATOR)
    row = PersonProtection.objects.get(person=toms_file.debtor_id)
    number, ground = toms_file.number, ProtectionGround.WELL_KNOWN
    for attempt in (
        lambda: unprotect(protection_id=row.pk, on=ON),
        lambda: protect(number=number, person_id=toms_file.creditor_id, ground=ground, on=ON),
        lambda: persons_to_protect(number),
    ):
        with pytest.raises(Refused) as refused, as_user(party):
            attempt()
        assert refused.value.reason == "actor_is_party"
    denied = security_log(kind="DENY", act="protection.mark", reason="actor_is_party", file=toms_file.pk)
    assert len(denied) == 3
    assert PersonProtection.objects.filter(lifted_on=None).count() == PersonProtection.objects.count() == 2
    with as_user(party):
        assert [line.person_id for line in protections()] == [file.debtor_id]
        unprotect(protection_id=protections().get().pk, on=ON)
