"""One named function a kind of event. Each writes in the transaction of the act that it records.

A row says who (person, capacity, section), what kind of data (field names), about whom, in which file,
when and for which purpose (12/057 §25). It never holds a value.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection, connections

from audit.log.context import current, database


def record_read(
    act: str,
    *,
    purpose: str,
    subject: uuid.UUID | None = None,
    file: uuid.UUID | None = None,
    fields: Sequence[str] = (),
) -> None:
    """Personal data are about to be shown: `fields` names them, `purpose` says why."""
    _write("READ", act, [(subject, file)], purpose=purpose, fields=fields)


def record_list_read(
    act: str,
    *,
    purpose: str,
    lines: Iterable[tuple[uuid.UUID | None, uuid.UUID | None]],
    fields: Sequence[str],
) -> None:
    """A list page is about to be shown: one row a line (subject, file), in one statement."""
    _write("READ", act, list(lines), purpose=purpose, fields=fields)


def record_refusal(
    act: str, *, reason: str, subject: uuid.UUID | None = None, file: uuid.UUID | None = None
) -> None:
    """Somebody was refused: `reason` is the code of the missing right or broken rule."""
    _write("DENY", act, [(subject, file)], reason=reason)


def record_write(
    act: str,
    *,
    subject: uuid.UUID | None = None,
    file: uuid.UUID | None = None,
    purpose: str = "",
    reason: str = "",
) -> None:
    """Something was decided or changed about a person or file; `reason` is a code."""
    _write("WRITE", act, [(subject, file)], purpose=purpose, reason=reason)


def record_login(act: str) -> None:
    """A session was opened."""
    _write("LOGIN", act, [(None, None)])


def record_logout(act: str, *, holder: uuid.UUID | None = None) -> None:
    """A session was ended: by who is at work, or by itself, and then it says whose it was."""
    _write("LOGOUT", act, [(holder, None)])


def record_export(
    act: str, *, purpose: str, file: uuid.UUID | None = None, fields: Sequence[str] = ()
) -> None:
    """Data left the office as a file."""
    _write("EXPORT", act, [(None, file)], purpose=purpose, fields=fields)


def record_job(act: str, *, reason: str = "") -> None:
    """A background job began or ended."""
    _write("JOB", act, [(None, None)], reason=reason)


def prepare_partitions(*, first: date, months: int) -> int:
    """Make the monthly partitions ahead; returns how many were missing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT seclog.prepare_partitions(%s, %s)", [first, months])
        made: int = cursor.fetchone()[0]
    return made


def _write(
    kind: str,
    act: str,
    lines: Sequence[tuple[uuid.UUID | None, uuid.UUID | None]],
    *,
    purpose: str = "",
    fields: Sequence[str] = (),
    reason: str = "",
) -> None:
    if not lines:
        return
    context = current()
    with connections[database()].cursor() as cursor:
        cursor.execute(
            "SELECT seclog.record(%s::uuid[], %s, %s, %s::uuid, %s, %s,"
            " %s::uuid[], %s::uuid[], %s, %s::text[], %s, %s)",
            [
                [uuid.uuid4() for _ in lines],
                kind,
                act,
                context.actor,
                context.capacity,
                context.section,
                [subject for subject, _ in lines],
                [file for _, file in lines],
                purpose,
                list(fields),
                reason,
                context.request,
            ],
        )
