"""The state of the machine, and what must hold of it after every step.

Separation is about order (12/057 §22): whoever has an act of registration on a person or a file is shown
nothing of it from then on, for ever. The other way round nothing can be forbidden, and nothing needs to be:
that two rows turn out to be one person, of whom an officer knew the one and had once registered the other, is
nobody's choice; and to refuse a registration would tell that somebody is known. So for every person and
every file, those who registered and those who were shown something of it later have nobody in common, by the
answers' bytes and by the security log.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from secal.access.errors import Refused
from secal.access.roles import Role
from secal.access.seats import SeatRefused
from secal.kernel.errors import DomainError
from tests.machine.office import Line, Office
from tests.machine.parties import File, Party, stand_in
from tests.machine.reference import Reach, Standing, holders, may_read, reaches, standing

T = TypeVar("T")
Work = TypeVar("Work", bound=Callable[..., None])
REFUSALS = (Refused, SeatRefused, DomainError, ObjectDoesNotExist)
"""How the program says no."""
SHOWING = {"READ", "EXPORT"}
"""Lines of the log about something that was shown."""
DRAFT = "application.register"
"""A registrar reads what they are typing themselves, before there is a file."""
PLANES_THAT_SEE = {"casework", "oversight"}
WHO, WHICH, MOSTLY = st.integers(0, 11), st.integers(0, 11), 10
"""The so-manieth, counted round; below `MOSTLY`, of those whose work it is."""
_worlds = count(1)


@dataclass(eq=False, slots=True)
class Colleague:
    """Somebody of the office."""

    id: uuid.UUID
    tokens: list[str] = field(default_factory=list)
    """Of sessions that may be over by now."""


@dataclass(frozen=True, slots=True)
class Shown:
    """Something of a person or of a file in an answer."""

    to: uuid.UUID
    of: uuid.UUID
    among: frozenset[uuid.UUID]
    """The files under which the log may name it."""
    where: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Something that may happen: what is drawn for it, when it can happen, and how often it is chosen."""

    work: Callable[..., None]
    given: st.SearchStrategy[dict[str, Any]]
    when: Callable[[Any], object]
    weight: int


RULES: dict[str, Rule] = {}
"""By name."""


def nth(things: Sequence[T], number: int) -> T:
    """Counted round."""
    return things[number % len(things)]


def always(_world: Any) -> bool:
    return True


def has_files(world: "World") -> bool:
    return bool(world.files)


def step(
    *, when: Callable[[Any], object] = always, weight: int = 1, **given: st.SearchStrategy[Any]
) -> Callable[[Work], Work]:
    """Make a rule of a method of the machine.

    They all stand behind one rule of Hypothesis, which else leaves rules out by chance: good for very many
    stories, and these are few and long.
    """

    def decorate(work: Work) -> Work:
        RULES[work.__name__] = Rule(work, st.fixed_dictionaries(given), when, weight)
        return work

    return decorate


class World(RuleBasedStateMachine):
    """Two sections of an office of their own. What an answer shows is noted in `shown`, and judged after the
    step."""

    office: ClassVar[Office]
    counts: ClassVar[Counter[str]]
    """By rule: how often it fired; and by what came of it."""

    def __init__(self) -> None:
        super().__init__()
        number = next(_worlds)
        self.sections = (f"Ici {number}", f"Ailleurs {number}")
        self.people: list[Colleague] = []
        self.moved: list[Colleague] = []
        """Those whose work changed, the latest last."""
        self.parties = [Party(date(1980 + n, 4, 12)) for n in range(5)]
        self.files: list[File] = []
        self.proposals: list[Any] = []
        self.steps = 0
        self.latest: tuple[Any, Any] = (None, None)
        self.acts: set[tuple[uuid.UUID, uuid.UUID]] = set()
        self.registered: dict[tuple[uuid.UUID, uuid.UUID], int] = {}
        self.shown: list[Shown] = []
        self._reached: dict[uuid.UUID, dict[uuid.UUID, tuple[Reach, bool]]] = {}
        self.read_until = timezone.now() - timedelta(seconds=1)

    # --- whom and what a step is about -----------------------------------------------------------------

    def colleague(self, number: int) -> Colleague:
        return nth(self.people, number)

    def file(self, number: int) -> File:
        return nth(self.files, number)

    @property
    def everybody(self) -> list[uuid.UUID]:
        office = self.office
        watchers = [office.coordinator, office.officer_of_data_protection]
        return [*[one.id for one in self.people], office.keeper, *watchers]

    def standing(self, who: uuid.UUID) -> Standing:
        return standing(self.office.administrator, who)

    def reaches(self, who: uuid.UUID) -> dict[uuid.UUID, tuple[Reach, bool]]:
        """Each file, and whether this person may read it: once a step, for a look changes nothing."""
        if who not in self._reached:
            rows = reaches(self.office.administrator, who, [file.id for file in self.files])
            now = self.standing(who)
            self._reached[who] = {row.file: (row, may_read(now, row)) for row in rows}
        return self._reached[who]

    def one_of(self, number: int, *roles: Role, but: uuid.UUID | None = None) -> Colleague:
        """Mostly somebody (else) who holds one of these roles today; now and then anybody."""
        today = set(holders(self.office.administrator, roles)) - {but} if number < MOSTLY else set()
        return nth([one for one in self.people if one.id in today] or self.people, number)

    def anybody(self, role: Role) -> list[Colleague]:
        """Everybody who holds the role today."""
        today = holders(self.office.administrator, [role])
        return [one for one in self.people if one.id in today]

    def one_who_looks(self, number: int) -> Colleague:
        """Half of the time the latest whose work changed: what they once did is what may be forgotten."""
        if self.moved and number % 2:
            return self.moved[-1]
        return self.one_of(number, Role.CASE_OFFICER, Role.APPROVER)

    def attempt(self, what: str, work: Callable[[], T]) -> T | None:
        """What comes of it, or None when it is refused; counted either way."""
        try:
            result = work()
        except REFUSALS:
            self.counts[f"{what}: refused"] += 1
            return None
        self.counts[f"{what}: done"] += 1
        return result

    # --- what was shown --------------------------------------------------------------------------------

    def show(
        self, who: uuid.UUID, body: bytes, *, where: str, named: bool = False, typed: Iterable[str] = ()
    ) -> list[Shown]:
        """Note what an answer shows. `named`: a file's identifier in it says that there is one; `typed`: what
        the person sent, and gets back."""
        for text in typed:
            body = body.replace(text.encode(), b"")
        found = []
        for party in stand_in(body, self.parties):
            assert party.id is not None, f"{where} shows a person whom nobody registered"
            among = frozenset(file.id for file in self.files if party in file.parties)
            found.append(Shown(who, party.id, among, where))
        for file in self.files:
            if file.court.encode() in body or (named and str(file.id).encode() in body):
                found.append(Shown(who, file.id, frozenset({file.id}), where))
        self.shown += found
        self.counts[f"shown by {where.partition(' ')[0]}"] += len(found)
        return found

    # --- what must hold --------------------------------------------------------------------------------

    @rule(data=st.data())
    def next(self, data: st.DataObject) -> None:
        """Whatever can happen now. The same step twice in a row is one."""
        possible = [name for name, one in RULES.items() if one.when(self) for _time in range(one.weight)]
        name = data.draw(st.sampled_from(possible), label="rule")
        values = data.draw(RULES[name].given, label="with")
        self.steps += 1
        self.shown.clear()
        self._reached.clear()
        if (name, values) != self.latest:
            self.latest = name, values
            self.counts["steps"] += 1
            self.counts[name] += 1
            RULES[name].work(self, **values)

    @invariant()
    def what_was_shown_was_theirs_to_see_and_is_in_the_log(self) -> None:
        lines, self.read_until = self.office.log_of(self.everybody, self.read_until)
        read = [line for line in lines if line.kind in SHOWING]
        for shown in self.shown:
            told = any(
                line.actor == shown.to and (line.subject == shown.of or line.file in shown.among)
                for line in read
            )
            assert told, (
                f"{shown.where} showed something of {shown.of} to {shown.to} without a line in the log"
            )
        planes = {who: self.standing(who).plane for who in {one.actor for one in read}}
        for line in read:
            assert planes[line.actor], f"{line.act} was given to somebody without an appointment: {line}"
            if self._is_ours(line):
                assert planes[line.actor] in PLANES_THAT_SEE, (
                    f"{line.act} was given to a {planes[line.actor]}"
                )
        self._compare(read)

    def _is_ours(self, line: Line) -> bool:
        things = {party.id for party in self.parties} | {file.id for file in self.files}
        return line.act != DRAFT and bool({line.subject, line.file} & (things - {None}))

    def _compare(self, read: list[Line]) -> None:
        """Those who registered and those who were shown something later have nobody in common."""
        seen = {(one.to, one.of): one.where for one in self.shown}
        for line in read:
            seen |= {(line.actor, thing): line.act for thing in (line.subject, line.file) if thing}
        both = {pair for pair in seen if self.registered.get(pair, self.steps) < self.steps}
        told = [f"{seen[who, what]} shows {what} to {who}" for who, what in both]
        assert not both, f"registered, and consulted afterwards: {told}"
        for pair in self.office.acts(self.everybody) - self.acts:
            self.acts.add(pair)
            self.registered[pair] = self.steps

    @invariant()
    def nobody_approved_what_they_prepared(self) -> None:
        assert self.office.decided_alone() == []
