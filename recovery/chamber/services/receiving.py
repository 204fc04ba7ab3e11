"""Taking a message of the Chamber: believed or refused, carried out or held. The only writer of the list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from recovery.chamber import events, freshness, register
from recovery.chamber.messages import (
    Expectation,
    Line,
    Message,
    MessageRefused,
    check_place,
    digest_of,
    read_message,
)
from recovery.chamber.models import (
    TAKEN,
    AlarmKind,
    Channel,
    Departure,
    HoldDecision,
    Kind,
    Member,
    Proposal,
    ProposalOutcome,
    ReceivedList,
    ReceivedOutcome,
)
from recovery.chamber.pins import Pin, PinsUnusable, read_pins
from recovery.chamber.planning import People, Step, plan_delta, plan_full
from recovery.chamber.rules import too_many
from recovery.chamber.services import alarms
from recovery.chamber.services.departures import carry_out, removed_since
from recovery.chamber.wording import MADE_WHOLE, MASS
from secal.access.actors import current_actor
from secal.access.policy import require
from secal.people.identifiers import niss_index

log = structlog.get_logger(__name__)

ACT = "chamber.receive"
TURN = 0xC4A3BE
"""Advisory lock: one message after the other."""


def receive(raw: bytes, *, channel: Channel, at: datetime) -> ReceivedList:
    """Take one message, in the transaction of the caller. What came of it is in the row. Raises Refused."""
    require(ACT)
    one_at_a_time()
    try:
        message = read_message(raw, _pins(), now=at, index=niss_index)
        check_place(message, _expected(at))
    except MessageRefused as refusal:
        return _refused(refusal, digest_of(raw), channel, at)
    return _taken(message, channel, at)


def one_at_a_time() -> None:
    """Wait for another message that is being taken; until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])


def last_taken() -> ReceivedList | None:
    """The last message that was believed: the next one follows it."""
    return ReceivedList.objects.filter(outcome__in=TAKEN).order_by("-sequence").first()


def last_full() -> ReceivedList | None:
    """The last full list that was accepted."""
    found = ReceivedList.objects.filter(outcome=ReceivedOutcome.ACCEPTED, kind=Kind.FULL)
    return found.order_by("-sequence").first()


def _pins() -> Mapping[str, Pin]:
    """The keys of the settings; with unusable ones nobody is believed, and the rest of the ring goes on."""
    try:
        return read_pins(settings.CHAMBER_KEYS)
    except PinsUnusable as error:
        log.error("chamber_keys_unusable", cause=str(error))
        return {}


def _expected(at: datetime) -> Expectation:
    last = last_taken()
    has_full = ReceivedList.objects.filter(outcome__in=TAKEN, kind=Kind.FULL).exists()
    if last is None or last.sequence is None:
        return Expectation(issuer=settings.CHAMBER_ISSUER, now=at)
    return Expectation(
        issuer=settings.CHAMBER_ISSUER,
        now=at,
        sequence=last.sequence,
        digest=last.digest,
        made_at=last.made_at,
        has_full=has_full,
    )


def _refused(refusal: MessageRefused, digest: str, channel: Channel, at: datetime) -> ReceivedList:
    """The same message, refused again for the same reason, is the same row."""
    raised = alarms.begin(_alarm_of(refusal), at=at)
    row = ReceivedList.objects.filter(
        outcome=ReceivedOutcome.REFUSED, digest=digest, reason=refusal.code, channel=channel
    ).first()
    if row is not None:
        if raised:
            log.warning("chamber_message_refused_again", reason=row.reason, sequence=row.sequence)
        ReceivedList.objects.filter(pk=row.pk).update(times=F("times") + 1, last_seen_at=at)
        row.refresh_from_db()
        return row
    known = refusal.message
    row = ReceivedList.objects.create(
        sequence=known.sequence if known else None,
        kind=known.kind if known else "",
        made_at=known.made_at if known else None,
        digest=digest,
        channel=channel,
        received_at=at,
        last_seen_at=at,
        outcome=ReceivedOutcome.REFUSED,
        reason=refusal.code,
    )
    events.message_received(outcome=row.outcome, reason=row.reason)
    log.warning("chamber_message_refused", reason=row.reason, sequence=row.sequence)
    return row


def _alarm_of(refusal: MessageRefused) -> AlarmKind:
    """What the next good list puts right ends by itself; whatever else was refused, a person looks at."""
    return AlarmKind.GAP if refusal.code in MADE_WHOLE else AlarmKind.REFUSED


def _taken(message: Message, channel: Channel, at: datetime) -> ReceivedList:
    # Whom two persons let go while it was on its way has gone, and is not counted again.
    carry_out(at=at)
    people = _people(message, at)
    steps = _plan(message, people, at)
    held = _is_mass(message, people, steps)
    row = ReceivedList.objects.create(
        sequence=message.sequence,
        kind=message.kind,
        made_at=message.made_at,
        digest=message.digest,
        channel=channel,
        received_at=at,
        last_seen_at=at,
        outcome=ReceivedOutcome.HELD if held else ReceivedOutcome.ACCEPTED,
        reason=MASS if held else "",
        counts=_counts(message, steps),
        active_users=_staying(message, people, steps) if message.kind == Kind.FULL else None,
    )
    if message.kind == Kind.FULL:
        _supersede(row, at)
    # Whoever the Chamber named individually leaves at once, whatever becomes of the rest.
    _apply(row, [step for step in steps if step.individual] if held else steps, at)
    _note_departures(row, steps, at)
    carry_out(at=at)
    _tell(row, at)
    return row


def _people(message: Message, at: datetime) -> People:
    """Whom the message names, and whom it leaves out."""
    named = [*message.lines, *(change.line for change in message.changes)]
    known = (bytes(index) for index in Member.objects.values_list("niss_bi", flat=True))
    return register.people_named({*known, *(line.niss_bi for line in named)}, on=timezone.localdate(at))


def _plan(message: Message, people: People, at: datetime) -> list[Step]:
    on = timezone.localdate(at)
    known = known_lines()
    if message.kind == Kind.FULL:
        return plan_full(message.lines, known=known, people=people, on=on)
    return plan_delta(message.changes, known=known, people=people, on=on)


def known_lines() -> dict[bytes, Line]:
    """The Chamber's list as it stands here."""
    return {
        bytes(row.niss_bi): Line(
            niss_bi=bytes(row.niss_bi),
            number=row.number,
            capacity=row.capacity,
            office=row.office_number,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
        )
        for row in Member.objects.all()
    }


def _listed(message: Message, people: People) -> int:
    """Users with access, now or from the day of their appointment, whom a full list names: those of whom the
    plan says who leaves. Only of them is a tenth reckoned: users who never stood on a list would let an empty
    one pass."""
    return sum(len(people[line.niss_bi].active) for line in message.lines if line.niss_bi in people)


def _is_mass(message: Message, people: People, steps: Sequence[Step]) -> bool:
    """Against the last full list that was accepted: small steps add up."""
    full = last_full()
    leaving = sum(len(step.leaving) for step in steps if not step.individual)
    before = removed_since(full) if full else 0
    base = full.active_users if full and full.active_users is not None else _listed(message, people)
    return too_many(leaving=leaving, before=before, users=base)


def _supersede(row: ReceivedList, at: datetime) -> None:
    """A newer full list says all that an older one said: what waited for a decision waits no more."""
    waiting = ReceivedList.objects.filter(
        outcome=ReceivedOutcome.HELD, decision="", sequence__lt=row.sequence
    )
    waiting.update(decision=HoldDecision.SUPERSEDED, decided_at=at)


def _apply(row: ReceivedList, steps: Iterable[Step], at: datetime) -> None:
    """The list as it stands from now on, and what is proposed to the user registrar."""
    steps = list(steps)
    gone = [step for step in steps if step.line is None]
    Member.objects.filter(niss_bi__in=[step.niss_bi for step in gone]).delete()
    Member.objects.bulk_create(
        [
            Member(
                niss_bi=step.line.niss_bi,
                number=step.line.number,
                capacity=step.line.capacity,
                office_number=step.line.office,
                valid_from=step.line.valid_from,
                valid_until=step.line.valid_until,
            )
            for step in steps
            if step.line is not None
        ],
        update_conflicts=True,
        unique_fields=["niss_bi"],
        update_fields=["number", "capacity", "office_number", "valid_from", "valid_until"],
        batch_size=1000,
    )
    withdrawn = Proposal.objects.filter(outcome="", number__in=[step.number for step in gone])
    withdrawn.update(outcome=ProposalOutcome.WITHDRAWN, closed_at=at, closed_by=current_actor().id)
    Proposal.objects.bulk_create(
        [
            Proposal(list=row, kind=step.proposal, number=step.number, user_id=step.user_id, made_at=at)
            for step in steps
            if step.proposal is not None
        ],
        ignore_conflicts=True,
    )


def _note_departures(row: ReceivedList, steps: Iterable[Step], at: datetime) -> None:
    Departure.objects.bulk_create(
        Departure(list=row, user_id=user_id, cause=step.cause, individual=step.individual, noted_at=at)
        for step in steps
        if step.cause is not None
        for user_id in step.leaving
    )


def _tell(row: ReceivedList, at: datetime) -> None:
    """The watchers' alarms, the security log, and whoever asks whether the portal is open."""
    if row.outcome == ReceivedOutcome.ACCEPTED:
        alarms.end(AlarmKind.GAP, at=at)
    else:
        log.warning("chamber_list_held", sequence=row.sequence)
    alarms.watch(at=at)
    events.message_received(outcome=row.outcome, reason=row.reason)
    transaction.on_commit(freshness.forget)


def _staying(message: Message, people: People, steps: Sequence[Step]) -> int:
    """Users with access whom a full list names, and who keep it."""
    return _listed(message, people) - _leaving(step for step in steps if step.line is not None)


def _leaving(steps: Iterable[Step]) -> int:
    return sum(len(step.leaving) for step in steps)


def _counts(message: Message, steps: Sequence[Step]) -> Mapping[str, Any]:
    """How many, never who."""
    return {
        "lines": len(message.lines) + len(message.changes),
        "leaving": _leaving(steps),
        "individually": sum(len(step.leaving) for step in steps if step.individual),
        "proposed": sum(step.proposal is not None for step in steps),
    }
