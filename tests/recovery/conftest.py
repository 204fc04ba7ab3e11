"""The people of a recovery, one of each."""

from collections.abc import Callable

import pytest

from secal.access.models import User
from tests.recovery.stories import People, people


@pytest.fixture
def staff(make_user: Callable[..., User]) -> People:
    return people(make_user)
