"""Oppositions to a constraint (art. 40 §5): a valid one blocks execution and stops the limitation until
decided.
"""

import uuid
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recovery.arrears import events
from recovery.arrears.errors import (
    ArrearsError,
    already_opposed,
    decided_before_filed,
    filed_before_service,
    filed_later,
    not_served,
)
from recovery.arrears.models import Opposition, OppositionForm
from recovery.arrears.services.limitation import refresh_limitation
from recovery.cases.errors import file_ended, not_in_file
from recovery.cases.models import FileEventKind, RecoveryFile, Title
from recovery.cases.selectors import get_file
from recovery.cases.states import move_title
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.kernel.reckoning.procedure import Assessment, assess_opposition
from secal.law.onss import opposition_parameters

LATE = "opposition.late"


def record_opposition(
    *,
    file_id: uuid.UUID,
    title_id: uuid.UUID,
    filed_on: date,
    form: OppositionForm,
    reasoned: bool,
    on: date,
) -> Opposition:
    """Record an opposition. Without the form, the reasons or the day that the law asks it is kept with a
    warning and stops nothing. Seizures already made keep their conservatory effect.

    Raises Refused; ArrearsError opposition.not_served, opposition.before_service, opposition.later,
    opposition.pending; RecoveryError recovery.file_ended.
    """
    file = get_file(file_id, act="opposition.record", fields=("titles",), lock=True)
    if file.ended_on:
        raise file_ended()
    if filed_on > on:
        raise filed_later()
    title = _title_of(file, title_id)
    if title.served_at is None or title.opposition_until is None:
        raise not_served()
    served_on = timezone.localdate(title.served_at)
    if filed_on < served_on:
        raise filed_before_service()
    if title.opposed:
        raise already_opposed()
    grounds, assessment = assess(
        filed_on=filed_on,
        form=form,
        reasoned=reasoned,
        served_on=served_on,
        until=title.opposition_until,
    )
    opposition = Opposition.objects.create(
        title=title,
        filed_on=filed_on,
        form=form,
        reasoned=reasoned,
        effective=not grounds,
        grounds=grounds,
        review=assessment.review,
        explanation=assessment.explanation.to_dict(),
        recorded_on=on,
        recorded_by=current_actor().id,
    )
    if opposition.effective:
        title.opposed_on, title.opposition_decided_on = filed_on, None
        title.save()
        refresh_limitation(file, on=on)
    code = "opposition_filed" if opposition.effective else "opposition_without_effect"
    add_event(file, kind=FileEventKind.TITLE, code=code, on=filed_on, params={"number": title.number})
    events.opposition_recorded(file=file.pk)
    return opposition


def decide_opposition(
    *, file_id: uuid.UUID, opposition_id: uuid.UUID, decided_on: date, upheld: bool, on: date
) -> Opposition:
    """The judge decided, and the limitation runs again. Dismissed: execution may go on from then. Upheld: the
    constraint is executed no more, and what is still claimed is claimed before the judge.

    Raises Refused; ArrearsError opposition.unknown, opposition.decided_early.
    """
    file = get_file(file_id, act="opposition.record", fields=("titles",), lock=True)
    opposition = (
        Opposition.objects.select_for_update(no_key=True)
        .filter(title__file=file, pk=opposition_id, effective=True, decided_on=None)
        .first()
    )
    if opposition is None:
        raise ArrearsError(
            "opposition.unknown", _("Aucune opposition n’est pendante ici. Rechargez la page.")
        )
    if decided_on < opposition.filed_on or decided_on > on:
        raise decided_before_filed()
    title = _title_of(file, opposition.title_id)
    opposition.decided_on, opposition.upheld = decided_on, upheld
    opposition.save()
    title.opposition_decided_on = decided_on
    if upheld:
        move_title(title, "annul")
    title.save()
    refresh_limitation(file, on=on)
    code = "opposition_upheld" if upheld else "opposition_dismissed"
    add_event(file, kind=FileEventKind.TITLE, code=code, on=decided_on, params={"number": title.number})
    events.opposition_decided(file=file.pk)
    return opposition


def assess(
    *, filed_on: date, form: OppositionForm, reasoned: bool, served_on: date, until: date
) -> tuple[list[str], Assessment]:
    """The grounds against an opposition, and the assessment behind them. `until`: the last day as it was
    fixed at service, which knew where the debtor lives.
    """
    assessment = assess_opposition(
        served_on=served_on,
        filed_on=filed_on,
        form=form.value,
        reasoned=reasoned,
        parameters=opposition_parameters(on=served_on),
    )
    grounds = [ground for ground in assessment.grounds if ground != LATE]
    if filed_on > until:
        grounds.append(LATE)
    return grounds, assessment


def _title_of(file: RecoveryFile, title_id: uuid.UUID) -> Title:
    title = Title.objects.select_for_update(no_key=True).filter(file=file, pk=title_id).first()
    if title is None:
        raise not_in_file("opposition.record", file.pk)
    return title
