"""For the tests of files: somebody who changes their work, and the clock of the door."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from secal.access.models import User
from secal.access.roles import Role
from secal.cases import selectors
from tests.cases.door import NOW
from tests.changing import change
from tests.conftest import appoint

MOVED = date(2026, 1, 5)


@pytest.fixture
def mover() -> Callable[[User, Role], None]:
    """The person changes plane and role."""

    def move(user: User, role: Role) -> None:
        change(user.roles.all(), valid_until=MOVED - timedelta(days=1))
        change(user.appointments.all(), valid_until=MOVED - timedelta(days=1))
        appoint(user, role, since=MOVED)

    return move


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The door's clock."""

    def put(at: datetime) -> None:
        monkeypatch.setattr(selectors, "now", lambda: at)

    put(NOW)
    return put
