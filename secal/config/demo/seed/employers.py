"""Invented employers: firms and persons, in the three languages, with numbers that are valid and nobody's.

Enterprise numbers begin with 01: the register gives none below 0200.000.000. The check digits are right.
"""

import random
from datetime import date

from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.people import Inventor
from secal.kernel.arrondissements import Arrondissement
from secal.people.employers import EmployerDetails
from secal.people.models import EmployerKind

NATURAL = 0.25
"""Share of employers that are natural persons."""
BORN = (date(1955, 1, 2), date(1998, 12, 30))
TRADES = {
    "fr": (
        "Boulangerie", "Garage", "Menuiserie", "Imprimerie", "Transports", "Restaurant", "Toitures",
        "Jardins", "Blanchisserie", "Carrosserie", "Électricité", "Peintures",
    ),
    "nl": (
        "Bakkerij", "Garage", "Schrijnwerkerij", "Drukkerij", "Transport", "Restaurant", "Dakwerken",
        "Tuinaanleg", "Wasserij", "Carrosserie", "Elektriciteit", "Schilderwerken",
    ),
    "de": (
        "Bäckerei", "Autowerkstatt", "Schreinerei", "Druckerei", "Transporte", "Gasthof", "Bauunternehmen",
    ),
}  # fmt: skip
FORMS = {"fr": ("SRL", "SA", "SC"), "nl": ("BV", "NV", "CV"), "de": ("GmbH", "AG")}
PLACES: dict[str, tuple[str, ...]] = {
    "fr": (
        Arrondissement.BRUXELLES,
        Arrondissement.BRABANT_WALLON,
        Arrondissement.HAINAUT,
        Arrondissement.LIEGE,
        Arrondissement.NAMUR,
        Arrondissement.LUXEMBOURG,
    ),
    "nl": (
        Arrondissement.OOST_VLAANDEREN,
        Arrondissement.ANTWERPEN,
        Arrondissement.LEUVEN,
        Arrondissement.LIMBURG,
        Arrondissement.WEST_VLAANDEREN,
        Arrondissement.BRUXELLES,
    ),
    "de": (Arrondissement.EUPEN,),
}


class EmployerInventor:
    """Draws employers from one random sequence; a number is never drawn twice."""

    def __init__(self, inventor: Inventor) -> None:
        self.inventor = inventor
        self._taken: set[int] = set()

    @property
    def chance(self) -> random.Random:
        return self.inventor.chance

    def enterprise_number(self) -> str:
        """Ten digits, from 0100 to 0199."""
        while True:
            base = 1_000_000 + self.chance.randrange(1_000_000)
            if base not in self._taken:
                self._taken.add(base)
                return f"0{base}{97 - base % 97:02d}"

    def draw(self) -> EmployerDetails:
        """Any employer."""
        language = self.inventor.language()
        place = self.chance.choice(PLACES[language])
        if self.chance.random() < NATURAL:
            return self.person(language, place)
        name = f"{self.chance.choice(TRADES[language])} {self.chance.choice(NAMING[language].families)}"
        return self.firm(name, self.chance.choice(FORMS[language]), language, place)

    def firm(self, name: str, legal_form: str, language: str, place: str) -> EmployerDetails:
        """`place`: the arrondissement of its seat, one of the PLACES of its language."""
        return EmployerDetails(
            kind=EmployerKind.LEGAL,
            name=name,
            legal_form=legal_form,
            enterprise_number=self.enterprise_number(),
            address=self.inventor.address(language, place=place),
            arrondissement=place,
            language=language,
        )

    def person(self, language: str, place: str, *, named: str = "") -> EmployerDetails:
        """A natural person who employs others. `named`: given and family name."""
        drawn = self.inventor.person(
            language,
            woman=self.chance.random() < 0.4,
            born=BORN,
            named=named,
            home=self.inventor.address(language, place=place),
        )
        return EmployerDetails(
            kind=EmployerKind.NATURAL,
            name=f"{drawn.given_name} {drawn.family_name}",
            enterprise_number=self.enterprise_number(),
            niss=drawn.niss,
            birth_date=drawn.birth_date,
            address=drawn.address,
            arrondissement=place,
            language=language,
        )
