"""Who recovers debts of the ONSS in the demonstration: colleagues of the personas, and bailiffs' offices."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice

from recovery.arrears.services.delegations import record_delegation
from secal.access.models import Office, User
from secal.access.roles import Role
from secal.config.demo.personas import CONCESSION, DE_CLERCQ, MOREAU, ONSS
from secal.config.demo.seed.author import telling_of
from secal.config.demo.seed.names import NAMING
from secal.config.demo.seed.people import Inventor
from secal.config.demo.seed.staff import Staff, colleague
from secal.kernel.arrondissements import Arrondissement

BRIGITTE, BART = "demo-brigitte-collard", "demo-bart-goossens"
DIRK, SOPHIE, JAN = "demo-dirk-aerts", "demo-sophie-moreau", "demo-jan-de-clercq"
DECISION, DECIDED_ON = "décision du Comité de gestion du 03/12/2019", date(2019, 12, 3)
DELEGATED_FROM = date(2020, 1, 1)

LANGUAGE_OF: dict[str, str] = {
    Arrondissement.ANTWERPEN: "nl",
    Arrondissement.BRABANT_WALLON: "fr",
    Arrondissement.BRUXELLES: "fr",
    Arrondissement.EUPEN: "de",
    Arrondissement.HAINAUT: "fr",
    Arrondissement.LEUVEN: "nl",
    Arrondissement.LIEGE: "fr",
    Arrondissement.LIMBURG: "nl",
    Arrondissement.LUXEMBOURG: "fr",
    Arrondissement.NAMUR: "fr",
    Arrondissement.OOST_VLAANDEREN: "nl",
    Arrondissement.WEST_VLAANDEREN: "nl",
}
CALLED = {"fr": "Étude {}", "nl": "Kantoor {}", "de": "Kanzlei {}"}
ORDER = (Arrondissement.EUPEN, *(place for place in Arrondissement if place != Arrondissement.EUPEN))
"""Eupen first: the smallest demonstration has an office there too."""


@dataclass
class RecoveryStaff:
    """The colleagues who did what the personas find done, and every office with its bailiffs."""

    clerk: User
    signatory: User
    directorate: User
    operator: User
    """The persona: a concession has one desk, and who distributes decides on nothing else."""
    delegation: uuid.UUID
    """Under which the colleague signs."""
    offices: dict[str, list[Office]] = field(default_factory=dict)
    """By arrondissement."""
    bailiffs: dict[str, list[User]] = field(default_factory=dict)
    """By name of the office."""


def hire_recovery(
    chance: random.Random, inventor: Inventor, staff: Staff, *, offices: int, bailiffs: int
) -> RecoveryStaff:
    """Write colleagues and so many offices and bailiffs, the personas' counted in; delegate who signs."""
    signatory = colleague(chance, "nl", ONSS, Role.ROLL_SIGNATORY)
    _delegate(staff, staff.by_subject[BRIGITTE])
    team = RecoveryStaff(
        clerk=colleague(chance, "nl", ONSS, Role.ARREARS_CLERK),
        signatory=signatory,
        directorate=colleague(chance, "fr", ONSS, Role.RECOVERY_DIRECTORATE),
        operator=staff.by_subject[DIRK],
        delegation=_delegate(staff, signatory),
    )
    colleague(chance, "fr", CONCESSION, Role.CONCESSION_OPERATOR)
    for name, subject in ((MOREAU, SOPHIE), (DE_CLERCQ, JAN)):
        office = staff.offices[name]
        team.offices.setdefault(office.arrondissement, []).append(office)
        team.bailiffs[name] = [staff.by_subject[subject]]
    new = [
        _open_office(chance, inventor, team, place)
        for place in islice(cycle(ORDER), offices - len(team.bailiffs))
    ]
    everywhere = [*staff.offices.values(), *new]
    for office in islice(cycle([*new, *everywhere]), bailiffs - len(staff.offices)):
        hired = colleague(chance, office.language, office.arrondissement, Role.BAILIFF, office)
        team.bailiffs[office.name].append(hired)
    return team


def _open_office(chance: random.Random, inventor: Inventor, team: RecoveryStaff, place: str) -> Office:
    language = LANGUAGE_OF[place]
    names = NAMING[language]
    while True:
        name = CALLED[language].format(
            " & ".join(dict.fromkeys(chance.choices(names.families, k=chance.choice((1, 2)))))
        )
        if name not in team.bailiffs:
            break
    office = Office.objects.create(name=name, arrondissement=place, language=language, iban=inventor.iban())
    team.offices.setdefault(place, []).append(office)
    team.bailiffs[name] = []
    return office


def _delegate(staff: Staff, signatory: User) -> uuid.UUID:
    """The register of users records the act of the Management Committee."""
    with telling_of(staff.by_subject[BART].pk):
        return record_delegation(
            delegate_id=signatory.pk,
            decision=DECISION,
            decided_on=DECIDED_ON,
            from_on=DELEGATED_FROM,
            until_on=None,
            signs_rolls=True,
            issues_constraints=True,
        ).pk
