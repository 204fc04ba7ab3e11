"""Giving a title to a bailiff's office, and ending that. The only writers of mandates and their
permissions.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from django.utils import timezone

from recovery.cases import events
from recovery.cases.errors import already_mandated, file_ended, office_without_bailiff
from recovery.cases.milestones import on_mandate_ended
from recovery.cases.models import (
    FileEventKind,
    Mandate,
    MandatePermission,
    MandateState,
    RecoveryFile,
    Title,
)
from recovery.cases.selectors import get_file
from recovery.cases.states import move_mandate, move_title
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.access.models import Office, User, UserRole
from secal.access.policy import Facts, require
from secal.access.roles import Role
from secal.access.selectors import running
from secal.office.jobs import request_job

ADMISSION = "mandates.admit"
"""Kind of the job that lets a bailiff who joined an office work on its files."""


def give_mandate(*, title_id: uuid.UUID, file_id: uuid.UUID, office: Office, on: date) -> Mandate:
    """Give a transmitted title to an office: each of its bailiffs may work on the file from now on.

    Raises Refused; RecoveryError file_ended, wrong_state, already_mandated, office_without_bailiff.
    """
    file = get_file(file_id, act="mandate.give", fields=("titles",), lock=True)
    if file.ended_on:
        raise file_ended()
    title = Title.objects.select_for_update(no_key=True).get(pk=title_id, file=file)
    if Mandate.objects.filter(title=title, state=MandateState.RUNNING).exists():
        raise already_mandated()
    bailiffs = list(_bailiffs_of(office, on=on))
    if not bailiffs:
        raise office_without_bailiff()
    move_title(title, "mandate")
    title.save()
    mandate = Mandate.objects.create(
        title=title, file=file, office=office, given_on=on, given_by=current_actor().id
    )
    _permit(bailiffs, [file])
    params = {"title": title.number, "office": office.name}
    add_event(file, kind=FileEventKind.MANDATE, code="mandate_given", on=on, params=params)
    events.mandate_given(file=file.pk, office=office.pk)
    return mandate


def end_mandate(
    *, mandate: Mandate, action: str, reason: str, at: datetime, announce: bool = True
) -> Mandate:
    """Hand a title back ("hand_back") or close the intervention ("close"); the permissions on the file end
    at once.

    The caller opened the file through its door. `announce`: tell at once who waits for the end of mandates; a
    caller whose database user may not do what they do leaves it to the office's worker. Raises Refused,
    RecoveryError wrong_state.
    """
    require("mandate.close", Facts(file=mandate.file_id))
    title = Title.objects.select_for_update(no_key=True).get(pk=mandate.title_id)
    held = Mandate.objects.select_for_update(no_key=True, of=("self",)).select_related("office", "file")
    mandate = held.get(pk=mandate.pk)
    move_mandate(mandate, action)
    move_title(title, action)
    mandate.ended_at = at
    mandate.end_reason = reason
    # The line of the timeline comes first: once the mandate has ended the bailiff reaches the file no more.
    code = "mandate_closed" if action == "close" else "mandate_handed_back"
    params = {"title": title.number, "office": mandate.office.name}
    on = timezone.localdate(at)
    add_event(mandate.file, kind=FileEventKind.MANDATE, code=code, on=on, params=params)
    events.mandate_ended(file=mandate.file_id, office=mandate.office_id)
    # The portal's database user may write these columns and no others.
    title.save(update_fields=["state"])
    mandate.save(update_fields=["state", "ended_at", "end_reason"])
    if announce:
        on_mandate_ended.reached(title, on=on)
    return mandate


def admit_bailiff(user: User, *, on: date) -> int:
    """A bailiff joined an office: they share its running mandates. Returns how many files. Safe to repeat.

    Raises Refused to everyone but the service that settles recovery.
    """
    require("mandate.admit", Facts(subject=user.pk))
    if user.office is None or not _bailiffs_of(user.office, on=on).filter(pk=user.pk).exists():
        return 0
    running = Mandate.objects.filter(office=user.office, state=MandateState.RUNNING)
    files = list(RecoveryFile.objects.filter(pk__in=running.values("file")))
    _permit([user], files)
    events.bailiff_admitted(user=user.pk)
    return len(files)


def on_joining(user_id: uuid.UUID, on: date) -> None:
    """Told by the register of users, whose keepers see no mandate: a background job admits a bailiff, once a
    role, however often this is told."""
    roles = UserRole.objects.filter(running(on), user=user_id, role=Role.BAILIFF)
    for role_id in roles.values_list("pk", flat=True):
        request_job(ADMISSION, f"{user_id} {role_id}", requested=False)


def on_leaving(user_id: uuid.UUID) -> None:
    """Whoever leaves keeps no permission, and finds none again when they come back."""
    MandatePermission.objects.filter(user=user_id).delete()


def _bailiffs_of(office: Office, *, on: date) -> QuerySet[User]:
    in_force = Q(roles__valid_until=None) | Q(roles__valid_until__gte=on)
    return User.objects.filter(
        in_force,
        office=office,
        is_active=True,
        roles__role=Role.BAILIFF,
        roles__valid_from__lte=on,
        roles__ended_at=None,
    ).distinct()


def _permit(users: Iterable[User], files: Iterable[RecoveryFile]) -> None:
    permission = Permission.objects.get(
        content_type__app_label="recovery_cases", codename="work_under_mandate"
    )
    MandatePermission.objects.bulk_create(
        [
            MandatePermission(user=user, permission=permission, content_object=file)
            for user in users
            for file in files
        ],
        ignore_conflicts=True,
    )
