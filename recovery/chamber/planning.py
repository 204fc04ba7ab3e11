"""What a message means for our register: who loses access, whom to propose. Pure; nothing here ever grants.

People are known by the blind index of their NISS. Rights hang on person, office and capacity: whoever changes
one of them loses what they had, and the register of users decides anew.
"""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from recovery.chamber.messages import Change, Line
from recovery.chamber.models import Cause, ProposalKind


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of ours whom the Chamber named."""

    user_id: uuid.UUID
    active: tuple[uuid.UUID, ...] = ()
    """Their accounts that open the portal, today or on the later day for which they are appointed."""
    working: tuple[uuid.UUID, ...] = ()
    """Of these, the accounts that open it today."""


@dataclass(frozen=True, slots=True)
class Step:
    """What happens to one person. `line` None: no longer on the list."""

    niss_bi: bytes
    number: str
    line: Line | None
    user_id: uuid.UUID | None = None
    leaving: tuple[uuid.UUID, ...] = ()
    """Accounts that lose access, because of `cause`."""
    cause: Cause | None = None
    individual: bool = False
    proposal: ProposalKind | None = None


People = Mapping[bytes, Person]
Known = Mapping[bytes, Line]


def plan_full(lines: Iterable[Line], *, known: Known, people: People, on: date) -> list[Step]:
    """A full list against what we knew. Who is no longer on it has left."""
    listed = {line.niss_bi: line for line in lines}
    # Of the first list of all the report of differences says who is not registered here: hundreds.
    first = not known
    steps = [
        _listed(line, known.get(index), people.get(index), on, first=first) for index, line in listed.items()
    ]
    return steps + [_gone(line, people.get(index)) for index, line in known.items() if index not in listed]


def plan_delta(changes: Iterable[Change], *, known: Known, people: People, on: date) -> list[Step]:
    """What the Chamber says that happened, person by person."""
    return [
        _changed(change, known.get(change.line.niss_bi), people.get(change.line.niss_bi), on)
        for change in changes
    ]


def _changed(change: Change, before: Line | None, person: Person | None, on: date) -> Step:
    if change.change == "left":
        return _gone(change.line, person, individual=change.individual)
    if before is None and change.change != "joined":
        # They tell of a change in somebody we did not know of: what they may do rests on what was before.
        return _lost(change.line, person, Cause(change.change), individual=change.individual, on=on)
    return _listed(change.line, before, person, on, individual=change.individual)


def _listed(
    line: Line,
    before: Line | None,
    person: Person | None,
    on: date,
    *,
    individual: bool = False,
    first: bool = False,
) -> Step:
    cause = _cause(line, before, on)
    if cause is not None and _loses(person, cause):
        return _lost(line, person, cause, individual=individual, on=on)
    if person is None:
        joined = before is None and not first and not line.is_over(on)
        return Step(line.niss_bi, line.number, line, proposal=ProposalKind.JOINED if joined else None)
    back = not person.active and _is_back(line, before, on)
    proposal = ProposalKind.RETURNED if back else None
    return Step(line.niss_bi, line.number, line, person.user_id, proposal=proposal)


def _cause(line: Line, before: Line | None, on: date) -> Cause | None:
    """Why what was given before can be kept no longer. Of a period to come only today's access is asked."""
    if line.is_over(on):
        return Cause.LAPSED
    if before is not None and line.office != before.office:
        return Cause.OFFICE
    if before is not None and line.capacity != before.capacity:
        return Cause.FUNCTION
    return None if line.in_force(on) else Cause.LAPSED


def _is_back(line: Line, before: Line | None, on: date) -> bool:
    """Whether this is news of somebody's return. A period to come is said once: nothing comes on its day."""
    if line.is_over(on) or before is None:
        return not line.is_over(on)
    return not before.in_force(on) if line.in_force(on) else before.is_over(on)


PROPOSAL_AFTER = {Cause.OFFICE: ProposalKind.MOVED, Cause.FUNCTION: ProposalKind.CHANGED}


def _loses(person: Person | None, cause: Cause) -> tuple[uuid.UUID, ...]:
    """Their accounts that lose access. Whether a period allows an appointment for a later day is asked on
    that day, every minute (services/departures.py)."""
    if person is None:
        return ()
    return person.working if cause is Cause.LAPSED else person.active


def _lost(line: Line, person: Person | None, cause: Cause, *, individual: bool, on: date) -> Step:
    """Still on the list, but no longer as what their rights were given for."""
    leaving = _loses(person, cause)
    if person is None or not leaving:
        return Step(line.niss_bi, line.number, line, person.user_id if person else None)
    to_come = cause is Cause.LAPSED and not line.is_over(on)
    return Step(
        line.niss_bi,
        line.number,
        line,
        person.user_id,
        leaving=leaving,
        cause=cause,
        individual=individual,
        proposal=ProposalKind.RETURNED if to_come else PROPOSAL_AFTER.get(cause),
    )


def _gone(line: Line, person: Person | None, *, individual: bool = False) -> Step:
    return Step(
        line.niss_bi,
        line.number,
        None,
        person.user_id if person else None,
        leaving=person.active if person else (),
        cause=Cause.LEFT,
        individual=individual,
    )
