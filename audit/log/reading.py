"""Reading the security log, for its two watchers: the only caller of the functions that give its rows.

Each look is a question that is written and committed before the first row is given (sql/0002_reading.sql):
who asks, why, about whom. It goes through a connection of its own, whose role may call these functions and
touch nothing else.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connections

from audit.log.context import current

ALIAS = "watch"
A_PAGE = 50


class NobodyAsks(RuntimeError):
    """The log was asked outside a unit of work, or without a reason."""


@dataclass(frozen=True, slots=True)
class Why:
    """What a look is for: the code of a reason, and the number of the complaint or request behind it."""

    code: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for. Subjects and files are alternatives; all else narrows. `until` is not included."""

    subjects: tuple[uuid.UUID, ...] = ()
    files: tuple[uuid.UUID, ...] = ()
    officer: uuid.UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    purpose: str = ""
    kind: str = ""
    act: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: the next page begins after it."""

    at: datetime
    id: uuid.UUID


@dataclass(frozen=True, slots=True)
class LogRow:
    """Who, in which capacity and section, did what, about whom, when and why. Field names, never values."""

    id: uuid.UUID
    at: datetime
    kind: str
    act: str
    actor: uuid.UUID | None
    capacity: str
    section: str
    subject: uuid.UUID | None
    file: uuid.UUID | None
    purpose: str
    fields: Sequence[str]
    reason: str
    request: str


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, newest first; `after` where there are more."""

    rows: tuple[LogRow, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows of a kind in one hour of one day, by the clock of Brussels."""

    day: date
    hour: int
    kind: str
    number: int


def search(criteria: Criteria, *, why: Why, after: Place | None = None, most: int = A_PAGE) -> Page:
    """One page of the rows that fit, newest first. Raises NobodyAsks."""
    question = _ask("rows", criteria, why, after=after, most=most + 1)
    with _cursor() as cursor:
        cursor.execute("SELECT * FROM seclog.answer(%s::uuid)", [question])
        rows = [LogRow(*row) for row in cursor.fetchall()]
    shown = tuple(rows[:most])
    return Page(shown, Place(shown[-1].at, shown[-1].id) if len(rows) > most else None)


def summary(*, since: datetime, until: datetime, why: Why) -> list[Count]:
    """How many rows of each kind in each hour of the period. Raises NobodyAsks."""
    question = _ask("summary", Criteria(since=since, until=until), why, after=None, most=1)
    with _cursor() as cursor:
        cursor.execute("SELECT * FROM seclog.summary(%s::uuid)", [question])
        return [Count(*row) for row in cursor.fetchall()]


def _ask(what: str, criteria: Criteria, why: Why, *, after: Place | None, most: int) -> uuid.UUID:
    """Write the question; it is committed when this returns, for this connection opens no transaction."""
    context = current()
    if context.actor is None or not why.code:
        raise NobodyAsks("the log is read by somebody, for a reason")
    question = uuid.uuid4()
    with _cursor() as cursor:
        cursor.execute(
            "SELECT seclog.ask(%s::uuid, %s, %s::uuid, %s, %s, %s, %s, %s, %s::uuid[], %s::uuid[], %s::uuid,"
            " %s::timestamptz, %s::timestamptz, %s, %s, %s, %s::timestamptz, %s::uuid, %s::integer)",
            [
                question,
                what,
                context.actor,
                context.capacity,
                context.section,
                context.request,
                why.code,
                why.reference,
                list(criteria.subjects),
                list(criteria.files),
                criteria.officer,
                criteria.since,
                criteria.until,
                criteria.purpose,
                criteria.kind,
                criteria.act,
                after.at if after else None,
                after.id if after else None,
                most,
            ],
        )
    return question


@contextmanager
def _cursor() -> Iterator[Any]:
    with connections[ALIAS].cursor() as cursor:
        yield cursor
