"""Keeping the deed of an act: a PDF that passed the gate, sealed with the file's key."""

import hashlib
import uuid
from datetime import date

from recovery.cases.models import Act, Document, DocumentKind, FileEventKind, Mandate, MandateState
from recovery.cases.selectors import NO_SUCH_FILE, get_mandated_file
from recovery.cases.services.files import keep_document
from recovery.cases.timeline import add_event
from recovery.portal import errors, events
from recovery.portal.pdf_gate import GateRefused, examine
from recovery.portal.services.opening import begin
from secal.access.errors import Refused


def upload_deed(*, file_id: uuid.UUID, act_id: uuid.UUID, content: bytes, on: date) -> Document:
    """Keep the deed of an act. What is kept was written anew from the pages that came; sent twice, kept once.

    The name is ours: the one on the bailiff's machine may say anything. Raises Refused; PortalError deed.*.
    """
    file = get_mandated_file(file_id, act="deed.upload", fields=("acts",))
    act = Act.objects.filter(pk=act_id, file=file).first()
    if act is None:
        raise Refused("deed.upload", "no_such_act", NO_SUCH_FILE, file=file_id, hidden=True)
    work = begin(file_id, _mandate_now(file_id, act), act="deed.upload")
    try:
        written = examine(content)
    except GateRefused as refusal:
        raise errors.deed_refused(refusal.code) from refusal
    digest = hashlib.sha256(written).hexdigest()
    known = Document.objects.filter(file=work.file, act=act, sha256=digest).defer("content").first()
    if known is not None:
        return known
    deed = keep_document(
        work.file,
        kind=DocumentKind.DEED,
        name=f"{work.title.number}-{act.kind}-{act.acted_at:%Y%m%d}.pdf",
        content=written,
        media_type="application/pdf",
        on=on,
        title=work.title,
        act=act,
    )
    params = {"title": work.title.number, "act_kind": act.kind}
    add_event(work.file, kind=FileEventKind.ACT, code="deed_kept", on=on, params=params)
    events.deed_kept(file=work.file.pk)
    return deed


def _mandate_now(file_id: uuid.UUID, act: Act) -> uuid.UUID:
    """The mandate that runs today on the title of the act: a successor adds the deeds of their
    predecessor."""
    running = Mandate.objects.filter(title=act.title_id, state=MandateState.RUNNING).first()
    if running is None:
        raise Refused("deed.upload", "no_such_mandate", NO_SUCH_FILE, file=file_id, hidden=True)
    return running.pk
