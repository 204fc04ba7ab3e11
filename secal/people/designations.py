"""How a registrar says whom they mean without seeing them: by NISS, or by a place in a file."""

import json
from dataclasses import asdict, dataclass
from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from secal.vault.blind_index import blind_index


class Place(models.TextChoices):
    CREDITOR = "creditor", _("créancier")
    DEBTOR = "debtor", _("débiteur")
    CHILD = "child", _("enfant")


@dataclass(frozen=True, slots=True)
class Designation:
    """One person: by `niss` (eleven digits), or by the file's number and the place; a child by birth date."""

    niss: str = ""
    file_number: str = ""
    place: str = ""
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """The person, and the NISS that is theirs."""

    person: Designation
    niss: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Two rows of one person: the one that remains, and the one that is emptied into it."""

    kept: Designation
    emptied: Designation


Numbers = Correction | Merge


def as_text(numbers: Numbers) -> str:
    """One spelling a content: the same numbers give the same text."""
    return json.dumps(asdict(numbers), sort_keys=True, default=date.isoformat)


def from_text(text: str) -> Numbers:
    """What `as_text` wrote."""
    content = json.loads(text)
    if "niss" in content:
        return Correction(_read(content["person"]), content["niss"])
    return Merge(_read(content["kept"]), _read(content["emptied"]))


def digest(numbers: Numbers) -> bytes:
    """To compare what two people typed without opening what the first one typed."""
    return blind_index("person.identity_proposal", as_text(numbers))


def _read(content: dict[str, str | None]) -> Designation:
    born = content["born"]
    return Designation(
        niss=content["niss"] or "",
        file_number=content["file_number"] or "",
        place=content["place"] or "",
        born=date.fromisoformat(born) if born else None,
    )
