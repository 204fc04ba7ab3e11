"""What the files of one seed share, and one file while it lives."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from secal.access.models import User
from secal.cases.models import EventKind, FileState
from secal.config.demo.seed.bank import Runs, Statements
from secal.config.demo.seed.load import Loader, moment
from secal.config.demo.seed.money import BookOfFile, SeedClaim, Term
from secal.config.demo.seed.people import Invented, Inventor
from secal.config.demo.seed.staff import Staff
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.solvency.models import ReviewOutcome


@dataclass
class World:
    """What the files of one seed share."""

    loader: Loader
    inventor: Inventor
    staff: Staff
    runs: Runs
    statements: Statements
    today: date

    @property
    def chance(self) -> random.Random:
        return self.inventor.chance


@dataclass(frozen=True)
class Cast:
    """What is fixed of a told story; everything else is drawn as for any file."""

    creditor: str = ""
    debtor: str = ""
    """Given and family name; the creditor is a woman, the debtor what `debtor_is_woman` says."""
    debtor_is_woman: bool = False
    language: str = ""
    section: str = ""
    officer: str = ""
    """Subject of the persona in charge."""
    home: str = ""
    fate: str = ""
    habit: str = ""
    outcome: ReviewOutcome | None = None
    due_today: bool = False
    """The review of that outcome named today as its next day."""


@dataclass
class Child:
    """A child and its line in the title."""

    person: Invented
    beneficiary: uuid.UUID
    amount: Decimal
    due_day: int
    right: uuid.UUID | None = None
    right_from: date | None = None
    right_until: date | None = None


@dataclass
class FileStory:
    """One file while it lives."""

    id: uuid.UUID
    key_id: uuid.UUID
    number: str
    book: BookOfFile
    ogm: str
    creditor: Invented
    creditor_iban: str
    debtor: Invented
    debtor_iban: str
    children: list[Child]
    language: str
    section: str
    officer: User
    registrar: User
    application: uuid.UUID
    received_on: date
    means: Decimal
    cast: Cast = Cast()
    asks_advances: bool = True
    creditor_in_belgium: bool = True
    complete_on: date | None = None
    decided_on: date | None = None
    terms: list[tuple[Term, Child]] = field(default_factory=list)
    claims: dict[uuid.UUID, SeedClaim] = field(default_factory=dict)
    state: FileState = FileState.INTAKE


def new_term(world: World, child: Child, month: Month, paid: Decimal = ZERO) -> Term:
    return Term(
        id=world.inventor.uuid(),
        child=child.person.id,
        beneficiary=child.beneficiary,
        month=month.first_day,
        due_on=month.day(child.due_day),
        amount=child.amount,
        paid=paid,
    )


def pick(chance: random.Random, weighted: tuple[tuple[str, int], ...]) -> str:
    return chance.choices([name for name, _ in weighted], [weight for _, weight in weighted])[0]


def tell(
    world: World, story: FileStory, kind: EventKind, code: str, on: date, actor: Any, **params: object
) -> None:
    """A line of the timeline; `actor` is a user or a service identity."""
    is_user = isinstance(actor, User)
    world.loader.add(
        "cases.CaseEvent",
        id=world.inventor.uuid(),
        file_id=story.id,
        kind=kind.value,
        code=code,
        params=params,
        happened_on=on,
        at=moment(on, len(story.terms) % 200),
        actor=actor.pk if is_user else actor.id,
        actor_name=actor.display_name if is_user else actor.name,
    )
