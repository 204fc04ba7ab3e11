"""Under the office's own database user, a registrar reads the key of what they are typing and no other,
whatever they write into their drafts and proposals."""

import uuid
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.access.strict import at_work, enter, seated, strict

pytestmark = pytest.mark.obligation("12/057 §22", "17/006 §6")

REGISTRAR, SECOND, OFFICER = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
OTHERS, SENT, EMPTY = uuid.uuid4(), uuid.uuid4(), "decode(repeat('00', 60), 'hex')"
DRAFT = uuid.uuid4()
STORY = f"""
{seated(REGISTRAR, "registrar", "registration")}
{seated(SECOND, "registrar", "registration")}
{seated(OFFICER, "case_officer", "casework")}
INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version)
VALUES ('{OTHERS}', 'file', {EMPTY}, 1), ('{SENT}', 'file', {EMPTY}, 1);
INSERT INTO files_intakedraft (id, key_id, started_by_id, started_at, saved_at, step, sent_at)
VALUES ('{DRAFT}', '{SENT}', '{REGISTRAR}', now(), now(), 6, now());
"""
MADE = f"INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version) VALUES (%s, 'file', {EMPTY}, 1)"
DRAWN = (
    "INSERT INTO files_intakedraft (id, key_id, started_by_id, started_at, saved_at, step)"
    " VALUES (gen_random_uuid(), %s, %s, now(), now(), 1)"
)
PROPOSED = (
    "INSERT INTO people_identityproposal (id, key_id, kind, state, stated_bi, paper_type, proposed_by_id,"
    " proposed_on)"
    " VALUES (gen_random_uuid(), %s, 'correction', 'proposed', sha256('x'), 'application/pdf', %s, now())"
)


@pytest.fixture(scope="module")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    with django_db_blocker.unblock(), strict(STORY) as name:
        yield name


def keys_read(connection: psycopg.Connection) -> set[uuid.UUID]:
    return {row[0] for row in connection.execute("SELECT id FROM keystore.data_key")}


@pytest.mark.parametrize("statement", [DRAWN, PROPOSED], ids=["draft", "proposal"])
@pytest.mark.parametrize("key", [OTHERS, SENT], ids=["another's", "of what was sent"])
def test_no_draft_and_no_proposal_takes_a_key_that_was_there(
    database: str, statement: str, key: uuid.UUID
) -> None:
    with at_work(database, REGISTRAR) as connection:
        with pytest.raises(psycopg.errors.CheckViolation, match="made with it"):
            connection.execute(statement.encode(), [key, REGISTRAR])
        connection.rollback()
        enter(connection, REGISTRAR)
        assert not keys_read(connection) & {OTHERS, SENT}


@pytest.mark.parametrize(
    "change",
    ["sent_at = NULL", f"key_id = '{OTHERS}'", "id = gen_random_uuid()"],
    ids=["unsent", "key", "id"],
)
def test_what_was_sent_is_never_taken_back(database: str, change: str) -> None:
    with at_work(database, REGISTRAR) as connection:
        with pytest.raises(psycopg.errors.CheckViolation, match="stays sent"):
            connection.execute(f"UPDATE files_intakedraft SET {change}".encode())
        connection.rollback()
        enter(connection, REGISTRAR)
        assert not keys_read(connection) & {OTHERS, SENT}


def test_who_made_a_key_is_what_the_database_knows(database: str) -> None:
    key = uuid.uuid4()
    with at_work(database, OFFICER) as connection:
        connection.execute(
            "INSERT INTO keystore.data_key (id, purpose, wrapped, kek_version, made_by, created_at)"
            f" VALUES (%s, 'file', {EMPTY}, 1, %s, '2020-01-01')".encode(),
            [key, REGISTRAR],
        )
        row = connection.execute(
            "SELECT made_by, created_at = now() FROM keystore.data_key WHERE id = %s", [key]
        ).fetchone()
        assert row == (OFFICER, True)


def test_a_registrar_reads_the_key_of_what_they_are_typing(database: str) -> None:
    key = uuid.uuid4()
    with at_work(database, REGISTRAR) as connection:
        before = keys_read(connection)
        connection.execute(MADE.encode(), [key])
        connection.execute(DRAWN.encode(), [key, REGISTRAR])
        assert keys_read(connection) - before == {key}
        assert not before & {OTHERS, SENT}
        connection.execute("UPDATE files_intakedraft SET sent_at = now() WHERE sent_at IS NULL")
        assert not keys_read(connection) & {OTHERS, SENT}


def test_the_second_registrar_reads_the_key_of_the_proposal_that_waits(database: str) -> None:
    key = uuid.uuid4()
    with at_work(database, REGISTRAR) as connection:
        connection.execute(MADE.encode(), [key])
        connection.execute(PROPOSED.encode(), [key, REGISTRAR])
        connection.commit()
        enter(connection, SECOND)
        assert key in keys_read(connection)
