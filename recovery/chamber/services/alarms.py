"""What the watchers must see until it is over."""

from datetime import datetime

import structlog

from recovery.chamber import freshness
from recovery.chamber.models import Alarm, AlarmKind, ReceivedList, ReceivedOutcome
from recovery.chamber.rules import is_silent

log = structlog.get_logger(__name__)


def begin(kind: AlarmKind, *, at: datetime) -> bool:
    """Raise the alarm, unless it is raised already."""
    _row, made = Alarm.objects.get_or_create(kind=kind, ended_at=None, defaults={"raised_at": at})
    return made


def end(kind: AlarmKind, *, at: datetime) -> None:
    """What it was about is over."""
    Alarm.objects.filter(kind=kind, ended_at=None).update(ended_at=at)


def watch(*, at: datetime) -> None:
    """Look at everything that can be seen at any moment: silence, and lists that wait for a decision."""
    last = freshness.last_accepted_at()
    if not is_silent(last, at):
        end(AlarmKind.SILENCE, at=at)
    elif begin(AlarmKind.SILENCE, at=at):
        log.warning("chamber_silent", since=last.isoformat() if last else "")
    if ReceivedList.objects.filter(outcome=ReceivedOutcome.HELD, decision="").exists():
        begin(AlarmKind.HELD, at=at)
    else:
        end(AlarmKind.HELD, at=at)
