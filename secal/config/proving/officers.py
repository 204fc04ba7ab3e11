"""Officers and registrars for the checks, each seated at the office; who registered sees nothing of it.

Each once began an application: a registrar goes on with it, who moved to casework sees no more of it.
"""

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from psycopg import Connection

from secal.access.models import User
from secal.access.roles import Role
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.staff import colleague
from secal.config.proving.bailiffs import token_of
from secal.config.proving.scratch import Scratch

SECTION = "Bruxelles"
ONE_REGISTRAR_IN = 4

ROWS = """
INSERT INTO people_person
        (id, key_id, given_name, family_name, search_name, language, niss_bi, created_at)
    VALUES (%(creditor)s, gen_random_uuid(), 'A', 'B', 'b a', 'fr', %(one_digest)s, now()),
           (%(debtor)s, gen_random_uuid(), 'C', 'D', 'd c', 'fr', %(other_digest)s, now());
INSERT INTO ledger_book (id, kind, opened_on, last_entry) VALUES (%(book)s, 'file', current_date, 0);
INSERT INTO cases_alimonyfile
        (id, key_id, number, state, book_id, creditor_id, debtor_id, section, language, opened_on)
    VALUES (%(file)s, gen_random_uuid(), %(number)s, 'active', %(book)s, %(creditor)s, %(debtor)s,
        %(section)s, 'fr', current_date);
INSERT INTO cases_application
        (id, state, received_on, complete_on, asks_advances, signed, order_signed, creditor_in_belgium,
        missing, file_id, registered_by_id, number)
    VALUES (gen_random_uuid(), 'complete', current_date, current_date, false, true, true, true,
        '[]', %(file)s, %(registered_by)s, %(number)s);
"""
ACTS = """
INSERT INTO people_registrationact (id, kind, person_id, file, actor_id, at)
    VALUES (gen_random_uuid(), 'person_created', %(creditor)s, NULL, %(who)s, now()),
           (gen_random_uuid(), 'file_opened', NULL, %(opened)s, %(who)s, now());
"""
DRAFT = """
INSERT INTO files_intakedraft (id, key_id, started_at, saved_at, step, started_by_id)
    VALUES (%(draft)s, gen_random_uuid(), now(), now(), 1, %(who)s);
"""
MADE = ("creditor", "debtor", "book", "file", "draft")


@dataclass(frozen=True, slots=True)
class Officer:
    """`sees`: identifiers of the rows that they may see, by table (of applications: their files)."""

    token: str
    sees: Mapping[str, frozenset[Any]]


def officers_at_work(scratch: Scratch, chance: random.Random, count: int) -> list[Officer]:
    """So many, one of four a registrar, with a file for each; written to the database that Django is pointed
    at. Each once created the creditor of their own file, and opened the next one's."""
    with author_at_work(), scratch.connect() as administrator:
        # Rows that stand by themselves: no papers, no employers, no history.
        administrator.execute("SET session_replication_role = replica")
        people = [_person(chance, number) for number in range(count)]
        made = [_rows(administrator, chance, number, one) for number, one in enumerate(people)]
        for number, one in enumerate(people):
            _acts(administrator, one, made[number], made[(number + 1) % count])
    return [Officer(token_of(one), _seen_by(number, made)) for number, one in enumerate(people)]


def _person(chance: random.Random, number: int) -> User:
    role = Role.REGISTRAR if _registers(number) else Role.CASE_OFFICER
    return colleague(chance, "fr", SECTION, role)


def _registers(number: int) -> bool:
    return number % ONE_REGISTRAR_IN == 0


def _rows(
    administrator: Connection[Any], chance: random.Random, number: int, one: User
) -> dict[str, uuid.UUID]:
    """The file of that number with what belongs to it; received by its registrar, or by one who left."""
    made = {name: uuid.UUID(int=chance.getrandbits(128), version=4) for name in MADE}
    values = {
        **made,
        "number": f"P-{number}",
        "section": SECTION,
        "one_digest": chance.randbytes(32),
        "other_digest": chance.randbytes(32),
        "registered_by": one.pk if _registers(number) else uuid.UUID(int=number),
    }
    _run(administrator, ROWS, values)
    return made


def _acts(
    administrator: Connection[Any],
    one: User,
    own: Mapping[str, uuid.UUID],
    following: Mapping[str, uuid.UUID],
) -> None:
    values = {**own, "who": one.pk, "opened": following["file"]}
    _run(administrator, ACTS + DRAFT, values)


def _seen_by(number: int, made: list[dict[str, uuid.UUID]]) -> dict[str, frozenset[Any]]:
    own = made[number]
    if _registers(number):
        return {
            "cases_application": frozenset({own["file"]}),
            "files_intakedraft": frozenset({own["draft"]}),
        }
    barred = (own, made[(number + 1) % len(made)])
    open_to_them = [rows for rows in made if rows not in barred]
    persons = {rows[party] for rows in made for party in ("creditor", "debtor")} - {own["creditor"]}
    return {
        "people_person": frozenset(persons),
        "cases_alimonyfile": frozenset(rows["file"] for rows in open_to_them),
        "cases_application": frozenset(rows["file"] for rows in open_to_them),
        "ledger_book": frozenset(rows["book"] for rows in open_to_them),
    }


def _run(administrator: Connection[Any], script: str, values: Mapping[str, Any]) -> None:
    for statement in filter(str.strip, script.split(";\n")):
        administrator.execute(statement.encode(), values)
