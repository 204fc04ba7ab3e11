"""The outside bank's statement writer: camt.053 files in the shape that Belgian banks send.

The demo's debtors pay through it; the ledger's tests read its files. It knows nothing of the office: a payer,
an amount, and what the payer wrote on the transfer. Version .001.02 is what Belgian banks send today,
.001.08 what they send next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

V02, V08 = "camt.053.001.02", "camt.053.001.08"
BRUSSELS = ZoneInfo("Europe/Brussels")
CREDIT_RECEIVED, CREDIT_SENT = ("PMNT", "RCDT", "ESCT"), ("PMNT", "ICDT", "ESCT")


@dataclass(frozen=True, slots=True)
class Transfer:
    """One transfer: money in when `amount` is positive, out when negative.

    `ogm` travels as the bank's structured reference (issuer BBA), twelve digits; `text` is free text.
    """

    amount: Decimal
    name: str = ""
    iban: str = ""
    ogm: str = ""
    text: str = ""
    end_to_end_id: str = "NOTPROVIDED"
    value_on: date | None = None
    return_code: str = ""


@dataclass(frozen=True, slots=True)
class Batch:
    """Several transfers that the bank booked as one entry."""

    transfers: tuple[Transfer, ...]


def write_statement(
    entries: Sequence[Transfer | Batch],
    *,
    account_iban: str,
    day: date,
    opening: Decimal,
    number: int = 1,
    version: str = V02,
    bic: str = "GKCCBEBB",
    owner: str = "SPF Finances - SECAL",
) -> bytes:
    """The statement of one day: opening balance, entries, closing balance that adds up."""
    return _Writer(version, day, bic).document(entries, account_iban, opening, number, owner)


class _Writer:
    def __init__(self, version: str, day: date, bic: str) -> None:
        self.namespace = f"urn:iso:std:iso:20022:tech:xsd:{version}"
        self.new = version == V08
        self.day = day
        self.bic = bic
        self.moment = datetime.combine(day, time(22, 15), BRUSSELS).isoformat()

    def document(
        self,
        entries: Sequence[Transfer | Batch],
        account_iban: str,
        opening: Decimal,
        number: int,
        owner: str,
    ) -> bytes:
        prefixes: Any = {None: self.namespace}
        root = etree.Element(f"{{{self.namespace}}}Document", nsmap=prefixes)
        message = self.add(root, "BkToCstmrStmt")
        header = self.add(message, "GrpHdr")
        identifier = f"{self.bic[:4]}{self.day:%Y%m%d}{number:05d}"
        self.add(header, "MsgId", identifier)
        self.add(header, "CreDtTm", self.moment)
        statement = self.add(message, "Stmt")
        self.add(statement, "Id", f"{account_iban[-8:]}-{self.day:%Y}-{number:05d}")
        self.add(statement, "ElctrncSeqNb", str(number))
        self.add(statement, "CreDtTm", self.moment)
        period = self.add(statement, "FrToDt")
        self.add(period, "FrDtTm", datetime.combine(self.day, time(0, 0), BRUSSELS).isoformat())
        self.add(period, "ToDtTm", datetime.combine(self.day, time(23, 59, 59), BRUSSELS).isoformat())
        self.account(statement, account_iban, owner)
        amounts = [_amount(entry) for entry in entries]
        self.balance(statement, "OPBD", opening)
        self.balance(statement, "CLBD", opening + sum(amounts, Decimal("0.00")))
        self.summary(statement, amounts)
        for place, entry in enumerate(entries, start=1):
            self.entry(statement, entry, f"{identifier}{place:06d}")
        return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)

    def account(self, statement: Any, iban: str, owner: str) -> None:
        account = self.add(statement, "Acct")
        self.add(self.add(account, "Id"), "IBAN", iban)
        self.add(account, "Ccy", "EUR")
        self.add(self.add(account, "Ownr"), "Nm", owner)
        bank = self.add(self.add(account, "Svcr"), "FinInstnId")
        self.add(bank, "BICFI" if self.new else "BIC", self.bic)

    def balance(self, statement: Any, code: str, amount: Decimal) -> None:
        balance = self.add(statement, "Bal")
        self.add(self.add(self.add(balance, "Tp"), "CdOrPrtry"), "Cd", code)
        self.money(balance, abs(amount))
        self.sign(balance, amount)
        self.add(self.add(balance, "Dt"), "Dt", self.day.isoformat())

    def summary(self, statement: Any, amounts: Sequence[Decimal]) -> None:
        summary = self.add(statement, "TxsSummry")
        self.add(self.add(summary, "TtlNtries"), "NbOfNtries", str(len(amounts)))
        for name, part in (
            ("TtlCdtNtries", [amount for amount in amounts if amount > 0]),
            ("TtlDbtNtries", [-amount for amount in amounts if amount < 0]),
        ):
            total = self.add(summary, name)
            self.add(total, "NbOfNtries", str(len(part)))
            self.add(total, "Sum", f"{sum(part, Decimal('0.00')):.2f}")

    def entry(self, statement: Any, entry: Transfer | Batch, reference: str) -> None:
        amount = _amount(entry)
        transfers = entry.transfers if isinstance(entry, Batch) else (entry,)
        node = self.add(statement, "Ntry")
        self.money(node, abs(amount))
        self.sign(node, amount)
        if self.new:
            self.add(self.add(node, "Sts"), "Cd", "BOOK")
        else:
            self.add(node, "Sts", "BOOK")
        self.add(self.add(node, "BookgDt"), "Dt", self.day.isoformat())
        self.add(self.add(node, "ValDt"), "Dt", (transfers[0].value_on or self.day).isoformat())
        self.add(node, "AcctSvcrRef", reference)
        self.transaction_code(node, amount)
        details = self.add(node, "NtryDtls")
        if len(transfers) > 1:
            self.add(self.add(details, "Btch"), "NbOfTxs", str(len(transfers)))
        for place, transfer in enumerate(transfers, start=1):
            self.transfer(details, transfer, f"{reference}{place:03d}", alone=len(transfers) == 1)

    def transaction_code(self, node: Any, amount: Decimal) -> None:
        domain, family, sub_family = CREDIT_RECEIVED if amount > 0 else CREDIT_SENT
        code = self.add(self.add(node, "BkTxCd"), "Domn")
        self.add(code, "Cd", domain)
        inner = self.add(code, "Fmly")
        self.add(inner, "Cd", family)
        self.add(inner, "SubFmlyCd", sub_family)

    def transfer(self, details: Any, transfer: Transfer, reference: str, *, alone: bool) -> None:
        node = self.add(details, "TxDtls")
        references = self.add(node, "Refs")
        self.add(references, "AcctSvcrRef", reference)
        self.add(references, "EndToEndId", transfer.end_to_end_id)
        if self.new:
            self.money(node, abs(transfer.amount))
            self.sign(node, transfer.amount)
        elif not alone:
            self.money(self.add(self.add(node, "AmtDtls"), "TxAmt"), abs(transfer.amount))
        self.parties(node, transfer)
        self.remittance(node, transfer)
        if transfer.return_code:
            self.add(self.add(self.add(node, "RtrInf"), "Rsn"), "Cd", transfer.return_code)

    def parties(self, node: Any, transfer: Transfer) -> None:
        if not (transfer.name or transfer.iban):
            return
        role = "Dbtr" if transfer.amount > 0 else "Cdtr"
        parties = self.add(node, "RltdPties")
        if transfer.name:
            party = self.add(parties, role)
            self.add(self.add(party, "Pty") if self.new else party, "Nm", transfer.name)
        if transfer.iban:
            self.add(self.add(self.add(parties, f"{role}Acct"), "Id"), "IBAN", transfer.iban)

    def remittance(self, node: Any, transfer: Transfer) -> None:
        if not (transfer.ogm or transfer.text):
            return
        information = self.add(node, "RmtInf")
        if transfer.text:
            self.add(information, "Ustrd", transfer.text)
        if transfer.ogm:
            reference = self.add(self.add(information, "Strd"), "CdtrRefInf")
            kind = self.add(reference, "Tp")
            self.add(self.add(kind, "CdOrPrtry"), "Cd", "SCOR")
            self.add(kind, "Issr", "BBA")
            self.add(reference, "Ref", transfer.ogm)

    def money(self, parent: Any, amount: Decimal) -> None:
        self.add(parent, "Amt", f"{amount:.2f}").set("Ccy", "EUR")

    def sign(self, parent: Any, amount: Decimal) -> None:
        self.add(parent, "CdtDbtInd", "DBIT" if amount < 0 else "CRDT")

    def add(self, parent: Any, name: str, text: str = "") -> Any:
        node = etree.SubElement(parent, f"{{{self.namespace}}}{name}")
        if text:
            node.text = text
        return node


def _amount(entry: Transfer | Batch) -> Decimal:
    return (
        sum((one.amount for one in entry.transfers), Decimal("0.00"))
        if isinstance(entry, Batch)
        else entry.amount
    )
