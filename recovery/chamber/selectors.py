"""The only readers of what came from the Chamber, for the screens of watchers and of the user registrar; and
whether the portal is open, for everybody."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from recovery.chamber import events, freshness, register
from recovery.chamber.models import (
    MAY_GO,
    Alarm,
    Departure,
    Member,
    Proposal,
    ReceivedList,
    ReceivedOutcome,
)
from recovery.chamber.register import PortalUser
from recovery.chamber.rules import DORMANT_DAYS, portal_open
from secal.access.policy import require

ACT = "chamber.view"


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old the list is, for a dashboard."""

    last_accepted_at: datetime | None
    age: timedelta | None
    open: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """The Chamber's list against our register of users."""

    not_registered: QuerySet[Member]
    """On the list, and no active user of the portal."""
    not_listed: Sequence[PortalUser]
    """Users of the portal whom the list does not name."""
    dormant: Sequence[PortalUser]
    """Users of the portal who have not come for more than sixty days."""


def portal_is_open() -> bool:
    """Whether bailiffs may come in now. Asked at login and at every request; at most half a minute old."""
    return portal_open(freshness.recently_accepted_at(), timezone.now())


def list_freshness(*, now: datetime) -> Freshness:
    """The age of the list. Raises Refused."""
    require(ACT)
    last = freshness.last_accepted_at()
    return Freshness(last, now - last if last else None, portal_open(last, now))


def received_lists() -> QuerySet[ReceivedList]:
    """Every message and what came of it, newest first. Raises Refused."""
    require(ACT)
    return ReceivedList.objects.order_by("-received_at", F("sequence").desc(nulls_last=True))


def received_list(list_id: uuid.UUID) -> ReceivedList | None:
    """One message with the agreement given to it; None where there is none. Raises Refused."""
    require(ACT)
    found = ReceivedList.objects.select_related("release", "release__first_by", "release__second_by")
    return found.filter(pk=list_id).first()


def held_lists() -> QuerySet[ReceivedList]:
    """Lists that wait for two watchers, with how many people would lose access (`waiting`) and the agreement
    given so far (`release`). Raises Refused."""
    require(ACT)
    waiting = Count("departures", filter=Q(departures__carried_out_at=None))
    held = ReceivedList.objects.filter(outcome=ReceivedOutcome.HELD, decision="")
    return held.select_related("release").annotate(waiting=waiting).order_by("sequence")


def departures_of(row: ReceivedList) -> QuerySet[Departure]:
    """Who loses access because of a list. Raises Refused; logged, since it names people."""
    require(ACT)
    found = row.departures.select_related("user", "user__office", "list").order_by("user__family_name", "pk")
    events.users_compared(departure.user_id for departure in found)
    return found


def failing_departures() -> QuerySet[Departure]:
    """Who would have lost access, and could not be made to yet. Raises Refused; logged, since it names
    people."""
    require(ACT)
    found = Departure.objects.filter(MAY_GO, carried_out_at=None).order_by("user__family_name", "pk")
    found = found.select_related("user", "user__office", "list")
    events.users_compared({departure.user_id for departure in found})
    return found


def is_alarm(alarm_id: uuid.UUID) -> bool:
    """Whether there is such an alarm, open or over. Raises Refused."""
    require(ACT)
    return Alarm.objects.filter(pk=alarm_id).exists()


def open_alarms() -> QuerySet[Alarm]:
    """What the watchers must see now. Raises Refused."""
    require(ACT)
    return Alarm.objects.filter(ended_at=None).order_by("raised_at")


def alarm_count() -> int:
    """How many alarms are open: a number for the watchers' first page."""
    return Alarm.objects.filter(ended_at=None).count()


def open_proposals() -> QuerySet[Proposal]:
    """What the user registrar may want to decide, oldest first. Raises Refused; logged, since it names
    people."""
    require(ACT)
    found = Proposal.objects.filter(outcome="").select_related("user").order_by("made_at", "number")
    events.users_compared({proposal.user_id for proposal in found if proposal.user_id})
    return found


def is_proposed(proposal_id: uuid.UUID) -> bool:
    """Whether there is such a proposal, open or closed. Raises Refused."""
    require(ACT)
    return Proposal.objects.filter(pk=proposal_id).exists()


def difference(*, on: date) -> Difference:
    """The report of differences. Raises Refused; logged, since it names people."""
    require(ACT)
    users = register.active_users()
    registered = users.filter(niss_bi=OuterRef("niss_bi"))
    listed = Member.objects.filter(niss_bi=OuterRef("niss_bi"))
    rows = register.as_rows(users)
    unlisted = set(users.exclude(Exists(listed)).values_list("pk", flat=True))
    found = Difference(
        not_registered=Member.objects.exclude(Exists(registered)).order_by("office_number", "number"),
        not_listed=[user for user in rows if user.id in unlisted],
        dormant=[user for user in rows if register.is_dormant(user, on=on, days=DORMANT_DAYS)],
    )
    events.users_compared({user.id for user in [*found.not_listed, *found.dormant]})
    return found
