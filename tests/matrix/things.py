"""What the walk is made of: an object as an address names it, a text that is not everybody's, our staff."""

import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.test import Client

from secal.access.models import User
from secal.access.roles import Role
from secal.office import keeping
from tests import stories

MakeUser = Callable[..., User]
ClientFor = Callable[[User], Client]
Things = dict[str, list["Thing"]]

CASEWORK = frozenset({Role.CASE_OFFICER, Role.APPROVER})
ONSS = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE, Role.ROLL_SIGNATORY})
REGISTER = frozenset({Role.USER_REGISTRAR, Role.SECURITY_COORDINATOR, Role.DATA_PROTECTION_OFFICER})
EVERYONE = frozenset(Role)
NOBODY: frozenset[Role] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """An object as an address names it. `reached_by`: the roles of our staff to whom it is given; whether
    they may do an act on it is the act's business. `closed_to`: those to whom it would be given, and whom
    something that they know of keeps out; they are told the reason. `without`: the pages, by name, that are
    not there for it."""

    name: str
    values: Mapping[str, uuid.UUID]
    reached_by: frozenset[Role]
    closed_to: frozenset[Role] = NOBODY
    without: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Secret:
    """A text about somebody, and the roles of our staff who may meet it."""

    text: str
    label: str
    reached_by: frozenset[Role]


@dataclass(frozen=True, slots=True)
class World:
    """Our staff by role, the things by kind, and every text that is not everybody's."""

    staff: Mapping[Role, User]
    things: Mapping[str, list[Thing]]
    secrets: list[Secret]


def add(
    things: Things,
    kind: str,
    name: str,
    values: Mapping[str, uuid.UUID],
    reached_by: Iterable[Role],
    *,
    closed_to: Iterable[Role] = NOBODY,
    without: Iterable[str] = (),
) -> None:
    made = Thing(name, values, frozenset(reached_by), frozenset(closed_to), frozenset(without))
    things.setdefault(kind, []).append(made)


def persons(given: str, family: str, debtor_given: str, debtors: str, iban: str) -> dict[str, Any]:
    """Creditor, debtor and child of a file, of whom no detail is anybody else's."""
    born = date(2016, 2, 3)
    home, theirs = f"Korenstraat 7, {family}dorp", f"Kaai 9, {debtors}dorp"
    return {
        "creditor": stories.els(given_name=given, family_name=family, address=home, iban=iban),
        "debtor": stories.tom(given_name=debtor_given, family_name=debtors, address=theirs),
        "children": [stories.child(given_name="Rune", family_name=debtors, address=home, birth_date=born)],
    }


def secrets_of(
    unit: str, unit_id: uuid.UUID, reached: Iterable[Role], *, number: Iterable[Role]
) -> list[Secret]:
    """Every text about the people of a unit, as what is kept of it says: sealed or in clear."""
    found: list[Any] = list(keeping.unit(unit).traces(unit_id))
    for kept in keeping.kept_of(unit):
        if kept.traces:
            found += kept.traces("default", kept.rows_of("default", unit_id))
    return [
        Secret(
            trace.value,
            f"{unit}.{trace.label}",
            frozenset(number if trace.label == "number" else reached),
        )
        for trace in found
        if trace.value
    ]
