"""What is kept of a recovery file, here and in the rooms below, and when it has to go (17/006 §7).

An employer goes with the last file that names it. Rooms above register their own tables for the same unit.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import (
    Act,
    Document,
    FileEvent,
    Mandate,
    MandatePermission,
    Outcome,
    RecoveryFile,
    Title,
)
from secal.kernel.identifiers import format_enterprise_number
from secal.kernel.reckoning.keeping import debt_kept_until
from secal.law.onss import retention_parameters
from secal.ledger.keeping import keep_books, loose_ends
from secal.office import keeping
from secal.office.keeping import DueUnit, Kept, Trace, Unit
from secal.people.models import Employer
from secal.vault.fields import prefetch_keys

UNIT = "recovery_file"


def register() -> None:
    """Called once when the room is made ready."""
    keeping.register_unit(
        Unit(
            kind=UNIT,
            title=_("Dossier de recouvrement"),
            root=RecoveryFile,
            number="number",
            institution="onss",
            grounds={
                Outcome.PAID.value: _("Dette payée et intervention de l’huissier clôturée"),
                Outcome.IRRECOVERABLE.value: _(
                    "Dette déclarée irrécouvrable et intervention de l’huissier clôturée"
                ),
            },
            due=due,
            still_due=still_due,
            traces=_traces,
        )
    )
    keeping.keep(
        Kept(RecoveryFile, unit=UNIT, title=_("Dossier")),
        Kept(Title, unit=UNIT, by="file", title=_("Titre")),
        Kept(Document, unit=UNIT, by="file", title=_("Pièce")),
        Kept(Mandate, unit=UNIT, by="file", title=_("Mandat")),
        Kept(MandatePermission, unit=UNIT, by="content_object", title=_("Permission de l’huissier")),
        Kept(Act, unit=UNIT, by="file", title=_("Acte d’huissier")),
        Kept(FileEvent, unit=UNIT, by="file", title=_("Ligne de la chronologie")),
        Kept(Employer, unit=UNIT, rows=_only_here, title=_("Employeur"), traces=_employer_traces),
    )
    keep_books(UNIT, "recovery_file")


def due(on: date) -> Iterable[DueUnit]:
    """Files of which both conditions hold for so long that they may be kept no longer; the oldest first."""
    rows = (
        _ended(on)
        .order_by("ended_on", "number")
        .values_list("pk", "number", "outcome", "outcome_on", "ended_on")
    )
    for pk, number, outcome, outcome_on, ended_on in rows:
        since = _since(outcome_on, ended_on, on)
        if since is not None and since <= on:
            yield DueUnit(pk, number, outcome, since)


def still_due(unit_id: UUID, on: date) -> bool:
    row = _ended(on).filter(pk=unit_id).values_list("outcome_on", "ended_on").first()
    if row is None:
        return False
    since = _since(*row, on)
    return since is not None and since <= on


def _ended(on: date) -> QuerySet[RecoveryFile]:
    """Ended, and with no money left that has to go somewhere."""
    return (
        RecoveryFile.objects.filter(ended_on__lte=on)
        .annotate(to_settle=loose_ends(OuterRef("book")))
        .filter(to_settle=False)
    )


def _since(outcome_on: date | None, ended_on: date | None, on: date) -> date | None:
    """The first day on which the file may be kept no longer."""
    last = debt_kept_until(outcome_on=outcome_on, closed_on=ended_on, parameters=retention_parameters(on=on))
    return None if last is None else last + timedelta(days=1)


def _only_here(using: str, unit_id: UUID) -> Iterable[UUID]:
    """The employer of the file, when no other file names it."""
    others = RecoveryFile.objects.using(using).filter(employer=OuterRef("pk")).exclude(pk=unit_id)
    return (
        Employer.objects.using(using)
        .filter(~Exists(others), recovery_files=unit_id)
        .values_list("pk", flat=True)
    )


def _traces(unit_id: UUID) -> Iterator[Trace]:
    file = RecoveryFile.objects.select_related("book").get(pk=unit_id)
    yield Trace.text("number", file.number)
    if file.book.ogm:
        yield Trace.text("communication", file.book.ogm)


def _employer_traces(using: str, rows: Sequence[UUID]) -> Iterator[Trace]:
    employers = list(Employer.objects.using(using).filter(pk__in=rows))
    prefetch_keys(list(employers))
    for employer in employers:
        yield Trace.name("name", employer.name, owner=employer.pk)
        yield Trace.name("search_name", employer.search_name, owner=employer.pk)
        for field in ("enterprise_number", "onss_number", "niss", "address"):
            value = employer.open_value(field)
            if value:
                yield Trace.text(field, value, owner=employer.pk)
        number = employer.open_value("enterprise_number")
        if number:
            yield Trace.text("enterprise_number", format_enterprise_number(number), owner=employer.pk)
