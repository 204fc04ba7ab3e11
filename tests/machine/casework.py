"""Who is given which file, and the exceptions: assignment, recusal, emergency access, protected persons."""

import uuid
from collections.abc import Callable
from functools import partial
from typing import Any

import psycopg
from hypothesis import strategies as st

from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as, service_work
from secal.advances.models import Outcome
from secal.advances.services.decisions import decide_advance
from secal.cases.models import (
    AlimonyFile,
    EmergencyAccess,
    PersonProtection,
    ProtectedOpening,
    ProtectionGround,
    ReviewFinding,
)
from secal.cases.services.assignment import _give, assign
from secal.cases.services.emergency import answer_emergency, ask_emergency, review_emergency
from secal.cases.services.exceptions import agree, ask_opening, protect, recuse, unprotect
from secal.office.clock import now, today
from tests.machine.parties import File
from tests.machine.registering import Registrations
from tests.machine.world import MOSTLY, WHICH, WHO, Colleague, has_files, nth, step

REASON = "Le débiteur est au guichet et son gestionnaire est absent."
MOTIVE = "La demande ne répond pas aux conditions de la loi, pièces à l’appui."
REOPENING = (
    "INSERT INTO people_registrationact (id, kind, file, actor_id, at)"
    " VALUES (gen_random_uuid(), 'file_reopened', %(file)s, %(who)s, now())",
    "UPDATE cases_alimonyfile SET state = 'active', closed_on = NULL WHERE id = %(file)s",
)
GIVEN = "SELECT file_id FROM cases_assignment WHERE file_id = ANY (%s) AND until_at IS NULL"
IN_CHARGE = "SELECT officer_id FROM cases_assignment WHERE file_id = %s AND until_at IS NULL"


class Casework(Registrations):
    """Rules of casework. Everybody tries everything; the services choose."""

    @step(when=has_files, who=WHO, which=WHICH, officer=WHO)
    def a_file_is_assigned(self, who: int, which: int, officer: int) -> None:
        to = self.one_of(officer, Role.CASE_OFFICER).id
        self._tried(
            self.one_of(who, Role.APPROVER),
            "assigning",
            lambda: assign(file_id=self.file(which).id, officer_id=to, on=today()),
        )

    @step(when=has_files, weight=3, which=WHICH, officer=WHO)
    def a_file_is_put_into_somebodys_hands(self, which: int, officer: int) -> None:
        """Whoever they are and whatever they once registered, past every rule of who may have it: the
        assignment alone opens nothing."""
        one = self.one_who_looks(officer)
        if Role.CASE_OFFICER not in self.standing(one.id).roles:
            return
        name = User.objects.get(pk=one.id).display_name
        with self.office.background(), service_work("assignment"):
            _give(AlimonyFile.objects.get(pk=self.file(which).id), one.id, name, today())
        self.counts["put into hands: done"] += 1

    @step(when=has_files, who=WHO, which=WHICH, outcome=st.sampled_from([Outcome.REFUSED, Outcome.GRANTED]))
    def an_application_is_decided(self, who: int, which: int, outcome: Outcome) -> None:
        self._tried(
            self.in_charge(which, who),
            "deciding",
            lambda: decide_advance(file_id=self.file(which).id, outcome=outcome, motive=MOTIVE, on=today()),
        )

    @step(when=has_files, who=WHO, which=WHICH, with_act=st.booleans())
    def a_file_is_reopened_by_force(self, who: int, which: int, with_act: bool) -> None:
        """In raw SQL: without the act it stays as it is, and whoever leaves the act is a registrar of it."""
        one, file = self.in_charge(which, who), self.file(which)
        state = "SELECT state FROM cases_alimonyfile WHERE id = %s"
        before = self.office.column(state, file.id)
        token = self.office.open_seat(one.id)
        try:
            with self.office.application.transaction():
                self.office.application.execute("SELECT seat.enter(%s)", [token])
                for statement in REOPENING[0 if with_act else 1 :]:
                    self.office.application.execute(statement, {"file": file.id, "who": one.id})
        except psycopg.DatabaseError:
            self.counts["re-opening by force: refused"] += 1
        if before in (["refused"], ["closed"]) and self.office.column(state, file.id) != before:
            assert file.id in self.office.barred(one.id).files, "re-opened without an act of registration"

    @step(when=has_files, who=WHO, which=WHICH)
    def somebody_recuses_themselves(self, who: int, which: int) -> None:
        file = self.in_hands(which)
        one = self.in_charge(self.files.index(file), who)
        self._tried(one, "recusing", lambda: recuse(file_id=file.id, on=today()))

    @step(when=has_files, weight=2, who=WHO, which=WHICH, answered=st.booleans())
    def an_emergency_is_declared(self, who: int, which: int, answered: bool) -> None:
        """By somebody who then looks; answered at once, or perhaps later."""
        one, number = self.one_of(who, Role.CASE_OFFICER), self.file(which).number
        asked = self._tried(
            one, "asking in an emergency", lambda: ask_emergency(number=number, reason=REASON, at=now())
        )
        if asked and answered:
            self.moved.append(one)
            self.an_emergency_is_answered(who, 1)

    @step(who=WHO, allow=st.integers(0, 4))
    def an_emergency_is_answered(self, who: int, allow: int) -> None:
        """By the first who may, of all second signatories; and by anybody else who tries before."""
        for access in self._mine(EmergencyAccess.objects.filter(decided_at=None)):
            work = partial(answer_emergency, access_id=access, allow=allow > 0, at=now())
            for one in [self.colleague(who), *self.anybody(Role.APPROVER)]:
                if self._tried(one, "answering an emergency", work):
                    break

    @step(watcher=st.booleans(), who=WHO)
    def an_emergency_is_reviewed(self, watcher: bool, who: int) -> None:
        by = self.office.officer_of_data_protection if watcher else self.colleague(who).id
        waiting = EmergencyAccess.objects.filter(access_until__isnull=False, reviewed_at=None)
        for access in self._mine(waiting):
            self._tried_by(
                by,
                "reviewing an emergency",
                partial(review_emergency, access_id=access, finding=ReviewFinding.JUSTIFIED, at=now()),
            )

    @step(when=has_files, which=WHICH, party=st.integers(0, 2))
    def somebody_is_protected(self, which: int, party: int) -> None:
        file = self.file(which)
        (person,) = self.office.column(
            "SELECT coalesce(merged_into_id, id) FROM people_person WHERE id = %s", file.parties[party].id
        )
        self._tried_by(
            self.office.coordinator,
            "protecting",
            lambda: protect(
                number=file.number, person_id=person, ground=ProtectionGround.COLLEAGUE, on=today()
            ),
        )

    @step(weight=4, which=WHICH)
    def a_protection_is_lifted(self, which: int) -> None:
        persons = [party.id for party in self.parties if party.id]
        marked = PersonProtection.objects.filter(person__in=persons, lifted_on=None)
        found = list(marked.order_by("marked_on", "pk").values_list("pk", flat=True))
        if found:
            self._tried_by(
                self.office.coordinator,
                "lifting a protection",
                lambda: unprotect(protection_id=nth(found, which), on=today()),
            )

    @step(when=has_files, weight=3, who=WHO, which=WHICH, at_once=st.booleans())
    def a_protected_file_is_asked_for(self, who: int, which: int, at_once: bool) -> None:
        """By whoever has it in charge. At once: a person of it is protected since a moment ago, and both who
        must agree do so."""
        file = self.in_hands(which)
        which = self.files.index(file)
        one = self.in_charge(which, who)
        if at_once:
            self.somebody_is_protected(which, 0)
        asked = self._tried(
            one,
            "asking for an opening",
            lambda: ask_opening(file_id=file.id, reason=REASON, at=now()),
        )
        if asked and at_once:
            self.moved.append(one)
            self.an_opening_is_agreed_to(who, "both")

    @step(weight=2, who=WHO, by=st.sampled_from(["watcher", "signatory", "both"]))
    def an_opening_is_agreed_to(self, who: int, by: str) -> None:
        signatory, watcher = self.one_of(who, Role.APPROVER).id, self.office.coordinator
        for opening in self._mine(ProtectedOpening.objects.all()):
            for one in {"watcher": [watcher], "signatory": [signatory]}.get(by, [watcher, signatory]):
                self._tried_by(
                    one,
                    "agreeing",
                    partial(agree, opening_id=opening, at=now()),
                )

    # --- how it is done --------------------------------------------------------------------------------

    def in_hands(self, number: int) -> File:
        """A file that somebody has in charge, if there is one."""
        given = self.office.column(GIVEN, [file.id for file in self.files])
        return nth([file for file in self.files if file.id in given] or self.files, number)

    def in_charge(self, which: int, who: int) -> Colleague:
        """Mostly whoever has the file in charge; now and then anybody."""
        officers = self.office.column(IN_CHARGE, self.file(which).id) if who < MOSTLY else []
        return nth([one for one in self.people if one.id in officers] or self.people, who)

    def _tried(self, one: Colleague, what: str, work: Callable[[], Any]) -> bool:
        return self._tried_by(one.id, what, work)

    def _tried_by(self, who: uuid.UUID, what: str, work: Callable[[], Any]) -> bool:
        def tried() -> bool:
            with acting_as(who):
                work()
            return True

        return bool(self.attempt(what, tried))

    def _mine(self, rows: Any) -> list[uuid.UUID]:
        """Those about the files of this machine, the oldest first."""
        files = [file.id for file in self.files]
        return list(rows.filter(file__in=files).order_by("asked_at", "pk").values_list("pk", flat=True))
