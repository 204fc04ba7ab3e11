"""Emergency access: asked by number, allowed by another section in time, for thirty minutes, then reviewed.

It replaces the assignment only.
"""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.cases.access_selectors import count_to_review, emergencies_to_answer, emergencies_to_review
from secal.cases.errors import CaseError
from secal.cases.models import AlimonyFile, CaseEvent, EmergencyAccess, FileState, ReviewFinding
from secal.cases.selectors import files_of
from secal.cases.services.emergency import answer_emergency, ask_emergency, review_emergency
from secal.people.identifiers import niss_index
from tests import stories
from tests.cases.door import NOW, AsUser, opens
from tests.changing import change

Log = Callable[..., list[dict[str, Any]]]
REASON = "Le débiteur est au guichet et son gestionnaire est absent."


@pytest.fixture
def file(registrar: User, officer: User) -> AlimonyFile:
    return stories.register_file(registrar=registrar, officer=officer)


@pytest.fixture
def stranger(make_user: Callable[..., User]) -> User:
    """A second signatory of another section."""
    return make_user(Role.APPROVER, given_name="Paul", section="Liège")


def asked(user: User, file: AlimonyFile, as_user: AsUser, at: datetime = NOW) -> EmergencyAccess:
    with as_user(user):
        return ask_emergency(number=file.number, reason=REASON, at=at)


def answered(
    user: User, access: EmergencyAccess, as_user: AsUser, *, allow: bool = True, at: datetime = NOW
) -> EmergencyAccess:
    with as_user(user):
        return answer_emergency(access_id=access.pk, allow=allow, at=at)


@pytest.mark.obligation("12/057 §21")
def test_allowed_by_another_section_it_opens_the_file_for_thirty_minutes(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    as_user: AsUser,
    clock: Callable[[datetime], None],
    security_log: Log,
) -> None:
    access = asked(other_officer, file, as_user)
    assert opens(other_officer, file, as_user) == "not_assigned"
    answered(stranger, access, as_user, at=NOW + timedelta(minutes=14))
    clock(NOW + timedelta(minutes=43, seconds=59))
    assert opens(other_officer, file, as_user) == ""
    clock(NOW + timedelta(minutes=44))
    assert opens(other_officer, file, as_user) == "not_assigned"
    codes = [event.code for event in CaseEvent.objects.filter(file=file, code__startswith="emergency")]
    assert set(codes) == {"emergency_asked", "emergency_allowed"}
    acts = {row["act"] for row in security_log(kind="WRITE", purpose="emergency", file=file.pk)}
    assert acts == {"emergency.ask", "emergency.allow"}
    access.refresh_from_db()
    assert access.open_value("reason") == REASON
    assert access.review_due_on == date(2026, 11, 27)


def test_a_file_is_listed_once_however_many_ways_lead_to_it(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    as_user: AsUser,
    clock: Callable[[datetime], None],
) -> None:
    for at in (NOW, NOW + timedelta(minutes=16)):
        answered(stranger, asked(other_officer, file, as_user, at), as_user, at=at)
    clock(NOW + timedelta(minutes=20))
    for way in ("two emergency accesses", "the assignment as well"):
        with as_user(other_officer):
            assert [one.pk for one in files_of(current_actor())] == [file.pk], way
        stories.hand_over(file, other_officer)


def test_it_opens_the_file_to_the_one_who_asked_only(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    make_user: Callable[..., User],
    as_user: AsUser,
    clock: Callable[[datetime], None],
) -> None:
    answered(stranger, asked(other_officer, file, as_user), as_user)
    assert opens(make_user(Role.CASE_OFFICER, given_name="Ann"), file, as_user) == "not_assigned"
    assert opens(stranger, file, as_user) == "not_assigned"


def test_an_answer_after_fifteen_minutes_is_no_answer(
    file: AlimonyFile, other_officer: User, stranger: User, as_user: AsUser
) -> None:
    access = asked(other_officer, file, as_user)
    with pytest.raises(CaseError) as caught:
        answered(stranger, access, as_user, at=NOW + timedelta(minutes=15))
    assert caught.value.code == "emergency.over"
    asked(other_officer, file, as_user, at=NOW + timedelta(minutes=15))


def test_one_asks_once_at_a_time(file: AlimonyFile, other_officer: User, as_user: AsUser) -> None:
    asked(other_officer, file, as_user)
    with pytest.raises(CaseError) as caught:
        asked(other_officer, file, as_user, at=NOW + timedelta(minutes=14))
    assert caught.value.code == "emergency.waits"


def test_who_asks_never_answers_in_service_and_database(
    file: AlimonyFile, make_user: Callable[..., User], as_user: AsUser, security_log: Log
) -> None:
    both = make_user(Role.CASE_OFFICER, Role.APPROVER, given_name="Bo", section="Liège")
    access = asked(both, file, as_user)
    change(both, section="Namur")
    with pytest.raises(Refused) as refused:
        answered(both, access, as_user)
    assert refused.value.reason == "same_person"
    assert security_log(kind="DENY", act="emergency.decide", reason="same_person", file=file.pk)
    with pytest.raises(IntegrityError, match="emergency_needs_a_second_person"), transaction.atomic():
        allow_raw(access, both, "Namur")


def test_the_answer_comes_from_another_section_in_service_and_database(
    file: AlimonyFile, other_officer: User, approver: User, as_user: AsUser
) -> None:
    access = asked(other_officer, file, as_user)
    with pytest.raises(CaseError) as caught:
        answered(approver, access, as_user)
    assert caught.value.code == "emergency.same_section"
    with pytest.raises(IntegrityError, match="decided_by_another_section"), transaction.atomic():
        allow_raw(access, approver, approver.section)
    with as_user(approver):
        assert emergencies_to_answer(at=NOW) == []


def test_a_refusal_opens_nothing_and_needs_no_review(
    file: AlimonyFile, other_officer: User, stranger: User, as_user: AsUser, clock: Callable[[datetime], None]
) -> None:
    answered(stranger, asked(other_officer, file, as_user), as_user, allow=False)
    assert opens(other_officer, file, as_user) == "not_assigned"
    assert EmergencyAccess.objects.get().review_due_on is None


@pytest.mark.obligation("12/057 §22", "forbidden 2")
def test_it_never_replaces_the_exclusion_of_who_registered(
    registrar: User,
    officer: User,
    stranger: User,
    make_user: Callable[..., User],
    as_user: AsUser,
    clock: Callable[[datetime], None],
    mover: Callable[[User, Role], None],
) -> None:
    file = stories.register_file(registrar=registrar, officer=officer)
    mover(registrar, Role.CASE_OFFICER)
    with pytest.raises(CaseError) as unknown:
        asked(registrar, file, as_user)
    assert unknown.value.code == "access.no_open_file", "the database does not give them the file at all"
    row = EmergencyAccess(
        file=file,
        asked_by=registrar,
        section="Bruxelles",
        asked_at=NOW,
        answer_until=NOW + timedelta(minutes=15),
    )
    row.seal_value("reason", REASON)
    row.save(force_insert=True)
    answered(stranger, row, as_user)
    assert opens(registrar, file, as_user) == "registered_by_actor"


@pytest.mark.obligation("forbidden 7")
def test_it_never_opens_ones_own_file(
    registrar: User, officer: User, other_officer: User, as_user: AsUser
) -> None:
    tom = stories.tom()
    file = stories.register_file(registrar=registrar, officer=officer, debtor=tom)
    change(other_officer, niss_bi=niss_index(tom.niss))
    with pytest.raises(Refused) as refused:
        asked(other_officer, file, as_user)
    assert refused.value.reason == "actor_is_party"


@pytest.mark.obligation("forbidden 7")
def test_a_party_does_not_read_who_asks_for_their_file_and_why(
    registrar: User, officer: User, other_officer: User, stranger: User, as_user: AsUser
) -> None:
    tom = stories.tom()
    own = stories.register_file(registrar=registrar, officer=officer, debtor=tom)
    other = stories.register_file(registrar=registrar, officer=officer)
    for file in (own, other):
        asked(other_officer, file, as_user)
    change(stranger, niss_bi=niss_index(tom.niss))
    with as_user(stranger):
        assert [told.request.file for told in emergencies_to_answer(at=NOW)] == [other]


def test_a_file_that_is_not_open_cannot_be_asked_for(
    file: AlimonyFile, other_officer: User, stranger: User, as_user: AsUser, clock: Callable[[datetime], None]
) -> None:
    access = asked(other_officer, file, as_user)
    answered(stranger, access, as_user)
    change(file, state=FileState.REFUSED, closed_on=date(2026, 11, 20))
    assert opens(other_officer, file, as_user) == "not_assigned"
    for number in (file.number, "SECAL-2026-999999"):
        with pytest.raises(CaseError) as caught, as_user(other_officer):
            ask_emergency(number=number, reason=REASON, at=NOW + timedelta(hours=1))
        assert caught.value.code == "access.no_open_file"


def test_a_short_reason_is_none_and_ones_own_file_needs_no_emergency(
    file: AlimonyFile, officer: User, other_officer: User, as_user: AsUser
) -> None:
    with pytest.raises(CaseError) as caught, as_user(other_officer):
        ask_emergency(number=file.number, reason="urgent", at=NOW)
    assert caught.value.code == "access.reason"
    with pytest.raises(CaseError) as mine:
        asked(officer, file, as_user)
    assert mine.value.code == "access.already_in_charge"


def test_the_same_two_persons_at_most_twice_in_thirty_days(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    make_user: Callable[..., User],
    as_user: AsUser,
) -> None:
    watcher = make_user(Role.SECURITY_COORDINATOR, given_name="Sam")
    for day in (0, 10):
        at = NOW + timedelta(days=day)
        access = answered(stranger, asked(other_officer, file, as_user, at=at), as_user, at=at)
        with as_user(watcher):
            review_emergency(access_id=access.pk, finding=ReviewFinding.JUSTIFIED, at=at)
    late = NOW + timedelta(days=29, hours=23)
    access = asked(other_officer, file, as_user, at=late)
    with pytest.raises(CaseError) as caught:
        answered(stranger, access, as_user, at=late)
    assert caught.value.code == "emergency.pair"
    with pytest.raises(IntegrityError, match="allowed each other enough"), transaction.atomic():
        allow_raw(access, stranger, "Liège", at=late)
    again = NOW + timedelta(days=30)
    answered(stranger, asked(other_officer, file, as_user, at=again), as_user, at=again)


def test_the_pair_counts_whoever_of_them_asked(
    file: AlimonyFile, make_user: Callable[..., User], as_user: AsUser
) -> None:
    one = make_user(Role.CASE_OFFICER, Role.APPROVER, given_name="An", section="Liège")
    two = make_user(Role.CASE_OFFICER, Role.APPROVER, given_name="Bo", section="Namur")
    for asker, other in ((one, two), (two, one)):
        answered(other, asked(asker, file, as_user), as_user)
    access = asked(one, file, as_user, at=NOW + timedelta(days=1))
    with pytest.raises(CaseError) as caught:
        answered(two, access, as_user, at=NOW + timedelta(days=1))
    assert caught.value.code == "emergency.pair"


def test_oversight_reviews_and_until_then_the_right_to_ask_lapses(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    make_user: Callable[..., User],
    as_user: AsUser,
    security_log: Log,
) -> None:
    access = answered(stranger, asked(other_officer, file, as_user), as_user)
    asked(other_officer, file, as_user, at=datetime(2026, 11, 27, 9, tzinfo=UTC))
    with pytest.raises(CaseError) as caught:
        asked(other_officer, file, as_user, at=datetime(2026, 11, 28, 9, tzinfo=UTC))
    assert caught.value.code == "emergency.unreviewed"
    watcher = make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dina")
    with as_user(watcher):
        (told,) = emergencies_to_review()
        assert (told.request.pk, told.reason) == (access.pk, REASON)
        review_emergency(access_id=access.pk, finding=ReviewFinding.JUSTIFIED, at=NOW + timedelta(days=9))
        assert emergencies_to_review() == []
    asked(other_officer, file, as_user, at=NOW + timedelta(days=10))
    assert security_log(kind="WRITE", act="emergency.review", file=file.pk, subject=other_officer.pk)


@pytest.mark.obligation("forbidden 7")
def test_a_party_does_not_review_who_was_in_their_file(
    registrar: User,
    officer: User,
    other_officer: User,
    stranger: User,
    coordinator: User,
    as_user: AsUser,
) -> None:
    tom = stories.tom()
    file = stories.register_file(registrar=registrar, officer=officer, debtor=tom)
    access = answered(stranger, asked(other_officer, file, as_user), as_user)
    change(coordinator, niss_bi=niss_index(tom.niss))
    with as_user(coordinator):
        assert (emergencies_to_review(), count_to_review()) == ([], 0)
    with pytest.raises(Refused) as refused, as_user(coordinator):
        review_emergency(access_id=access.pk, finding=ReviewFinding.JUSTIFIED, at=NOW)
    assert refused.value.reason == "actor_is_party"


def test_only_oversight_reviews_and_only_once(
    file: AlimonyFile,
    other_officer: User,
    stranger: User,
    make_user: Callable[..., User],
    as_user: AsUser,
) -> None:
    access = answered(stranger, asked(other_officer, file, as_user), as_user)
    for user in (other_officer, stranger):
        with pytest.raises(Refused), as_user(user):
            review_emergency(access_id=access.pk, finding=ReviewFinding.JUSTIFIED, at=NOW)
    watcher = make_user(Role.SECURITY_COORDINATOR, given_name="Sam")
    with as_user(watcher):
        review_emergency(access_id=access.pk, finding=ReviewFinding.UNJUSTIFIED, at=NOW)
        with pytest.raises(CaseError):
            review_emergency(access_id=access.pk, finding=ReviewFinding.JUSTIFIED, at=NOW)
    with pytest.raises(IntegrityError, match="reviewed once"), transaction.atomic():
        EmergencyAccess.objects.filter(pk=access.pk).update(finding="justified")


@pytest.mark.parametrize(
    "changes",
    [
        {"access_until": NOW + timedelta(minutes=31)},
        {"access_until": NOW + timedelta(minutes=29)},
        {"decided_at": NOW + timedelta(minutes=15), "access_until": NOW + timedelta(minutes=45)},
        {"decided_at": NOW - timedelta(seconds=1), "access_until": NOW + timedelta(minutes=30, seconds=-1)},
        {"review_due_on": None},
    ],
)
def test_the_database_refuses_any_other_length_or_moment(
    file: AlimonyFile, other_officer: User, stranger: User, as_user: AsUser, changes: dict[str, Any]
) -> None:
    access = asked(other_officer, file, as_user)
    with pytest.raises(IntegrityError), transaction.atomic():
        allow_raw(access, stranger, "Liège", **changes)


def test_what_was_asked_or_answered_is_not_rewritten(
    file: AlimonyFile, other_officer: User, stranger: User, as_user: AsUser
) -> None:
    access = answered(stranger, asked(other_officer, file, as_user), as_user)
    for statement in (
        "UPDATE cases_emergencyaccess SET asked_by_id = decided_by_id",
        "UPDATE cases_emergencyaccess SET answer_until = answer_until + interval '1 hour'",
        "DELETE FROM cases_emergencyaccess",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(IntegrityError, match="answered once"), transaction.atomic():
        allow_raw(access, stranger, "Namur")


def allow_raw(access: EmergencyAccess, user: User, section: str, at: datetime = NOW, **changes: Any) -> None:
    values = {
        "decided_by": user,
        "decided_in": section,
        "decided_at": at,
        "access_until": at + timedelta(minutes=30),
        "review_due_on": date(2026, 11, 27),
    }
    EmergencyAccess.objects.filter(pk=access.pk).update(**{**values, **changes})


def test_an_unknown_request_is_told_so(stranger: User, as_user: AsUser) -> None:
    with pytest.raises(CaseError) as caught, as_user(stranger):
        answer_emergency(access_id=uuid.uuid4(), allow=True, at=NOW)
    assert caught.value.code == "access.no_such_request"
