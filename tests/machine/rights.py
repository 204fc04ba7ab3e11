"""What happens in the register of users: people come, change their work, are suspended and return."""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import partial

from django.db.models import Q
from django.utils import timezone
from hypothesis import strategies as st

from secal.access.identities import number_indexes
from secal.access.models import Appointment, Charge, User, UserRole
from secal.access.models.rights import RUNNING, Right
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role
from secal.access.services import users
from secal.access.services.users import NewUser, RegisterError
from secal.access.unit_of_work import acting_as
from tests.machine.office import SINCE, accept_texts
from tests.machine.parties import new_word
from tests.machine.world import WHO, Colleague, World, nth, step

CAPACITIES: tuple[tuple[Role, ...], ...] = (
    (Role.REGISTRAR,),
    (Role.CASE_OFFICER,),
    (Role.CASE_OFFICER, Role.APPROVER),
    (Role.APPROVER,),
)
BEGINNING = (
    (CAPACITIES[0], 0),
    (CAPACITIES[0], 0),
    (CAPACITIES[1], 0),
    (CAPACITIES[1], 0),
    (CAPACITIES[3], 0),
    (CAPACITIES[3], 1),
)
"""The work of those who are there from the first day, and in which section."""
MOST_COLLEAGUES = 8
NIGHT, HALF_AN_HOUR = timedelta(days=1), timedelta(minutes=31)
MISSIONS = (Mission.RECOVERY, Mission.ADVANCES)
CAPACITY, SECTION = st.sampled_from(CAPACITIES), st.integers(0, 1)
IN_CHARGE = "SELECT officer_id FROM cases_assignment WHERE until_at IS NULL"
WORDS = "La personne change de travail."


class RightsOfColleagues(World):
    """Rules of the register. Its keeper does what the services let them do; so does whoever tries."""

    def __init__(self) -> None:
        super().__init__()
        with acting_as(self.office.keeper):
            for roles, section in BEGINNING:
                self._entered(None, roles, self.sections[section], since=SINCE)
        for one in self.people:
            accept_texts(one.id)

    @step()
    def half_an_hour_passes(self) -> None:
        self.office.let_pass(HALF_AN_HOUR)

    @step(kin=st.integers(0, 9), roles=CAPACITY, section=SECTION)
    def somebody_comes(self, kin: int, roles: tuple[Role, ...], section: int) -> None:
        """Perhaps a party of some file is now a colleague."""
        if len(self.people) >= MOST_COLLEAGUES:
            return
        number = self.parties[kin].niss if kin < len(self.parties) else None

        def comes() -> Colleague:
            with acting_as(self.office.keeper):
                return self._entered(number, roles, self.sections[section])

        one = self.attempt("entering", comes)
        if one is not None:
            accept_texts(one.id)

    @step(weight=3, who=WHO, roles=CAPACITY, section=SECTION, days=st.sampled_from([None, None, 0, 1]))
    def somebody_is_appointed(
        self, who: int, roles: tuple[Role, ...], section: int, days: int | None
    ) -> None:
        """Today; for some days, or until it is ended."""
        idle = [one for one in self.people if not self.standing(one.id).plane]
        self._appoint(nth(idle or self.people, who), roles, self.sections[section], days=days)

    @step(who=WHO)
    def an_appointment_ends(self, who: int) -> None:
        self._end(self.colleague(who), Appointment)

    @step(weight=2, who=WHO, roles=CAPACITY, section=SECTION)
    def somebody_moves(self, who: int, roles: tuple[Role, ...], section: int) -> None:
        """To other work, from another day."""
        one = self.colleague(who)
        self._end(one, Appointment)
        self.office.let_pass(NIGHT)
        self._appoint(one, roles, self.sections[section])

    @step(weight=2, who=WHO, nights=st.integers(0, 2))
    def somebody_leaves_and_returns(self, who: int, nights: int) -> None:
        """To the same work: what they had in their hands does not come back by itself."""
        in_charge = self.office.column(IN_CHARGE)
        one = nth([one for one in self.people if one.id in in_charge] or self.people, who)
        self._end(one, Appointment)
        self.office.let_pass(nights * NIGHT)
        self._appoint(one, CAPACITIES[1], self.sections[0])

    @step(who=WHO, role=st.sampled_from([Role.CASE_OFFICER, Role.APPROVER, Role.REGISTRAR]))
    def a_role_is_granted(self, who: int, role: Role) -> None:
        """In the appointment that runs; never one of another plane."""
        one = self.colleague(who)
        for appointment in Appointment.objects.filter(RUNNING, user=one.id):
            granted = self._kept(
                "granting",
                partial(
                    users.grant_role,
                    appointment_id=appointment.pk,
                    role=role,
                    valid_from=max(timezone.localdate(), appointment.valid_from),
                    valid_until=appointment.valid_until,
                ),
            )
            assert not granted or PLANE_OF_ROLE[role] == appointment.plane

    @step(who=WHO)
    def a_role_ends(self, who: int) -> None:
        self._end(self.colleague(who), UserRole)

    @step(who=WHO, mission=st.sampled_from(MISSIONS))
    def somebody_is_charged(self, who: int, mission: Mission) -> None:
        one, first = self.colleague(who), timezone.localdate()
        self._kept("charging", lambda: _charge(one.id, mission, first, None))

    @step(who=WHO)
    def a_charge_ends(self, who: int) -> None:
        self._end(self.colleague(who), Charge)

    @step(who=WHO, by_coordinator=st.booleans())
    def somebody_is_suspended(self, who: int, by_coordinator: bool) -> None:
        keeper = self.office.coordinator if by_coordinator else self.office.keeper
        one = self.colleague(who)
        self.attempt("suspending", lambda: self._suspend(keeper, one))
        assert not self.standing(one.id).plane, "somebody who was suspended still has a plane"

    @step(who=WHO, role=st.sampled_from([Role.CASE_OFFICER, Role.REGISTRAR]))
    def somebody_helps_themselves(self, who: int, role: Role) -> None:
        """To one more role, and to another's end."""
        one, before = self.colleague(who), self.standing(self.colleague(who).id)
        for appointment in Appointment.objects.filter(user=one.id):
            granted = self.attempt(
                "helping oneself",
                partial(self._grant_as, one.id, appointment, role),
            )
            assert granted is None, "somebody gave themselves a right"
        assert self.standing(one.id) == before

    @step()
    def a_night_passes(self) -> None:
        self.office.let_pass(NIGHT)

    # --- how it is done --------------------------------------------------------------------------------

    def _entered(
        self, niss: str | None, roles: tuple[Role, ...], section: str, *, since: date | None = None
    ) -> Colleague:
        """Somebody new with their work, by the keeper at work."""
        subject = f"machine-{uuid.uuid4()}"
        user: User = users.register_user(
            NewUser(subject, "Luc", new_word(), "fr", number_indexes(niss or subject))
        )
        _appointed(user.pk, roles, section, since or timezone.localdate(), None)
        one = Colleague(user.pk)
        self.people.append(one)
        return one

    def _appoint(
        self, one: Colleague, roles: tuple[Role, ...], section: str, *, days: int | None = None
    ) -> None:
        first = timezone.localdate()
        last = None if days is None else first + timedelta(days=days)
        if self._kept("appointing", lambda: _appointed(one.id, roles, section, first, last)):
            self.moved.append(one)
            self.attempt("accepting the texts", lambda: accept_texts(one.id))

    def _end(self, one: Colleague, kind: type[Right]) -> None:
        """The newest right of that kind that runs."""
        running = kind._default_manager.filter(RUNNING, Q(user=one.id))
        right = running.order_by("-valid_from", "-entered_at", "pk").first()
        if right is not None:
            self._kept("ending", lambda: users.end_right(right, reason=WORDS))

    def _kept(self, what: str, work: Callable[[], object]) -> bool:
        """Whether the keeper of the register does it, in a unit of work of its own."""

        def kept() -> bool:
            with acting_as(self.office.keeper):
                work()
            return True

        return bool(self.attempt(what, kept))

    def _suspend(self, keeper: uuid.UUID, one: Colleague) -> None:
        with acting_as(keeper):
            users.suspend(one.id, reason=WORDS)

    def _grant_as(self, who: uuid.UUID, appointment: Appointment, role: Role) -> UserRole:
        with acting_as(who):
            return users.grant_role(appointment_id=appointment.pk, role=role, valid_from=timezone.localdate())


def _appointed(who: uuid.UUID, roles: tuple[Role, ...], section: str, first: date, last: date | None) -> None:
    """With these roles, and every mission of casework."""
    plane = PLANE_OF_ROLE[roles[0]]
    appointment = users.appoint(user_id=who, plane=plane, section=section, valid_from=first, valid_until=last)
    for role in roles:
        users.grant_role(appointment_id=appointment.pk, role=role, valid_from=first, valid_until=last)
    for mission in MISSIONS if plane is Plane.CASEWORK else ():
        # Perhaps they are charged with it already.
        with suppress(RegisterError):
            _charge(who, mission, first, last)


def _charge(who: uuid.UUID, mission: Mission, first: date, last: date | None) -> None:
    users.charge(user_id=who, mission=mission, decision="2026/7", valid_from=first, valid_until=last)
