"""What only the two watchers see: everybody's rights on a day with what changed, and who works now."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from secal.access.models import Charge, User, UserRole
from secal.access.models.rights import Right
from secal.access.policy import require
from secal.access.roles import PLANE_OF_ROLE, Mission, Plane, Role
from secal.office.formatting import as_date
from secal.register import events
from secal.register.rules import Days, Mark, mark, quarter_before, quarter_of, strongest
from secal.register.selectors.people import Session, open_sessions


@dataclass(frozen=True, slots=True)
class Cell:
    """How somebody stands towards a role or a mission."""

    mark: Mark
    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Row:
    """One person, with a cell for each column; None where they hold nothing."""

    user: User
    cells: tuple[Cell | None, ...]

    @property
    def changed(self) -> bool:
        return any(cell is not None and cell.mark is not Mark.HELD for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Seated:
    """Somebody who is logged in, with their name."""

    user: User
    session: Session


def since(on: date) -> date:
    """From when changes are shown: the start of the quarter before that day's."""
    return quarter_before(quarter_of(on))


def columns(plane: Plane) -> list[Role | Mission]:
    """The roles of a plane; and the missions, which only casework has."""
    roles = [role for role in Role if PLANE_OF_ROLE[role] is plane]
    return [*roles, *Mission] if plane is Plane.CASEWORK else [*roles]


def holders(plane: Plane, *, on: date, changed: bool = False) -> QuerySet[User]:
    """Who holds or lost a right of that plane in the window, by name. Raises Refused. A page: `rows`."""
    require("register.matrix")
    window = _window(on)
    if changed:
        first = since(on)
        window &= Q(valid_from__gte=first) | _entered(on) | ~_lasting(on)
    roles = UserRole.objects.filter(window, user=OuterRef("pk"), plane=plane)
    found: Any = Exists(roles)
    if plane is Plane.CASEWORK:
        found |= Exists(Charge.objects.filter(window, user=OuterRef("pk")))
    users: QuerySet[User] = User.objects.filter(found).order_by("family_name", "given_name", "pk")
    return users


def rows(users: Sequence[User], plane: Plane, *, on: date) -> list[Row]:
    """These persons with a cell a column. Logged; two queries for however many."""
    require("register.matrix")
    events.matrix_read()
    ids = [user.pk for user in users]
    held: dict[tuple[uuid.UUID, str], list[Cell]] = {}
    for row in UserRole.objects.filter(_window(on), user__in=ids, plane=plane).order_by(
        F("valid_from").desc()
    ):
        _note(held, row.user_id, row.role, row, on)
    if plane is Plane.CASEWORK:
        for charge in Charge.objects.filter(_window(on), user__in=ids).order_by(F("valid_from").desc()):
            _note(held, charge.user_id, charge.mission, charge, on)
    return [
        Row(user, tuple(_shown(held.get((user.pk, column.value), [])) for column in columns(plane)))
        for user in users
    ]


def sessions_now() -> list[Seated]:
    """Who works now, who came last first. Raises Refused. Logged."""
    require("sessions.view")
    events.sessions_read()
    sessions = open_sessions()
    users = {user.pk: user for user in User.objects.filter(pk__in=sessions)}
    seated = [Seated(users[key], session) for key, session in sessions.items() if key in users]
    return sorted(seated, key=lambda line: line.session.opened_at, reverse=True)


def days_of(right: Right) -> Days:
    return Days(
        right.valid_from,
        right.valid_until,
        as_date(right.ended_at) if right.ended_at else None,
        entered_on=as_date(right.entered_at),
    )


def _window(on: date) -> Q:
    """Rights that are in force on the day, or ended or entered since the window began."""
    return Q(Q(valid_until=None) | Q(valid_until__gte=since(on)) | _entered(on), valid_from__lte=on)


def _entered(on: date) -> Q:
    return Q(entered_at__date__range=(since(on), on))


def _lasting(on: date) -> Q:
    return Q(Q(valid_until=None) | Q(valid_until__gte=on), Q(ended_at=None) | Q(ended_at__date__gt=on))


def _note(
    held: dict[tuple[uuid.UUID, str], list[Cell]], holder: uuid.UUID, what: str, right: Right, on: date
) -> None:
    days = days_of(right)
    found = mark(days, since=since(on), on=on)
    if found is not None:
        held.setdefault((holder, what), []).append(
            Cell(found, days.valid_from, days.ended_on or days.valid_until)
        )


def _shown(cells: list[Cell]) -> Cell | None:
    if not cells:
        return None
    first = strongest(cell.mark for cell in cells)
    return next(cell for cell in cells if cell.mark is first)
