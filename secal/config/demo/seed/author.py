"""The author of the demonstration: whoever tells a made-up past signs for those who are in it.

The identity exists only while the past is written: the administrator lets it in and takes it away again, and
an office that is no demonstration never has it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from uuid import UUID

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

from secal.access import selectors
from secal.access.actors import service_actor
from secal.access.unit_of_work import service_work, unit_of_work

AUTHOR = "seed"
COMES = """
INSERT INTO seat.service (name, id, sees_persons, plane) VALUES (%s, %s, true, 'author')
ON CONFLICT (name) DO NOTHING
"""


@contextmanager
def author_at_work() -> Iterator[None]:
    """One transaction of the author."""
    address = make_conninfo(os.environ["ADMIN_DATABASE_URL"], dbname=connection.settings_dict["NAME"])
    with psycopg.connect(address, autocommit=True) as administrator:
        coming = administrator.execute(COMES, [AUTHOR, service_actor(AUTHOR).id])
        came = bool(coming.rowcount)
        try:
            with service_work(AUTHOR):
                yield
        finally:
            if came:
                administrator.execute("DELETE FROM seat.service WHERE name = %s", [AUTHOR])


@contextmanager
def telling_of(user_id: UUID) -> Iterator[None]:
    """Inside the author's transaction: what this person did. Raises Refused for a user who may not work."""
    with unit_of_work(selectors.actor_of(user_id), nullcontext):
        yield


@contextmanager
def telling_of_service(name: str) -> Iterator[None]:
    """Inside the author's transaction: what this background identity did."""
    with unit_of_work(service_actor(name), nullcontext):
        yield
