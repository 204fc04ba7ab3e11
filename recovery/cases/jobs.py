"""Background work on mandates."""

import uuid
from typing import Any

from django.utils.translation import gettext_lazy as _

from recovery.cases.services.mandates import ADMISSION, admit_bailiff
from secal.access.models import User
from secal.office.clock import today
from secal.office.jobs import JobRun, register


@register(ADMISSION, service="enforcement", title=_("Admission d’un huissier aux dossiers de son étude"))
def admit(run: JobRun) -> dict[str, Any]:
    """The period names the bailiff, and the role in which they joined."""
    user_id = uuid.UUID(run.period.split()[0])
    with run.step(done=1, total=1):
        files = admit_bailiff(User.objects.select_related("office").get(pk=user_id), on=today())
    return {"files": files}
