"""The payment order as the bank takes it: pain.001.001.09, checked against its schema before it leaves.

The same file always gives the same bytes: identifications come from the file, the moment is given.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files

from django.utils.translation import gettext_lazy as _
from lxml import etree
from sepaxml import SepaTransfer

from secal.kernel.errors import DomainError

SCHEMA = "pain.001.001.09"
LONGEST_IDENTIFICATION = 35
CENTS = 100


class InvalidPaymentFile(DomainError):
    """The message does not satisfy its schema: it is not sent."""

    def __init__(self) -> None:
        super().__init__(
            "payments.invalid_file", _("Le fichier de paiement n’est pas conforme à son schéma.")
        )


@dataclass(frozen=True, slots=True)
class Office:
    """The account that pays."""

    name: str
    iban: str
    bic: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment. `name` and `iban` are personal: they exist only in the message."""

    end_to_end_id: str
    name: str
    iban: str
    amount: Decimal
    remittance: str


def write(
    *, message_id: str, made_at: datetime, execution_on: date, office: Office, transfers: Iterable[Transfer]
) -> bytes:
    """The message. Raises InvalidPaymentFile."""
    message = _Message(message_id, made_at, office)
    for transfer in transfers:
        message.add_payment(
            {
                "name": transfer.name,
                "IBAN": transfer.iban,
                "amount": int(transfer.amount * CENTS),
                "execution_date": execution_on,
                "description": transfer.remittance,
                "endtoend_id": transfer.end_to_end_id,
            }
        )
    content: bytes = message.export(validate=False)
    check(content)
    return content


def check(content: bytes) -> None:
    """Validate against the published schema. Raises InvalidPaymentFile; the schema's words, which
    quote values, are dropped.
    """
    try:
        _schema().assertValid(etree.fromstring(content, _parser()))
    except (etree.XMLSyntaxError, etree.DocumentInvalid):
        raise InvalidPaymentFile from None


class _Message(SepaTransfer):  # type: ignore[misc]
    """The library draws identifications and the moment by itself; ours are given."""

    def __init__(self, message_id: str, made_at: datetime, office: Office) -> None:
        self._message_id = message_id
        self._made_at = made_at
        config = {"name": office.name, "IBAN": office.iban, "currency": "EUR", "batch": True}
        if office.bic:
            config["BIC"] = office.bic
        super().__init__(config, schema=SCHEMA, clean=True)

    def _create_header(self) -> None:
        self.msg_id = self._message_id
        super()._create_header()
        self._xml.find(f"{self.root_el}/GrpHdr/CreDtTm").text = self._made_at.strftime("%Y-%m-%dT%H:%M:%S")

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        for number, batch in enumerate(self._xml.iterfind(f"{self.root_el}/PmtInf/PmtInfId"), start=1):
            batch.text = f"{self._message_id[: LONGEST_IDENTIFICATION - 3]}-{number:02d}"


@cache
def _schema() -> etree.XMLSchema:
    with files("sepaxml").joinpath("schemas", f"{SCHEMA}.xsd").open("rb") as source:
        return etree.XMLSchema(etree.parse(source))


def _parser() -> etree.XMLParser:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
