"""What the law says of a bailiff's act at its moment: place, hours, order to pay, opposition; and the
deadlines of a title. Pure: parameters, dates and moments are arguments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from recovery.cases.models import EXECUTION, ActKind
from recovery.portal import errors
from secal.kernel.reckoning.procedure import BRUSSELS, ExecutionParameters, earliest_execution, within_hours

ANY_HOUR = frozenset({ActKind.OTHER})
"""Acts without an hour of the law: no service and no execution."""
AFTER_ORDER = EXECUTION - {ActKind.ORDER_TO_PAY}
"""What waits until the order to pay in the service has run (art. 40 §4)."""


@dataclass(frozen=True, slots=True)
class TitleFacts:
    """A title as its deadlines see it. lapses_on: the first of its open debts to lapse, if known."""

    served_at: datetime | None = None
    opposition_until: date | None = None
    opposed_on: date | None = None
    decided_on: date | None = None
    lapses_on: date | None = None

    def opposed_at(self, day: date) -> bool:
        """An opposition was pending on that day (art. 40 §5, 3rd)."""
        return (
            self.opposed_on is not None
            and self.opposed_on <= day
            and (self.decided_on is None or self.decided_on > day)
        )


class DeadlineKind(StrEnum):
    SERVE = "serve"
    ORDER_TO_PAY = "order_to_pay"
    OPPOSITION = "opposition"
    EXECUTION = "execution"
    LAPSE = "lapse"
    REMIT = "remit"


class Standstill(StrEnum):
    """What is next when no clock of the bailiff's says it: no day is known."""

    PAID = "paid"
    """Nothing is owed any more: the office closes its intervention."""
    OPPOSED = "opposed"
    """The court has to decide first."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One of the clocks of a title. `over`: it has run, or has been met."""

    kind: DeadlineKind
    at: date | datetime
    over: bool = False

    @property
    def day(self) -> date:
        return self.at.astimezone(BRUSSELS).date() if isinstance(self.at, datetime) else self.at


def check_act(
    kind: ActKind,
    *,
    at: datetime,
    place: str,
    allowed_place: str,
    allowed_place_name: object,
    given_on: date,
    now: datetime,
    leave_on: date | None,
    parameters: ExecutionParameters,
) -> None:
    """Refuse what no state of the title makes right: art. 516, 47 and 1387 of the Judicial Code.

    Raises PortalError: act.future, act.before_mandate, act.place, act.leave_late, act.hours.
    """
    day = at.astimezone(BRUSSELS).date()
    if at > now:
        raise errors.in_the_future()
    if day < given_on:
        raise errors.before_the_mandate(given_on)
    if place != allowed_place:
        raise errors.wrong_place(allowed_place_name)
    if leave_on is not None and leave_on > day:
        raise errors.leave_after_the_act()
    if kind not in ANY_HOUR and leave_on is None and not within_hours(at, parameters):
        raise errors.outside_hours(at, parameters.first_hour.value, parameters.last_hour.value)


def check_execution(
    kind: ActKind, title: TitleFacts, *, at: datetime, leave_on: date | None, parameters: ExecutionParameters
) -> None:
    """Refuse execution before service, while an opposition is pending, and while the order to pay runs.

    The judge's leave lifts the hours and days, never the order to pay. Raises PortalError: act.not_served,
    act.opposed, act.too_early.
    """
    if kind not in EXECUTION:
        return
    if title.served_at is None:
        raise errors.not_served()
    if title.opposed_on is not None and title.opposed_at(at.astimezone(BRUSSELS).date()):
        raise errors.opposed(title.opposed_on)
    earliest = (
        title.served_at + timedelta(hours=parameters.pay_order_hours.value)
        if leave_on is not None
        else earliest_execution(title.served_at, parameters)
    )
    if kind in AFTER_ORDER and at < earliest:
        raise errors.too_early(earliest)


def deadlines(title: TitleFacts, *, now: datetime, parameters: ExecutionParameters | None) -> list[Deadline]:
    """The clocks of a title, the next one first, those that have run last.

    parameters: of the day of service; None for a title that is not served.
    """
    today = now.astimezone(BRUSSELS).date()
    found: list[Deadline] = []
    if title.served_at is None or parameters is None:
        if title.lapses_on is not None:
            found.append(Deadline(DeadlineKind.SERVE, title.lapses_on))
        return found
    pay_by = title.served_at + timedelta(hours=parameters.pay_order_hours.value)
    execution = earliest_execution(title.served_at, parameters)
    found.append(Deadline(DeadlineKind.ORDER_TO_PAY, pay_by, over=pay_by <= now))
    opposed = title.opposed_at(today)
    if title.opposition_until is not None and not opposed:
        found.append(
            Deadline(DeadlineKind.OPPOSITION, title.opposition_until, over=title.opposition_until < today)
        )
    if not opposed:
        found.append(Deadline(DeadlineKind.EXECUTION, execution, over=execution <= now))
    if title.lapses_on is not None:
        found.append(Deadline(DeadlineKind.LAPSE, title.lapses_on))
    return sorted(found, key=lambda clock: (clock.over, clock.day, clock.kind))


def next_step(
    clocks: Sequence[Deadline], *, remit_by: Deadline | None, paid: bool, opposed: bool
) -> Deadline | Standstill | None:
    """What a bailiff does next in a file. paid: nothing is owed; opposed: of every title, so that nothing is
    executed. Money held is passed on whatever else stands."""
    if paid:
        return remit_by or Standstill.PAID
    if opposed:
        return remit_by or Standstill.OPPOSED
    return next_deadline([*clocks, remit_by] if remit_by else clocks)


def next_deadline(clocks: Sequence[Deadline]) -> Deadline | None:
    """The first that still runs; a debt that has lapsed comes before all."""
    running = [clock for clock in clocks if not clock.over]
    return min(running, key=lambda clock: clock.day, default=None)
