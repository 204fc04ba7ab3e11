"""Who may read which file, said a second time and as shortly as it can be: from the rows as an administrator
reads them, without a line of the program.
"""

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import psycopg

BRUSSELS = ZoneInfo("Europe/Brussels")
ALIMONY = {"advances", "recovery"}
TEXTS = 2
"""How many texts everybody has accepted before anything opens."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is today. `since`: from when their appointments follow each other day after day."""

    plane: str = ""
    roles: frozenset[str] = frozenset()
    missions: frozenset[str] = frozenset()
    section: str = ""
    committed: bool = False
    since: datetime | None = None

    @property
    def works_on_files(self) -> set[str]:
        """The roles in which they may read files at all."""
        charged = self.plane == "casework" and self.committed and bool(self.missions & ALIMONY)
        return {"case_officer", "approver"} & self.roles if charged else set()


class Reach(NamedTuple):
    """What one file is to one person: the columns of `REACH`."""

    file: uuid.UUID
    section: str
    persons: list[uuid.UUID]
    given_at: datetime | None
    in_emergency: bool
    recused: bool
    party: bool
    registered: bool
    protected: bool
    agreed: bool


def may_read(who: Standing, file: Reach) -> bool:
    """The rule itself (12/057 §7, §21, §22)."""
    roles = who.works_on_files
    if not roles or file.registered or file.party or file.recused:
        return False
    in_charge = file.given_at is not None and who.since is not None and file.given_at >= who.since
    reached = "case_officer" in roles and (in_charge or file.in_emergency)
    if not reached and not ("approver" in roles and file.section == who.section):
        return False
    return file.agreed or not file.protected


REACH = """
WITH named AS (
    SELECT f.id, f.section, f.state, ARRAY[f.creditor_id, f.debtor_id] || coalesce((
               SELECT array_agg(b.child_id) FROM cases_beneficiary b
                 JOIN cases_executorytitle t ON t.id = b.title_id WHERE t.file_id = f.id), '{}') AS persons
      FROM cases_alimonyfile f WHERE f.id = ANY (%(files)s))
SELECT n.id, n.section, n.persons,
       (SELECT a.from_at FROM cases_assignment a
         WHERE a.file_id = n.id AND a.officer_id = %(who)s AND a.until_at IS NULL),
       n.state NOT IN ('closed', 'refused') AND EXISTS (SELECT FROM cases_emergencyaccess e
         WHERE e.file_id = n.id AND e.asked_by_id = %(who)s AND e.access_until > now()),
       EXISTS (SELECT FROM cases_recusal r WHERE r.file_id = n.id AND r.officer_id = %(who)s),
       EXISTS (SELECT FROM people_person p JOIN access_user u ON u.niss_bi = p.niss_bi
         WHERE p.id = ANY (n.persons) AND u.id = %(who)s),
       EXISTS (SELECT FROM people_registrationact g
         WHERE g.actor_id = %(who)s AND (g.file = n.id OR g.person_id = ANY (n.persons))),
       EXISTS (SELECT FROM cases_personprotection p
         WHERE p.person_id = ANY (n.persons) AND p.lifted_on IS NULL),
       EXISTS (SELECT FROM cases_protectedopening o WHERE o.file_id = n.id AND o.asked_by_id = %(who)s
         AND least(o.signed_at, o.watched_at) > now() - interval '1 day'
         AND o.signed_at IS NOT NULL AND o.watched_at IS NOT NULL)
  FROM named n
"""


def reaches(
    administrator: psycopg.Connection[Any], who: uuid.UUID, files: Collection[uuid.UUID]
) -> list[Reach]:
    rows = administrator.execute(REACH, {"who": who, "files": list(files)}).fetchall()
    return [Reach(*row) for row in rows]


STANDING = """
SELECT u.is_active, u.section,
       (SELECT count(*) FROM access_commitment c WHERE c.user_id = u.id),
       ARRAY(SELECT m.mission FROM access_charge m WHERE m.user_id = u.id AND m.ended_at IS NULL
             AND %(today)s BETWEEN m.valid_from AND coalesce(m.valid_until, 'infinity')),
       ARRAY(SELECT r.role FROM access_userrole r JOIN access_appointment a ON a.id = r.appointment_id
              WHERE r.user_id = u.id AND r.ended_at IS NULL AND a.ended_at IS NULL
                AND %(today)s BETWEEN r.valid_from AND coalesce(r.valid_until, 'infinity')
                AND %(today)s BETWEEN a.valid_from AND coalesce(a.valid_until, 'infinity'))
  FROM access_user u WHERE u.id = %(who)s
"""
APPOINTMENTS = """
SELECT plane, section, valid_from, valid_until, entered_at FROM access_appointment
 WHERE user_id = %(who)s AND ended_at IS NULL ORDER BY valid_from
"""
HOLDERS = """
SELECT DISTINCT r.user_id FROM access_userrole r JOIN access_appointment a ON a.id = r.appointment_id
  JOIN access_user u ON u.id = r.user_id AND u.is_active
 WHERE r.role = ANY (%(roles)s) AND r.ended_at IS NULL AND a.ended_at IS NULL
       AND %(today)s BETWEEN r.valid_from AND coalesce(r.valid_until, 'infinity')
       AND %(today)s BETWEEN a.valid_from AND coalesce(a.valid_until, 'infinity')
"""


def holders(administrator: psycopg.Connection[Any], roles: Collection[str]) -> list[uuid.UUID]:
    """Whoever holds one of these roles today."""
    values = {"roles": [str(role) for role in roles], "today": datetime.now(BRUSSELS).date()}
    return [row[0] for row in administrator.execute(HOLDERS, values).fetchall()]


class _Appointment(NamedTuple):
    plane: str
    section: str
    first: date
    last: date | None
    entered_at: datetime


def standing(administrator: psycopg.Connection[Any], who: uuid.UUID) -> Standing:
    """Nothing at all for whoever may not work today."""
    today = datetime.now(BRUSSELS).date()
    values = {"who": who, "today": today}
    row = administrator.execute(STANDING, values).fetchone()
    running = [_Appointment(*one) for one in administrator.execute(APPOINTMENTS, values).fetchall()]
    now = [one for one in running if one.first <= today and (one.last is None or one.last >= today)]
    if row is None or not (row[0] and now and row[4]):
        return Standing()
    _active, section, texts, missions, roles = row
    return Standing(
        plane=now[0].plane,
        roles=frozenset(roles),
        missions=frozenset(missions),
        section=section,
        committed=texts == TEXTS,
        since=_since(now[0], list(_before(now[0], running))),
    )


def _before(current: _Appointment, running: list[_Appointment]) -> Iterator[_Appointment]:
    """The appointments to the same work that led to this one, day after day, the newest first."""
    work = (current.plane, current.section)
    for one in reversed(running):
        if (one.plane, one.section) == work and one.last == current.first - timedelta(days=1):
            yield one
            current = one


def _since(current: _Appointment, before: list[_Appointment]) -> datetime:
    first = before[-1] if before else current
    return max(first.entered_at, datetime.combine(first.first, time(), tzinfo=BRUSSELS))
