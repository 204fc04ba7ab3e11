"""What the walk looks up to see that a step's effect is there: rows, balances, the security log."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import psycopg
from django.db import connections, router
from django.db.models import Model, Sum
from django.test import override_settings
from django.utils import timezone
from psycopg import sql
from psycopg.conninfo import make_conninfo

from recovery.cases.dues import amount_due
from recovery.cases.models import RecoveryFile
from secal.access.models import User
from secal.access.seats import open_seat
from secal.access.unit_of_work import service_work
from secal.advances.models import AdvanceRun
from secal.cases.models import AlimonyFile
from secal.config.demo.browser import Page
from secal.config.settings.sites import SITES
from secal.kernel.money import NARROW_SPACE, format_amount
from secal.ledger.models import Account, Posting
from secal.ledger.selectors import EmployerFigures, employer_figures
from secal.office.models import Job, JobState

JOB_SECONDS = 60.0


class DidNotHold(AssertionError):
    """A step's effect is not there."""


class Witness:
    """Looks the effects up as the schema's owner: at work is nobody here, and nobody sees no row."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        return None if connections["default"].in_atomic_block else "owner"


@contextmanager
def witnessing() -> Iterator[None]:
    """What a walk reads outside any unit of work is read by the witness."""
    witness = Witness()
    router.routers.insert(0, witness)
    try:
        yield
    finally:
        router.routers.remove(witness)


def hold(condition: object, what: str) -> None:
    """Raise DidNotHold with these words unless the condition is true."""
    if not condition:
        raise DidNotHold(what)


def same(found: object, wanted: object, what: str) -> None:
    """Raise DidNotHold unless both are equal."""
    if found != wanted:
        raise DidNotHold(f"{what}: found {found}, wanted {wanted}")


def plain(page: Page) -> str:
    """The words of a page with every space an ordinary one, as amounts are looked for in them."""
    return page.text.replace(NARROW_SPACE, " ").replace("\u00a0", " ")


def amount_in(page: Page, amount: Decimal) -> bool:
    """Does the page show this sum?"""
    return format_amount(amount).replace(NARROW_SPACE, " ").replace("\u00a0", " ") in plain(page)


def book_of(file: RecoveryFile) -> EmployerFigures:
    """What the employer owes by the book. No router sees queries in SQL: an identity of the worker asks."""
    with service_work("collection"):
        return employer_figures(file.book)


def owed_on(file: RecoveryFile, day: date) -> Decimal:
    """What the whole file owes that day, asked as in `book_of`."""
    with service_work("collection"):
        return amount_due(file, on=day).total


def debtor_balance(file: AlimonyFile) -> Decimal:
    """What the debtor owes by the book."""
    found: Decimal | None = Posting.objects.filter(book=file.book_id, account=Account.DEBTOR).aggregate(
        sum=Sum("amount")
    )["sum"]
    return found or Decimal(0)


def await_run(run_id: uuid.UUID, state: str) -> AdvanceRun:
    """Wait until the background work has brought the run to that state."""
    deadline = time.monotonic() + JOB_SECONDS
    while True:
        run = AdvanceRun.objects.get(pk=run_id)
        if run.state == state:
            return run
        failed = Job.objects.filter(state=JobState.FAILED).values_list("kind", "error").first()
        hold(failed is None, f"background work failed: {failed}")
        hold(time.monotonic() < deadline, f"the run is {run.state} after {JOB_SECONDS:.0f} s, wanted {state}")
        time.sleep(0.2)


def log_count(**wanted: object) -> int:
    """How many rows of the security log have these values, read as the administrator: the office cannot."""
    columns = sql.SQL(" AND ").join(
        sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(value)) for name, value in wanted.items()
    )
    with psycopg.connect(os.environ["ADMIN_DATABASE_URL"]) as connection:
        row = connection.execute(
            sql.SQL("SELECT count(*) FROM seclog.event WHERE {}").format(columns)
        ).fetchone()
    return int(row[0]) if row else 0


def await_true(condition: Callable[[], object], what: str) -> None:
    """Wait until background work has made it true. Raises DidNotHold."""
    deadline = time.monotonic() + JOB_SECONDS
    while not condition():
        hold(time.monotonic() < deadline, f"{what}: not after {JOB_SECONDS:.0f} s")
        time.sleep(0.2)


def rows_at_portal(subject: str, file_id: uuid.UUID) -> dict[str, int]:
    """Rows about a file that a bailiff finds by raw SQL: the portal's database user in their seat."""
    user = User.objects.get(subject=subject)
    with override_settings(SITE=SITES["portal"]):
        seat = open_seat(user.subject, niss_bi=user.niss_bi, authenticated_at=timezone.now())
    questions = {
        "recovery_cases_recoveryfile": "id",
        "recovery_cases_title": "file_id",
        "recovery_cases_document": "file_id",
        "recovery_cases_act": "file_id",
        "portal_collectedpayment": "file_id",
    }
    with psycopg.connect(os.environ["PORTAL_DATABASE_URL"]) as connection:
        connection.execute("SELECT seat.enter(%s)", [seat.token])
        found = {
            table: connection.execute(
                sql.SQL("SELECT count(*) FROM {} WHERE {} = %s").format(
                    sql.Identifier(table), sql.Identifier(column)
                ),
                [file_id],
            ).fetchone()
            for table, column in questions.items()
        }
        connection.rollback()
    return {table: int(row[0]) if row else 0 for table, row in found.items()}


def let_a_day_pass(file_id: uuid.UUID | str, *, database: str = "") -> None:
    """Set the end of a recovery file one day back, as the administrator: nobody waits for tomorrow in a walk.

    What has ended today may be kept today, and has to go from tomorrow on. `database`: another than that of
    the administrator's address.
    """
    elsewhere = {"dbname": database} if database else {}
    with psycopg.connect(make_conninfo(os.environ["ADMIN_DATABASE_URL"], **elsewhere)) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE recovery_cases_recoveryfile SET ended_on = ended_on - 1, outcome_on = outcome_on - 1"
            " WHERE id = %s",
            [file_id],
        )
