"""Background work of solvency: bringing back the debtors whose day has come."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from secal.office.jobs import JobRun, register
from secal.solvency.services import bring_back_due, count_due


@register("solvency.due", service="solvency", title=_("Débiteurs à examiner de nouveau"))
def due(run: JobRun) -> dict[str, Any]:
    """`period` is the day (ISO). Parts of five hundred; what is on a list already is not put there again."""
    day = date.fromisoformat(run.period)
    with run.step():
        total = count_due(on=day)
        run.progress(done=0, total=total)
    done = 0
    while True:
        with run.step():
            part = bring_back_due(on=day)
            done += part
            run.progress(done=done, total=max(total, done))
        if part == 0:
            return {"brought_back": done}
