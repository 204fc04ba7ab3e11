"""Who works in the demonstration's office: the personas, then colleagues who fill the sections."""

import random
import uuid
from dataclasses import dataclass, field
from datetime import date

from secal.access.commitments.texts import library
from secal.access.identities import NumberIndexes, number_indexes
from secal.access.models import Appointment, Charge, Commitment, CommitmentKind, Office, User, UserRole
from secal.access.models.rights import Right
from secal.access.roles import PLANE_OF_ROLE, Mission, Role
from secal.config.demo.personas import DE_CLERCQ, MOREAU, PERSONAS
from secal.config.demo.seed.load import moment
from secal.config.demo.seed.names import NAMING, SECTION_OF_LANGUAGE
from secal.config.demo.seed.people import belgian_iban
from secal.office.clock import today

SINCE = date(2020, 1, 1)
OFFICES = (
    (MOREAU, "bruxelles", "fr", "1516789123"),
    (DE_CLERCQ, "oost_vlaanderen", "nl", "1526789123"),
)
"""The bailiffs' offices: name, judicial arrondissement, language, start of the third-party account."""
OFFICERS_A_SECTION = 3
NOTE = "2019/114"
"""The note of service by which the missions were given."""
ALIMONY, ARREARS = (Mission.ADVANCES, Mission.RECOVERY), (Mission.ARREARS,)
MISSIONS = {
    Role.CASE_OFFICER: ALIMONY,
    Role.APPROVER: ALIMONY,
    Role.ARREARS_CLERK: ARREARS,
    Role.RECOVERY_DIRECTORATE: ARREARS,
    Role.ROLL_SIGNATORY: ARREARS,
    Role.CONCESSION_OPERATOR: ARREARS,
}
"""With what each role is expressly charged."""


@dataclass
class Staff:
    """The office's people, by what they do and where."""

    registrars: list[User] = field(default_factory=list)
    """Only colleagues: a persona who registered a file could never be shown it."""
    officers: dict[str, list[User]] = field(default_factory=dict)
    approvers: dict[str, User] = field(default_factory=dict)
    by_subject: dict[str, User] = field(default_factory=dict)
    offices: dict[str, Office] = field(default_factory=dict)
    """The bailiffs' offices of the personas, by name."""

    def sections(self, language: str) -> tuple[str, ...]:
        return SECTION_OF_LANGUAGE[language]


def hire(chance: random.Random) -> Staff:
    """Write the users with their plane and role; returns them."""
    staff = Staff()
    offices = staff.offices = {office.name: office for office in map(_office, OFFICES)}
    for persona in PERSONAS:
        user = _user(
            chance,
            persona.subject,
            persona.given_name,
            persona.family_name,
            persona.language,
            persona.section,
            persona.role,
            number_indexes(persona.niss),
            offices.get(persona.office),
            committed=persona.committed,
        )
        staff.by_subject[persona.subject] = user
        if persona.role is Role.CASE_OFFICER:
            staff.officers.setdefault(persona.section, []).append(user)
        elif persona.role is Role.APPROVER:
            staff.approvers[persona.section] = user
    for language, sections in SECTION_OF_LANGUAGE.items():
        for section in sections:
            _fill(chance, staff, language, section)
    return staff


def _fill(chance: random.Random, staff: Staff, language: str, section: str) -> None:
    """Colleagues until the section has its officers, its second signatory and a registrar."""
    officers = staff.officers.setdefault(section, [])
    while len(officers) < OFFICERS_A_SECTION:
        officers.append(colleague(chance, language, section, Role.CASE_OFFICER))
    if section not in staff.approvers:
        staff.approvers[section] = colleague(chance, language, section, Role.APPROVER)
    staff.registrars.append(colleague(chance, language, section, Role.REGISTRAR))


def colleague(
    chance: random.Random, language: str, section: str, role: Role, office: Office | None = None
) -> User:
    """Somebody else of that role, with a name of that language."""
    naming = NAMING[language]
    number = chance.getrandbits(48)
    return _user(
        chance,
        f"colleague-{number:012x}",
        chance.choice(naming.women + naming.men),
        chance.choice(naming.families),
        language,
        section,
        role,
        None,
        office,
    )


def _office(details: tuple[str, str, str, str]) -> Office:
    name, arrondissement, language, stem = details
    return Office.objects.create(
        name=name, arrondissement=arrondissement, language=language, iban=belgian_iban(stem)
    )


def _user(
    chance: random.Random,
    subject: str,
    given_name: str,
    family_name: str,
    language: str,
    section: str,
    role: Role,
    number: NumberIndexes | None,
    office: Office | None = None,
    *,
    committed: bool = True,
) -> User:
    user = User.objects.create(
        id=uuid.UUID(int=chance.getrandbits(128), version=4),
        subject=subject,
        given_name=given_name,
        family_name=family_name,
        language=language,
        section=section,
        niss_bi=number.person if number else None,
        employer_bi=number.employer if number else None,
        office=office,
    )
    plane = PLANE_OF_ROLE[role]
    appointment = Appointment.objects.create(
        user=user, plane=plane, section=section, office=office, valid_from=SINCE
    )
    given = UserRole.objects.create(
        user=user, appointment=appointment, role=role, plane=plane, valid_from=SINCE
    )
    charges = [
        Charge.objects.create(user=user, mission=mission, decision=NOTE, valid_from=SINCE)
        for mission in MISSIONS.get(role, ())
    ]
    entered_then(appointment, given, *charges)
    if committed:
        _commit(user)
    return user


def entered_then(*rights: Right) -> None:
    """These came into the register on their first day, and not when the past was written."""
    for right in rights:
        right.entered_at = moment(right.valid_from)
        right.save(update_fields=["entered_at"])


def _commit(user: User) -> None:
    """The texts in force, accepted in the person's language: in bulk, as the rest of the past is written."""
    texts = library()
    accepted = [texts.texts[kind, texts.in_force(kind, today()), user.language] for kind in CommitmentKind]
    Commitment.objects.bulk_create(
        Commitment(
            user=user, kind=text.kind, version=text.version, language=text.language, text_digest=text.digest
        )
        for text in accepted
    )
