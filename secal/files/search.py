"""Finding files: by number, communication, NISS or account exactly, by name with or without accents.

Only files that the person may open are found; what is shown is logged as a list read.
"""

from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from secal.access.actors import current_actor
from secal.cases import events, selectors
from secal.cases.models import AlimonyFile, Beneficiary
from secal.kernel.identifiers import Reading, SearchKind
from secal.office.search import SearchGroup, SearchHit
from secal.people.identifiers import account_index, niss_index
from secal.people.models import PaymentAccount
from secal.people.services import searchable

MOST_HITS = 25
ALIKE = 0.45
"""How much of a mistyped word must be found again in a name: one wrong letter of seven passes."""
TITLE = gettext_lazy("Dossiers")


def find_files(reading: Reading) -> SearchGroup | None:
    """The files that the reading finds, at most 25; None when the text is no such thing."""
    if not reading.valid:
        return None
    files = selectors.files_of(current_actor())
    if reading.kind == SearchKind.NAME:
        found, exact = _by_name(files, searchable(reading.value)), False
    else:
        condition = _exact(reading)
        if condition is None:
            return None
        found, exact = list(files.filter(condition)[: MOST_HITS + 1]), True
    shown = found[:MOST_HITS]
    lines = [(person, file.pk) for file in shown for person in (file.creditor_id, file.debtor_id)]
    events.files_listed("office.search", purpose="search", lines=lines)
    return SearchGroup(TITLE, [_hit(file, exact) for file in shown], more=len(found) > MOST_HITS)


def _exact(reading: Reading) -> Q | None:
    if reading.kind == SearchKind.FILE_NUMBER:
        return Q(number=reading.value)
    if reading.kind == SearchKind.OGM:
        return Q(book__ogm=reading.value)
    if reading.kind == SearchKind.NISS:
        index = niss_index(reading.value)
        children = Beneficiary.objects.filter(title__file=OuterRef("pk"), child__niss_bi=index)
        return Q(creditor__niss_bi=index) | Q(debtor__niss_bi=index) | Q(Exists(children))
    if reading.kind == SearchKind.IBAN:
        # Not a join: an account given twice, with two days, is still one file.
        index = account_index(reading.value)
        return Q(Exists(PaymentAccount.objects.filter(person=OuterRef("creditor"), iban_bi=index)))
    return None


def _by_name(files: QuerySet[AlimonyFile], name: str) -> list[AlimonyFile]:
    """Every word must lie within the name; when nobody is found so, names that look alike."""
    found = list(files.filter(_anyone("contains", name.split()))[: MOST_HITS + 1])
    if found:
        return found
    with connection.cursor() as cursor:
        # For this transaction only; the operator that uses the index reads it.
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)])
    return list(files.filter(_anyone("trigram_word_similar", [name]))[: MOST_HITS + 1])


def _anyone(lookup: str, words: list[str]) -> Q:
    children = Beneficiary.objects.filter(title__file=OuterRef("pk")).filter(_all("child__", lookup, words))
    return _all("creditor__", lookup, words) | _all("debtor__", lookup, words) | Q(Exists(children))


def _all(prefix: str, lookup: str, words: list[str]) -> Q:
    condition = Q()
    for word in words:
        condition &= Q(**{f"{prefix}search_name__{lookup}": word})
    return condition


def _hit(file: AlimonyFile, exact: bool) -> SearchHit:
    parties: dict[str, Any] = {"creditor": file.creditor, "debtor": file.debtor}
    return SearchHit(
        title=file.number,
        detail=_("%(creditor)s contre %(debtor)s") % parties,
        url=reverse("files:page", args=[file.pk]),
        exact=exact,
    )
