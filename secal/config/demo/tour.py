"""A statement to import on the tour: Tom's payment with his file's communication, and one that nobody knows.

Written anew at each start, dated that day and numbered by the second, so that it was never taken before.
"""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from secal.cases.models import AlimonyFile
from secal.config.demo.statement_files import Transfer, write_statement

FOLDER, NAME = "demo-files", "statement.xml"
TOM, TOMS_ACCOUNT = "Willems", "BE71096123456769"
FIRST_NUMBER = 100_000
"""Above every number that the seed gives."""


def write_tour_statement(state: Path) -> Path | None:
    """Where it was written; None when Tom's file is gone."""
    file = (
        AlimonyFile.objects.filter(debtor__family_name=TOM, debtor__given_name="Tom")
        .select_related("book")
        .first()
    )
    if file is None:
        return None
    now = timezone.localtime()
    content = write_statement(
        [
            Transfer(Decimal("250.00"), name="Tom Willems", iban=TOMS_ACCOUNT, ogm=file.book.ogm),
            Transfer(Decimal("80.00"), name="Inconnu", text="pension novembre"),
        ],
        account_iban=settings.OFFICE_IBAN,
        day=now.date(),
        opening=Decimal("1000.00"),
        number=_number(now),
    )
    path = state / FOLDER / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def _number(now: datetime) -> int:
    return FIRST_NUMBER + int(now.timestamp()) % 800_000
