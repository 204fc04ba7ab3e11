"""Somebody who changes their work, for the tests of files."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from secal.access.models import User
from secal.access.roles import Role
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
