"""What the beat table rings in this room."""

from celery import shared_task

from secal.access.unit_of_work import service_work
from secal.cases.services import ask_for_officers
from secal.files.jobs import KIND
from secal.kernel.periods import Month
from secal.office.clock import today
from secal.office.jobs import request_job


@shared_task(name="files.make_terms_due")
def make_terms_due() -> None:
    """Ask for the terms of this month, and of the one before in case nobody was there; known jobs are
    found again."""
    month = Month.of(today())
    with service_work("terms"):
        for period in (month - 1, month):
            request_job(KIND, str(period))


@shared_task(name="files.ask_for_officers")
def ask_for_officers_today() -> int:
    """What officers who left were working on goes to the second signatories' lists."""
    with service_work("assignment"):
        return ask_for_officers(on=today())
