"""Bailiffs whose NISS the Chamber knows, and messages taken as the feed takes them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from recovery.chamber.models import Channel, ReceivedList
from recovery.chamber.polling import take
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.people.identifiers import niss_index
from tests.recovery.chamber.sender import ISSUER, KEYS, NOW, Sender, niss
from tests.recovery.stories import People, mandated_title

Take = Callable[..., ReceivedList]


@pytest.fixture(autouse=True)
def believed(settings: Any) -> Iterator[None]:
    """The Chamber's keys and name, and nothing remembered from another test."""
    settings.CHAMBER_KEYS, settings.CHAMBER_ISSUER, settings.CHAMBER_URL = KEYS, ISSUER, ""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def portal_open() -> None:
    """Here the lists themselves decide whether it is."""


@pytest.fixture
def sender() -> Sender:
    return Sender()


@pytest.fixture
def receive(db: None) -> Take:
    def make(raw: bytes, at: datetime = NOW, channel: Channel = Channel.FETCHED) -> ReceivedList:
        return take(raw, channel=channel, at=at)

    return make


@pytest.fixture
def bailiffs(make_user: Callable[..., User]) -> Callable[[int], list[User]]:
    """So many active users of the portal, entered before the first message; the n-th has the NISS niss(n)."""

    def make(count: int) -> list[User]:
        with time_machine.travel(NOW - timedelta(days=1)):
            return entered(count)

    def entered(count: int) -> list[User]:
        office = Office.objects.create(name=f"Étude {uuid.uuid4()}", arrondissement="bruxelles")
        made = []
        for number in range(1, count + 1):
            user = make_user(Role.BAILIFF, given_name="Iris", family_name=f"Maes {number}", office=office)
            user.niss_bi = niss_index(niss(number))
            user.save()
            made.append(user)
        return made

    return make


@pytest.fixture
def bailiff(staff: People) -> User:
    """The office's bailiff, whose NISS is niss(1), with a file to serve."""
    staff.bailiff.niss_bi = niss_index(niss(1))
    staff.bailiff.save()
    mandated_title(staff)
    return staff.bailiff


def nisses(count: int) -> list[str]:
    return [niss(number) for number in range(1, count + 1)]


def active(users: list[User]) -> int:
    return User.objects.filter(pk__in=[user.pk for user in users], is_active=True).count()


TODAY = date(2026, 11, 22)
