"""Reads bank statements: camt.053 in the versions .001.02 (Belgian banks today) and .001.08 (from 2025 on).

Whole or not at all: a line that cannot be read, a sum that does not add up, refuses the file with the number
of the line, the element, the value as read, and what to do (StatementRefused). No value is ever guessed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _
from lxml import etree

from secal.kernel.errors import DomainError
from secal.kernel.identifiers import parse_iban, parse_ogm
from secal.kernel.money import ZERO, total
from secal.ledger.errors import StatementRefused

VERSIONS = (
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.02",
    "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08",
)
LARGEST_FILE = 20 * 1024 * 1024
CURRENCY = "EUR"
BRUSSELS = ZoneInfo("Europe/Brussels")
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
NOT_PROVIDED = "NOTPROVIDED"

_AMOUNT = re.compile(r"\d{1,13}(\.\d{1,5})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}(Z|[+-]\d{2}:\d{2})?")
_OGM_IN_TEXT = re.compile(
    r"(?P<mark>\+{3}|\*{3})\s*(?P<digits>\d{3}\s*/\s*\d{4}\s*/\s*\d{5}|\d{12})\s*(?P=mark)"
)

ASK_BANK = _("Demandez à la banque un extrait complet et recommencez l’importation.")
SEND_CAMT = _("Choisissez l’extrait camt.053 (version .001.02 ou .001.08) téléchargé de la banque.")


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of money: positive in, negative out, in euro.

    `ogm` is the structured communication (twelve digits) or ""; `ogm_fault` says why none was taken:
    "", "no_communication", "wrong_check_digits", "several_communications". `return_code` is the reason of a
    payment of ours that came back.
    """

    line: int
    booked_on: date
    value_on: date
    amount: Decimal
    ogm: str
    ogm_fault: str
    end_to_end_id: str
    bank_reference: str
    remitter_name: str
    remitter_iban: str
    remittance: str
    return_code: str


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of one account, added up and found right."""

    statement_id: str
    sequence: str
    account_iban: str
    from_on: date | None
    until_on: date
    opening: Decimal
    closing: Decimal
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class StatementFile:
    sha256: str
    statements: tuple[Statement, ...]


def read(content: bytes, *, accounts: Collection[str]) -> StatementFile:
    """The statements of a file about an account of the office (`accounts`: compact IBAN). Raises
    StatementRefused."""
    root = _parse(content)
    namespace = etree.QName(root).namespace or ""
    if namespace not in VERSIONS or etree.QName(root).localname != "Document":
        raise StatementRefused(
            "statement.other_format",
            where="Document",
            understood=namespace[:80] or str(root.tag)[:80],
            remedy=SEND_CAMT,
        )
    document = Element(root, namespace)
    message = document.need("BkToCstmrStmt")
    message.need_text("GrpHdr/MsgId")
    found = message.all("Stmt")
    if not found:
        raise StatementRefused("statement.missing", where="BkToCstmrStmt/Stmt", remedy=ASK_BANK)
    statements = tuple(_statement(element, accounts) for element in found)
    if len({statement.statement_id for statement in statements}) != len(statements):
        raise StatementRefused(
            "statement.twice_in_file", where="Stmt/Id", understood=statements[0].statement_id, remedy=ASK_BANK
        )
    return StatementFile(hashlib.sha256(content).hexdigest(), statements)


class Element:
    """An element of the statement that knows in which movement it stands, for the words of a refusal."""

    __slots__ = ("_line", "_namespace", "_node", "_path")

    def __init__(self, node: Any, namespace: str, *, line: int = 0, path: str = "") -> None:
        self._node = node
        self._namespace = namespace
        self._line = line
        self._path = path

    def numbered(self, line: int) -> Element:
        """The same element as number `line` of the statement."""
        return Element(self._node, self._namespace, line=line, path=self._path)

    def all(self, path: str) -> list[Element]:
        found = self._node.findall("/".join(f"{{{self._namespace}}}{step}" for step in path.split("/")))
        return [Element(node, self._namespace, line=self._line, path=self._where(path)) for node in found]

    def first(self, *paths: str) -> Element | None:
        """The first element found on any of the paths."""
        for path in paths:
            found = self.all(path)
            if found:
                return found[0]
        return None

    def need(self, path: str) -> Element:
        found = self.first(path)
        if found is None:
            raise StatementRefused(
                "statement.element_missing", line=self._line, where=self._where(path), remedy=ASK_BANK
            )
        return found

    def text(self, *paths: str) -> str:
        found = self.first(*paths) if paths else self
        return "" if found is None else " ".join((found._node.text or "").split())

    def need_text(self, path: str, *, longest: int = 35) -> str:
        text = self.need(path).text()
        if not text or len(text) > longest:
            raise self.need(path).refused("statement.text", text[:60])
        return text

    def attribute(self, name: str) -> str:
        return str(self._node.get(name, ""))

    def refused(self, code: str, understood: str, remedy: Any = ASK_BANK) -> StatementRefused:
        return StatementRefused(code, line=self._line, where=self._path, understood=understood, remedy=remedy)

    def _where(self, path: str) -> str:
        return f"{self._path}/{path}" if self._path else path


def _parse(content: bytes) -> Any:
    if not content.strip():
        raise StatementRefused("statement.empty", where="Document", remedy=SEND_CAMT)
    if len(content) > LARGEST_FILE:
        raise StatementRefused(
            "statement.too_large",
            where="Document",
            understood=f"{len(content) // 1024 // 1024} MB",
            remedy=_("Un extrait a 20 Mo au plus : demandez à la banque un extrait par jour."),
        )
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise StatementRefused(
            "statement.not_xml", where="Document", understood=str(error.msg)[:80], remedy=SEND_CAMT
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise StatementRefused(
            "statement.declares_entities",
            where="DOCTYPE",
            understood="<!DOCTYPE …>",
            remedy=_(
                "Un extrait de banque ne contient pas de DOCTYPE : ce fichier a été modifié. "
                "Téléchargez-le à nouveau."
            ),
        )
    return root


def _statement(element: Element, accounts: Collection[str]) -> Statement:
    account = element.need("Acct/Id/IBAN")
    found = account.text().replace(" ", "").upper()
    if found not in accounts:
        raise account.refused(
            "statement.other_account",
            found[:40],
            _("Cet extrait est celui d’un autre compte : choisissez l’extrait du compte du service."),
        )
    currency = element.text("Acct/Ccy")
    if currency not in ("", CURRENCY):
        raise element.need("Acct/Ccy").refused("statement.currency", currency[:10])
    opening, _opened_on = _balance(element, OPENING)
    closing, until_on = _balance(element, CLOSING)
    movements = tuple(_movements(element))
    _check_sums(element, opening, closing, movements)
    return Statement(
        statement_id=element.need_text("Id"),
        sequence=element.text("ElctrncSeqNb", "LglSeqNb")[:20],
        account_iban=parse_iban(found, field="file"),
        from_on=_day(element.first("FrToDt/FrDtTm")),
        until_on=until_on,
        opening=opening,
        closing=closing,
        movements=movements,
    )


def _balance(element: Element, codes: Sequence[str]) -> tuple[Decimal, date]:
    """Amount and day of the one balance of these codes (opening booked, closing booked)."""
    found = [balance for balance in element.all("Bal") if balance.text("Tp/CdOrPrtry/Cd") in codes]
    if not found:
        raise StatementRefused(
            "statement.balance_missing", where=f"Stmt/Bal {'/'.join(codes)}", remedy=ASK_BANK
        )
    # A bank may repeat the previous closing balance (PRCD) beside the opening one: the first code decides.
    balance = min(found, key=lambda one: codes.index(one.text("Tp/CdOrPrtry/Cd")))
    amount = _amount(balance.need("Amt"), may_be_nought=True)
    day = _day(balance.first("Dt/Dt", "Dt/DtTm"))
    if day is None:
        raise balance.refused("statement.date_missing", "")
    return _signed(balance, amount), day


def _movements(statement: Element) -> Iterator[Movement]:
    number = 0
    for place, entry in enumerate(statement.all("Ntry"), start=1):
        for movement in _entry_movements(entry.numbered(place), number):
            number += 1
            yield movement


def _entry_movements(entry: Element, before: int) -> Iterator[Movement]:
    """One movement for each transaction of an entry; an entry without details is one movement."""
    status = entry.text("Sts/Cd", "Sts")
    if status != "BOOK":
        raise entry.need("Sts").refused(
            "statement.not_booked",
            status[:20],
            _("Un extrait de compte ne contient que des opérations comptabilisées."),
        )
    amount = _signed(entry, _amount(entry.need("Amt")))
    booked_on = _need_day(entry, "BookgDt")
    value_on = _need_day(entry, "ValDt")
    details = entry.all("NtryDtls/TxDtls")
    if len(details) <= 1:
        detail = details[0] if details else None
        if detail is not None and detail.first("Amt") is not None:
            _same_sum(entry, amount, [_detail_amount(detail, amount)])
        yield _movement(before + 1, entry, detail, amount, booked_on, value_on)
        return
    amounts = [_detail_amount(detail, amount) for detail in details]
    _same_sum(entry, amount, amounts)
    for step, (detail, part) in enumerate(zip(details, amounts, strict=True), start=1):
        yield _movement(before + step, entry, detail, part, booked_on, value_on)


def _movement(
    line: int, entry: Element, detail: Element | None, amount: Decimal, booked_on: date, value_on: date
) -> Movement:
    source = detail or entry
    other = "Dbtr" if amount > 0 else "Cdtr"
    written = [one.text() for one in source.all("RmtInf/Ustrd")]
    texts = written or [text for text in (source.text("AddtlTxInf") or entry.text("AddtlNtryInf"),) if text]
    ogm, fault, structured = _communication(source, texts)
    end_to_end = source.text("Refs/EndToEndId")
    return Movement(
        line=line,
        booked_on=booked_on,
        value_on=value_on,
        amount=amount,
        ogm=ogm,
        ogm_fault=fault,
        end_to_end_id="" if end_to_end == NOT_PROVIDED else end_to_end[:35],
        bank_reference=(source.text("Refs/AcctSvcrRef") or entry.text("AcctSvcrRef", "NtryRef"))[:40],
        remitter_name=source.text(f"RltdPties/{other}/Nm", f"RltdPties/{other}/Pty/Nm"),
        remitter_iban=_plain_account(
            source.text(f"RltdPties/{other}Acct/Id/IBAN", f"RltdPties/{other}Acct/Id/Othr/Id")
        ),
        remittance=" ".join([*texts, *structured]),
        return_code=source.text("RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry")
        or ("RVSL" if entry.text("RvslInd") in ("true", "1") else ""),
    )


def _communication(source: Element, texts: Sequence[str]) -> tuple[str, str, list[str]]:
    """The structured communication, why there is none, and references that are something else.

    Wrong check digits in what the bank gives as structured (issuer BBA) are the bank's fault: the file is
    refused. Typed by the payer in the free text, they are the payer's: the receipt waits.
    """
    found: dict[str, None] = {}
    others: list[str] = []
    for information in source.all("RmtInf/Strd/CdtrRefInf"):
        reference = information.first("Ref")
        if reference is None:
            continue
        text = reference.text()
        # .001.02 and .001.08 both write the issuer beside the type; older Belgian files put BBA as its name.
        issuer = information.text("Tp/Issr").upper()
        proprietary = information.text("Tp/CdOrPrtry/Prtry").upper()
        if "BBA" in (issuer, proprietary):
            found[_structured(reference, text)] = None
        elif not issuer and not proprietary and _is_ogm(text):
            found[parse_ogm(text)] = None
        else:
            others.append(text)
    wrong = False
    for match in _OGM_IN_TEXT.finditer(" ".join(texts)):
        digits = re.sub(r"\D", "", match["digits"])
        if _is_ogm(digits):
            found[digits] = None
        else:
            wrong = True
    if len(found) == 1:
        return next(iter(found)), "", others
    if found:
        return "", "several_communications", others + list(found)
    return "", "wrong_check_digits" if wrong else "no_communication", others


def _structured(reference: Element, text: str) -> str:
    try:
        return parse_ogm(text, field="file")
    except DomainError as error:
        raise reference.refused("statement.communication", text[:40]) from error


def _is_ogm(text: str) -> bool:
    try:
        parse_ogm(text)
    except DomainError:
        return False
    return True


def _plain_account(text: str) -> str:
    return text.replace(" ", "").upper()[:34]


def _amount(element: Element, *, may_be_nought: bool = False) -> Decimal:
    """An amount in euro as written, never rounded."""
    text = element.text()
    currency = element.attribute("Ccy")
    if currency != CURRENCY:
        raise element.refused(
            "statement.currency",
            f"{text[:30]} {currency[:10]}",
            _("Le compte du service est en euros : demandez à la banque un extrait en EUR."),
        )
    if not _AMOUNT.fullmatch(text):
        raise element.refused("statement.amount", text[:30])
    amount = Decimal(text)
    if amount != amount.quantize(ZERO) or (amount == 0 and not may_be_nought):
        raise element.refused("statement.amount", text[:30])
    return amount.quantize(ZERO)


def _signed(element: Element, amount: Decimal) -> Decimal:
    sign = element.need("CdtDbtInd")
    if sign.text() == "CRDT":
        return amount
    if sign.text() == "DBIT":
        return -amount
    raise sign.refused("statement.sign", sign.text()[:20])


def _detail_amount(detail: Element, of_entry: Decimal) -> Decimal:
    """Amount of one transaction of an entry: .08 says it with its sign, .02 in its details."""
    said = detail.first("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt")
    if said is None:
        raise detail.refused("statement.detail_amount_missing", "")
    amount = _amount(said)
    if detail.first("CdtDbtInd") is not None:
        return _signed(detail, amount)
    return amount if of_entry > 0 else -amount


def _same_sum(entry: Element, amount: Decimal, parts: Sequence[Decimal]) -> None:
    if total(parts) != amount:
        raise entry.need("Amt").refused("statement.details_sum", f"{amount} ≠ {total(parts)}")


def _need_day(entry: Element, name: str) -> date:
    day = _day(entry.need(name).first("Dt", "DtTm"))
    if day is None:
        raise entry.need(name).refused("statement.date_missing", "")
    return day


def _day(element: Element | None) -> date | None:
    """The day of a date or a moment; a moment with its zone is put on the Brussels clock."""
    if element is None:
        return None
    text = element.text()
    try:
        if _DATE.fullmatch(text):
            return date.fromisoformat(text[:10])
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise element.refused("statement.date", text[:30]) from error
    return moment.astimezone(BRUSSELS).date() if moment.tzinfo else moment.date()


def _check_sums(element: Element, opening: Decimal, closing: Decimal, movements: Sequence[Movement]) -> None:
    """Opening balance and movements give the closing balance; the bank's own totals agree."""
    reckoned = opening + total(movement.amount for movement in movements)
    if reckoned != closing:
        raise StatementRefused(
            "statement.sums", where="Stmt/Bal CLBD", understood=f"{closing} ≠ {reckoned}", remedy=ASK_BANK
        )
    for path, wanted in (
        (
            "TxsSummry/TtlCdtNtries/Sum",
            total(movement.amount for movement in movements if movement.amount > 0),
        ),
        (
            "TxsSummry/TtlDbtNtries/Sum",
            -total(movement.amount for movement in movements if movement.amount < 0),
        ),
    ):
        said = element.first(path)
        if said is not None and _AMOUNT.fullmatch(said.text()) and Decimal(said.text()) != wanted:
            raise said.refused("statement.sums", f"{said.text()} ≠ {wanted}")
    count = element.first("TxsSummry/TtlNtries/NbOfNtries")
    if count is not None and count.text() != str(len(element.all("Ntry"))):
        raise count.refused("statement.count", f"{count.text()[:10]} ≠ {len(element.all('Ntry'))}")
