"""Two offices with a mandated title each, and the portal as a browser and as raw SQL see it."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
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


@pytest.fixture
def world(db: None, make_user: Callable[..., User]) -> World:
    """In a transaction that is undone: for services, under the application's own database user."""
    return build(make_user)


@pytest.fixture
def real_world(committed_database: str, make_user: Callable[..., User]) -> World:
    """Committed: for the portal's own database user."""
    return build(make_user)


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
