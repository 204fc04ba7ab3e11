"""Many alimony files with the people and the acts around them, made by the database from a few statements.

What the list of files asks is there for each file: two persons and a child with a title, who registered each
of them, who is in charge. Papers, books and history are not.
"""

import secrets
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any

from psycopg import Connection

from secal.access.roles import Role
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.staff import colleague
from secal.config.proving.scratch import Scratch
from secal.config.proving.sitting import install_sitting

REGISTRARS = 20
SECTION = "Bruxelles"
PERMISSION = "work_in_charge"
"""Codename of what an officer in charge holds on a file."""

IDENTIFIERS = """
CREATE SCHEMA crowd;
CREATE FUNCTION crowd.made(kind text, number bigint) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN md5(kind || number)::uuid;
"""
"""An identifier follows from what it names: rows find each other without being read again."""

PERSONS = """
INSERT INTO people_person
    (id, key_id, given_name, family_name, search_name, language, niss, niss_bi, created_at)
SELECT crowd.made('person', n), crowd.made('key', n), 'Given ' || n %% 500, 'Family ' || n %% 9000,
    'family ' || n %% 9000 || ' given ' || n %% 500, 'fr', decode(md5('niss' || n), 'hex'),
    sha256(('niss' || n)::bytea), now()
FROM generate_series(1::bigint, %(persons)s) AS n;
"""
FILES = """
INSERT INTO cases_alimonyfile
    (id, key_id, number, state, book_id, creditor_id, debtor_id, section, language, opened_on)
SELECT crowd.made('file', n), crowd.made('file key', n), 'SECAL-' || to_char(n, 'FM00000000'),
    CASE WHEN n %% 4 = 0 THEN 'active' ELSE 'intake' END, crowd.made('book', n),
    crowd.made('person', 3 * n - 2), crowd.made('person', 3 * n - 1), %(section)s, 'fr',
    date '2003-01-01' + (n * 8000 / %(files)s)::integer
FROM generate_series(1::bigint, %(files)s) AS n;
INSERT INTO cases_executorytitle (id, file_id, kind, court, decided_on, index_clause)
SELECT crowd.made('title', n), crowd.made('file', n), 'judgment', 'Bruxelles', '2002-01-01', 'legal'
FROM generate_series(1::bigint, %(files)s) AS n;
INSERT INTO cases_beneficiary (id, title_id, child_id, monthly_amount, due_day, from_month)
SELECT crowd.made('beneficiary', n), crowd.made('title', n), crowd.made('person', 3 * n), 200, 1, '2002-01-01'
FROM generate_series(1::bigint, %(files)s) AS n;
"""
REGISTRATIONS = """
INSERT INTO people_registrationact (id, kind, person_id, file, actor_id, at)
SELECT crowd.made('act', n), 'person_created', crowd.made('person', n), NULL,
    crowd.made('registrar', (n / 3) %% %(registrars)s), now()
FROM generate_series(1::bigint, %(persons)s) AS n
UNION ALL
SELECT crowd.made('opening', n), 'file_opened', NULL, crowd.made('file', n),
    crowd.made('registrar', n %% %(registrars)s), now()
FROM generate_series(1::bigint, %(files)s) AS n;
"""
ASSIGNED = """
INSERT INTO cases_assignment (id, file_id, officer_id, granted_by, from_at)
SELECT crowd.made('assignment', n), crowd.made('file', n),
    CASE WHEN n %% %(one_in)s = 0 THEN %(officer)s
         ELSE crowd.made('officer', (n * 7919) %% %(one_in)s) END,
    crowd.made('supervisor', 1), now()
FROM generate_series(1::bigint, %(files)s) AS n;
"""
PERMITTED = """
INSERT INTO cases_filepermission (user_id, permission_id, content_object_id, opened_on, number)
SELECT a.officer_id, p.id, f.id, f.opened_on, f.number
FROM cases_assignment a JOIN cases_alimonyfile f ON f.id = a.file_id,
    auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
WHERE p.codename = %(permission)s AND t.app_label = 'cases' AND t.model = 'alimonyfile';
"""
KNOWN = """
CREATE TABLE crowd.known (file_id uuid PRIMARY KEY);
INSERT INTO crowd.known SELECT file_id FROM cases_assignment WHERE officer_id = %(officer)s;
"""
KNOWN_ROWS = "SELECT FROM crowd.known k WHERE k.file_id"
TABLES = (
    "people_person",
    "people_registrationact",
    "cases_alimonyfile",
    "cases_executorytitle",
    "cases_beneficiary",
    "cases_assignment",
    "cases_filepermission",
)
"""What is filled."""
LATE_INDEXES = """
SELECT x.indexrelid::regclass::text, pg_get_indexdef(x.indexrelid), m.amname = 'btree'
FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid JOIN pg_am m ON m.oid = c.relam
WHERE x.indrelid = ANY (%(tables)s::regclass[])
  AND NOT EXISTS (SELECT FROM pg_constraint o WHERE o.conindid = x.indexrelid)
"""


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many files, of which the officer holds so many."""

    files: int
    grants: int
    officer: uuid.UUID
    niss_bi: bytes


def gather(scratch: Scratch, *, files: int, grants: int) -> Crowd:
    """Fill an empty database. Every file is somebody's; one in so many is the officer's."""
    with author_at_work():
        officer = colleague(Random(files), "fr", SECTION, Role.CASE_OFFICER)  # noqa: S311 - made up
    crowd = Crowd(files, grants, officer.pk, secrets.token_bytes(32))
    values = {
        "files": files,
        "persons": 3 * files,
        "registrars": REGISTRARS,
        "section": SECTION,
        "officer": crowd.officer,
        "one_in": files // grants,
        "permission": PERMISSION,
    }
    with scratch.connect(autocommit=True) as administrator:
        install_sitting(administrator)
        administrator.execute("SET session_replication_role = replica")
        administrator.execute("SET synchronous_commit = off")
        with indexes_afterwards(administrator):
            for script in (IDENTIFIERS, PERSONS, FILES, REGISTRATIONS, ASSIGNED, PERMITTED):
                run(administrator, script, values)
        run(administrator, KNOWN, values)
        administrator.execute(f"VACUUM ANALYZE crowd.known, {', '.join(TABLES)}".encode())
    return crowd


@contextmanager
def indexes_afterwards(administrator: Connection[Any]) -> Iterator[None]:
    """Build the indexes when the tables are full. Those of trigrams stay away: no list asks them."""
    found = administrator.execute(LATE_INDEXES.encode(), {"tables": list(TABLES)}).fetchall()
    for name, _definition, _ordered in found:
        administrator.execute(f"DROP INDEX {name}".encode())
    yield
    for _name, definition, ordered in found:
        if ordered:
            administrator.execute(definition.encode())


def run(administrator: Connection[Any], script: str, values: dict[str, Any]) -> None:
    """The statements of a script, one by one: parameters go with one at a time."""
    for statement in filter(str.strip, script.split(";\n")):
        administrator.execute(statement.encode(), values)
