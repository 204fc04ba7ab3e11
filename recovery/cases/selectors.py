"""Reading recovery files. Two doors: `get_file` for the offices, `get_mandated_file` for bailiffs.

Each logs what it shows and refuses, hidden, what is not the asker's.
"""

import uuid
from collections.abc import Sequence
from typing import Any, TypeVar

from django.db.models import Exists, Model, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from recovery.cases import events
from recovery.cases.models import (
    Act,
    Document,
    FileEvent,
    Mandate,
    MandatePermission,
    MandateState,
    Outcome,
    RecoveryFile,
    Title,
    TitleState,
)
from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.policy import Facts, require
from secal.access.roles import Role
from secal.people.employers import is_debtor

ONSS_STAFF = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE, Role.ROLL_SIGNATORY})
"""Who works for the controller: every file is theirs to open."""

WITH_THE_CONCESSION = (TitleState.TRANSMITTED, TitleState.MANDATED, TitleState.SERVED)
"""A title in one of these states is in the concessionaire's hands; a closed one no longer is (17/006 §7)."""

PURPOSE = "recovery"
"""The one purpose for which debtors' data may be processed (art. 40 §8, 2nd)."""

R = TypeVar("R", bound=Model)
NO_SUCH_FILE = _("Ce dossier n’existe pas.")


def visible_files(actor: Actor) -> QuerySet[RecoveryFile]:
    """The files that a member of the offices may open: all for the ONSS; for the concessionaire's operator
    those with a transmitted title. Never one in which they are the debtor.
    """
    return _not_own(_reach(actor), actor)


def without_own(rows: QuerySet[R]) -> QuerySet[R]:
    """Of rows that name a file as `file`: not those in which the person at work is the debtor."""
    own = current_actor().employer_bi
    return rows.exclude(file__employer__niss_bi=own) if own is not None else rows


def _not_own(files: QuerySet[RecoveryFile], actor: Actor) -> QuerySet[RecoveryFile]:
    return files.exclude(employer__niss_bi=actor.employer_bi) if actor.employer_bi is not None else files


def _reach(actor: Actor) -> QuerySet[RecoveryFile]:
    if actor.is_service or actor.roles & ONSS_STAFF:
        return RecoveryFile.objects.all()
    if Role.CONCESSION_OPERATOR in actor.roles:
        transmitted = Title.objects.filter(file=OuterRef("pk"), state__in=WITH_THE_CONCESSION)
        return RecoveryFile.objects.filter(Exists(transmitted), ended_on=None)
    return RecoveryFile.objects.none()


def get_file(
    file_id: uuid.UUID,
    *,
    act: str = "recovery.open",
    purpose: str = PURPOSE,
    fields: Sequence[str] = ("file", "employer"),
    lock: bool = False,
) -> RecoveryFile:
    """The one door for the offices. With its employer and book. Logs the read; `lock` takes the row for
    writing.

    Raises Refused: 403 without the role or when they are the debtor, hidden (404) when the file is not
    theirs or does not exist.
    """
    actor = require(act, Facts(file=file_id))
    return _admit(_reach(actor), file_id, act, purpose, fields, lock)


def mandated_files(actor: Actor) -> QuerySet[RecoveryFile]:
    """The files that a bailiff may open: a mandate of their office runs, and the permission is theirs.
    Both; and never one in which they are the debtor.
    """
    return _not_own(_mandated(actor), actor)


def _mandated(actor: Actor) -> QuerySet[RecoveryFile]:
    offices = User.objects.filter(pk=actor.id, is_active=True).values("office")
    running = Mandate.objects.filter(file=OuterRef("pk"), state=MandateState.RUNNING, office__in=offices)
    permitted = MandatePermission.objects.filter(content_object=OuterRef("pk"), user=actor.id)
    if Role.BAILIFF not in actor.roles:
        return RecoveryFile.objects.none()
    return RecoveryFile.objects.filter(Exists(running), Exists(permitted))


def get_mandated_file(
    file_id: uuid.UUID,
    *,
    act: str = "portal.open",
    purpose: str = PURPOSE,
    fields: Sequence[str] = ("file", "employer"),
    lock: bool = False,
) -> RecoveryFile:
    """The one door for bailiffs. Raises Refused, hidden for every file that is not mandated to their
    office; 403 when they are the debtor.
    """
    actor = require(act, Facts(file=file_id))
    return _admit(_mandated(actor), file_id, act, purpose, fields, lock)


def running_mandates(file: RecoveryFile) -> QuerySet[Mandate]:
    """The running mandates of a file opened through a door, with title and office."""
    return (
        Mandate.objects.filter(file=file, state=MandateState.RUNNING)
        .select_related("title", "office")
        .order_by("given_on", "title__number")
    )


def own_running_mandates(file: RecoveryFile) -> QuerySet[Mandate]:
    """Of those, the ones of the office of the bailiff at work."""
    offices = User.objects.filter(pk=current_actor().id, is_active=True).values("office")
    return running_mandates(file).filter(office__in=offices)


def files_of(actor: Actor) -> QuerySet[RecoveryFile]:
    """The files for lists, with their employer, newest first. The caller logs what it shows."""
    return visible_files(actor).select_related("employer", "book").order_by("-opened_on", "-number")


def titles_of(file: RecoveryFile) -> list[Title]:
    return list(Title.objects.filter(file=file).order_by("issued_on", "number"))


def mandates_of(file: RecoveryFile) -> list[Mandate]:
    """Every mandate the file ever had, newest first, with office and title."""
    return list(
        Mandate.objects.filter(file=file).select_related("office", "title").order_by("-given_on", "-ended_at")
    )


def acts_of(file: RecoveryFile) -> list[Act]:
    """The acts of the bailiffs, newest first; their notes stay sealed."""
    return list(Act.objects.filter(file=file).select_related("title").order_by("-acted_at", "-recorded_at"))


def documents_of(file: RecoveryFile) -> list[Document]:
    """The papers of a file, newest first, without their content."""
    return list(
        Document.objects.filter(file=file)
        .select_related("file", "title")
        .defer("content")
        .order_by("-made_on", "kind", "pk")
    )


def open_document(
    file: RecoveryFile, document_id: uuid.UUID, *, act: str = "recovery.open", purpose: str = PURPOSE
) -> tuple[Document, bytes] | None:
    """One paper of a file opened through a door, with its content; logged. None when the file has none
    such.
    """
    document = Document.objects.filter(file=file, pk=document_id).select_related("file").first()
    if document is None:
        return None
    events.document_read(act, file=file.pk, purpose=purpose, kind=document.kind)
    return document, document.open_bytes("content")


def events_of(file: RecoveryFile) -> list[FileEvent]:
    """The timeline, newest first."""
    return list(FileEvent.objects.filter(file=file).order_by("-happened_on", "-at"))


def identity(file: RecoveryFile, *, url: str = "", bailiff: bool = True) -> dict[str, Any]:
    """The identity bar of a file opened through a door: number, state, debtor, and with `bailiff` the office
    at work while a mandate runs.
    """
    people: list[dict[str, Any]] = [{"role": _("Débiteur"), "name": str(file.employer)}]
    offices = dict.fromkeys(mandate.office.name for mandate in running_mandates(file)) if bailiff else ()
    if offices:
        people.append({"role": Role.BAILIFF.label, "name": ", ".join(offices)})
    return {"number": file.number, "url": url, "status": status(file), "people": people}


def status(file: RecoveryFile) -> dict[str, Any]:
    """The state of the file as a word with its shape."""
    if file.ended_on:
        return {"state": "good", "word": _("terminé")}
    if file.outcome:
        state = "good" if file.outcome == Outcome.PAID else "attention"
        return {"state": state, "word": file.get_outcome_display()}
    return {"state": "underway", "word": _("recouvrement en cours")}


def _admit(
    files: QuerySet[RecoveryFile],
    file_id: uuid.UUID,
    act: str,
    purpose: str,
    fields: Sequence[str],
    lock: bool,
) -> RecoveryFile:
    if lock:
        # Held before the question: what it answers is then still true when the service writes.
        RecoveryFile.objects.select_for_update(no_key=True).filter(pk=file_id).first()
    file = files.filter(pk=file_id).select_related("employer", "book").first()
    if file is None:
        raise Refused(act, "no_such_file", NO_SUCH_FILE, file=file_id, hidden=True)
    require(act, Facts(file=file_id, actor_is_party=is_debtor(file.employer)))
    events.file_read(act, file=file.pk, employer=file.employer_id, purpose=purpose, fields=fields)
    return file
