"""The job of the month's terms: made and charged for every active file, in steps that may be repeated."""

from datetime import date
from typing import Any

from django.conf import settings

from secal.cases.services import make_terms_due, terms_to_make
from secal.kernel.periods import Month
from secal.office.clock import today
from secal.office.jobs import JobRun, register

KIND = "files.terms"


@register(KIND, service="terms")
def make_terms(run: JobRun) -> dict[str, Any]:
    """The period is a month ("2026-11"). What has its claim is left alone, so that a second run changes
    nothing."""
    month = Month.parse(run.period).first_day
    total = _count(run, month)
    done, size = 0, settings.JOB_ROWS_A_STEP
    while done < total:
        with run.step(done=min(done + size, total), total=total):
            made = make_terms_due(month=month, on=today(), limit=size)
        if not made:
            break
        done += made
    return {"terms": done}


def _count(run: JobRun, month: date) -> int:
    with run.step():
        return terms_to_make(month=month)
