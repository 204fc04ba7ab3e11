"""What the bank says about our payments: status reports (pain.002) and debit notifications (camt.054).

Only identifications, codes, amounts and dates are read; names and accounts in the message are left in it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext_lazy as _
from lxml import etree

from secal.kernel.errors import DomainError

LARGEST_MESSAGE = 200_000_000
REJECTED, PARTLY = "RJCT", "PART"
UNDECIDED = frozenset({"PDNG", "RCVD"})
ACCEPTED = frozenset({"ACCP", "ACTC", "ACSP", "ACSC", "ACWC"})
GROUP_STATES = ACCEPTED | UNDECIDED | {REJECTED, PARTLY}


class UnreadableMessage(DomainError):
    """The bank's message is not what it says it is: it waits for a person."""

    def __init__(self) -> None:
        super().__init__("bank.message_unreadable", _("Un message de la banque ne peut être lu."))


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    end_to_end_id: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Status of one payment file; `payments` is empty when the bank speaks of the whole file only."""

    message_id: str
    group_status: str
    reason: str
    payments: tuple[PaymentStatus, ...]


@dataclass(frozen=True, slots=True)
class Debit:
    """One of our payments, booked on the office's account."""

    end_to_end_id: str
    amount: Decimal
    value_on: date


@dataclass(frozen=True, slots=True)
class Notification:
    account_iban: str
    debits: tuple[Debit, ...]


def read_status_report(content: bytes) -> StatusReport:
    """Read a pain.002. Raises UnreadableMessage."""
    root = _root(content, "CstmrPmtStsRpt")
    group = _need(root.find("{*}OrgnlGrpInfAndSts"))
    payments = [
        PaymentStatus(
            end_to_end_id=_text(entry, "{*}OrgnlEndToEndId"),
            status=_text(entry, "{*}TxSts"),
            reason=_reason(entry),
        )
        for entry in root.iterfind("{*}OrgnlPmtInfAndSts/{*}TxInfAndSts")
    ]
    status = _text(group, "{*}GrpSts", default=PARTLY if payments else "")
    if status not in GROUP_STATES or (status == PARTLY and not payments):
        raise UnreadableMessage
    return StatusReport(_text(group, "{*}OrgnlMsgId"), status, _reason(group), tuple(payments))


def read_notifications(content: bytes) -> list[Notification]:
    """Read a camt.054: our own booked payments in it. Raises UnreadableMessage."""
    root = _root(content, "BkToCstmrDbtCdtNtfctn")
    return [
        Notification(_text(part, "{*}Acct/{*}Id/{*}IBAN", default=""), tuple(_debits(part)))
        for part in root.iterfind("{*}Ntfctn")
    ]


def statement_account(content: bytes) -> str:
    """Account of a camt.053, "" when it names none by IBAN. Raises UnreadableMessage."""
    root = _root(content, "BkToCstmrStmt")
    return _text(root, "{*}Stmt/{*}Acct/{*}Id/{*}IBAN", default="")


def _debits(part: etree._Element) -> Iterator[Debit]:
    for entry in part.iterfind("{*}Ntry"):
        if _text(entry, "{*}CdtDbtInd") != "DBIT" or _text(entry, "{*}Sts/{*}Cd", default="BOOK") != "BOOK":
            continue
        value_on = _day(entry)
        for detail in entry.iterfind("{*}NtryDtls/{*}TxDtls"):
            known = detail.find("{*}Refs/{*}EndToEndId")
            if known is not None and known.text:
                amount = detail.find("{*}Amt")
                yield Debit(
                    known.text.strip(), _amount(entry.find("{*}Amt") if amount is None else amount), value_on
                )


def _root(content: bytes, name: str) -> etree._Element:
    if len(content) > LARGEST_MESSAGE:
        raise UnreadableMessage
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        document = etree.fromstring(content, parser)
    except etree.XMLSyntaxError:
        raise UnreadableMessage from None
    if document.getroottree().docinfo.internalDTD is not None:
        raise UnreadableMessage
    return _need(document.find("{*}" + name))


def _need(element: etree._Element | None) -> etree._Element:
    if element is None:
        raise UnreadableMessage
    return element


def _text(element: etree._Element, path: str, *, default: str | None = None) -> str:
    found = element.find(path)
    text = (found.text or "").strip() if found is not None else ""
    if not text and default is None:
        raise UnreadableMessage
    return text or (default or "")


def _reason(element: etree._Element) -> str:
    coded = _text(element, "{*}StsRsnInf/{*}Rsn/{*}Cd", default="")
    return (coded or _text(element, "{*}StsRsnInf/{*}Rsn/{*}Prtry", default=""))[:10]


def _amount(element: etree._Element | None) -> Decimal:
    try:
        return Decimal(_need(element).text or "")
    except InvalidOperation:
        raise UnreadableMessage from None


def _day(entry: etree._Element) -> date:
    for path in ("{*}ValDt/{*}Dt", "{*}ValDt/{*}DtTm", "{*}BookgDt/{*}Dt", "{*}BookgDt/{*}DtTm"):
        text = _text(entry, path, default="")
        if text:
            try:
                return date.fromisoformat(text[:10])
            except ValueError:
                raise UnreadableMessage from None
    raise UnreadableMessage
