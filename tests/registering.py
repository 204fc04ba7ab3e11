"""Rows that a test makes past the services, with the act of registration that the database asks for; and an
office in which nothing can be read."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import make_conninfo

from secal.access.actors import actor_or_none, service_actor
from secal.access.models import User
from secal.cases.models import AlimonyFile
from secal.people.models import Person, RegistrationAct, RegistrationKind


def imported(*rows: Person | AlimonyFile) -> None:
    """These were taken over from elsewhere, by whoever is at work or by the seed."""
    actor = actor_or_none() or service_actor("seed")
    RegistrationAct.objects.bulk_create(_act(row, actor.id) for row in rows)


def _act(row: Person | AlimonyFile, actor: uuid.UUID) -> RegistrationAct:
    if isinstance(row, Person):
        return RegistrationAct(kind=RegistrationKind.IMPORTED, person=row, actor=actor)
    return RegistrationAct(kind=RegistrationKind.IMPORTED, file=row.pk, actor=actor)


def barred(user: User, person: uuid.UUID) -> bool:
    """Whether this member of staff ever did an act of registration on that person."""
    return RegistrationAct.objects.filter(actor=user.pk, person=person).exists()


PERSONAL = """
SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND NOT c.oid::regclass::text = ANY (%s)
       AND (n.nspname = 'keystore' OR c.relname ~ '^(people|cases|ledger|advances|solvency)_')
"""


@contextmanager
def nothing_readable(database: str, *, but: tuple[str, ...] = ()) -> Iterator[None]:
    """The application may add rows to tables about persons and files, and sees none of theirs."""
    address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=database)
    with psycopg.connect(address, autocommit=True) as admin:
        tables = ", ".join(name for (name,) in admin.execute(PERSONAL, [list(but)]).fetchall())
        admin.execute(f"REVOKE SELECT ON {tables} FROM secal_app")
        try:
            yield
        finally:
            admin.execute(f"GRANT SELECT ON {tables} TO secal_app")
