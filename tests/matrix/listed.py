"""The National Chamber's list as addresses name it: a message that is held, and a proposal."""

from collections.abc import Mapping

from recovery.chamber.models import (
    Alarm,
    AlarmKind,
    Cause,
    Channel,
    Departure,
    Kind,
    Proposal,
    ProposalKind,
    ReceivedList,
    ReceivedOutcome,
)
from recovery.chamber.wording import MASS
from secal.access.models import User
from secal.access.roles import Role
from secal.office.clock import now
from tests.matrix.things import EVERYONE, Things, add


def build(ours: Mapping[Role, User], things: Things) -> None:
    """A full list that would take our bailiff's access away, and somebody of whom it says that they came."""
    at = now()
    held = ReceivedList.objects.create(
        sequence=1,
        kind=Kind.FULL,
        digest="0" * 64,
        channel=Channel.FETCHED,
        made_at=at,
        received_at=at,
        last_seen_at=at,
        outcome=ReceivedOutcome.HELD,
        reason=MASS,
    )
    Departure.objects.create(list=held, user=ours[Role.BAILIFF], cause=Cause.LEFT, noted_at=at)
    proposal = Proposal.objects.create(list=held, kind=ProposalKind.JOINED, number="NK-7", made_at=at)
    add(things, "chamber_list", "held", {"list_id": held.pk}, EVERYONE)
    alarm = Alarm.objects.create(kind=AlarmKind.REFUSED, raised_at=at)
    add(things, "chamber_alarm", "open", {"alarm_id": alarm.pk}, EVERYONE)
    add(things, "chamber_proposal", "open", {"proposal_id": proposal.pk}, EVERYONE)
