"""Statements to import on the tour. Of the alimony service: Tom's payment with his file's communication, and
one that nobody knows. Of the ONSS: a debtor's own payment, and what a bailiff passes on.

Written anew at each start, dated that day and numbered by the second, so that it was never taken before.
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from recovery.cases.dues import amount_due
from recovery.cases.models import RecoveryFile
from secal.access.models import Office
from secal.access.unit_of_work import service_work
from secal.cases.models import AlimonyFile
from secal.config.demo.personas import MOREAU
from secal.config.demo.statement_files import Transfer, write_statement
from secal.ledger.selectors import held_by_bailiff

SERVICE = "bank"
FOLDER, NAME, ONSS_NAME = "demo-files", "statement.xml", "statement-onss.xml"
TOM, TOMS_ACCOUNT = "Willems", "BE71096123456769"
PAYS_A_PART, PARTS_ACCOUNT, PART = "Garage Wauters", "BE71096123456769", Decimal("2500.00")
PAYS_THE_BAILIFF = "Restaurant Bodart"
FIRST_NUMBER = 100_000
"""Above every number that the seed gives."""


def write_tour_statements(state: Path) -> list[tuple[str, Path]]:
    """(whose account, where it was written) of each statement; one whose story is gone is not written."""
    now = timezone.localtime()
    written = []
    with service_work(SERVICE):
        toms, onss = _toms_day(), _onss_day(now.date())
    for name, whose, iban, entries in (
        (NAME, settings.OFFICE_NAME, settings.OFFICE_IBAN, toms),
        (ONSS_NAME, settings.ONSS_NAME, settings.ONSS_IBAN, onss),
    ):
        if entries:
            content = write_statement(
                entries,
                account_iban=iban,
                day=now.date(),
                opening=Decimal("1000.00"),
                number=_number(now),
                owner=whose,
            )
            path = state / FOLDER / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append((whose, path))
    return written


def _toms_day() -> list[Transfer]:
    file = (
        AlimonyFile.objects.filter(debtor__family_name=TOM, debtor__given_name="Tom")
        .select_related("book")
        .first()
    )
    if file is None or not file.book.ogm:
        return []
    return [
        Transfer(Decimal("250.00"), name="Tom Willems", iban=TOMS_ACCOUNT, ogm=file.book.ogm),
        Transfer(Decimal("80.00"), name="Inconnu", text="pension novembre"),
    ]


def _onss_day(day: date) -> list[Transfer]:
    """A debtor pays a part by himself; a bailiff passes on all that another debtor owes today."""
    transfers = []
    direct, through = _open_file(PAYS_A_PART), _open_file(PAYS_THE_BAILIFF)
    if direct and direct.book.ogm:
        transfers.append(Transfer(PART, name=PAYS_A_PART, iban=PARTS_ACCOUNT, ogm=direct.book.ogm))
    office = Office.objects.filter(name=MOREAU).first()
    if through and through.book.ogm and office:
        owed = amount_due(through, on=day).total + held_by_bailiff(through.book_id)
        transfers.append(Transfer(owed, name=office.name, iban=office.iban, ogm=through.book.ogm))
    return [transfer for transfer in transfers if transfer.amount > 0]


def _open_file(employer: str) -> RecoveryFile | None:
    return (
        RecoveryFile.objects.filter(employer__name=employer, ended_on=None)
        .select_related("book", "employer")
        .first()
    )


def _number(now: datetime) -> int:
    return FIRST_NUMBER + int(now.timestamp()) % 800_000
