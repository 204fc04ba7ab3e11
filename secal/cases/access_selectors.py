"""Reading the exceptions to who may open a file: what waits for an answer or a review, and who is protected.

A page that shows a reason opens what was sealed, and each line is logged.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import OuterRef, Q, QuerySet

from secal.access.actors import Actor, current_actor
from secal.access.policy import require
from secal.access.roles import Role
from secal.cases import events
from secal.cases.models import (
    AlimonyFile,
    Beneficiary,
    EmergencyAccess,
    PersonProtection,
    ProtectedOpening,
)
from secal.cases.models.access import AGREED_FOR
from secal.cases.selectors import barred_file, facts_without_assignment
from secal.people.models import Person
from secal.vault.fields import prefetch_keys

MOST = 100
R = TypeVar("R", EmergencyAccess, ProtectedOpening)


@dataclass(frozen=True, slots=True)
class Told:
    """A request with its reason opened."""

    request: EmergencyAccess | ProtectedOpening
    reason: str


def unreviewed_in_time(asker: uuid.UUID, *, on: date) -> bool:
    """Whether an emergency access of this person should have been reviewed by now and was not."""
    return EmergencyAccess.objects.filter(
        asked_by=asker, access_until__isnull=False, reviewed_at=None, review_due_on__lt=on
    ).exists()


def emergencies_to_answer(*, at: datetime) -> list[Told]:
    """What other sections ask for, oldest first. Raises Refused. Logs the lines."""
    actor = require("emergency.decide")
    waiting = (
        EmergencyAccess.objects.filter(decided_at=None, answer_until__gt=at)
        .exclude(asked_by=actor.id)
        .exclude(section=actor.section)
    )
    return _told("emergency.decide", _not_ones_own(actor, waiting).order_by("asked_at"))


def emergencies_to_review() -> list[Told]:
    """Every emergency access that nobody reviewed yet, first due first. Raises Refused. Logs the lines."""
    actor = require("emergency.review")
    return _told("emergency.review", _unreviewed(actor).order_by("review_due_on", "decided_at"))


def count_to_review() -> int:
    """For the overview: a number without persons."""
    return _unreviewed(current_actor()).count()


def own_emergencies(*, at: datetime) -> list[EmergencyAccess]:
    """What the officer at work asked for and still waits or runs, newest first. Raises Refused."""
    actor = require("emergency.ask")
    runs = Q(decided_at=None, answer_until__gt=at) | Q(access_until__gt=at)
    return list(
        EmergencyAccess.objects.filter(runs, asked_by=actor.id).select_related("file").order_by("-asked_at")
    )


def openings_to_agree(*, at: datetime) -> list[Told]:
    """Requests to open the file of a protected person that wait for somebody like the one at work.

    Raises Refused. Logs the lines.
    """
    actor = require("protection.clear")
    side = Q(signed_at=None) if Role.APPROVER in actor.roles else Q(watched_at=None)
    waiting = _to_agree(actor, at).filter(side).exclude(asked_by=actor.id)
    return _told("protection.clear", waiting.order_by("asked_at"))


def count_openings_to_watch(*, at: datetime) -> int:
    """For the overview: how many wait for the security co-ordinator."""
    return _to_agree(current_actor(), at).filter(watched_at=None).count()


def protections() -> QuerySet[PersonProtection]:
    """Who is protected, by name, but for those in a file that is closed for good to the person at work.

    Raises Refused. The caller logs the lines it shows (`log_protections`).
    """
    actor = require("protection.mark")
    ones_own = AlimonyFile.objects.filter(barred_file(actor, OuterRef("pk"))).values_list("pk", flat=True)
    return (
        PersonProtection.objects.filter(lifted_on=None)
        .exclude(person__in=_named_in(ones_own))
        .select_related("person", "marked_by")
        .order_by("person__family_name", "person__given_name", "pk")
    )


def log_protections(lines: Sequence[PersonProtection]) -> None:
    """The lines are about to be shown."""
    events.protections_read(persons=[line.person_id for line in lines])


def persons_to_protect(number: str) -> list[Person]:
    """The persons of a file, for the choice of whom to protect; [] without such a file. Raises Refused.

    Logs the lines.
    """
    require("protection.mark")
    file = file_by_number(number)
    if file is None:
        return []
    require("protection.mark", facts_without_assignment(file.pk))
    persons = list(Person.objects.filter(pk__in=persons_of(file.pk)).order_by("family_name", "given_name"))
    events.protection_looked_up(file=file.pk, persons=[person.pk for person in persons])
    return persons


def file_by_number(number: str) -> AlimonyFile | None:
    """The file with this number, in its one spelling."""
    return AlimonyFile.objects.filter(number=number).first()


def persons_of(file_id: uuid.UUID) -> set[uuid.UUID]:
    """Everybody whom a file names."""
    return _named_in([file_id])


def barred_file_of(actor: Actor, person_id: uuid.UUID) -> uuid.UUID | None:
    """A file that names this person and is closed for good to the one at work."""
    as_child = Beneficiary.objects.filter(child=person_id).values("title__file")
    files = AlimonyFile.objects.filter(Q(creditor=person_id) | Q(debtor=person_id) | Q(pk__in=as_child))
    return files.filter(barred_file(actor, OuterRef("pk"))).values_list("pk", flat=True).first()


def _named_in(files: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    files = list(files)
    parties = AlimonyFile.objects.filter(pk__in=files).values_list("creditor", "debtor")
    children = Beneficiary.objects.filter(title__file__in=files).values_list("child", flat=True)
    return {person for pair in parties for person in pair} | set(children)


def _unreviewed(actor: Actor) -> QuerySet[EmergencyAccess]:
    used = EmergencyAccess.objects.filter(access_until__isnull=False, reviewed_at=None)
    return _not_ones_own(actor, used.select_related("decided_by"))


def _to_agree(actor: Actor, at: datetime) -> QuerySet[ProtectedOpening]:
    return _not_ones_own(actor, ProtectedOpening.objects.filter(asked_at__gt=at - AGREED_FOR))


def _not_ones_own(actor: Actor, requests: "QuerySet[R]") -> "QuerySet[R]":
    """Without those for files that are closed to this person for good: a party does not read who asks, and
    why."""
    return requests.exclude(barred_file(actor, OuterRef("file")))


def _told(act: str, rows: QuerySet[Any]) -> list[Told]:
    found = list(rows.select_related("file", "asked_by")[:MOST])
    prefetch_keys(list(found))
    events.requests_read(act, lines=[(row.asked_by_id, row.file_id) for row in found])
    return [Told(row, row.open_value("reason")) for row in found]
