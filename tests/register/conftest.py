"""The register's keepers and watchers, and their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from secal.access.models import User
from secal.access.roles import Role

MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]


@pytest.fixture
def keeper(make_user: MakeUser) -> User:
    return make_user(Role.USER_REGISTRAR, given_name="Bart", family_name="Goossens")


@pytest.fixture
def coordinator(make_user: MakeUser) -> User:
    return make_user(Role.SECURITY_COORDINATOR, given_name="An", family_name="Willems")


@pytest.fixture
def dpo(make_user: MakeUser) -> User:
    return make_user(Role.DATA_PROTECTION_OFFICER, given_name="Paul", family_name="Renard")


@pytest.fixture
def desk(keeper: User, client_for: ClientFor) -> Client:
    """The user registrar's."""
    return client_for(keeper)


@pytest.fixture
def watch(coordinator: User, client_for: ClientFor) -> Client:
    """The security co-ordinator's."""
    return client_for(coordinator)
