"""The only writers of drafts. What they become, an application with its file, is written by secal.cases."""

import uuid
from datetime import date

from django.utils import timezone

from secal.access.policy import require
from secal.cases.models import AlimonyFile, AttachmentKind
from secal.cases.services import receive_application
from secal.cases.statements import ApplicationStatement
from secal.files import drafts, events
from secal.files.models import DraftPaper, IntakeDraft
from secal.files.selectors import own_draft
from secal.vault.keystore import create_key


def begin_draft() -> IntakeDraft:
    """A new, empty application in the hands of the registrar at work."""
    actor = require("application.register")
    return IntakeDraft.objects.create(key_id=create_key("file"), started_by_id=actor.id)


def save_part(draft: IntakeDraft, content: drafts.Content, step: str) -> None:
    """Keep what was typed in a step; a finished step opens the next one."""
    require("application.register")
    drafts.write(draft, content)
    if content[step].done:
        draft.step = max(draft.step, drafts.ORDER.index(step) + 2)
    draft.save()


def lay_paper(draft: IntakeDraft, kind: AttachmentKind, name: str, content: bytes, content_type: str) -> None:
    """Seal a paper with the draft."""
    require("application.register")
    paper = DraftPaper(draft=draft, kind=kind, content_type=content_type, size=len(content))
    paper.seal_value("name", name)
    paper.seal_value("content", content)
    paper.save()


def take_paper_away(draft: IntakeDraft, paper_id: uuid.UUID) -> None:
    require("application.register")
    draft.papers.filter(pk=paper_id).delete()


def discard_draft(draft_id: uuid.UUID) -> None:
    """Throw away an application that was never sent. Raises Refused."""
    draft = own_draft(draft_id, lock=True)
    events.draft_discarded(draft=draft.pk)
    draft.papers.all().delete()
    draft.delete()


def send_draft(draft: IntakeDraft, statement: ApplicationStatement, *, on: date) -> AlimonyFile:
    """The draft becomes an application with its file; the draft stays, sealed, as what was stated.

    Raises Refused, CaseError.
    """
    file = receive_application(statement, on=on)
    draft.papers.all().delete()
    draft.sent_at = timezone.now()
    draft.save()
    return file
