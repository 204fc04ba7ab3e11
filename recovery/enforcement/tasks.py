"""What the beat table rings for enforcement."""

from celery import shared_task

from recovery.enforcement.services.outcome import A_PART, settle_waiting
from secal.access.unit_of_work import service_work
from secal.office.clock import today

PARTS_AT_MOST = 50


@shared_task(name="enforcement.settle_files")
def settle_files() -> int:
    """Settle files whose money moved at a bailiff, a part at a time; how many. Rung again, it goes on."""
    settled = 0
    for _part in range(PARTS_AT_MOST):
        with service_work("enforcement"):
            found = settle_waiting(on=today())
        settled += found
        if found < A_PART:
            break
    return settled
