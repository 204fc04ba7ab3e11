"""Giving a file to an officer: by the service at arrival, by the second signatory afterwards."""

import uuid
from datetime import date

from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Exists, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from secal.access.actors import current_actor
from secal.access.models import Charge, UserRole
from secal.access.policy import require
from secal.access.roles import Role
from secal.access.selectors import running
from secal.cases import events
from secal.cases.errors import not_eligible
from secal.cases.models import (
    AlimonyFile,
    Assignment,
    EventKind,
    FilePermission,
    FileState,
    WorkItem,
    WorkKind,
)
from secal.cases.selectors import OFFICERS_MISSIONS, barred_officer, eligible_officers, facts_about
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


def ask_for_officers(*, on: date) -> int:
    """Put every open file that nobody works any more on the list of its section's second signatory: its
    officer left, moved, holds no role or mission on this day, or may not open it any more. Returns how many
    were asked for; each only once.

    Raises Refused to everyone but the service that gives files.
    """
    require("file.assign")
    at_work = UserRole.objects.filter(
        running(on),
        running(on, "appointment__"),
        Exists(Charge.objects.filter(running(on), user=OuterRef("user"), mission__in=OFFICERS_MISSIONS)),
        user_id=OuterRef("officer_id"),
        user__is_active=True,
        role=Role.CASE_OFFICER,
        appointment__section=OuterRef("file__section"),
    )
    held = Assignment.objects.filter(
        Exists(at_work), ~barred_officer(), file_id=OuterRef("pk"), until_at=None
    )
    last = Assignment.objects.filter(file_id=OuterRef("pk")).order_by("-from_at").values("pk")[:1]
    asked = WorkItem.objects.filter(file_id=OuterRef("pk"), kind=WorkKind.REASSIGN, done_on=None)
    files = (
        AlimonyFile.objects.exclude(state__in=(FileState.REFUSED, FileState.CLOSED))
        .filter(~Exists(held), ~Exists(asked))
        .annotate(source=Coalesce(Subquery(last), "pk"))
        .values_list("pk", "source")
    )
    items = [
        WorkItem(file_id=file, kind=WorkKind.REASSIGN, source=source, since=on, due_on=on)
        for file, source in files
    ]
    WorkItem.objects.bulk_create(items, ignore_conflicts=True)
    return len(items)


def on_joining(user_id: uuid.UUID, on: date) -> None:
    """Told by the register of users: whoever begins other work gives back what they had before."""
    _follow_work(user_id)


def on_leaving(user_id: uuid.UUID) -> None:
    """Whoever leaves keeps no file, and finds none again when they come back."""
    _follow_work(user_id)


def _follow_work(user_id: uuid.UUID) -> None:
    """The database knows the work of the day (migration 0013), and ends what was given before it began."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_files_follow_work(%s)", [user_id])


def _give(file: AlimonyFile, officer_id: uuid.UUID, name: str, on: date) -> Assignment:
    current = Assignment.objects.filter(file=file, until_at=None)
    kept = current.filter(officer=officer_id).first()
    finish_work_of_file(file, kind=WorkKind.REASSIGN, on=on)
    if kept is not None:
        return kept
    current.update(until_at=timezone.now())
    assignment = Assignment.objects.create(file=file, officer_id=officer_id, granted_by=current_actor().id)
    _permit(assignment)
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
