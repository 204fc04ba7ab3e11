"""What the beat table rings for solvency."""

from celery import shared_task

from secal.access.unit_of_work import service_work
from secal.office.clock import today
from secal.office.jobs import request_job


@shared_task(name="solvency.bring_back_due_reviews")
def bring_back_due_reviews() -> str:
    """Ask for today's job; asked twice, it is the same job."""
    with service_work("solvency"):
        return str(request_job("solvency.due", today().isoformat()).pk)
