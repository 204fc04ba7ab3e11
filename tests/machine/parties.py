"""Creditors, debtors and children whose every detail is nobody else's: whoever reads one of them shows it."""

import uuid
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count

from secal.cases.statements import ApplicationStatement
from secal.kernel.identifiers import format_niss
from secal.people.services import PersonDetails
from tests import stories
from tests.files import wizard
from tests.matrix.walk import BETWEEN

LETTERS = "bcdfghjklmnpqrstvwxz"
LENGTH = 6
_words = count(1)


def new_word() -> str:
    """A name that occurs nowhere else: all of one length, so that none lies inside another."""
    number, letters = next(_words), ""
    for _place in range(LENGTH):
        number, letter = divmod(number, len(LETTERS))
        letters = LETTERS[letter] + letters
    return f"Q{letters}"


@dataclass(eq=False, slots=True)
class Party:
    """A person of the files. `id` is theirs once the office knows them."""

    born: date
    name: str = field(default_factory=new_word)
    niss: str = ""
    id: uuid.UUID | None = None
    merged: bool = False

    def __post_init__(self) -> None:
        self.niss = stories.new_niss(self.born)

    @property
    def details(self) -> PersonDetails:
        return PersonDetails(
            given_name="Ann",
            family_name=self.name,
            birth_date=self.born,
            birth_place="Namur",
            niss=self.niss,
            address=f"{self.name}straat 1, 1000 Bruxelles",
            iban=stories.IBAN,
        )

    @property
    def typed(self) -> dict[str, str]:
        """As a registrar types them."""
        told = wizard.person("Ann", self.name, format_niss(self.niss))
        return {**told, "birth_date": f"{self.born:%d/%m/%Y}", "address": self.details.address}


@dataclass(eq=False, slots=True)
class File:
    """A file of the machine, with everybody it ever named."""

    id: uuid.UUID
    number: str
    court: str
    parties: list[Party]


def stated(creditor: Party, debtor: Party, child: Party, *, court: str, whole: bool) -> ApplicationStatement:
    """The application of these three. Call it inside a unit of work."""
    usual = stories.statement(
        creditor=creditor.details,
        debtor=debtor.details,
        children=[child.details],
        papers=stories.WHOLE if whole else (),
    )
    return replace(usual, title=replace(usual.title, court=court))


def stand_in(body: bytes, parties: list[Party]) -> list[Party]:
    """Those whose name, or whose number in whatever spelling, stands in what somebody was given."""
    squeezed = body.translate(None, BETWEEN)
    return [one for one in parties if one.name.encode() in body or one.niss.encode() in squeezed]
