"""All data of a demonstration: the seed in one transaction, then the erasure of last year."""

from datetime import date

from secal.config.demo.seed.erased import erase_told
from secal.config.demo.seed.sow import Report, Sown, sow


def fill(size: str, *, today: date, report: Report | None = None) -> Sown:
    """Fill an empty database. Raises NotEmpty, NotErased."""
    sown = sow(size, today=today, report=report)
    erase_told(today)
    return sown
