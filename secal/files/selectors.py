"""Reading drafts: only by the registrar who writes them."""

import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.policy import require
from secal.cases.models import AlimonyFile, AttachmentKind
from secal.cases.statements import Paper
from secal.files import events
from secal.files.models import DraftPaper, IntakeDraft


def own_draft(draft_id: uuid.UUID, *, lock: bool = False) -> IntakeDraft:
    """A draft of the registrar at work, not sent yet. Raises Refused (hidden) for any other. Logs the
    read."""
    actor = require("application.register")
    drafts = IntakeDraft.objects.select_for_update() if lock else IntakeDraft.objects
    draft = drafts.filter(pk=draft_id, started_by=actor.id, sent_at=None).first()
    if draft is None:
        raise Refused(
            "application.register",
            "not_own_draft",
            _("Cette demande en préparation n’est pas la vôtre."),
            file=draft_id,
            hidden=True,
        )
    events.draft_read(draft=draft.pk)
    return draft


def sent_draft(file: AlimonyFile) -> IntakeDraft | None:
    """What the registrar stated, for casework; the caller opened the file. None for a file made otherwise."""
    return IntakeDraft.objects.filter(pk=file.pk, sent_at__isnull=False).first()


def was_sent(draft_id: uuid.UUID) -> bool:
    """Whether the registrar at work has already sent this draft (a button pressed twice)."""
    actor = require("application.register")
    return IntakeDraft.objects.filter(pk=draft_id, started_by=actor.id, sent_at__isnull=False).exists()


def open_drafts(actor: Actor) -> QuerySet[IntakeDraft]:
    """The drafts that this registrar may go on with; their content stays sealed."""
    return (
        IntakeDraft.objects.filter(started_by=actor.id, sent_at=None).defer("content").order_by("-started_at")
    )


def papers_of(draft: IntakeDraft) -> tuple[Paper, ...]:
    """The papers laid with a draft, opened, to be sealed again in the file."""
    return tuple(
        Paper(
            kind=AttachmentKind(paper.kind),
            name=paper.open_value("name"),
            content=paper.open_bytes("content"),
            content_type=paper.content_type,
        )
        for paper in draft.papers.select_related("draft").order_by("added_at")
    )


def laid_papers(draft: IntakeDraft) -> list[DraftPaper]:
    """The papers laid with a draft, without their content."""
    return list(draft.papers.select_related("draft").defer("content").order_by("added_at"))
