"""What is kept of an alimony file, here and in the rooms below, and when it has to go.

A person goes with the last file that names them. Until then who registered them stays too, without the file:
they may never consult that person (12/057 §22).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from django.db import connections
from django.db.models import OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from secal.cases.models import (
    AlimonyFile,
    Application,
    Assignment,
    Attachment,
    Beneficiary,
    CaseEvent,
    Closure,
    EmergencyAccess,
    ExecutoryTitle,
    FilePermission,
    FileState,
    MonthlyTerm,
    PersonProtection,
    ProtectedOpening,
    Recusal,
    Statement,
    WorkItem,
)
from secal.kernel.reckoning.keeping import alimony_file_kept_until
from secal.law.assembly import file_keeping_parameters
from secal.ledger.keeping import keep_books, loose_ends
from secal.office import keeping
from secal.office.keeping import DueUnit, Erasing, Kept, Trace, Unit
from secal.people.models import (
    IdentityOutcome,
    IdentityProposal,
    PaymentAccount,
    Person,
    RegistrationAct,
)
from secal.vault.fields import prefetch_keys

UNIT = "alimony_file"
CLOSED, REFUSED = "file_closed", "application_refused"
GROUNDS = {FileState.CLOSED: CLOSED, FileState.REFUSED: REFUSED}

ONLY_HERE = """
WITH RECURSIVE named AS (
    SELECT f.creditor_id AS person FROM cases_alimonyfile f WHERE f.id = %(file)s
    UNION SELECT f.debtor_id FROM cases_alimonyfile f WHERE f.id = %(file)s
    UNION SELECT b.child_id FROM cases_beneficiary b JOIN cases_executorytitle t ON t.id = b.title_id
          WHERE t.file_id = %(file)s
)
, going AS (
    SELECT person FROM named
    WHERE NOT EXISTS (SELECT 1 FROM cases_alimonyfile f
                      WHERE f.id <> %(file)s AND (f.creditor_id = person OR f.debtor_id = person))
      AND NOT EXISTS (SELECT 1 FROM cases_beneficiary b JOIN cases_executorytitle t ON t.id = b.title_id
                      WHERE b.child_id = person AND t.file_id <> %(file)s)
)
, emptied AS (
    -- Who was emptied into one who goes, and who was emptied into those before.
    SELECT person FROM going
    UNION SELECT p.id FROM people_person p JOIN emptied ON p.merged_into_id = emptied.person
)
SELECT person FROM emptied
"""


def register() -> None:
    """Called once when the room is made ready."""
    keeping.register_unit(
        Unit(
            kind=UNIT,
            title=_("Dossier alimentaire"),
            root=AlimonyFile,
            number="number",
            institution="secal",
            grounds={
                CLOSED: _("Dossier clôturé, terme de conservation dépassé"),
                REFUSED: _("Demande refusée, terme de conservation dépassé"),
            },
            due=due,
            still_due=still_due,
            traces=_traces,
        )
    )
    keeping.keep(
        Kept(AlimonyFile, unit=UNIT, title=_("Dossier")),
        Kept(ExecutoryTitle, unit=UNIT, by="file", title=_("Titre exécutoire")),
        Kept(Beneficiary, unit=UNIT, by="title__file", title=_("Enfant bénéficiaire")),
        Kept(MonthlyTerm, unit=UNIT, by="file", title=_("Terme mensuel")),
        Kept(Application, unit=UNIT, by="file", title=_("Demande")),
        Kept(Attachment, unit=UNIT, by="file", title=_("Pièce")),
        Kept(Statement, unit=UNIT, by="file", title=_("Déclaration du demandeur")),
        Kept(Assignment, unit=UNIT, by="file", title=_("Attribution")),
        Kept(CaseEvent, unit=UNIT, by="file", title=_("Ligne de la chronologie")),
        Kept(WorkItem, unit=UNIT, by="file", title=_("Tâche")),
        Kept(Closure, unit=UNIT, by="file", title=_("Clôture")),
        Kept(FilePermission, unit=UNIT, by="content_object", title=_("Permission du gestionnaire")),
        Kept(Recusal, unit=UNIT, by="file", title=_("Récusation")),
        Kept(EmergencyAccess, unit=UNIT, by="file", title=_("Accès d’urgence")),
        Kept(ProtectedOpening, unit=UNIT, by="file", title=_("Ouverture d’un dossier protégé")),
        Kept(PersonProtection, unit=UNIT, rows=_protections, title=_("Protection d’une personne")),
        Kept(Person, unit=UNIT, rows=persons_only_of, title=_("Personne"), traces=_person_traces),
        Kept(
            PaymentAccount,
            unit=UNIT,
            rows=_accounts,
            title=_("Compte de paiement"),
            traces=_account_traces,
        ),
        Kept(
            RegistrationAct,
            unit=UNIT,
            rows=_registrations,
            title=_("Acte d’enregistrement"),
            eraser=_forget_registrations,
        ),
        Kept(IdentityOutcome, unit=UNIT, rows=_outcomes, title=_("Suite d’une proposition d’identité")),
        Kept(IdentityProposal, unit=UNIT, rows=_outcomes, title=_("Proposition d’identité")),
    )
    keep_books(UNIT, "alimony_file")


def due(on: date) -> Iterable[DueUnit]:
    """Files ended so long ago that they may be kept no longer, and whose money is all where it belongs."""
    parameters = file_keeping_parameters(on=on)
    rows = _ended(on).order_by("closed_on", "number").values_list("pk", "number", "state", "closed_on")
    for pk, number, state, closed_on in rows:
        if closed_on is not None:
            kept_until = alimony_file_kept_until(closed_on=closed_on, parameters=parameters)
            yield DueUnit(pk, number, GROUNDS[FileState(state)], kept_until + timedelta(days=1))


def still_due(unit_id: UUID, on: date) -> bool:
    return _ended(on).filter(pk=unit_id).exists()


def persons_only_of(using: str, unit_id: UUID) -> Iterable[UUID]:
    """Those whom the file names and no other file does."""
    with connections[using].cursor() as cursor:
        cursor.execute(ONLY_HERE, {"file": unit_id})
        return [row[0] for row in cursor.fetchall()]


def _ended(on: date) -> QuerySet[AlimonyFile]:
    """Ended in a year of which the last day to keep it is past; the same day for every file of a year."""
    parameters = file_keeping_parameters(on=on)
    last = date(on.year - parameters.years.value, 1, 1)
    return (
        AlimonyFile.objects.filter(state__in=list(GROUNDS), closed_on__lt=last)
        .annotate(to_settle=loose_ends(OuterRef("book")))
        .filter(to_settle=False)
    )


def _accounts(using: str, unit_id: UUID) -> Iterable[UUID]:
    persons = list(persons_only_of(using, unit_id))
    return PaymentAccount.objects.using(using).filter(person__in=persons).values_list("pk", flat=True)


def _outcomes(using: str, unit_id: UUID) -> Iterable[UUID]:
    """What two registrars agreed on about persons who go with the file."""
    persons = list(persons_only_of(using, unit_id))
    outcomes = IdentityOutcome.objects.using(using).filter(Q(person__in=persons) | Q(emptied__in=persons))
    return outcomes.values_list("pk", flat=True)


def _protections(using: str, unit_id: UUID) -> Iterable[UUID]:
    persons = list(persons_only_of(using, unit_id))
    return PersonProtection.objects.using(using).filter(person__in=persons).values_list("pk", flat=True)


def _registrations(using: str, unit_id: UUID) -> Iterable[UUID]:
    """Acts on the file, and all acts on persons who go with it."""
    persons = list(persons_only_of(using, unit_id))
    acts = RegistrationAct.objects.using(using).filter(Q(file=unit_id) | Q(person__in=persons))
    return acts.values_list("pk", flat=True)


def _forget_registrations(erasing: Erasing) -> Mapping[str, int]:
    """Delete acts on the file and on persons who go; of one who stays, forget the file only."""
    gone = list(erasing.identifiers)
    with connections[erasing.using].cursor() as cursor:
        cursor.execute(
            "DELETE FROM people_registrationact"
            " WHERE id = ANY(%s) AND (person_id IS NULL OR person_id = ANY(%s))",
            [list(erasing.rows), gone],
        )
        changed = cursor.rowcount
        cursor.execute(
            "UPDATE people_registrationact SET file = NULL WHERE id = ANY(%s) AND file IS NOT NULL",
            [list(erasing.rows)],
        )
        return {RegistrationAct._meta.db_table: changed + cursor.rowcount}


def _traces(unit_id: UUID) -> Iterator[Trace]:
    file = AlimonyFile.objects.select_related("book").get(pk=unit_id)
    yield Trace.text("number", file.number)
    if file.book.ogm:
        yield Trace.text("communication", file.book.ogm)


def _person_traces(using: str, rows: Sequence[UUID]) -> Iterator[Trace]:
    persons = list(Person.objects.using(using).filter(pk__in=rows))
    prefetch_keys([person for person in persons if person.niss or person.address or person.birth_place])
    for person in persons:
        yield Trace.name("name", str(person), owner=person.pk)
        yield Trace.text("niss", person.open_value("niss"), owner=person.pk)
        yield Trace.text("address", person.open_value("address"), owner=person.pk)


def _account_traces(using: str, rows: Sequence[UUID]) -> Iterator[Trace]:
    accounts = list(PaymentAccount.objects.using(using).filter(pk__in=rows).select_related("person"))
    prefetch_keys(list(accounts))
    for account in accounts:
        yield Trace.text("iban", account.open_value("iban"), owner=account.pk)
