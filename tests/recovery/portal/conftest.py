"""Two offices with a mandated title each, and the portal as a browser and as raw SQL see it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client, override_settings
from django.utils import timezone

from recovery.cases.models import Mandate, RecoveryFile
from secal.access import seats
from secal.access.models import Office, User
from secal.config.settings.sites import SITES
from tests.committed import Spare
from tests.conftest import (
    be_lenient,
    clone_template,
    copy_database,
    drop_database,
    made_user,
    pointing_at,
    sit_where_they_like,
)
from tests.recovery import stories
from tests.recovery.stories import People, people

AtPortal = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True, slots=True)
class World:
    """Our office and bailiff with a mandate, and a sibling office and bailiff with another."""

    staff: People
    mandate: Mandate
    sibling_office: Office
    sibling: User
    sibling_mandate: Mandate

    @property
    def file(self) -> RecoveryFile:
        return RecoveryFile.objects.select_related("employer", "book").get(pk=self.mandate.file_id)

    @property
    def file_id(self) -> uuid.UUID:
        return self.mandate.file_id


def build(make_user: Callable[..., User]) -> World:
    staff = people(make_user)
    office, sibling = stories.office_with_bailiff(
        make_user, "Kantoor De Clercq", given_name="Jan", family_name="De Clercq"
    )
    return World(
        staff=staff,
        mandate=stories.mandated_title(staff),
        sibling_office=office,
        sibling=sibling,
        sibling_mandate=stories.mandated_title(staff, office=office, name="Garage De Smet"),
    )


@pytest.fixture(scope="session")
def told_world(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[str, World]]:
    """The world, built once, and the database that holds it: each test gets a copy of both."""
    with django_db_blocker.unblock():
        name = clone_template()
        with pointing_at(name), pytest.MonkeyPatch.context() as patch:
            sit_where_they_like(patch)
            built = build(made_user)
    yield name, built
    with django_db_blocker.unblock():
        drop_database(name)


@pytest.fixture(scope="session")
def spare_database(told_world: tuple[str, World], django_db_blocker: Any) -> Iterator[Spare]:
    """Here with the world in it."""

    def copied() -> str:
        name = copy_database(told_world[0])
        be_lenient(name)
        return name

    spare = Spare(copied, drop_database)
    yield spare
    with django_db_blocker.unblock():
        spare.end()


@pytest.fixture
def world(committed_database: str, told_world: tuple[str, World]) -> World:
    return deepcopy(told_world[1])


def seated(user: User) -> Client:
    """A browser in which this person has logged in at the portal."""
    browser = Client()
    browser.cookies["portal-seat"] = token_of(user)
    return browser


def token_of(user: User) -> str:
    """The token of a fresh seat at the portal."""
    with override_settings(SITE=SITES["portal"]):
        seat = seats.open_seat(user.subject, niss_bi=user.niss_bi, authenticated_at=timezone.now())
    return seat.token


@contextmanager
def sitting(at_portal: AtPortal, user: User) -> Iterator[Any]:
    """Raw SQL as the portal's database user, in a transaction of this person's seat; rolled back."""
    token = token_of(user)
    with at_portal(), transaction.atomic():
        seats.enter(token)
        with connection.cursor() as cursor:
            yield cursor
        transaction.set_rollback(True)
