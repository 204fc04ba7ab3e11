"""An office with a database of its own, exactly as an office has it: how its people come in, how its worker
does what waits, how days pass, and what an administrator sees who looks at the rows.
"""

import hashlib
import os
import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from django.conf import settings
from django.db import connections
from django.test import Client
from django.utils import timezone
from psycopg.conninfo import conninfo_to_dict

from secal.access import seats
from secal.access.commitments.services import Proof, give_commitment
from secal.access.identities import number_indexes
from secal.access.models import CommitmentKind, User
from secal.access.roles import Plane, Role
from secal.access.seats import SeatRefused
from secal.access.services import users
from secal.access.services.users import NewUser
from secal.access.unit_of_work import acting_as
from secal.cases.services.applications import ARRIVAL
from secal.cases.services.identity import SETTLING
from secal.office import jobs
from secal.office.models import Job, JobState
from secal.register.ceremony import First, appoint_first
from tests.access.attempts import at
from tests.access.commitments.conftest import in_force

SINCE = timezone.localdate() - timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the security log."""

    kind: str
    act: str
    actor: uuid.UUID
    subject: uuid.UUID | None
    file: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class Barred:
    """The persons and the files on which somebody has an act of registration."""

    persons: frozenset[uuid.UUID] = frozenset()
    files: frozenset[uuid.UUID] = frozenset()


class Office:
    """One database. `administrator` looks past everything; `application` is the site's own database user."""

    def __init__(self, database: str) -> None:
        self.administrator = psycopg.connect(at(os.environ["ADMIN_DATABASE_URL"], database), autocommit=True)
        self.application = psycopg.connect(at(os.environ["DATABASE_URL"], database), autocommit=True)
        login = conninfo_to_dict(os.environ["WORKER_DATABASE_URL"])
        self._worker = connections.create_connection("default")
        self._worker.settings_dict = {
            **self._worker.settings_dict,
            "USER": login["user"],
            "PASSWORD": login.get("password", ""),
        }
        self.coordinator = self._first(Role.SECURITY_COORDINATOR, "Willems")
        self.officer_of_data_protection = self._first(Role.DATA_PROTECTION_OFFICER, "Renard")
        self.keeper = self._keeper()

    def close(self) -> None:
        self.administrator.close()
        self.application.close()
        self._worker.close()

    # --- who comes in ----------------------------------------------------------------------------------

    def open_seat(self, user_id: uuid.UUID) -> str:
        """A token of the door; one that opens nothing for whoever may not work."""
        user = User.objects.get(pk=user_id)
        try:
            return seats.open_seat(user.subject, niss_bi=user.niss_bi, authenticated_at=timezone.now()).token
        except SeatRefused:
            return secrets.token_urlsafe(32)

    def browser(self, user_id: uuid.UUID) -> Client:
        browser = Client()
        browser.cookies[settings.SEAT_COOKIE_NAME] = self.open_seat(user_id)
        return browser

    @contextmanager
    def background(self) -> Iterator[None]:
        """Inside: this process is the worker, under the worker's database user."""
        usual = connections["default"]
        connections["default"] = self._worker
        try:
            yield
        finally:
            connections["default"] = usual

    def arrive(self, file_id: uuid.UUID) -> None:
        """The worker examines what was stated of a file."""
        with self.background():
            waiting = Job.objects.filter(kind=ARRIVAL, state=JobState.WAITING)
            stated = [str(one) for one in self._column(STATED, file_id)]
            for job_id in waiting.filter(period__in=stated).values_list("pk", flat=True):
                _done(jobs.run(job_id))

    def settle(self, proposal_id: uuid.UUID) -> str:
        """The worker carries out what two registrars agreed on; answers what came of it."""
        with self.background():
            _done(jobs.run(Job.objects.get(kind=SETTLING, period=str(proposal_id)).pk))
        (code,) = self._column("SELECT code FROM people_identityoutcome WHERE proposal_id = %s", proposal_id)
        return str(code)

    def _first(self, role: Role, family_name: str) -> uuid.UUID:
        subject = f"machine-{uuid.uuid4()}"
        number = number_indexes(subject)
        first = First(subject, "Paul", family_name, role, "Bruxelles", "fr", number)
        return appoint_first(first, on=SINCE)

    def _keeper(self) -> uuid.UUID:
        for watcher in (self.coordinator, self.officer_of_data_protection):
            accept_texts(watcher)
        subject = f"machine-{uuid.uuid4()}"
        with acting_as(self.coordinator):
            keeper = users.register_user(NewUser(subject, "Bart", "Goossens", "fr", number_indexes(subject)))
            appointment = users.appoint(
                user_id=keeper.pk, plane=Plane.USER_ADMINISTRATION, section="Bruxelles", valid_from=SINCE
            )
            users.grant_role(appointment_id=appointment.pk, role=Role.USER_REGISTRAR, valid_from=SINCE)
        accept_texts(keeper.pk)
        identifier: uuid.UUID = keeper.pk
        return identifier

    # --- time ------------------------------------------------------------------------------------------

    def let_pass(self, time: timedelta) -> None:
        """What is dated in the register, in the exceptions and in the sessions lies so much further back."""
        self.administrator.execute("DELETE FROM seat.session WHERE ended_at IS NOT NULL")
        self.administrator.execute(PASSING.format(days=time.days, seconds=time.seconds).encode())

    # --- what an administrator sees --------------------------------------------------------------------

    def barred(self, user_id: uuid.UUID) -> Barred:
        persons = frozenset(self._column(ACTED_ON_PERSONS, user_id))
        files = self._column(ACTED_ON_FILES, user_id) + self._column(NAMING, list(persons))
        return Barred(persons, frozenset(files))

    def acts(self, people: list[uuid.UUID]) -> set[tuple[uuid.UUID, uuid.UUID]]:
        """Who has an act on what: persons, files."""
        return set(self.administrator.execute(ACTS, {"people": people}).fetchall())

    def log_of(self, people: list[uuid.UUID], after: datetime) -> tuple[list[Line], datetime]:
        """The lines about these people's work since a moment, and the moment of the last."""
        rows = self.administrator.execute(LOG, {"people": people, "after": after}).fetchall()
        last: datetime = max((row[5] for row in rows), default=after)
        return [Line(*row[:5]) for row in rows], last

    def decided_alone(self) -> list[Any]:
        """Whatever somebody approved, answered, entered or gave that they prepared, asked or received."""
        return self._column(ALONE)

    def column(self, query: str, *values: Any) -> list[Any]:
        return self._column(query, *values)

    def _column(self, query: str, *values: Any) -> list[Any]:
        return [row[0] for row in self.administrator.execute(query.encode(), values or None).fetchall()]


def accept_texts(user_id: uuid.UUID) -> None:
    """As the page of the commitments does."""
    with acting_as(user_id):
        for kind in CommitmentKind:
            text = in_force(kind)
            give_commitment(
                kind=kind,
                version=text.version,
                language=text.language,
                digest=text.digest,
                proof=Proof("level", hashlib.sha256(b"token").digest()),
                on=timezone.localdate(),
            )


def _done(job: Job) -> None:
    assert job.state == JobState.DONE, (job.kind, job.error)


@contextmanager
def undone(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A transaction of which nothing remains."""
    with suppress(psycopg.Rollback), connection.transaction() as transaction:
        yield
        raise psycopg.Rollback(transaction)


STATED = "SELECT id FROM cases_statement WHERE file_id = %s"
ACTED_ON_PERSONS = (
    "SELECT DISTINCT person_id FROM people_registrationact WHERE actor_id = %s AND person_id IS NOT NULL"
)
ACTED_ON_FILES = "SELECT DISTINCT file FROM people_registrationact WHERE actor_id = %s AND file IS NOT NULL"
NAMING = """
SELECT f.id FROM cases_alimonyfile f
  LEFT JOIN cases_executorytitle t ON t.file_id = f.id LEFT JOIN cases_beneficiary b ON b.title_id = t.id
 WHERE ARRAY[f.creditor_id, f.debtor_id, b.child_id] && %s::uuid[]
"""
ACTS = """
SELECT actor_id, coalesce(person_id, file) FROM people_registrationact WHERE actor_id = ANY (%(people)s)
UNION
SELECT actor_id, file FROM people_registrationact WHERE actor_id = ANY (%(people)s) AND file IS NOT NULL
UNION
SELECT g.actor_id, f.id FROM people_registrationact g, cases_alimonyfile f
  LEFT JOIN cases_executorytitle t ON t.file_id = f.id LEFT JOIN cases_beneficiary b ON b.title_id = t.id
 WHERE g.actor_id = ANY (%(people)s) AND g.person_id IN (f.creditor_id, f.debtor_id, b.child_id)
"""
LOG = """
SELECT kind, act, actor, subject, file, at FROM seclog.event
 WHERE at > %(after)s AND actor = ANY (%(people)s) ORDER BY at
"""
ALONE = """
SELECT 'an identity ' || id FROM people_identityproposal WHERE decided_by_id = proposed_by_id
UNION ALL SELECT 'an emergency ' || id FROM cases_emergencyaccess
 WHERE asked_by_id IN (decided_by_id, reviewed_by_id)
UNION ALL SELECT 'an opening ' || id FROM cases_protectedopening
 WHERE asked_by_id IN (signed_by_id, watched_by_id) OR signed_by_id = watched_by_id
UNION ALL SELECT 'an assignment ' || id FROM cases_assignment WHERE granted_by = officer_id
UNION ALL SELECT 'an appointment ' || id FROM access_appointment WHERE user_id IN (entered_by_id, ended_by)
UNION ALL SELECT 'a role ' || id FROM access_userrole WHERE user_id IN (entered_by_id, ended_by)
UNION ALL SELECT 'a charge ' || id FROM access_charge WHERE user_id IN (entered_by_id, ended_by)
"""
PASSING = """
DO $$
DECLARE
    passed interval := make_interval(days => {days}, secs => {seconds});
    dated record;
    changes text;
    one record;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR dated IN SELECT * FROM (VALUES
        ('access_appointment', 'valid_from'), ('access_userrole', 'valid_from'),
        ('access_charge', 'valid_from'),
        ('cases_assignment', 'from_at'), ('cases_emergencyaccess', 'asked_at'),
        ('cases_protectedopening', 'asked_at'), ('seat.session', 'opened_at')) AS t (name, first)
    LOOP
        -- A day is counted in days, a moment in seconds.
        SELECT string_agg(format(CASE a.atttypid WHEN 'date'::regtype THEN '%1$I = %1$I - {days}'
                                 ELSE '%1$I = %1$I - $1' END, a.attname), ', ') INTO changes
          FROM pg_attribute a WHERE a.attrelid = dated.name::regclass AND a.attnum > 0 AND NOT a.attisdropped
               AND a.atttypid IN ('date'::regtype, 'timestamptz'::regtype);
        -- The oldest first: none may meet the one before it on the way.
        FOR one IN EXECUTE
            format('SELECT ctid AS place FROM %s ORDER BY %I', dated.name::regclass, dated.first)
        LOOP
            EXECUTE format('UPDATE %s SET %s WHERE ctid = $2', dated.name::regclass, changes)
              USING passed, one.place;
        END LOOP;
    END LOOP;
END
$$
"""
