"""A database exactly as an office has it, under the sites' database users: no line of the log in the name of
another, no row for nobody, none of those whom the person at work registered."""

import os
import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from secal.access.seats import digest
from tests.access.attempts import at
from tests.conftest import clone_template, drop_database

LINE = (
    "SELECT seclog.record(ARRAY[gen_random_uuid()], %s, 'file.open', %s, '', '', ARRAY[NULL]::uuid[],"
    " ARRAY[NULL]::uuid[], '', '{}', '', '')"
)
REGISTERED, OTHER, OFFICER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
TOKEN = "an officer who registered somebody in an earlier life"
STORY = """
SET session_replication_role = replica;
INSERT INTO access_user (id, password, subject, given_name, family_name, language, section, is_active,
                         is_superuser)
VALUES ('{officer}', '', 'strict', 'Rita', 'Claes', 'fr', 'Namur', true, false);
WITH a AS (
    INSERT INTO access_appointment (id, user_id, plane, section, valid_from, entered_at, end_reason)
    VALUES (gen_random_uuid(), '{officer}', 'casework', 'Namur', '2020-01-01', now(), '') RETURNING id)
INSERT INTO access_userrole (id, user_id, appointment_id, role, plane, valid_from, entered_at, end_reason)
SELECT gen_random_uuid(), '{officer}', a.id, 'case_officer', 'casework', '2020-01-01', now(), '' FROM a;
INSERT INTO people_paymentaccount (id, person_id, iban, iban_bi, valid_from)
VALUES (gen_random_uuid(), '{registered}', '', '', '2020-01-01'),
       (gen_random_uuid(), '{other}', '', '', '2020-01-01');
INSERT INTO people_registrationact (id, kind, person_id, actor_id, at)
VALUES (gen_random_uuid(), 'person_created', '{registered}', '{officer}', now());
INSERT INTO seat.session (token_digest, user_id, plane, authenticated_at, ends_at, idle)
VALUES ('\\x{digest}', '{officer}', 'casework', now(), now() + interval '1 hour', interval '15 minutes');
"""


@pytest.fixture(scope="module")
def strict_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock():
        name = clone_template(lenient=False)
    story = STORY.format(officer=OFFICER, registered=REGISTERED, other=OTHER, digest=digest(TOKEN).hex())
    with psycopg.connect(at(os.environ["ADMIN_DATABASE_URL"], name)) as administrator:
        administrator.execute(story.encode())
    yield name
    drop_database(name)


@pytest.mark.obligation("17/006 §16.3")
@pytest.mark.parametrize("kind", ["READ", "DENY", "WRITE", "LOGIN", "LOGOUT", "EXPORT", "JOB"])
@pytest.mark.parametrize("site", ["DATABASE_URL", "PORTAL_DATABASE_URL"])
def test_no_site_writes_a_line_of_the_log_in_the_name_of_another(
    site: str, kind: str, strict_database: str
) -> None:
    with psycopg.connect(at(os.environ[site], strict_database)) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="in the name of another"):
            connection.execute(LINE, [kind, uuid.uuid4()])
        connection.rollback()
        for nameless in ("DENY", "LOGOUT"):
            connection.execute(LINE, [nameless, None])
        connection.rollback()


def persons_seen(database: str, token: str) -> set[uuid.UUID]:
    with psycopg.connect(at(os.environ["DATABASE_URL"], database)) as connection:
        connection.execute("SELECT seat.enter(%s)", [token])
        return {row[0] for row in connection.execute("SELECT person_id FROM people_paymentaccount")}


@pytest.mark.obligation("12/057 §22")
def test_where_nobody_is_at_work_there_is_no_row(strict_database: str) -> None:
    assert persons_seen(strict_database, "") == set()


@pytest.mark.obligation("12/057 §22", "forbidden 2")
def test_who_registered_a_person_never_sees_their_rows_again(strict_database: str) -> None:
    assert persons_seen(strict_database, TOKEN) == {OTHER}
