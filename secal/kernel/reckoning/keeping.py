"""Until when a debtor's data and a closed alimony file may be kept; they are erased from the day after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from secal.kernel.explanation import Given
from secal.kernel.reckoning.refusals import unknown_choice

PAID_OR_IRRECOVERABLE = "paid_or_irrecoverable"
BAILIFF_CLOSED = "bailiff_closed"
LAST_OF_YEAR = (12, 31)


@dataclass(frozen=True)
class DebtKeepingParameters:
    """conditions: all that must hold; grace_days: days still added after the last one."""

    conditions: Given[tuple[str, ...]]
    grace_days: Given[int]


@dataclass(frozen=True)
class FileKeepingParameters:
    """years: how many years after that of the closure a file is kept, to the end of the year."""

    years: Given[int]


def debt_kept_until(
    *, outcome_on: date | None, closed_on: date | None, parameters: DebtKeepingParameters
) -> date | None:
    """Last day a debtor's data may be kept: that on which the last condition came to hold (art. 40 §8).

    outcome_on: paid, or declared irrecoverable; closed_on: the bailiff's intervention was closed. None while
    one is missing. Raises ReckoningError reckoning.unknown_choice for a condition not known here.
    """
    held = {PAID_OR_IRRECOVERABLE: outcome_on, BAILIFF_CLOSED: closed_on}
    days = []
    for condition in parameters.conditions.value:
        if condition not in held:
            raise unknown_choice("onss_kept_until", condition)
        days.append(held[condition])
    known = [day for day in days if day is not None]
    if not known or len(known) < len(days):
        return None
    return max(known) + timedelta(days=parameters.grace_days.value)


def alimony_file_kept_until(*, closed_on: date, parameters: FileKeepingParameters) -> date:
    """31 December of the year that lies so many years after that of the closure."""
    return date(closed_on.year + parameters.years.value, *LAST_OF_YEAR)
