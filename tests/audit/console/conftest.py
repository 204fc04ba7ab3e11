"""The two watchers, and a browser for one of them in a database where commits are real."""

from collections.abc import Callable

import pytest
from django.test import Client

from secal.access.models import User
from secal.access.roles import Role


@pytest.fixture
def dpo(committed_database: str, make_user: Callable[..., User]) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Dirk", family_name="Pauwels", section="")


@pytest.fixture
def desk(dpo: User, client_for: Callable[[User], Client]) -> Client:
    return client_for(dpo)
