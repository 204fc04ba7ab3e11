"""Carrying out who loses access: at once, or once two watchers released the list that says so."""

import uuid
from datetime import date, datetime

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from recovery.chamber import register
from recovery.chamber.leaving import end_access, is_overtaken
from recovery.chamber.models import (
    MAY_GO,
    AlarmKind,
    Cause,
    Departure,
    Kind,
    Member,
    ReceivedList,
    ReceivedOutcome,
)
from recovery.chamber.rules import too_many
from recovery.chamber.services import alarms
from secal.access.policy import require

log = structlog.get_logger(__name__)


def carry_out(*, at: datetime) -> int:
    """End the access of everyone whose departure may be carried out; how many had any. Raises Refused.

    One that fails keeps nobody else in: it is tried again at every ring, under an alarm.
    """
    require("chamber.receive")
    waiting = Departure.objects.filter(MAY_GO, carried_out_at=None).select_for_update(of=("self",))
    ended = failed = 0
    for departure in waiting.order_by("noted_at", "pk"):
        try:
            with transaction.atomic():
                ended += _carry_out(departure, at)
        except Exception as error:
            # Whatever it is. Its words could name somebody.
            failed += 1
            log.error("chamber_departure_failed", departure=str(departure.pk), error=type(error).__name__)
    if failed:
        alarms.begin(AlarmKind.FAILED, at=at)
    else:
        alarms.end(AlarmKind.FAILED, at=at)
    return ended


def _carry_out(departure: Departure, at: datetime) -> bool:
    ended = end_access(departure, at=at)
    departure.carried_out_at = at
    departure.overtaken = not ended and is_overtaken(departure, at=at)
    departure.save(update_fields=["carried_out_at", "overtaken"])
    return ended


def removed_since(full: ReceivedList) -> int:
    """Who lost access since that list without being named individually and without two persons agreeing."""
    later = Q(list__outcome=ReceivedOutcome.ACCEPTED, list__sequence__gt=full.sequence)
    lapsed = Q(list=None, noted_at__gt=full.received_at)
    counted = Departure.objects.filter(later | lapsed, individual=False, overtaken=False)
    counted = counted.exclude(carried_out_at=None)
    return counted.values("user").distinct().count()


def end_lapsed(*, at: datetime) -> int:
    """Periods that the Chamber told have run out: who still has access loses it. Returns how many.

    Too many at once wait: a full list is asked for (polling.py), says the same of them, and is held for two
    persons; or says otherwise, and they stay.
    """
    require("chamber.receive")
    lapsed = _lapsed(on=timezone.localdate(at))
    full = ReceivedList.objects.filter(outcome=ReceivedOutcome.ACCEPTED, kind=Kind.FULL)
    last = full.order_by("-sequence").first()
    if not lapsed or last is None:
        alarms.end(AlarmKind.LAPSE, at=at)
        return 0
    if too_many(leaving=len(lapsed), before=removed_since(last), users=last.active_users or 0):
        if alarms.begin(AlarmKind.LAPSE, at=at):
            log.warning("chamber_lapse_held", people=len(lapsed))
        return 0
    alarms.end(AlarmKind.LAPSE, at=at)
    Departure.objects.bulk_create(
        Departure(list=None, user_id=user_id, cause=Cause.LAPSED, noted_at=at) for user_id in lapsed
    )
    return carry_out(at=at)


def _lapsed(*, on: date) -> list[uuid.UUID]:
    """Who works today outside their period. Whose departure failed is noted already."""
    over = Member.objects.filter(Q(valid_until__lt=on) | Q(valid_from__gt=on))
    people = register.people_named((bytes(index) for index in over.values_list("niss_bi", flat=True)), on=on)
    noted = set(Departure.objects.filter(MAY_GO, carried_out_at=None).values_list("user_id", flat=True))
    return [user_id for person in people.values() for user_id in person.working if user_id not in noted]
