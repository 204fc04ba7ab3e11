"""Delays of the constraint against an employer: notice, opposition, execution (law of 27 June 1969, art. 40).

Counted by the Judicial Code, art. 50 to 55: the day after the event is the first, a month ends on the eve of
the same day number, and an end on a Saturday, a Sunday or a public holiday moves to the next working day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from secal.kernel.calendar import is_working_day, next_working_day, nth_working_day_after
from secal.kernel.calendar import working_day_on_or_after as moved_to_working_day
from secal.kernel.errors import gettext_noop
from secal.kernel.explanation import Explanation, Given, Inputs, Scalar
from secal.kernel.periods import ONE_DAY, Month
from secal.kernel.reckoning.refusals import ReckoningError, unknown_choice

SOURCE = "art. 40"
BRUSSELS = ZoneInfo("Europe/Brussels")
MONTHS = {"july": 7, "august": 8}
"""Codes of the months that judicial holidays are made of."""


class Channel(StrEnum):
    """How the last formal notice (dernière mise en demeure, laatste ingebrekestelling) is sent."""

    REGISTERED_PAPER = "registered_paper"
    REGISTERED_RECEIPT = "registered_receipt"
    E_BOX = "e_box"


class Residence(StrEnum):
    """Where the debtor lives, when they have no domicile, residence or elected domicile in Belgium (art. 55).

    NEIGHBOUR is a bordering country or the United Kingdom.
    """

    BELGIUM = "belgium"
    NEIGHBOUR = "neighbour"
    EUROPE = "europe"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True)
class NoticeParameters:
    """months is None where the law knew no notice; the three ways of sending have their own first day."""

    required: Given[bool]
    annulled: Given[bool]
    months: Given[int] | None
    paper_working_days: Given[int]
    receipt_days: Given[int]
    ebox_days: Given[int]
    contested_excluded: Given[bool]
    late_contest_excluded: Given[bool]


@dataclass(frozen=True)
class OppositionParameters:
    """days or months, whichever the law of the day of service has; both where a person must look."""

    days: Given[int] | None
    months: Given[int] | None
    review: Given[bool]
    annulled: Given[bool]
    forms: Given[tuple[str, ...]]
    reasoned: Given[bool]
    distance: Mapping[Residence, Given[int]] = field(hash=False)
    holidays: Given[tuple[str, ...]]
    extension_day: Given[int]


@dataclass(frozen=True)
class ExecutionParameters:
    """Hours between the order to pay and execution, and the hours of a working day in which to execute."""

    pay_order_hours: Given[int]
    first_hour: Given[int]
    last_hour: Given[int]


@dataclass(frozen=True)
class Delay:
    """Both days included; `review`: the texts leave the end open and a person must look before it is used."""

    first_day: date
    last_day: date
    explanation: Explanation
    review: bool = False


@dataclass(frozen=True)
class LastNotice:
    """A notice sent; `clause`: it says that constraint may follow, which is required on pain of nullity."""

    delay: Delay
    clause: bool


@dataclass(frozen=True)
class Assessment:
    """Whether an act is allowed; grounds are codes of the reckoning's remarks; review asks for a person."""

    allowed: bool
    grounds: tuple[str, ...]
    review: bool
    explanation: Explanation


# Delays


def notice_delay(
    *, channel: Channel, sent_on: date, presented_on: date | None = None, parameters: NoticeParameters
) -> Delay:
    """The month of the last formal notice (art. 40 §1).

    presented_on: day of presentation, for a registered letter with receipt. Raises ReckoningError:
    procedure.no_notice (the law of that day knows none), procedure.not_presented, procedure.presented_early.
    """
    if parameters.months is None:
        raise ReckoningError(
            "procedure.no_notice",
            gettext_noop("La loi en vigueur au %(day)s ne connaît pas de dernière mise en demeure."),
            "sent_on",
            {"day": sent_on.isoformat()},
        )
    if channel is Channel.REGISTERED_PAPER:
        rule = parameters.paper_working_days
        first = nth_working_day_after(sent_on, rule.value)
    elif channel is Channel.E_BOX:
        rule = parameters.ebox_days
        first = sent_on + timedelta(days=rule.value)
    else:
        rule = parameters.receipt_days
        first = _presented(sent_on, presented_on) + timedelta(days=rule.value)
    nominal = month_end(first, parameters.months.value)
    explanation = _explain(
        "procedure.notice",
        moved_to_working_day(nominal),
        "art. 40 §1",
        {"sent_on": sent_on, "channel": channel.value, "first_day": first, "nominal_end": nominal},
        (rule, parameters.months),
    )
    return Delay(first, moved_to_working_day(nominal), explanation)


def opposition_delay(
    *, served_on: date, residence: Residence = Residence.BELGIUM, parameters: OppositionParameters
) -> Delay:
    """Until when the debtor may oppose a constraint (opposition, verzet) served on that day (art. 40 §5).

    Where the fifteen days of the law were annulled and the month was not yet law, the later of both ends is
    given and `review` is true. Raises ReckoningError procedure.no_opposition when the law has no delay.
    """
    first = served_on + ONE_DAY
    distance = parameters.distance[residence]
    ends = [
        (_opposition_end(first, nominal, distance.value, parameters), length)
        for nominal, length in _nominal_ends(first, parameters)
    ]
    last, _ = max(ends, key=lambda end: end[0])
    lengths: tuple[Given[Scalar], ...] = tuple(length for _, length in ends)
    explanation = _explain(
        "procedure.opposition",
        last,
        "art. 40 §5",
        {"served_on": served_on, "residence": residence.value, "first_day": first},
        (*lengths, distance, parameters.holidays, parameters.extension_day, parameters.review),
        text="procedure.review" if parameters.review.value else None,
        children=tuple(
            _explain("procedure.opposition_reading", end, length.source, {}, (length,))
            for end, length in ends
            if len(ends) > 1
        ),
    )
    return Delay(first, last, explanation, parameters.review.value)


def next_act_on(delay: Delay) -> date:
    """The first day on which what had to wait for the delay is allowed."""
    return delay.last_day + ONE_DAY


def day_end(first_day: date, days: int) -> date:
    """Last day of a delay in days that begins on a day (art. 52)."""
    return first_day + timedelta(days=days - 1)


def month_end(first_day: date, months: int) -> date:
    """The eve of the same day number so many months on; the last day of a month that lacks it (art. 54)."""
    month = Month.of(first_day) + months
    if first_day.day > month.last_day.day:
        return month.last_day
    return month.day(first_day.day) - ONE_DAY


def _presented(sent_on: date, presented_on: date | None) -> date:
    if presented_on is None:
        raise ReckoningError(
            "procedure.not_presented",
            gettext_noop("Indiquez le jour où le recommandé a été présenté : le délai part de ce jour."),
            "presented_on",
        )
    if presented_on < sent_on:
        raise ReckoningError(
            "procedure.presented_early",
            gettext_noop("Le recommandé ne peut être présenté avant son envoi."),
            "presented_on",
        )
    return presented_on


def _nominal_ends(first: date, parameters: OppositionParameters) -> list[tuple[date, Given[int]]]:
    ends = []
    if parameters.days is not None:
        ends.append((day_end(first, parameters.days.value), parameters.days))
    if parameters.months is not None:
        ends.append((month_end(first, parameters.months.value), parameters.months))
    if not ends:
        raise ReckoningError(
            "procedure.no_opposition",
            gettext_noop("Aucun délai d’opposition n’est connu pour une signification à cette date."),
            "served_on",
        )
    return ends


def _opposition_end(first: date, nominal: date, distance: int, parameters: OppositionParameters) -> date:
    """Distance, then holidays, then the working day: the order that is never worse for the debtor."""
    end = nominal + timedelta(days=distance)
    months = [_month_number(code) for code in parameters.holidays.value]
    if first.year == end.year and first.month in months and end.month in months:
        reopening = Month(end.year, max(months)).last_day
        end = reopening + timedelta(days=parameters.extension_day.value)
    return moved_to_working_day(end)


def _month_number(code: str) -> int:
    if code not in MONTHS:
        raise unknown_choice("judicial_holidays", code)
    return MONTHS[code]


# Execution


def earliest_execution(served_at: datetime, parameters: ExecutionParameters) -> datetime:
    """The first moment at which the constraint may be executed, in Brussels time.

    The hours of the order to pay have passed (art. 40 §4), and it is a working day within the hours of the
    Judicial Code, art. 1387. `served_at` carries its time zone.
    """
    at = (_aware(served_at) + timedelta(hours=parameters.pay_order_hours.value)).astimezone(BRUSSELS)
    if within_hours(at, parameters):
        return at
    day = at.date()
    if not (is_working_day(day) and at.hour < parameters.first_hour.value):
        day = next_working_day(day)
    return datetime.combine(day, time(parameters.first_hour.value), tzinfo=BRUSSELS)


def may_execute(at: datetime, *, served_at: datetime, parameters: ExecutionParameters) -> bool:
    """Whether an act of execution is allowed at a moment, without leave of the judge."""
    return _aware(at) >= earliest_execution(served_at, parameters) and within_hours(at, parameters)


def within_hours(at: datetime, parameters: ExecutionParameters) -> bool:
    """Whether a moment lies in the hours of a working day in which a bailiff serves and executes."""
    local = _aware(at).astimezone(BRUSSELS)
    in_hours = parameters.first_hour.value <= local.hour < parameters.last_hour.value
    return in_hours and is_working_day(local.date())


def _aware(moment: datetime) -> datetime:
    """The moment on the one scale where hours can be added across a change of the clocks."""
    if moment.utcoffset() is None:
        raise ValueError("a moment carries its time zone")
    return moment.astimezone(ZoneInfo("UTC"))


# What the procedure allows


def assess_constraint(
    *, issued_on: date, notice: LastNotice | None, parameters: NoticeParameters
) -> Assessment:
    """Whether a roll may be made enforceable and a constraint issued on a day (art. 40 §1).

    Before a notice was required it is allowed without one, with a remark that the text was annulled.
    """
    grounds = []
    if parameters.required.value and notice is None:
        grounds.append("constraint.no_notice")
    if notice is not None and not notice.clause:
        grounds.append("constraint.notice_null")
    if notice is not None and issued_on < next_act_on(notice.delay):
        grounds.append("constraint.notice_running")
    last_day = None if notice is None else notice.delay.last_day
    return _assessed(
        "procedure.constraint",
        "art. 40 §1",
        grounds,
        {"issued_on": issued_on, "notice_until": last_day},
        (parameters.required, parameters.annulled),
        review=parameters.annulled.value,
    )


def assess_contest(
    *, sent_on: date, registered: bool, delay: Delay, parameters: NoticeParameters
) -> Assessment:
    """Whether a contest keeps a line off the roll (art. 40 §1, §2); if not, a person still has to look."""
    grounds = []
    if not registered:
        grounds.append("contest.not_registered")
    late = sent_on > delay.last_day
    if late and not parameters.late_contest_excluded.value:
        grounds.append("contest.late")
    if not parameters.contested_excluded.value:
        grounds.append("contest.not_in_law")
    return _assessed(
        "procedure.contest",
        "art. 40 §2",
        grounds,
        {"sent_on": sent_on, "notice_until": delay.last_day, "registered": registered},
        (parameters.contested_excluded, parameters.late_contest_excluded),
        review=bool(grounds) or late,
    )


def assess_opposition(
    *,
    served_on: date,
    filed_on: date,
    form: str,
    reasoned: bool,
    residence: Residence = Residence.BELGIUM,
    parameters: OppositionParameters,
) -> Assessment:
    """Whether an opposition has the form, the reasons and the day that the law of the service asks (art. 40
    §5).

    Only a valid one suspends. A person looks where the text of that day was annulled and speaks against it.
    """
    delay = opposition_delay(served_on=served_on, residence=residence, parameters=parameters)
    grounds = []
    if form not in parameters.forms.value:
        grounds.append("opposition.form")
    if parameters.reasoned.value and not reasoned:
        grounds.append("opposition.no_reasons")
    if filed_on > delay.last_day:
        grounds.append("opposition.late")
    return _assessed(
        "procedure.opposition_filed",
        "art. 40 §5",
        grounds,
        {"filed_on": filed_on, "form": form, "reasoned": reasoned, "opposition_until": delay.last_day},
        (parameters.forms, parameters.reasoned, parameters.annulled),
        review=delay.review or (parameters.annulled.value and bool(grounds)),
        children=(delay.explanation,),
    )


def _assessed(
    code: str,
    source: str,
    grounds: list[str],
    inputs: dict[str, Scalar],
    parameters: tuple[Given[Scalar], ...],
    *,
    review: bool,
    children: tuple[Explanation, ...] = (),
) -> Assessment:
    refusals = tuple(Explanation(code="procedure.ground", text=ground) for ground in grounds)
    explanation = _explain(
        code,
        not grounds,
        source,
        inputs,
        parameters,
        text="procedure.review" if review else None,
        children=(*refusals, *children),
    )
    return Assessment(not grounds, tuple(grounds), review, explanation)


def _explain(
    code: str,
    value: Scalar,
    source: str,
    inputs: dict[str, Scalar],
    parameters: tuple[Given[Scalar], ...],
    *,
    text: str | None = None,
    children: tuple[Explanation, ...] = (),
) -> Explanation:
    return Explanation(
        code=code,
        value=value,
        text=text,
        source=source,
        inputs=Inputs(inputs),
        parameters=parameters,
        children=children,
    )
