"""Bailiffs for the checks: each alone in an office, with one file mandated to it, seated at the portal."""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.test import override_settings
from django.utils import timezone
from psycopg import Connection

from secal.access import seats
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.staff import colleague
from secal.config.proving.scratch import Scratch
from secal.config.settings.sites import SITES

PLACE = "bruxelles"

FILES = """
INSERT INTO people_employer
        (id, key_id, kind, name, search_name, legal_form, enterprise_number_bi, arrondissement, language,
        created_at)
    VALUES (%(employer)s, gen_random_uuid(), 'legal', 'Made up', 'made up', '', %(digest)s, %(place)s, 'fr',
        now());
INSERT INTO recovery_cases_recoveryfile
        (id, key_id, number, language, opened_on, outcome, book_id, employer_id)
    VALUES (%(file)s, gen_random_uuid(), %(number)s, 'fr', current_date, '', gen_random_uuid(), %(employer)s);
INSERT INTO recovery_cases_title (id, file_id, number, kind, roll, issued_on, issued_by, sums, court, state)
    VALUES (%(title)s, %(file)s, %(number)s, 'constraint', gen_random_uuid(), current_date, gen_random_uuid(),
        '[]', %(place)s, 'mandated');
INSERT INTO recovery_cases_mandate (id, title_id, file_id, office_id, given_on, given_by, state, end_reason)
    VALUES (%(mandate)s, %(title)s, %(file)s, %(office)s, current_date, gen_random_uuid(), 'running', '');
INSERT INTO recovery_cases_mandatepermission (user_id, permission_id, content_object_id)
    SELECT %(user)s, id, %(file)s FROM auth_permission WHERE codename = 'work_under_mandate';
"""


@dataclass(frozen=True, slots=True)
class Bailiff:
    """`sees`: identifiers of their rows by table (of their roles: the person's own identifier)."""

    token: str
    sees: Mapping[str, frozenset[Any]]


def bailiffs_at_work(scratch: Scratch, chance: random.Random, count: int) -> list[Bailiff]:
    """So many, written to the database that Django is pointed at."""
    with author_at_work(), scratch.connect() as administrator:
        # Rows that stand by themselves: no ledger, no employer's numbers, no history.
        administrator.execute("SET session_replication_role = replica")
        made = [_bailiff(administrator, chance, number) for number in range(count)]
    # The door sees only what is committed.
    with override_settings(SITE=SITES["portal"]):
        return [Bailiff(token_of(user), sees) for user, sees in made]


def token_of(user: User) -> str:
    """A fresh seat of this person at the site that is served."""
    return seats.open_seat(user.subject, niss_bi=user.niss_bi, authenticated_at=timezone.now()).token


def _bailiff(
    administrator: Connection[Any], chance: random.Random, number: int
) -> tuple[User, Mapping[str, frozenset[Any]]]:
    office = Office.objects.create(name=f"Étude {number}", arrondissement=PLACE)
    user = colleague(chance, "fr", PLACE, Role.BAILIFF, office)
    made = {
        name: uuid.UUID(int=chance.getrandbits(128), version=4)
        for name in ("employer", "file", "title", "mandate")
    }
    values = {**made, "user": user.pk, "office": office.pk, "number": f"P-{number}", "place": PLACE}
    values["digest"] = chance.randbytes(32)
    for statement in FILES.strip().rstrip(";").split(";\n"):
        administrator.execute(statement.encode(), values)
    return user, {
        "access_user": frozenset({user.pk}),
        "access_office": frozenset({office.pk}),
        "access_appointment": frozenset({user.pk}),
        "access_userrole": frozenset({user.pk}),
        "people_employer": frozenset({made["employer"]}),
        "recovery_cases_recoveryfile": frozenset({made["file"]}),
        "recovery_cases_title": frozenset({made["title"]}),
        "recovery_cases_mandate": frozenset({made["mandate"]}),
    }
