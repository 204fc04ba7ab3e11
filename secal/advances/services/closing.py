"""What advances say when a file closes: nothing may be on its way to the bank, and no right runs on."""

from datetime import date

from django.db.models import Q

from secal.advances.errors import payment_on_its_way
from secal.advances.models import OPEN_RUN, AdvanceRight, LineState, RightState, RunLine
from secal.cases.models import AlimonyFile
from secal.kernel.errors import DomainError


def payment_in_flight(file: AlimonyFile, on: date) -> DomainError | None:
    """A line of an open run stands in the way: the child would be paid after the end."""
    moving = Q(state=LineState.INSTRUCTED) | Q(state=LineState.CANDIDATE, run__state__in=OPEN_RUN)
    found = RunLine.objects.filter(moving, right__file=file).exists()
    return payment_on_its_way() if found else None


def end_rights(file: AlimonyFile, on: date) -> None:
    """The file is closed: no right to advances runs any longer."""
    AdvanceRight.objects.filter(file=file).exclude(state=RightState.ENDED).update(state=RightState.ENDED)
