"""What the bell and the beat ring. Nothing in the payload."""

from celery import shared_task

from recovery.chamber import polling


@shared_task(name="chamber.receive_lists")
def receive_lists() -> dict[str, int]:
    """Fetch the Chamber's list, carry out who leaves, watch its silence."""
    return polling.poll()
