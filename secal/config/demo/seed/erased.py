"""An erasure of last year, done once the data are committed: the real list, both approvals, the real job.

The list is of a day on which the one story that had ended was due, and nothing else.
"""

from datetime import date

from audit.retention.models import ErasureList
from audit.retention.services import ERASE_JOB, approve, propose_list
from secal.access.models import User
from secal.access.unit_of_work import service_work
from secal.config.demo.seed.author import author_at_work, telling_of
from secal.config.demo.seed.recovery_told import BEFORE_LAST_YEARS_SUMMER
from secal.office import jobs
from secal.office.models import Job, JobState

AN, PAUL = "demo-an-willems", "demo-paul-renard"
LISTED = 20
"""Day of June of last year of the list."""


class NotErased(Exception):
    """The job of erasure did not come to its end; the words are its error code."""


def erase_told(today: date) -> ErasureList | None:
    """Erase what the told story of last year left. None when there was nothing. Raises NotErased."""
    with service_work("retention"):
        made = propose_list(on=date(today.year - 1, BEFORE_LAST_YEARS_SUMMER[0], LISTED))
    if made is None:
        return None
    with author_at_work():
        for subject in (AN, PAUL):
            with telling_of(User.objects.get(subject=subject).pk):
                approve(list_id=made.pk)
    waiting = Job.objects.get(kind=ERASE_JOB, period=str(made.pk))
    job = jobs.run(waiting.pk)
    if job.state != JobState.DONE:
        raise NotErased(job.error)
    return made
