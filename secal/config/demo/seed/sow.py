"""Fill an empty database with the demonstration's data, in one transaction: all of it or nothing."""

import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from audit.log import events as log
from secal.access.policy import require
from secal.cases.models import AlimonyFile
from secal.config.demo.seed import told
from secal.config.demo.seed.author import author_at_work
from secal.config.demo.seed.bank import Runs, Statements
from secal.config.demo.seed.employers import EmployerInventor
from secal.config.demo.seed.intake import permit_officers
from secal.config.demo.seed.life import ANYBODY, live
from secal.config.demo.seed.load import Loader
from secal.config.demo.seed.people import Inventor
from secal.config.demo.seed.recovery_bulk import Bulk
from secal.config.demo.seed.recovery_staff import hire_recovery
from secal.config.demo.seed.recovery_told import TOLD, tell_recovery
from secal.config.demo.seed.register_told import tell_register
from secal.config.demo.seed.staff import Staff, hire
from secal.config.demo.seed.story import Cast, World
from secal.config.demo.seed.unknown import payments_of_strangers
from secal.kernel.periods import Month

SEED = 20260221
FLUSH_AFTER = 500
NEW_THIS_MONTH = 0.08

Report = Callable[[int, int], None]
"""Told (files done, files in all)."""


@dataclass(frozen=True)
class Size:
    files: int
    oldest_months: int
    waiting_receipts: int
    employers: int
    """Those of the told stories counted in."""
    offices: int
    bailiffs: int


SIZES = {
    "small": Size(30, 4, 3, 13, 3, 6),
    "medium": Size(1000, 10, 12, 300, 40, 90),
    "large": Size(30_000, 12, 60, 8000, 200, 550),
}


class NotEmpty(Exception):
    """There are files already: the seed begins from nothing."""


@dataclass(frozen=True)
class Sown:
    """How many rows of each model were written, and how long it took."""

    rows: dict[str, int]
    seconds: float


def is_empty() -> bool:
    """Is there no file yet?"""
    return not AlimonyFile.objects.exists()


def sow(size: str, *, today: date, report: Report | None = None) -> Sown:
    """Write the files of that size, living until `today`. Raises NotEmpty."""
    began = time.monotonic()
    wanted = SIZES[size]
    with author_at_work():
        require("seed.load")
        if not is_empty():
            raise NotEmpty
        chance = random.Random(SEED)  # noqa: S311 - invented data, the same at every start
        staff = hire(chance)
        loader = Loader()
        world = _world(loader, Inventor(chance), staff, today)
        plan = _plan(chance, wanted, told.drawn(today))
        serials, books = _numbers("cases_file_number", len(plan)), _numbers("ledger_book_number", len(plan))
        for done, (serial, book, (age, cast)) in enumerate(zip(serials, books, plan, strict=True), start=1):
            live(world, serial=serial, book_number=book, months=age, cast=cast)
            if done % FLUSH_AFTER == 0:
                loader.flush()
                if report:
                    report(done, wanted.files)
        payments_of_strangers(world, wanted.waiting_receipts)
        loader.flush()
        world.runs.write(world.statements)
        world.statements.write()
        loader.flush()
        loader.write_history()
        permit_officers()
        told.receive_told(world)
        more = _sow_recovery(world, wanted)
        tell_register(random.Random(SEED + 2), staff, today)  # noqa: S311 - invented data, as above
        log.record_job("seed.load", reason=size)
    rows = {label: count + more[label] for label, count in loader.counts().items()}
    return Sown(rows, time.monotonic() - began)


def _world(loader: Loader, inventor: Inventor, staff: Staff, today: date) -> World:
    this_month = Month.of(today)
    section = "Bruxelles"
    officer, approver = staff.officers[section][0], staff.approvers[section]
    runs = Runs(
        loader,
        inventor,
        last=this_month - 1,
        preparer=officer,
        approver=approver,
    )
    return World(loader, inventor, staff, runs, Statements(loader, inventor, importer=officer), today)


def _sow_recovery(world: World, wanted: Size) -> dict[str, int]:
    """The other half, from a sequence of its own: neither half changes the other. Rows by model."""
    chance = random.Random(SEED + 1)  # noqa: S311 - invented data, the same at every start
    inventor = Inventor(chance)
    employers = EmployerInventor(inventor)
    team = hire_recovery(chance, inventor, world.staff, offices=wanted.offices, bailiffs=wanted.bailiffs)
    tell_recovery(team, employers, world.today)
    loader = Loader()
    bulk = Bulk(loader, employers, team, world.today)
    left = wanted.employers - TOLD
    while left > 0:
        bulk.write(min(left, FLUSH_AFTER))
        loader.flush()
        bulk.sign()
        left -= FLUSH_AFTER
    bulk.permit()
    loader.write_history()
    return loader.counts()


def _plan(chance: random.Random, wanted: Size, fixed: Sequence[tuple[int, Cast]]) -> list[tuple[int, Cast]]:
    """(months ago, who) of each file, oldest first, so that file numbers rise with time."""
    free = wanted.files - len(fixed) - told.RECEIVED
    plan = [(_age(chance, wanted.oldest_months), ANYBODY) for _ in range(free)]
    return sorted([*plan, *fixed], key=lambda line: -line[0])


def _age(chance: random.Random, oldest: int) -> int:
    """How many months ago the application came: some this month, most lately, a few long ago."""
    return 0 if chance.random() < NEW_THIS_MONTH else 1 + int((oldest - 1) * chance.random() ** 3)


def _numbers(sequence: str, count: int) -> list[int]:
    """The next numbers of a sequence, as the services take them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return sorted(number for (number,) in cursor.fetchall())
