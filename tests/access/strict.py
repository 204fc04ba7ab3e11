"""A database exactly as an office has it, and people with a seat in it."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from secal.access.seats import digest
from tests.access.attempts import at
from tests.conftest import clone_template, drop_database

SEATED = """
INSERT INTO access_user (id, password, subject, given_name, family_name, language, section, is_active,
                         is_superuser)
VALUES ('{who}', '', '{role} {who}', 'Rita', 'Claes', 'fr', 'Namur', true, false);
WITH a AS (
    INSERT INTO access_appointment (id, user_id, plane, section, valid_from, entered_at, end_reason)
    VALUES (gen_random_uuid(), '{who}', '{plane}', 'Namur', '2020-01-01', now(), '') RETURNING id)
INSERT INTO access_userrole (id, user_id, appointment_id, role, plane, valid_from, entered_at, end_reason)
SELECT gen_random_uuid(), '{who}', a.id, '{role}', '{plane}', '2020-01-01', now(), '' FROM a;
INSERT INTO seat.session (token_digest, user_id, plane, authenticated_at, ends_at, idle)
VALUES ('\\x{digest}', '{who}', '{plane}', now(), now() + interval '1 hour', interval '15 minutes');
"""

_STAFF = "the register of users: names of colleagues stand on every page, its own triggers guard it"
_NO_DATA = "of the frameworks: names of kinds and migrations"
_UNUSED = "of the frameworks: nothing writes it"
OPEN_TO_ALL = {
    **dict.fromkeys(
        (f"access_{name}" for name in ("appointment", "charge", "commitment", "office", "user", "userrole")),
        _STAFF,
    ),
    **dict.fromkeys(("auth_permission", "django_content_type", "django_migrations"), _NO_DATA),
    **dict.fromkeys(
        (
            "auth_group",
            "auth_group_permissions",
            "django_admin_log",
            "guardian_groupobjectpermission",
            "guardian_userobjectpermission",
        ),
        _UNUSED,
    ),
    **dict.fromkeys(
        ("chamber_alarm", "chamber_receivedlist"),
        "what became of the messages of the National Chamber: read before anybody is at work, names nobody",
    ),
    "auditlog_logentry": "changes of the register of users, the ceremony's too; signed",
    "office_job": "what the machines do: kinds of work, periods and counts, no person",
}
"""Tables that the office's database user reads whoever is at work, each with the reason."""


def seated(who: uuid.UUID, role: str, plane: str) -> str:
    """The SQL that makes this person and gives them a seat: its token is their identifier."""
    return SEATED.format(who=who, role=role, plane=plane, digest=digest(str(who)).hex())


@contextmanager
def strict(story: str) -> Iterator[str]:
    """A database with these rows, which an administrator wrote past every trigger."""
    name = clone_template(lenient=False)
    with psycopg.connect(at(os.environ["ADMIN_DATABASE_URL"], name)) as administrator:
        administrator.execute(b"SET session_replication_role = replica")
        administrator.execute(story.encode())
    try:
        yield name
    finally:
        drop_database(name)


@contextmanager
def at_work(
    database: str, who: uuid.UUID | None, *, site: str = "DATABASE_URL"
) -> Iterator[psycopg.Connection]:
    """Under that site's database user, in a transaction of this person's, or of nobody's; never committed."""
    with psycopg.connect(at(os.environ[site], database)) as connection:
        if who is not None:
            enter(connection, who)
        yield connection
        connection.rollback()


def enter(connection: psycopg.Connection, who: uuid.UUID) -> None:
    """Begin this transaction as that person."""
    row = connection.execute("SELECT user_id FROM seat.enter(%s)", [str(who)]).fetchone()
    assert row == (who,)
