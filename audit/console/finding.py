"""What a watcher typed, read as persons, employers, members of staff or files. Never part of an address."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from audit.console import events, naming
from audit.log.reading import Criteria, Why
from secal.access.models import User
from secal.kernel.identifiers import Reading, SearchKind, detect_kind
from secal.office import keeping
from secal.people.identifiers import niss_index
from secal.people.models import Employer, Person
from secal.people.services import searchable
from secal.vault.blind_index import blind_index

MOST = 25
PERSON, EMPLOYER, STAFF, UNIT, IDENTIFIER = "person", "employer", "staff", "unit", "identifier"
KINDS = (PERSON, EMPLOYER, STAFF, UNIT, IDENTIFIER)
EMPLOYER_COLUMNS = {
    SearchKind.NISS: ("niss_bi", "employer.niss"),
    SearchKind.ENTERPRISE: ("enterprise_number_bi", "employer.enterprise_number"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody or something that the log may speak of."""

    kind: str
    id: uuid.UUID
    title: str = ""

    @property
    def token(self) -> str:
        """As a hidden field carries it: no name."""
        return f"{self.kind}:{self.id}"

    def criteria(self, **others: Any) -> Criteria:
        """Rows about the person and about each file that names them; rows about the file."""
        if self.kind in (PERSON, EMPLOYER):
            model: Any = Person if self.kind == PERSON else Employer
            files = naming.units_naming(model, [self.id])
            return Criteria(subjects=(self.id,), files=tuple(sorted(files)), **others)
        if self.kind == UNIT:
            return Criteria(files=(self.id,), **others)
        if self.kind == STAFF:
            return Criteria(subjects=(self.id,), **others)
        # A certificate of erasure names its file by identifier only: it may be a file's or a person's.
        return Criteria(subjects=(self.id,), files=(self.id,), **others)


def from_token(token: str) -> Found | None:
    """The choice that a hidden field carries; None for anything else."""
    kind, _colon, text = token.partition(":")
    identifier = _identifier(text)
    return Found(kind, identifier) if kind in KINDS and identifier else None


def find(text: str, *, why: Why) -> list[Found]:
    """What the text may mean, at most 25 of each; the names that are about to be shown are logged."""
    typed = " ".join(text.split())
    if identifier := _identifier(typed):
        return [Found(IDENTIFIER, identifier, typed)]
    reading = detect_kind(typed)
    number = reading.value if reading.kind == SearchKind.FILE_NUMBER and reading.valid else typed.upper()
    if unit := naming.unit_of_number(number):
        return [Found(UNIT, unit[1], number)]
    if erased := keeping.erased_unit(number):
        return [Found(IDENTIFIER, erased, number)]
    found = _people(reading) if reading.valid else []
    named = [line for line in found if line.kind in (PERSON, EMPLOYER)]
    events.names_shown("log.search", why=why, subjects=[line.id for line in named])
    return found


def _people(reading: Reading) -> list[Found]:
    persons, employers, staff = Person.objects.none(), Employer.objects.none(), User.objects.none()
    if reading.kind == SearchKind.NAME:
        words = searchable(reading.value).split()
        persons = Person.objects.filter(_every_word("search_name", words))
        employers = Employer.objects.filter(_every_word("search_name", words))
        staff = User.objects.filter(
            *[models.Q(given_name__icontains=word) | models.Q(family_name__icontains=word) for word in words]
        )
    elif reading.kind == SearchKind.NISS:
        index = niss_index(reading.value)
        persons, staff = Person.objects.filter(niss_bi=index), User.objects.filter(niss_bi=index)
    if reading.kind in EMPLOYER_COLUMNS:
        column, name = EMPLOYER_COLUMNS[reading.kind]
        employers = Employer.objects.filter(**{column: blind_index(name, reading.value)})
    return [
        *[Found(PERSON, row.pk, _described(row)) for row in persons.order_by("search_name", "pk")[:MOST]],
        *[Found(EMPLOYER, row.pk, str(row)) for row in employers.order_by("search_name", "pk")[:MOST]],
        *[Found(STAFF, row.pk, _staff(row)) for row in staff.order_by("family_name", "pk")[:MOST]],
    ]


def _every_word(column: str, words: list[str]) -> models.Q:
    condition = models.Q()
    for word in words:
        condition &= models.Q(**{f"{column}__contains": word})
    return condition


def _described(person: Person) -> str:
    """Two persons of one name are told apart by the year of birth."""
    if person.birth_date is None:
        return str(person)
    return _("%(name)s, né(e) en %(year)s") % {"name": person, "year": person.birth_date.year}


def _staff(user: User) -> str:
    return _("%(name)s, membre du personnel (%(section)s)") % {
        "name": user.display_name,
        "section": user.section,
    }


def _identifier(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text) if len(text) == 36 else None
    except ValueError:
        return None
