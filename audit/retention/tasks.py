"""What the beat table rings for retention."""

from celery import shared_task

from audit.retention.services import ERASE_JOB, lists_to_erase
from secal.access.policy import require
from secal.access.unit_of_work import service_work
from secal.office.clock import today
from secal.office.jobs import request_job


@shared_task(name="retention.list_due_units")
def list_due_units() -> str:
    """Ask for tonight's list; asked twice, it is the same job."""
    with service_work("retention"):
        return str(request_job("retention.list", today().isoformat()).pk)


@shared_task(name="retention.erase_approved_lists")
def erase_approved_lists() -> int:
    """Ask again for every approved list that is not erased, also one of which something was left."""
    with service_work("retention"):
        require("erasure.run")
        asked = [request_job(ERASE_JOB, str(list_id)) for list_id in lists_to_erase()]
    return len(asked)
