"""An application as the registrar states it, before anything is recorded: values only, already read and
checked."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal

from secal.cases.models import AttachmentKind, IndexClause, TitleKind
from secal.people.services import PersonDetails


@dataclass(frozen=True, slots=True)
class ChildStatement:
    """A child, and the maintenance that the title gives each month, before indexation, in euro."""

    person: PersonDetails
    monthly_amount: Decimal
    due_day: int
    from_month: date
    until_month: date | None = None


@dataclass(frozen=True, slots=True)
class TermStatement:
    """One month of one child (its place in `children`): what fell due and what was paid, in euro."""

    child: int
    month: date
    due: Decimal
    paid: Decimal


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper received, as bytes; its type was read from the bytes themselves."""

    kind: AttachmentKind
    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True, slots=True)
class TitleStatement:
    """The executory title."""

    kind: TitleKind
    court: str
    decided_on: date
    served_on: date | None
    index_clause: IndexClause
    base_index: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ApplicationStatement:
    """The whole application (art. 7). `file_id` and `key_id` were fixed when it was begun."""

    file_id: uuid.UUID
    key_id: uuid.UUID
    received_on: date
    language: str
    title: TitleStatement
    creditor: PersonDetails
    debtor: PersonDetails
    children: tuple[ChildStatement, ...]
    terms: tuple[TermStatement, ...]
    history_complete: bool
    """The terms and payments of five years, or since the title, are all stated; months not listed were
    paid."""
    creditor_in_belgium: bool = True
    asks_advances: bool = True
    signed: bool = False
    order_signed: bool = False
    authorisation_on: date | None = None
    declared_means: Decimal | None = None
    papers: tuple[Paper, ...] = ()


CREDITOR, DEBTOR, CHILD = "creditor", "debtor", "child_"
"""The parties by role; a child's role ends in its place in the application, from 1."""


@dataclass(frozen=True, slots=True)
class PartyStatement:
    """What was stated of one party, and which person they are; None for the party that the file has."""

    details: PersonDetails
    person: uuid.UUID | None = None


def parties_as_text(parties: Mapping[str, PartyStatement]) -> str:
    """The parties by role, to be sealed and read again by `parties_from_text`."""
    return json.dumps({role: asdict(party) for role, party in parties.items()}, default=str)


def parties_from_text(text: str) -> dict[str, PartyStatement]:
    """What `parties_as_text` wrote."""
    parties = {}
    for role, party in json.loads(text).items():
        born, person = party["details"]["birth_date"], party["person"]
        details = PersonDetails(
            **{**party["details"], "birth_date": date.fromisoformat(born) if born else None}
        )
        parties[role] = PartyStatement(details, uuid.UUID(person) if person else None)
    return parties
