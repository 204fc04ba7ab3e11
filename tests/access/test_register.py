"""The register of users: each of its rules in the service, and once more in the database for raw SQL."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from secal.access import seats
from secal.access.errors import Refused
from secal.access.identities import NumberIndexes
from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.roles import Mission, Plane, Role
from secal.access.selectors import actor_or_none
from secal.access.services import users
from secal.access.services.users import RegisterError
from secal.access.unit_of_work import acting_as
from tests.conftest import _administrator, _point_at, clone_template, drop_database

MakeUser = Callable[..., User]
Log = Callable[..., list[dict[str, Any]]]
RIGHTS = (Appointment, UserRole, Charge)
TODAY = timezone.localdate()
KOEN, SOMEBODY = (NumberIndexes(bytes([one]) * 32, bytes([one + 8]) * 32) for one in (1, 2))


@pytest.fixture
def other_keeper(make_user: MakeUser) -> User:
    return make_user(Role.USER_REGISTRAR, given_name="Lotte", family_name="Maes")


def newcomer() -> User:
    made: User = User.objects.create(
        subject=f"new-{uuid.uuid4()}", given_name="Koen", family_name="Baert", section=""
    )
    return made


def stored() -> list[tuple[Any, ...]]:
    """Every right as it stands."""
    return [row for model in RIGHTS for row in model.objects.order_by("pk").values_list()]


@contextmanager
def refused(reason: str, log: Log) -> Iterator[None]:
    """What is inside changes nothing and leaves a refusal with this reason in the log."""
    before = stored(), list(User.objects.order_by("pk").values_list())
    with pytest.raises(Refused) as refusal:
        yield
    assert refusal.value.reason == reason
    assert (stored(), list(User.objects.order_by("pk").values_list())) == before
    assert log(kind="DENY", reason=reason, act=refusal.value.act)


def appoint_to(user: User, plane: Plane, role: Role, *, since: date = TODAY) -> Appointment:
    """Through the services, by whoever is at work."""
    appointment = users.appoint(user_id=user.pk, plane=plane, section="Liège", valid_from=since)
    users.grant_role(appointment_id=appointment.pk, role=role, valid_from=since)
    return appointment


# --- in the service ------------------------------------------------------------------------------------


@pytest.mark.obligation("17/006 §16.1")
def test_the_keeper_enters_a_person_their_capacity_roles_and_missions(
    keeper: User, security_log: Log
) -> None:
    with acting_as(keeper.pk):
        user = users.register_user(users.NewUser("federal-1", "Koen", "Baert", "nl", KOEN))
        assert actor_or_none(user.pk) is None, "who is only entered has no right"
        appoint_to(user, Plane.CASEWORK, Role.CASE_OFFICER)
        users.charge(user_id=user.pk, mission=Mission.ADVANCES, decision=" 2026/114 ", valid_from=TODAY)
    actor = actor_or_none(user.pk)
    assert actor is not None
    assert (actor.plane, actor.roles, actor.missions) == (
        Plane.CASEWORK,
        frozenset({Role.CASE_OFFICER}),
        frozenset({Mission.ADVANCES}),
    )
    assert {model.objects.get(user=user).entered_by_id for model in RIGHTS} == {keeper.pk}
    acts = [row["act"] for row in security_log(kind="WRITE", actor=keeper.pk, subject=user.pk)]
    assert acts == ["user.register", "user.appoint", "user.grant", "user.charge"]


def test_a_known_person_is_refused_in_the_same_words_by_number_and_by_identifier(keeper: User) -> None:
    with acting_as(keeper.pk):
        users.register_user(users.NewUser("federal-1", "Koen", "Baert", "nl", KOEN))
        said = []
        for subject, number in (("federal-1", SOMEBODY), ("federal-2", KOEN)):
            with pytest.raises(RegisterError) as error:
                users.register_user(users.NewUser(subject, "X", "Y", "fr", number))
            said.append((error.value.code, error.value.text(), error.value.field))
    assert said[0] == said[1]


@pytest.mark.obligation("17/006 §16.1")
def test_nobody_enters_extends_or_ends_their_own_rights(
    keeper: User, officer: User, security_log: Log
) -> None:
    own = keeper.roles.get()
    acts: list[Callable[[], object]] = [
        lambda: users.appoint(user_id=keeper.pk, plane=Plane.CASEWORK, section="x", valid_from=TODAY),
        lambda: users.grant_role(
            appointment_id=keeper.appointments.get().pk, role=Role.USER_REGISTRAR, valid_from=TODAY
        ),
        lambda: users.charge(user_id=keeper.pk, mission=Mission.ADVANCES, decision="1", valid_from=TODAY),
        lambda: users.end_right(own, reason="moved"),
        lambda: users.suspend(keeper.pk, reason="left"),
    ]
    for act in acts:
        with refused("own_entry", security_log), acting_as(keeper.pk):
            act()
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="left")


@pytest.mark.obligation("17/006 §16.1")
def test_one_user_registrar_does_not_suspend_another(
    keeper: User, other_keeper: User, coordinator: User, security_log: Log
) -> None:
    with refused("plane_not_theirs", security_log), acting_as(keeper.pk):
        users.suspend(other_keeper.pk, reason="left")
    with acting_as(coordinator.pk):
        users.suspend(other_keeper.pk, reason="left")


@pytest.mark.obligation("17/006 §16.1")
@pytest.mark.parametrize("plane", [Plane.USER_ADMINISTRATION, Plane.OVERSIGHT])
def test_the_keeper_enters_nobody_in_the_planes_that_watch_the_register(
    plane: Plane, keeper: User, security_log: Log
) -> None:
    user = newcomer()
    with refused("plane_not_theirs", security_log), acting_as(keeper.pk):
        users.appoint(user_id=user.pk, plane=plane, section="Direction", valid_from=TODAY)
    with acting_as(keeper.pk):
        appoint_to(user, Plane.REGISTRATION, Role.REGISTRAR)


@pytest.mark.obligation("17/006 §16.1")
@pytest.mark.parametrize("plane", [plane for plane in Plane if plane is not Plane.USER_ADMINISTRATION])
def test_the_co_ordinator_appoints_user_registrars_and_nobody_else(
    plane: Plane, coordinator: User, security_log: Log
) -> None:
    user = newcomer()
    with refused("plane_not_theirs", security_log), acting_as(coordinator.pk):
        users.appoint(user_id=user.pk, plane=plane, section="Direction", valid_from=TODAY)
    with acting_as(coordinator.pk):
        appoint_to(user, Plane.USER_ADMINISTRATION, Role.USER_REGISTRAR)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.CASE_OFFICER, Role.APPROVER, Role.ROLL_SIGNATORY])
def test_who_works_on_files_enters_nothing(
    role: Role, make_user: MakeUser, security_log: Log, keeper: User
) -> None:
    somebody = make_user(role)
    user = newcomer()
    with refused("role_missing", security_log), acting_as(somebody.pk):
        users.appoint(user_id=user.pk, plane=Plane.REGISTRATION, section="x", valid_from=TODAY)


def test_the_data_protection_officer_watches_and_enters_nothing(
    dpo: User, keeper: User, security_log: Log
) -> None:
    user = newcomer()
    with refused("role_missing", security_log), acting_as(dpo.pk):
        users.appoint(user_id=user.pk, plane=Plane.USER_ADMINISTRATION, section="x", valid_from=TODAY)
    with refused("role_missing", security_log), acting_as(dpo.pk):
        users.suspend(keeper.pk, reason="left")


def test_a_role_stays_inside_its_plane_and_its_days(keeper: User) -> None:
    user = newcomer()
    with acting_as(keeper.pk):
        appointment = users.appoint(
            user_id=user.pk,
            plane=Plane.CASEWORK,
            section="Liège",
            valid_from=TODAY,
            valid_until=TODAY + timedelta(days=30),
        )
        for code, role, first, last in (
            ("role.other_plane", Role.REGISTRAR, TODAY, TODAY),
            ("role.outside_appointment", Role.APPROVER, TODAY - timedelta(days=1), TODAY),
            ("role.outside_appointment", Role.APPROVER, TODAY, TODAY + timedelta(days=31)),
            ("role.outside_appointment", Role.APPROVER, TODAY, None),
            ("right.period", Role.APPROVER, TODAY + timedelta(days=9), TODAY + timedelta(days=3)),
        ):
            with pytest.raises(RegisterError) as error:
                users.grant_role(appointment_id=appointment.pk, role=role, valid_from=first, valid_until=last)
            assert error.value.code == code
    assert not user.roles.exists()


@pytest.mark.obligation("17/006 §16.1", "12/057 §7")
def test_a_returner_regains_nothing_but_what_is_entered_anew(keeper: User, officer: User) -> None:
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="long_absence")
    assert actor_or_none(officer.pk) is None
    with acting_as(keeper.pk):
        tomorrow = TODAY + timedelta(days=1)
        users.appoint(user_id=officer.pk, plane=Plane.CASEWORK, section="Liège", valid_from=tomorrow)
    officer.refresh_from_db()
    assert officer.is_active
    assert not officer.roles.filter(ended_at=None).exists()
    assert not officer.charges.filter(ended_at=None).exists()


def test_what_ended_does_not_end_twice(keeper: User, officer: User) -> None:
    with acting_as(keeper.pk):
        role = officer.roles.get()
        users.end_right(role, reason="moved")
        with pytest.raises(RegisterError) as error:
            users.end_right(UserRole.objects.get(pk=role.pk), reason="left")
    assert error.value.code == "right.ended"
    assert officer.roles.get().end_reason == "moved"


@pytest.mark.obligation("12/057 §7")
def test_a_mission_needs_the_note_that_charges_with_it(keeper: User, make_user: MakeUser) -> None:
    user = newcomer()
    with acting_as(keeper.pk), pytest.raises(RegisterError) as error:
        users.charge(user_id=user.pk, mission=Mission.ARREARS, decision="  ", valid_from=TODAY)
    assert error.value.code == "charge.decision"
    assert not Charge.objects.filter(user=user).exists()


@pytest.mark.obligation("12/057 §7")
def test_who_is_no_longer_charged_has_no_mission_at_the_next_request(keeper: User, officer: User) -> None:
    assert actor_or_none(officer.pk).missions == set(Mission)  # type: ignore[union-attr]
    with acting_as(keeper.pk):
        users.end_right(officer.charges.get(mission=Mission.ADVANCES), reason="task_over")
    assert actor_or_none(officer.pk).missions == set(Mission) - {Mission.ADVANCES}  # type: ignore[union-attr]


@pytest.mark.obligation("17/006 §21")
def test_who_is_suspended_is_out_at_the_next_request(
    keeper: User, officer: User, other_officer: User, client_for: Callable[[User], Client]
) -> None:
    browser, others = client_for(officer), client_for(other_officer)
    page = reverse("office:law")
    assert browser.get(page).status_code == 200
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="incident")
    answer = browser.get(page)
    assert (answer.status_code, answer["Location"][:11]) == (302, "/connexion/")
    assert others.get(page).status_code == 200
    assert not User.objects.get(pk=officer.pk).is_active
    for model in RIGHTS:
        assert not model.objects.filter(user=officer, ended_at=None).exists(), model


def test_rooms_above_are_told_of_who_leaves(
    keeper: User, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[uuid.UUID] = []
    monkeypatch.setattr(users, "tell_left", told.append)
    with acting_as(keeper.pk):
        users.suspend(officer.pk, reason="left")
    assert told == [officer.pk]


# --- in the database: raw SQL as the application's user, in a database exactly as an office has it --------


@pytest.fixture(scope="module")
def strict_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    name = clone_template(lenient=False)
    yield name
    drop_database(name)


PEOPLE = {
    "keeper": (Role.USER_REGISTRAR, Plane.USER_ADMINISTRATION),
    "other_keeper": (Role.USER_REGISTRAR, Plane.USER_ADMINISTRATION),
    "coordinator": (Role.SECURITY_COORDINATOR, Plane.OVERSIGHT),
    "dpo": (Role.DATA_PROTECTION_OFFICER, Plane.OVERSIGHT),
    "officer": (Role.CASE_OFFICER, Plane.CASEWORK),
    "registrar": (Role.REGISTRAR, Plane.REGISTRATION),
}


@pytest.fixture(scope="module")
def office(strict_database: str) -> dict[str, uuid.UUID]:
    """People of an office, written by its administrator; and somebody without any right."""
    made = {name: uuid.uuid4() for name in [*PEOPLE, "newcomer", "deputy", "promoted"]}
    with _administrator(strict_database) as admin:
        admin.execute("ALTER TABLE access_user DISABLE TRIGGER kept")
        for table in ("access_appointment", "access_userrole", "access_charge"):
            admin.execute(f"ALTER TABLE {table} DISABLE TRIGGER kept")
        for name, user in made.items():
            admin.execute(
                "INSERT INTO access_user (id, password, subject, given_name, family_name, language, section,"
                " is_active, is_superuser) VALUES (%s, '', %s, %s, 'X', 'fr', 'Namur', true, false)",
                [user, name, name],
            )
        for name, (role, plane) in PEOPLE.items():
            admin.execute(NEW["appointment"], [made[name], plane, "2020-01-01", None])
            admin.execute(NEW["role"], [role, "2020-01-01", None, made[name], plane])
        admin.execute(NEW["charge"], [made["officer"], "advances", "2020-01-01", None])
        for name, *days in (("deputy", "2020-01-01", TODAY), ("promoted", "2099-01-01", None)):
            admin.execute(NEW["appointment"], [made[name], Plane.USER_ADMINISTRATION, *days])
        admin.execute("ALTER TABLE access_user ENABLE TRIGGER kept")
        for table in ("access_appointment", "access_userrole", "access_charge"):
            admin.execute(f"ALTER TABLE {table} ENABLE TRIGGER kept")
    return made


NEW = {
    "appointment": (
        "INSERT INTO access_appointment (id, user_id, plane, section, valid_from, valid_until, entered_at,"
        " end_reason, entered_by_id) VALUES (gen_random_uuid(), %s, %s, 'Namur', %s, %s, now(), '',"
        " (SELECT seat.me()))"
    ),
    "role": (
        "INSERT INTO access_userrole (id, role, valid_from, valid_until, user_id, appointment_id, plane,"
        " entered_at, end_reason, entered_by_id) SELECT gen_random_uuid(), %s, %s, %s, a.user_id, a.id,"
        " a.plane, now(), '', (SELECT seat.me()) FROM access_appointment a"
        " WHERE a.user_id = %s AND a.plane = %s"
    ),
    "charge": (
        "INSERT INTO access_charge (id, user_id, mission, decision, valid_from, valid_until, entered_at,"
        " end_reason, entered_by_id) VALUES (gen_random_uuid(), %s, %s, '2020/1', %s, %s, now(), '',"
        " (SELECT seat.me()))"
    ),
}
END = (
    "UPDATE {table} SET ended_at = now(), ended_by = (SELECT seat.me()), end_reason = 'moved',"
    " valid_until = coalesce(valid_until, (now() AT TIME ZONE 'Europe/Brussels')::date) WHERE user_id = %s"
)
TABLES = ("access_appointment", "access_userrole", "access_charge")


def _token_of(subject: str) -> str:
    person = User.objects.get(subject=subject)
    return seats.open_seat(person.subject, niss_bi=person.niss_bi, authenticated_at=timezone.now()).token


@pytest.fixture
def sql(
    office: dict[str, uuid.UUID],
    strict_database: str,
    django_db_blocker: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., int]]:
    """`sql("keeper", (statement, values))`: rows changed, as the application's user, that person at work."""
    usual = connections["default"].settings_dict["NAME"]
    monkeypatch.setattr(seats, "DOOR", "door")

    def run(at_work: str | None, *statements: tuple[str, list[Any]]) -> int:
        with transaction.atomic(), connection.cursor() as cursor:
            if at_work is not None:
                assert seats.enter(_token_of(at_work)).user_id == office[at_work]
            cursor.execute("SELECT current_user")
            assert cursor.fetchone() == ("secal_app",)
            for statement, values in statements:
                cursor.execute(statement, values)
            changed: int = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
        return changed

    with django_db_blocker.unblock():
        _point_at(strict_database)
        try:
            yield run
        finally:
            _point_at(usual)


def refused_by_database(sql: Callable[..., int], at_work: str | None, *statements: Any) -> str:
    with pytest.raises(DatabaseError) as refusal:
        sql(at_work, *statements)
    return str(refusal.value)


@pytest.mark.obligation("17/006 §16.1")
def test_by_sql_the_keeper_enters_every_plane_but_those_that_watch(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    for plane in Plane:
        if plane is Plane.PORTAL:
            continue
        row = (NEW["appointment"], [office["newcomer"], plane, "2026-01-01", None])
        if plane in (Plane.USER_ADMINISTRATION, Plane.OVERSIGHT):
            assert "not theirs" in refused_by_database(sql, "keeper", row)
        else:
            assert sql("keeper", row) == 1
    assert sql("keeper", (NEW["charge"], [office["newcomer"], "arrears", "2026-01-01", None])) == 1


@pytest.mark.obligation("17/006 §16.1")
def test_by_sql_the_co_ordinator_enters_user_registrars_and_the_officer_nobody(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    for plane in Plane:
        if plane is Plane.PORTAL:
            continue
        row = (NEW["appointment"], [office["newcomer"], plane, "2026-01-01", None])
        if plane is Plane.USER_ADMINISTRATION:
            assert sql("coordinator", row) == 1
        else:
            assert "not theirs" in refused_by_database(sql, "coordinator", row)
        for nobody in ("dpo", "officer", "registrar"):
            assert "not theirs" in refused_by_database(sql, nobody, row)


@pytest.mark.obligation("17/006 §16.1")
@pytest.mark.parametrize("plane", [plane for plane in Plane if plane is not Plane.PORTAL])
def test_by_sql_nothing_is_entered_while_nobody_is_at_work(
    plane: Plane, sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    row = (NEW["appointment"], [office["newcomer"], plane, "2026-01-01", None])
    assert "not theirs" in refused_by_database(sql, None, row)
    charge = (NEW["charge"], [office["newcomer"], "arrears", "2026-01-01", None])
    assert "not theirs" in refused_by_database(sql, None, charge)


@pytest.mark.obligation("17/006 §16.1")
def test_by_sql_nobody_enters_changes_or_ends_their_own(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    mine = office["keeper"]
    for row in (
        (NEW["charge"], [mine, "arrears", "2026-01-01", None]),
        (NEW["role"], [Role.USER_REGISTRAR, "2019-01-01", "2019-12-31", mine, Plane.USER_ADMINISTRATION]),
        *((END.format(table=table), [mine]) for table in ("access_appointment", "access_userrole")),
        ("UPDATE access_userrole SET valid_until = '2030-01-01' WHERE user_id = %s", [mine]),
    ):
        assert "their own rights" in refused_by_database(sql, "keeper", row)
    assert "own entry" in refused_by_database(
        sql, "keeper", ("UPDATE access_user SET section = 'Gent' WHERE id = %s", [mine])
    )


@pytest.mark.obligation("17/006 §16.1")
def test_by_sql_a_right_names_the_one_who_enters_it(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    for forged in ("NULL", f"'{office['other_keeper']}'"):
        statement = NEW["appointment"].replace("(SELECT seat.me())", forged)
        row = (statement, [office["newcomer"], Plane.CASEWORK, "2026-01-01", None])
        assert "names who entered it" in refused_by_database(sql, "keeper", row)


@pytest.mark.obligation("17/006 §16.1")
@pytest.mark.parametrize("table", TABLES)
def test_by_sql_what_ended_never_comes_back(
    table: str, sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    other = office["officer"]
    ended = (END.format(table=table), [other])
    back = (
        "UPDATE {} SET ended_at = NULL, ended_by = NULL, end_reason = '', valid_until = NULL"
        " WHERE user_id = %s"
    )
    assert sql("keeper", ended) == 1
    assert "never comes back" in refused_by_database(sql, "keeper", ended, (back.format(table), [other]))
    again = (END.format(table=table).replace("moved", "left"), [other])
    assert "never comes back" in refused_by_database(sql, "keeper", ended, again)


@pytest.mark.obligation("17/006 §16.1")
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change", ["valid_until = '2099-12-31'", "valid_from = '2019-01-01'", "user_id = '{newcomer}'"]
)
def test_by_sql_a_right_is_never_made_longer_nor_handed_on(
    change: str, table: str, sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    other = office["officer"]
    changed = change.format(newcomer=office["newcomer"])
    alone = (f"UPDATE {table} SET {changed} WHERE user_id = %s", [other])
    assert "never comes back" in refused_by_database(sql, "keeper", alone)
    with_end = (
        f"UPDATE {table} SET {changed}, ended_at = now(), ended_by = (SELECT seat.me()), end_reason = 'moved'"
        f"{'' if 'valid_until' in change else ', valid_until = current_date'} WHERE user_id = %s",
        [other],
    )
    shortened = (f"UPDATE {table} SET valid_until = current_date WHERE user_id = %s", [other])
    assert "never comes back" in refused_by_database(sql, "keeper", shortened)
    if "valid_until" not in change:
        assert "does not change" in refused_by_database(sql, "keeper", with_end)


@pytest.mark.parametrize("table", [*TABLES, "access_user"])
@pytest.mark.parametrize("how", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_by_sql_nothing_is_deleted(how: str, table: str, sql: Callable[..., int]) -> None:
    assert "permission denied" in refused_by_database(sql, "keeper", (how.format(table), []))


@pytest.mark.obligation("forbidden 8")
@pytest.mark.parametrize(("at_work", "whom"), [("keeper", "officer"), ("coordinator", "keeper")])
def test_by_sql_nobody_makes_a_superuser(
    at_work: str, whom: str, sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    row = ("UPDATE access_user SET is_superuser = true WHERE id = %s", [office[whom]])
    assert "nobody_is_superuser" in refused_by_database(sql, at_work, row)


def test_by_sql_who_a_user_is_does_not_change_and_only_keepers_write_users(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    other = office["officer"]
    row = ("UPDATE access_user SET subject = 'somebody else' WHERE id = %s", [other])
    assert "who a user is" in refused_by_database(sql, "keeper", row)
    moved = ("UPDATE access_user SET section = 'Gent' WHERE id = %s", [other])
    assert sql("keeper", moved) == 1
    for at_work in ("registrar", None):
        assert "keeps the register" in refused_by_database(sql, at_work, moved)


@pytest.mark.obligation("17/006 §16.1")
def test_by_sql_an_entry_is_kept_by_who_keeps_the_work_of_the_day(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    """Not by who enters something for a later day; nor is it withheld for what is still to come."""
    deputy, promoted = office["deputy"], office["promoted"]
    later = (NEW["appointment"], [deputy, Plane.CASEWORK, TODAY + timedelta(days=1), None])
    out = ("UPDATE access_user SET is_active = false WHERE id = %s", [deputy])
    assert "keeps the register" in refused_by_database(sql, "keeper", later, out)
    assert sql("coordinator", out) == 1
    now = (NEW["appointment"], [promoted, Plane.CASEWORK, TODAY, "2098-12-31"])
    placed = ("UPDATE access_user SET section = 'Gent' WHERE id = %s", [promoted])
    assert "keeps the register" in refused_by_database(sql, "keeper", placed)
    assert sql("keeper", now, placed) == 1


@pytest.mark.obligation("12/057 §22")
@pytest.mark.parametrize(
    "forged", ["ended_at = '2019-06-01', valid_until = '2020-01-01'", "valid_until = '2020-01-01'"]
)
def test_by_sql_no_appointment_is_ended_for_the_past(
    forged: str, sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    """The day would be free for another plane: an officer of the morning is no registrar in the afternoon."""
    ended = "" if "ended_at" in forged else "ended_at = now(), "
    row = (
        f"UPDATE access_appointment SET {ended}{forged}, ended_by = (SELECT seat.me()), end_reason = 'moved'"
        " WHERE user_id = %s",
        [office["officer"]],
    )
    assert "has been until today" in refused_by_database(sql, "keeper", row)


@pytest.mark.obligation("17/006 §21")
def test_by_sql_only_keepers_and_watchers_see_and_end_sessions(
    sql: Callable[..., int], office: dict[str, uuid.UUID]
) -> None:
    attempts: tuple[tuple[str, list[Any], str], ...] = (
        ("SELECT * FROM seat.sessions()", [], "for those who watch"),
        ("SELECT seat.end_sessions(%s)", [office["officer"]], "keeps the register"),
    )
    for statement, values, why in attempts:
        for at_work in ("keeper", "coordinator", "dpo"):
            assert sql(at_work, (statement, values)) >= 1
        for outsider in ("officer", "registrar", None):
            assert why in refused_by_database(sql, outsider, (statement, values))
