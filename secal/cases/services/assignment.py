"""Giving a file to an officer: by the service at arrival, by the second signatory afterwards."""

import uuid
from datetime import date

from django.contrib.auth.models import Permission
from django.utils import timezone

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.cases import events
from secal.cases.errors import not_eligible
from secal.cases.models import AlimonyFile, Assignment, EventKind, FilePermission, WorkKind
from secal.cases.selectors import eligible_officers, facts_about
from secal.cases.timeline import add_event, finish_work_of_file


def assign_on_arrival(file: AlimonyFile, *, on: date, like: AlimonyFile | None = None) -> Assignment | None:
    """Give a new file to the officer of the section with the fewest open files, or to the officer of `like`.

    Under the service identity of arrivals: no person chooses. None when nobody is eligible; the second
    signatory of the section then sees a file without an officer. Raises Refused.
    """
    require("file.assign")
    candidates = [candidate.officer for candidate in eligible_officers(file, on=on)]
    if not candidates:
        return None
    preferred = Assignment.objects.filter(file=like, until_at=None).first() if like else None
    officer = next((one for one in candidates if preferred and one.pk == preferred.officer_id), candidates[0])
    return _give(file, officer.pk, officer.display_name, on)


def assign(*, file_id: uuid.UUID, officer_id: uuid.UUID, on: date) -> Assignment:
    """Give the file to this officer instead. Nobody gives a file to themselves. Raises Refused, CaseError."""
    file = AlimonyFile.objects.select_for_update(no_key=True).get(pk=file_id)
    actor = require("file.assign", facts_about(file_id, "file.assign"))
    eligible = {candidate.officer.pk: candidate.officer for candidate in eligible_officers(file, on=on)}
    if officer_id not in eligible or officer_id == actor.id:
        raise not_eligible()
    return _give(file, officer_id, eligible[officer_id].display_name, on)


def _give(file: AlimonyFile, officer_id: uuid.UUID, name: str, on: date) -> Assignment:
    current = Assignment.objects.filter(file=file, until_at=None)
    kept = current.filter(officer=officer_id).first()
    if kept is not None:
        return kept
    current.update(until_at=timezone.now())
    assignment = Assignment.objects.create(file=file, officer_id=officer_id, granted_by=current_actor().id)
    _permit(assignment)
    finish_work_of_file(file, kind=WorkKind.REASSIGN, on=on)
    add_event(file, kind=EventKind.ASSIGNMENT, code="file_assigned", on=on, params={"officer": name})
    events.file_assigned(file=file.pk, officer=officer_id)
    return assignment


def _permit(assignment: Assignment) -> None:
    """The object permission that goes with the assignment; the database takes it away when that ends."""
    FilePermission.objects.create(
        user_id=assignment.officer_id,
        permission=Permission.objects.get(content_type__app_label="cases", codename="work_in_charge"),
        content_object_id=assignment.file_id,
    )
