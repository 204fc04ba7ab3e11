"""What the two watchers may see: the log by question, its numbers, what is due, the last proofs."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from audit.console import events, naming, obligations
from audit.console.proofs import folder
from audit.log import reading
from audit.log.reading import Criteria, LogRow, Place, Why
from secal.access.policy import require
from secal.office import keeping
from secal.office.formatting import BRUSSELS

DAYS = 30
OVERVIEW = Why("overview")
READ, DENY = "READ", "DENY"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the log with names for its identifiers, where they still exist."""

    row: LogRow
    who: str
    subject: str
    file: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One page of an answer."""

    lines: tuple[Line, ...]
    after: Place | None


@dataclass(frozen=True, slots=True)
class DayCount:
    """What happened on one day."""

    day: date
    reads: int
    refusals: int
    others: int


@dataclass(frozen=True, slots=True)
class Overview:
    """The last thirty days in numbers. `week`: reads by (weekday, hour), Monday is 0."""

    days: tuple[DayCount, ...]
    week: dict[tuple[int, int], int]
    refusals_today: int
    due: tuple[tuple[keeping.Unit, int], ...]


def search(criteria: Criteria, *, why: Why, after: Place | None = None) -> Shown:
    """One page of the log. Raises Refused. The question is in the log before its answer is here."""
    require("log.search")
    page = reading.search(criteria, why=why, after=after)
    return Shown(_told(page.rows, why), page.after)


def overview(*, on: date) -> Overview:
    """Numbers without persons. Raises Refused."""
    require("log.search")
    first = on - timedelta(days=DAYS - 1)
    counts = reading.summary(since=_midnight(first), until=_midnight(on + timedelta(days=1)), why=OVERVIEW)
    kinds: dict[date, Counter[str]] = {first + timedelta(days=step): Counter() for step in range(DAYS)}
    week: Counter[tuple[int, int]] = Counter()
    for count in counts:
        kinds.setdefault(count.day, Counter())[count.kind] += count.number
        if count.kind == READ:
            week[count.day.weekday(), count.hour] += count.number
    return Overview(
        days=tuple(_day(day, kinds[day]) for day in sorted(kinds)),
        week=dict(week),
        refusals_today=kinds[on][DENY],
        due=tuple((unit, sum(1 for _due in unit.due(on))) for unit in keeping.units()),
    )


def last_proofs() -> obligations.Proofs | None:
    """What the last run of the obligations' tests showed. Raises Refused."""
    require("obligations.view")
    events.obligations_read()
    return obligations.last(folder())


def _told(rows: Sequence[LogRow], why: Why) -> tuple[Line, ...]:
    who = naming.actors(row.actor for row in rows)
    files = naming.units(row.file for row in rows)
    persons = naming.subjects(row.subject for row in rows)
    staff = naming.actors(row.subject for row in rows if row.subject not in persons)
    events.names_shown("log.search", why=why, subjects=list(persons))
    return tuple(
        Line(
            row=row,
            who=_name(row.actor, who),
            subject=_name(row.subject, {**staff, **persons}),
            file=_name(row.file, files),
        )
        for row in rows
    )


def _name(identifier: uuid.UUID | None, names: dict[uuid.UUID, str]) -> str:
    """The name; the identifier itself of what is erased or of no kind that has a name."""
    if identifier is None:
        return ""
    return names.get(identifier, str(identifier))


def _day(day: date, kinds: Counter[str]) -> DayCount:
    others = kinds.total() - kinds[READ] - kinds[DENY]
    return DayCount(day=day, reads=kinds[READ], refusals=kinds[DENY], others=others)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=BRUSSELS)
