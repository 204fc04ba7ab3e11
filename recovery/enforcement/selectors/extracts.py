"""What of a title the concessionaire receives: the list of its data is here and nowhere else (17/006 §6)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from recovery.cases.models import Title
from recovery.cases.wording import arrondissement_text
from secal.kernel.money import total
from secal.vault.fields import prefetch_keys

EXTRACT_FIELDS = (
    "title",
    "file",
    "issued_on",
    "name",
    "legal_form",
    "enterprise_number",
    "address",
    "arrondissement",
    "language",
    "amount",
)
"""Names of the data of one line, as the security log keeps them: identity of the debtor, title, amount of the
debt (art. 40 §8, 3rd, a, b and f)."""


@dataclass(frozen=True, slots=True)
class ExtractLine:
    """One title as it is sent. The amount in euro; addresses and numbers as they are registered."""

    title: str
    file: str
    issued_on: date
    name: str
    legal_form: str
    enterprise_number: str
    address: str
    arrondissement: str
    language: str
    amount: Decimal


def title_amount(title: Title) -> Decimal:
    """What a title is for, in euro."""
    return total(Decimal(part["amount"]) for part in title.sums)


def extract_lines(titles: Sequence[Title]) -> Iterator[ExtractLine]:
    """The lines of these titles, with file and employer loaded; the caller has logged that they leave."""
    prefetch_keys([title.file.employer for title in titles])
    for title in titles:
        employer = title.file.employer
        yield ExtractLine(
            title=title.number,
            file=title.file.number,
            issued_on=title.issued_on,
            name=employer.name,
            legal_form=employer.legal_form,
            enterprise_number=employer.open_value("enterprise_number"),
            address=employer.open_value("address"),
            arrondissement=arrondissement_text(employer.arrondissement),
            language=title.file.language,
            amount=title_amount(title),
        )
