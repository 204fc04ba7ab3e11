"""The register's keepers and watchers, and their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from secal.access.models import User

MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]


@pytest.fixture
def desk(keeper: User, client_for: ClientFor) -> Client:
    """The user registrar's."""
    return client_for(keeper)


@pytest.fixture
def watch(coordinator: User, client_for: ClientFor) -> Client:
    """The security co-ordinator's."""
    return client_for(coordinator)
