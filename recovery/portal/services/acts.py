"""Recording the acts of a bailiff. An act is never changed: another one rectifies it."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone

from recovery.cases.models import EXECUTION, Act, ActKind, FileEventKind, ServiceMode, Title, TitleState
from recovery.cases.states import move_title
from recovery.cases.timeline import add_event
from recovery.cases.wording import arrondissement_text
from recovery.portal import booking, errors, events
from recovery.portal.models import FollowUp, JudgeLeave
from recovery.portal.rules import check_act, check_execution
from recovery.portal.services.opening import AtWork, begin
from secal.access.actors import current_actor
from secal.kernel.reckoning.procedure import Delay, Residence, opposition_delay
from secal.law.onss import execution_parameters, opposition_parameters


@dataclass(frozen=True, slots=True)
class ActFacts:
    """An act as the bailiff states it. Sums in euro; `leave_on`: day of the judge's leave, if one was given;
    `rectifies`: the act that this one puts right."""

    mandate_id: uuid.UUID
    kind: ActKind
    at: datetime
    place: str
    amount: Decimal | None = None
    costs: Decimal = Decimal(0)
    note: str = ""
    leave_on: date | None = None
    rectifies: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """The service of a constraint (signification / betekening), as the bailiff states it."""

    mandate_id: uuid.UUID
    at: datetime
    place: str
    mode: ServiceMode
    residence: Residence = Residence.BELGIUM
    costs: Decimal = Decimal(0)
    note: str = ""
    leave_on: date | None = None
    rectifies: uuid.UUID | None = None

    def as_act(self) -> ActFacts:
        return ActFacts(
            mandate_id=self.mandate_id,
            kind=ActKind.SERVICE,
            at=self.at,
            place=self.place,
            costs=self.costs,
            note=self.note,
            leave_on=self.leave_on,
            rectifies=self.rectifies,
        )


def record_service(*, file_id: uuid.UUID, facts: ServiceFacts, act_id: uuid.UUID, now: datetime) -> Act:
    """Record the service of the constraint: the delay of opposition and the 24 hours begin (art. 40 §§4-5).

    `act_id` is the form's own: sent twice, it is recorded once. Raises Refused; PortalError
    act.served_already, act.service_opposed, and those of `record_act`; RecoveryError for a title that cannot
    be served.
    """
    work = begin(file_id, facts.mandate_id, act="act.record")
    if (known := _known(work, act_id)) is not None:
        return known
    delay = _check_service(work, facts, now)
    act = _keep(work, facts.as_act(), act_id, mode=facts.mode)
    title = work.title
    if title.state != TitleState.SERVED:
        move_title(title, "serve")
    title.served_at = facts.at
    title.opposition_until = delay.last_day
    title.save(update_fields=["state", "served_at", "opposition_until"])
    served_on = timezone.localdate(facts.at)
    add_event(
        work.file,
        kind=FileEventKind.ACT,
        code="title_served",
        on=served_on,
        params={"title": title.number, "until_on": delay.last_day.isoformat()},
    )
    return act


def preview_service(*, file_id: uuid.UUID, facts: ServiceFacts, now: datetime) -> Delay:
    """The delay that this service would open, for the page that checks the answers; nothing is written.

    Raises as `record_service` does.
    """
    return _check_service(begin(file_id, facts.mandate_id, act="act.record"), facts, now)


def preview_act(*, file_id: uuid.UUID, facts: ActFacts, now: datetime) -> None:
    """Whether this act may be recorded; nothing is written. Raises as `record_act` does."""
    _check(begin(file_id, facts.mandate_id, act="act.record"), facts, now)


def record_act(*, file_id: uuid.UUID, facts: ActFacts, act_id: uuid.UUID, now: datetime) -> Act:
    """Record any other act. `act_id` as for `record_service`.

    Raises Refused; PortalError act.service, act.future, act.before_mandate, act.place, act.hours,
    act.leave_late, act.not_served, act.annulled, act.opposed, act.too_early, act.negative,
    act.not_to_rectify.
    """
    work = begin(file_id, facts.mandate_id, act="act.record")
    if (known := _known(work, act_id)) is not None:
        return known
    _check(work, facts, now)
    act = _keep(work, facts, act_id)
    add_event(
        work.file,
        kind=FileEventKind.ACT,
        code="act_rectified" if facts.rectifies else "act_recorded",
        on=timezone.localdate(facts.at),
        params={"title": work.title.number, "act_kind": facts.kind.value},
    )
    return act


def _check_service(work: AtWork, facts: ServiceFacts, now: datetime) -> Delay:
    if facts.rectifies is None and work.title.served_at is not None:
        raise errors.served_already()
    if facts.rectifies is not None and work.title.opposed_on is not None:
        raise errors.service_opposed()
    _check_common(work, facts.as_act(), now)
    served_on = timezone.localdate(facts.at)
    return opposition_delay(
        served_on=served_on, residence=facts.residence, parameters=opposition_parameters(on=served_on)
    )


def _check(work: AtWork, facts: ActFacts, now: datetime) -> None:
    if facts.kind == ActKind.SERVICE:
        raise errors.use_the_service_page()
    if work.title.state == TitleState.CLOSED and facts.kind in EXECUTION:
        raise errors.title_annulled()
    _check_common(work, facts, now)
    # The hours between order and execution are those of the law on the day of service.
    day = timezone.localdate(work.title.served_at or facts.at)
    check_execution(
        facts.kind,
        work.facts,
        at=facts.at,
        leave_on=facts.leave_on,
        parameters=execution_parameters(on=day),
    )


def _check_common(work: AtWork, facts: ActFacts, now: datetime) -> None:
    if facts.costs < 0:
        raise errors.negative("costs")
    if facts.amount is not None and facts.amount < 0:
        raise errors.negative("amount")
    allowed = work.mandate.office.arrondissement
    check_act(
        facts.kind,
        at=facts.at,
        place=facts.place,
        allowed_place=allowed,
        allowed_place_name=arrondissement_text(allowed),
        given_on=work.mandate.given_on,
        now=now,
        leave_on=facts.leave_on,
        parameters=execution_parameters(on=timezone.localdate(facts.at)),
    )
    if facts.rectifies is not None:
        _check_rectified(work.title, facts.kind, facts.rectifies)


def _check_rectified(title: Title, kind: ActKind, rectifies: uuid.UUID) -> None:
    wrong = Act.objects.filter(pk=rectifies, title=title, kind=kind, rectified_by=None)
    if not wrong.exists():
        raise errors.not_to_rectify()


def _known(work: AtWork, act_id: uuid.UUID) -> Act | None:
    return Act.objects.filter(pk=act_id, title=work.title).first()


def _keep(work: AtWork, facts: ActFacts, act_id: uuid.UUID, *, mode: str = "") -> Act:
    act = Act(
        id=act_id,
        mandate=work.mandate,
        title=work.title,
        file=work.file,
        kind=facts.kind,
        acted_at=facts.at,
        place=facts.place,
        mode=mode,
        amount=facts.amount,
        costs=facts.costs,
        recorded_by=current_actor().id,
        rectifies_id=facts.rectifies,
    )
    act.seal_value("note", facts.note)
    act.save(force_insert=True)
    if facts.leave_on is not None:
        JudgeLeave.objects.create(act=act, title=work.title, given_on=facts.leave_on)
    if facts.kind == ActKind.SERVICE or facts.costs > 0 or facts.rectifies is not None:
        FollowUp.objects.create(mandate=work.mandate, title=work.title, act=act)
        booking.ring_when_committed()
    events.act_recorded(file=work.file.pk)
    return act
