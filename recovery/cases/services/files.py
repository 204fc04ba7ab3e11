"""Opening a recovery file and keeping its papers."""

import hashlib
from datetime import date

from django.db import connection

from recovery.cases import events
from recovery.cases.models import (
    Act,
    Document,
    DocumentKind,
    FileEventKind,
    RecoveryFile,
    Title,
)
from recovery.cases.timeline import add_event
from secal.access.actors import current_actor
from secal.access.policy import require
from secal.ledger.models import BookKind
from secal.ledger.services.books import open_book
from secal.people.models import Employer
from secal.vault.keystore import create_key


def open_file(employer: Employer, *, on: date) -> RecoveryFile:
    """The employer's running file, locked: the one there is, or a new one with its book and communication.

    Raises Refused.
    """
    require("debt.record")
    Employer.objects.select_for_update().get(pk=employer.pk)
    running = (
        RecoveryFile.objects.select_for_update(no_key=True, of=("self",))
        .filter(employer=employer, ended_on=None)
        .select_related("employer", "book")
        .first()
    )
    if running is not None:
        return running
    file = RecoveryFile.objects.create(
        key_id=create_key("file"),
        number=f"ONSS-{on.year}-{_next('recovery_cases_file_number'):06d}",
        employer=employer,
        book=open_book(kind=BookKind.EMPLOYER, opened_on=on),
        language=employer.language,
        opened_on=on,
    )
    add_event(file, kind=FileEventKind.DEBT, code="file_opened", on=on)
    events.file_opened(file=file.pk, employer=employer.pk)
    return file


def title_number(*, on: date) -> str:
    """The next number of a title: never given twice, also after a file is erased."""
    return f"CT-{on.year}-{_next('recovery_cases_title_number'):06d}"


def keep_document(
    file: RecoveryFile,
    *,
    kind: DocumentKind,
    name: str,
    content: bytes,
    media_type: str,
    on: date,
    title: Title | None = None,
    act: Act | None = None,
) -> Document:
    """Seal a paper with the file's key. The caller has required its own act on the file."""
    document = Document(
        file=file,
        title=title,
        act=act,
        kind=kind,
        media_type=media_type,
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        made_on=on,
        by=current_actor().id,
    )
    document.seal_value("name", name)
    document.seal_value("content", content)
    document.save()
    return document


def _next(sequence: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s::regclass)", [sequence])
        number: int = cursor.fetchone()[0]
    return number
