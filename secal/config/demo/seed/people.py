"""Invented persons: names, birth dates, addresses, and numbers that are valid yet nobody's.

NISS. The check digits are right, so that forms take them. The day counter lies from 900 to 997: the register
counts a day's registrations up from 001 (women even, men odd) and no day in Belgium comes near nine hundred
of one sex; 1 January and 1 July, under which it files birth dates that it does not know, are left out. Such a
number says TEST by its three hundreds.

IBAN. The bank code lies between 151 and 169, a block that the National Bank has given to no bank; the check
digits are right.
"""

import random
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from secal.config.demo.seed.names import NAMING
from secal.kernel.identifiers import compose_niss

TEST_COUNTERS = range(900, 998)
VACANT_BANK_CODES = range(151, 170)
SHARES = (("fr", 45), ("nl", 50), ("de", 5))


@dataclass(slots=True)
class Invented:
    """A made-up person, in clear: what load.py seals."""

    id: uuid.UUID
    key_id: uuid.UUID
    given_name: str
    family_name: str
    birth_date: date
    language: str
    niss: str
    address: str
    is_woman: bool


class Inventor:
    """Draws persons and numbers from one random sequence; a number is never drawn twice."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self._taken: set[str] = set()

    def uuid(self) -> uuid.UUID:
        """A random UUID of this sequence."""
        return uuid.UUID(int=self.chance.getrandbits(128), version=4)

    def language(self) -> str:
        return self.chance.choices([code for code, _ in SHARES], [share for _, share in SHARES])[0]

    def day_between(self, first: date, last: date) -> date:
        """A day of the stretch, ends included."""
        return first + timedelta(days=self.chance.randrange((last - first).days + 1))

    def person(
        self, language: str, *, woman: bool, born: tuple[date, date], named: str = "", home: str = ""
    ) -> Invented:
        """A person of that language and sex, born in that stretch, ends included.

        `named`: given and family name parted by a space; a part that is empty is drawn.
        """
        naming = NAMING[language]
        birth_date, niss = self._birth(woman=woman, born=born)
        given_name, _, family_name = named.partition(" ")
        return Invented(
            id=self.uuid(),
            key_id=self.uuid(),
            given_name=given_name or self.chance.choice(naming.women if woman else naming.men),
            family_name=family_name or self.chance.choice(naming.families),
            birth_date=birth_date,
            language=language,
            niss=niss,
            address=home or self.address(language),
            is_woman=woman,
        )

    def address(self, language: str, *, place: str = "") -> str:
        """Somewhere where that language is spoken; `place`: the arrondissement in which it must lie."""
        naming = NAMING[language]
        towns = [town for town in naming.towns if place in ("", town[2])]
        town, postcode, _place = self.chance.choice(towns)
        return f"{self.chance.choice(naming.streets)} {self.chance.randint(1, 180)}, {postcode} {town}"

    def iban(self) -> str:
        """A Belgian account number of a bank that does not exist."""
        while True:
            stem = f"{self.chance.choice(VACANT_BANK_CODES):03d}{self.chance.randrange(10**7):07d}"
            number = belgian_iban(stem)
            if self._is_new(number):
                return number

    def _birth(self, *, woman: bool, born: tuple[date, date]) -> tuple[date, str]:
        while True:
            day = self.day_between(*born)
            if (day.month, day.day) in ((1, 1), (7, 1)):
                continue
            counter = self.chance.choice(TEST_COUNTERS)
            counter += counter % 2 if woman else 1 - counter % 2
            niss = compose_niss(day, counter)
            if counter in TEST_COUNTERS and self._is_new(niss):
                return day, niss

    def _is_new(self, number: str) -> bool:
        if number in self._taken:
            return False
        self._taken.add(number)
        return True


def belgian_iban(stem: str) -> str:
    """The IBAN of a Belgian account from its first ten digits: national check digits, then the IBAN's own."""
    national = stem + f"{int(stem) % 97 or 97:02d}"
    check = 98 - int(f"{national}111400") % 97
    return f"BE{check:02d}{national}"
