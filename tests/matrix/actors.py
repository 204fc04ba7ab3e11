"""Everybody who may stand before an address: each role, and those whom the site does not know."""

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

from django.test import Client

from secal.access.models import User
from secal.access.roles import Role
from secal.access.services import users
from secal.access.unit_of_work import acting_as
from secal.config.settings.sites import SITES
from secal.office.clock import today
from tests.changing import change
from tests.matrix.things import ClientFor, MakeUser, World
from tests.matrix.walk import Actor
from tests.recovery.portal.conftest import seated


def at_the_office(world: World, make_user: MakeUser, client_for: ClientFor) -> list[Actor]:
    """Bailiffs are strangers here, also with a session."""
    known = [
        _actor(role, client_for(user), role if role is not Role.BAILIFF else None, user)
        for role, user in world.staff.items()
    ]
    return [*known, *_strangers(world, lambda: make_user(Role.CASE_OFFICER), client_for)]


def at_the_portal(world: World, make_user: MakeUser, client_for: ClientFor) -> list[Actor]:
    """The office's people are strangers here, also with the token that they have there: one of each plane
    that has to do with files."""
    bailiff = world.staff[Role.BAILIFF]
    others = [
        _actor(role, _carried(client_for(world.staff[role])), None, world.staff[role])
        for role in (Role.CASE_OFFICER, Role.CONCESSION_OPERATOR, Role.SECURITY_COORDINATOR)
    ]
    office = bailiff.office
    strangers = _strangers(world, lambda: make_user(Role.BAILIFF, office=office), seated)
    return [_actor(Role.BAILIFF, seated(bailiff), Role.BAILIFF, bailiff), *others, *strangers]


def _carried(browser: Client) -> Client:
    """With the office's token in the portal's cookie."""
    browser.cookies[SITES["portal"].cookie("seat")] = browser.cookies[SITES["office"].cookie("seat")].value
    return browser


def _strangers(world: World, make: Callable[[], User], enter: ClientFor) -> list[Actor]:
    """Nobody at all; and those who entered, and then were suspended, lost their role, or whose days ended."""
    staff = {"suspended": make(), "without role": make(), "after their last day": make()}
    browsers = {name: enter(user) for name, user in staff.items()}
    with acting_as(world.staff[Role.USER_REGISTRAR].pk):
        users.suspend(staff["suspended"].pk, reason="left")
        users.end_right(staff["without role"].roles.get(), reason="left")
    for rights in (staff["after their last day"].roles, staff["after their last day"].appointments):
        change(rights.get(), valid_until=today() - timedelta(days=1))
    return [
        _actor("anonymous", Client(), None, None),
        *[_actor(name, browser, None, staff[name]) for name, browser in browsers.items()],
    ]


def _actor(name: str, browser: Client, role: Role | None, user: User | None) -> Actor:
    return Actor(str(name), browser, role, user.pk if user else None, deepcopy(browser.cookies))
