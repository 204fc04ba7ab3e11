"""What the beat rings every minute: fetch what is new, ask for a full list where something is missing, and
look at what time alone brings about."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic

import structlog
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from recovery.chamber import wire
from recovery.chamber.models import Alarm, AlarmKind, Channel, HoldDecision, ReceivedList, ReceivedOutcome
from recovery.chamber.services import alarms
from recovery.chamber.services.departures import carry_out, end_lapsed
from recovery.chamber.services.receiving import last_full, last_taken, receive
from recovery.chamber.wire import ChamberUnreachable
from secal.access.unit_of_work import service_work

log = structlog.get_logger(__name__)

SERVICE = "chamber"
AT_ONCE = 100
"""Messages that one ring takes."""
FETCHING_SECONDS = 40
"""After so long a ring asks for no further message: the next one goes on."""
ASKED_AGAIN_AFTER = timedelta(minutes=10)
"""A full list that was asked for and not accepted is not asked for again before that."""
TURN, TURN_SECONDS = "chamber:poll", 180
"""Two rings at once would each refuse what the other took. Longer than a whole ring: the seconds of fetching,
two answers that drip to their end (wire.py), and what is made of them; shorter than the five minutes of a
departure, for a worker that was killed in its turn."""

Clock = Callable[[], datetime]


def poll(*, clock: Clock = timezone.now) -> dict[str, int]:
    """One ring. Returns how many messages came to which outcome. What is away is tried at the next one.

    Whatever goes wrong with what is fetched, who leaves does so; the error comes after.
    """
    counts: Counter[str] = Counter()
    try:
        if settings.CHAMBER_URL and cache.add(TURN, True, TURN_SECONDS):
            _fetch_in_turn(counts, clock)
    finally:
        with service_work(SERVICE):
            at = clock()
            carry_out(at=at)
            end_lapsed(at=at)
            alarms.watch(at=at)
    return dict(counts)


def _fetch_in_turn(counts: Counter[str], clock: Clock) -> None:
    try:
        _fetch_all(counts, clock)
    except ChamberUnreachable as error:
        log.warning("chamber_unreachable", cause=str(error))
    finally:
        cache.delete(TURN)


def _fetch_all(counts: Counter[str], clock: Clock) -> None:
    until = monotonic() + FETCHING_SECONDS
    for _message in range(AT_ONCE):
        if monotonic() > until:
            return
        raw = wire.fetch_next(_last_sequence())
        if raw is None:
            break
        outcome = take(raw, channel=Channel.FETCHED, at=clock()).outcome
        counts[outcome] += 1
        if outcome == ReceivedOutcome.REFUSED:
            break
    if (counts[ReceivedOutcome.REFUSED] or _wants_full()) and _may_ask(clock()):
        raw = wire.fetch_full()
        if raw is not None:
            counts[take(raw, channel=Channel.ASKED, at=clock()).outcome] += 1


def take(raw: bytes, *, channel: Channel, at: datetime) -> ReceivedList:
    """Take one message in a transaction of its own, under the feed's identity."""
    with service_work(SERVICE):
        return receive(raw, channel=channel, at=at)


def _last_sequence() -> int:
    last = last_taken()
    return last.sequence or 0 if last else 0


def _wants_full() -> bool:
    """Whether what we know has to be made whole: never a list, one that was held and then decided on, or
    periods of which too many ended at once."""
    held = ReceivedList.objects.filter(outcome=ReceivedOutcome.HELD)
    if held.filter(decision="").exists():
        return False
    full = last_full()
    if full is None or Alarm.objects.filter(kind=AlarmKind.LAPSE, ended_at=None).exists():
        return True
    decided = held.filter(decision__in=[HoldDecision.RELEASED, HoldDecision.SET_ASIDE])
    return decided.filter(sequence__gt=full.sequence).exists()


def _may_ask(at: datetime) -> bool:
    asked = ReceivedList.objects.filter(channel=Channel.ASKED, last_seen_at__gt=at - ASKED_AGAIN_AFTER)
    return not asked.exclude(outcome=ReceivedOutcome.ACCEPTED).filter(decision="").exists()
