"""The bell and the sweeper. Payloads carry a job's identifier, nothing else."""

import uuid

from celery import shared_task

from audit.log import events as log
from secal.access.policy import require
from secal.access.unit_of_work import service_work
from secal.office import jobs
from secal.office.clock import today


@shared_task(name="office.run_job")
def run_job(job_id: str) -> None:
    jobs.run(uuid.UUID(job_id))


@shared_task(name="office.sweep_jobs")
def sweep_jobs() -> int:
    """Ring again for every job that waits or was abandoned."""
    with service_work("sweeper"):
        require("job.sweep")
        waiting = jobs.jobs_to_ring()
    for job_id in waiting:
        jobs.ring_bell(job_id)
    return len(waiting)


@shared_task(name="office.prepare_log_partitions")
def prepare_log_partitions() -> int:
    """Keep three months of the security log's partitions ahead."""
    with service_work("log"):
        require("log.prepare")
        return log.prepare_partitions(first=today(), months=4)
