"""Finding recovery files: by number, communication, enterprise number or NISS exactly, by name with or
without accents.

Only files that the person may open are found; what is shown is logged as a list read.
"""

import re

from django.db import connection
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from recovery.cases import events
from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import files_of
from secal.access.actors import current_actor
from secal.access.policy import may
from secal.kernel.identifiers import Reading, SearchKind
from secal.office.search import SearchGroup, SearchHit
from secal.people.employers import enterprise_index
from secal.people.identifiers import employer_niss_index
from secal.people.services import searchable

MOST_HITS = 25
ALIKE = 0.45
"""How much of a mistyped word must be found again in a name: one wrong letter of seven passes."""
TITLE = gettext_lazy("Dossiers ONSS")
NUMBER = re.compile(r"\s*ONSS[-\s]*(\d{4})[-/\s]*(\d{1,6})\s*", re.IGNORECASE | re.ASCII)


def find_files(reading: Reading) -> SearchGroup | None:
    """The files that the reading finds, at most 25; None when the text is no such thing, or not for this
    person.
    """
    if not reading.valid or not may("recovery.list"):
        return None
    found, exact = matching(files_of(current_actor()), reading, most=MOST_HITS + 1)
    if found is None:
        return None
    shown = found[:MOST_HITS]
    lines = [(file.employer_id, file.pk) for file in shown]
    events.files_listed("office.search", purpose="search", lines=lines)
    return SearchGroup(TITLE, [_hit(file, exact) for file in shown], more=len(found) > MOST_HITS)


def matching(
    files: QuerySet[RecoveryFile], reading: Reading, *, most: int
) -> tuple[list[RecoveryFile] | None, bool]:
    """Of these files, those that the reading names, and whether it names them exactly; None when it
    cannot.
    """
    condition = _exact(reading)
    if condition is not None:
        return list(files.filter(condition)[:most]), True
    if reading.kind == SearchKind.NAME:
        return _by_name(files, searchable(reading.value), most), False
    return None, False


def _exact(reading: Reading) -> Q | None:
    number = NUMBER.fullmatch(reading.value)
    if number:
        return Q(number=f"ONSS-{number[1]}-{int(number[2]):06d}")
    if reading.kind == SearchKind.OGM:
        return Q(book__ogm=reading.value)
    if reading.kind == SearchKind.ENTERPRISE:
        return Q(employer__enterprise_number_bi=enterprise_index(reading.value))
    if reading.kind == SearchKind.NISS:
        return Q(employer__niss_bi=employer_niss_index(reading.value))
    return None


def _by_name(files: QuerySet[RecoveryFile], name: str, most: int) -> list[RecoveryFile]:
    """Every word must lie within the name; when nobody is found so, names that look alike."""
    condition = Q()
    for word in name.split():
        condition &= Q(employer__search_name__contains=word)
    found = list(files.filter(condition)[:most])
    if found:
        return found
    with connection.cursor() as cursor:
        # For this transaction only; the operator that uses the index reads it.
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
    return list(files.filter(employer__search_name__trigram_word_similar=name)[:most])


def _hit(file: RecoveryFile, exact: bool) -> SearchHit:
    return SearchHit(
        title=file.number, detail=str(file.employer), url=reverse("arrears:page", args=[file.pk]), exact=exact
    )
