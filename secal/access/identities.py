"""Who just proved who they are, whichever door they came by. Their number goes no further than its index."""

from dataclasses import dataclass, field
from datetime import datetime

from secal.vault.blind_index import blind_index

LEVEL = "level"
"""In the browser's session: what its holder proved at the door."""
BY_CARD = "eid-card"
"""The card itself, without a provider."""


@dataclass(frozen=True, slots=True)
class Proven:
    """A person who proved who they are, and the page they wanted."""

    subject: str | None = field(repr=False)
    """What the identity provider calls them; None when the card itself spoke."""
    niss_bi: bytes = field(repr=False)
    authenticated_at: datetime
    """When the card was used."""
    level: str
    """What was proved: the provider's assurance level, or that the card itself spoke."""
    wanted: str


@dataclass(frozen=True, slots=True)
class NumberIndexes:
    """One national number as alimony files and as employers' files keep it: two indexes that never meet."""

    person: bytes = field(repr=False)
    employer: bytes = field(repr=False)


def number_indexes(niss: str) -> NumberIndexes:
    """What the register of users keeps of a member of staff's number, so that their own files are known."""
    return NumberIndexes(niss_index(niss), employer_niss_index(niss))


def niss_index(niss: str) -> bytes:
    """Index of the eleven digits of a NISS; the same for parties and for members of staff."""
    return blind_index("person.niss", niss)


def employer_niss_index(niss: str) -> bytes:
    """Index of the NISS of an employer: another than that of a person, so that the two never meet."""
    return blind_index("employer.niss", niss)
