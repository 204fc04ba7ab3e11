"""Files that two persons closed: now, or so long ago that they have to go."""

from datetime import date

from django.db import connections

from secal.access.models import User
from secal.cases.models import AlimonyFile, Closure, ClosureGround, ClosureState, FileState
from tests.changing import change

LONG_AGO = """
UPDATE cases_alimonyfile SET state = 'closed', opened_on = '2019-01-07', closed_on = '2020-06-30'
 WHERE id = %s
"""


def close_file(file: AlimonyFile, *, officer: User, approver: User, on: date) -> None:
    """Everything was paid: the officer proposed to close it, the approver did."""
    _approved(file, officer, approver, on, ground=ClosureGround.PAID)
    change(file, state=FileState.CLOSED, closed_on=on)


def close_long_ago(file: AlimonyFile, *, officer: User, approver: User, on: date) -> None:
    """The creditor renounced, and since then more years went by than the file may be kept."""
    _approved(file, officer, approver, on, ground=ClosureGround.RENUNCIATION, renounced_on=on)
    with connections["default"].cursor() as cursor:
        cursor.execute(LONG_AGO, [file.pk])
    file.refresh_from_db()


def _approved(file: AlimonyFile, officer: User, approver: User, on: date, **facts: object) -> None:
    Closure.objects.create(
        file=file,
        state=ClosureState.APPROVED,
        explanation={},
        proposed_by=officer,
        proposed_on=on,
        decided_by=approver,
        decided_on=on,
        **facts,
    )
