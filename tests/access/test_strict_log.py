"""A database exactly as an office has it, under the sites' database users: no line of the log in the name of
another, no row for nobody, none of those whom the person at work registered."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.access.strict import at_work, seated, strict

LINE = (
    "SELECT seclog.record(ARRAY[gen_random_uuid()], %s, 'file.open', %s, '', '', ARRAY[NULL]::uuid[],"
    " ARRAY[NULL]::uuid[], '', '{}', '', '')"
)
REGISTERED, OTHER, OFFICER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
ONCE_REGISTERED = f"""
INSERT INTO people_paymentaccount (id, person_id, iban, iban_bi, valid_from)
VALUES (gen_random_uuid(), '{REGISTERED}', '', '', '2020-01-01'),
       (gen_random_uuid(), '{OTHER}', '', '', '2020-01-01');
INSERT INTO people_registrationact (id, kind, person_id, actor_id, at)
VALUES (gen_random_uuid(), 'person_created', '{REGISTERED}', '{OFFICER}', now());
"""


@pytest.fixture(scope="module")
def strict_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """In it an officer who registered somebody in an earlier life."""
    with (
        django_db_blocker.unblock(),
        strict(seated(OFFICER, "case_officer", "casework") + ONCE_REGISTERED) as name,
    ):
        yield name


@pytest.mark.obligation("17/006 §16.3")
@pytest.mark.parametrize("kind", ["READ", "DENY", "WRITE", "LOGIN", "LOGOUT", "EXPORT", "JOB"])
@pytest.mark.parametrize("site", ["DATABASE_URL", "PORTAL_DATABASE_URL"])
def test_no_site_writes_a_line_of_the_log_in_the_name_of_another(
    site: str, kind: str, strict_database: str
) -> None:
    with at_work(strict_database, None, site=site) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege, match="in the name of another"):
            connection.execute(LINE, [kind, uuid.uuid4()])
        connection.rollback()
        for nameless in ("DENY", "LOGOUT"):
            connection.execute(LINE, [nameless, None])


def persons_seen(database: str, who: uuid.UUID | None) -> set[uuid.UUID]:
    with at_work(database, who) as connection:
        return {row[0] for row in connection.execute("SELECT person_id FROM people_paymentaccount")}


@pytest.mark.obligation("12/057 §22")
def test_where_nobody_is_at_work_there_is_no_row(strict_database: str) -> None:
    assert persons_seen(strict_database, None) == set()


@pytest.mark.obligation("12/057 §22", "forbidden 2")
def test_who_registered_a_person_never_sees_their_rows_again(strict_database: str) -> None:
    assert persons_seen(strict_database, OFFICER) == {OTHER}
