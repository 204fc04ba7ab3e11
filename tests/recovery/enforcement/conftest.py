"""What the tests of enforcement share: titles sent by the real service, deeds, money at bailiff and bank."""

import uuid
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from itertools import count

from recovery.cases.models import Document, DocumentKind, Mandate, RecoveryFile, Title
from recovery.cases.services.files import keep_document
from recovery.cases.services.mandates import end_mandate
from recovery.enforcement.models import IrrecoverabilityProposal, Transmission
from recovery.enforcement.services.distribution import give
from recovery.enforcement.services.irrecoverability import propose
from recovery.enforcement.services.transmission import transmit
from secal.access.models import Office
from secal.access.unit_of_work import acting_as, service_work
from secal.config.demo.statement_files import Transfer, write_statement
from secal.ledger.services.receipts import import_statement, record_collected
from tests.recovery.stories import BRUSSELS, MANDATED_ON, TRANSMITTED_ON, People, made_title

PAID_ON = date(2026, 9, 21)
ENDED_AT = datetime(2026, 9, 30, 16, 0, tzinfo=BRUSSELS)
ENDED_ON = date(2026, 9, 30)
PROPOSED_ON, DECIDED_ON = date(2026, 9, 24), date(2026, 9, 28)
REASONS = "Procès-verbal de carence : aucun bien saisissable, le siège est vide."
DEBTORS_ACCOUNT = "BE71096123456769"
_numbers = count(1)

Log = Callable[..., list[dict[str, object]]]


def sent(staff: People, *titles: Title, on: date = TRANSMITTED_ON) -> Transmission:
    with acting_as(staff.directorate.pk):
        return transmit(title_ids=[title.pk for title in titles], on=on)


def waiting(staff: People, **changes: object) -> Title:
    """A title that waits for an office."""
    title = made_title(staff, **changes)
    sent(staff, title)
    return Title.objects.get(pk=title.pk)


def given(staff: People, title: Title, *, office: Office | None = None) -> Mandate:
    with acting_as(staff.operator.pk):
        return give(title_id=title.pk, office_id=(office or staff.office).pk, on=MANDATED_ON)


def at_bailiff(staff: People, **changes: object) -> Mandate:
    return given(staff, waiting(staff, **changes))


def ended(staff: People, mandate: Mandate, *, action: str = "close", at: datetime = ENDED_AT) -> None:
    with acting_as(staff.bailiff.pk):
        end_mandate(mandate=mandate, action=action, reason="done", at=at)


def deed(staff: People, file: RecoveryFile, *, kind: DocumentKind = DocumentKind.DEED) -> Document:
    with acting_as(staff.bailiff.pk):
        return keep_document(
            file,
            kind=kind,
            name="carence.pdf",
            content=b"%PDF-1.7 carence",
            media_type="application/pdf",
            on=PROPOSED_ON,
        )


def proposed(staff: People, file: RecoveryFile) -> IrrecoverabilityProposal:
    evidence = deed(staff, file)
    with acting_as(staff.clerk.pk):
        return propose(file_id=file.pk, reasons=REASONS, evidence_id=evidence.pk, on=PROPOSED_ON)


def collected(file: RecoveryFile, amount: Decimal, *, on: date = PAID_ON) -> None:
    """A bailiff received money, and the office booked it."""
    with service_work("bank"):
        record_collected(book_id=file.book_id, amount=amount, on=on, source=uuid.uuid4())


def paid(file: RecoveryFile, amount: Decimal, *, account: str, on: date = PAID_ON, by: str = "") -> None:
    """Money came on the account of the ONSS with the communication of the file."""
    content = write_statement(
        (Transfer(amount, "Boulangerie du Midi", by or DEBTORS_ACCOUNT, ogm=file.book.ogm or ""),),
        account_iban=account,
        day=on,
        opening=Decimal("100.00"),
        number=next(_numbers),
    )
    with service_work("bank"):
        import_statement(content=content, on=on)
