"""One invented debt of the ONSS while it is written: how far it has come, on which days, and its sums."""

import uuid
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from recovery.arrears.models import ChargeHead
from secal.kernel.calendar import is_working_day
from secal.kernel.reckoning.arrears import DebtAct
from secal.kernel.reckoning.procedure import Channel, Delay, next_act_on, notice_delay
from secal.law import onss
from secal.people.employers import EmployerDetails

STAGES = (
    ("recorded", 15),
    ("noticed", 25),
    ("drawn", 8),
    ("signed", 5),
    ("issued", 8),
    ("transmitted", 6),
    ("mandated", 13),
    ("served", 20),
)
REACHED = {name: place for place, (name, _share) in enumerate(STAGES)}
SHIFT = {
    "recorded": 40,
    "noticed": 70,
    "drawn": 9,
    "signed": 9,
    "issued": 6,
    "transmitted": 8,
    "mandated": 30,
}
"""How many days further back a file may lie, by the stage that it has reached; one that is served, far."""
SHIFT_SERVED = 420
AFTER_MONTH = {"drawn": 2, "signed": 4, "issued": 5, "transmitted": 9, "mandated": 12, "served": 24}
"""Days after the month of the notice on which each step is taken."""
RECORDED_BEFORE_NOTICE = 5
MONTH_AND_POST = 40


@dataclass(frozen=True, slots=True)
class Sum:
    """One charge of a debt, with its claim and its line of the notice."""

    charge: uuid.UUID
    claim: uuid.UUID
    head: ChargeHead
    quarter: date
    amount: Decimal
    line: uuid.UUID


@dataclass(slots=True)
class Owing:
    """One invented file while it is written."""

    id: uuid.UUID
    key_id: uuid.UUID
    book: uuid.UUID
    employer: uuid.UUID
    details: EmployerDetails
    stage: str
    opened_on: date
    notice_on: date
    delay: Delay | None = None
    entries: int = 0
    sums: list[Sum] = field(default_factory=list)
    acts: list[DebtAct] = field(default_factory=list)
    claims: list[dict[str, Any]] = field(default_factory=list)

    def reached(self, stage: str) -> bool:
        return REACHED[self.stage] >= REACHED[stage]

    def day(self, stage: str) -> date:
        """When a step after the notice was taken."""
        if self.delay is None:
            return self.opened_on
        return working_day(next_act_on(self.delay) + timedelta(days=AFTER_MONTH[stage]))


@lru_cache(maxsize=4096)
def working_day(day: date) -> date:
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


@lru_cache(maxsize=4096)
def month_of_notice(sent_on: date) -> Delay:
    return notice_delay(
        channel=Channel.REGISTERED_PAPER, sent_on=sent_on, parameters=onss.notice_parameters(on=sent_on)
    )
