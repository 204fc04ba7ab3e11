"""For casework: the application as it was stated, and its papers."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from secal.cases import selectors
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import AlimonyFile, AttachmentKind
from secal.files import drafts
from secal.files.selectors import sent_draft
from secal.files.views.summary import summary_of
from secal.files.views.tabs import tabs_of
from secal.office.screens import page, screen

ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


@require_GET
@screen("file.open", of=ALIMONY_FILE)
def stated(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """What the creditor stated, which may differ from what the office held, and the papers that came with
    it."""
    file = selectors.get_file(
        file_id, purpose="file.work", fields=("application", "address", "iban", "niss_masked", "papers")
    )
    context = {
        "file": file,
        "identity": selectors.identity(file, url=reverse("files:page", args=[file.pk])),
        "tabs": tabs_of(file, current="stated"),
        "papers": _papers_table(file),
        "sections": _sections(file),
    }
    return page(request, "files/stated.html", context)


@require_GET
@screen("file.open", of=ALIMONY_FILE)
def paper(request: HttpRequest, file_id: uuid.UUID, paper_id: uuid.UUID) -> HttpResponse:
    """One paper, to be saved: never shown inside a page of ours, since others made it."""
    file = selectors.get_file(file_id, purpose="file.work", fields=("papers",))
    found = selectors.open_paper(file, paper_id)
    if found is None:
        raise Http404
    attachment, content = found
    name = f"{file.number}-{attachment.kind}.{ENDINGS[attachment.content_type]}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=attachment.content_type, headers=headers)


def _sections(file: AlimonyFile) -> list[dict[str, Any]]:
    draft = sent_draft(file)
    if draft is None or draft.sent_at is None:
        return []
    # Read as on the day on which it was sent, by the office's calendar.
    sent_on = timezone.localdate(draft.sent_at)
    statement = drafts.statement_of(draft, drafts.read(draft), (), today=sent_on)
    return summary_of(statement, [], None)


def _papers_table(file: AlimonyFile) -> dict[str, Any]:
    return {
        "caption": _("Pièces"),
        "columns": [{"label": _("Pièce")}, {"label": _("Reçue le"), "kind": "date"}, {"label": _("Taille")}],
        "rows": [
            {
                "cells": [
                    {
                        "value": AttachmentKind(one.kind).label,
                        "url": reverse("files:paper", args=[file.pk, one.pk]),
                    },
                    one.received_on,
                    _("%(size)s Ko") % {"size": -(-one.size // 1024)},
                ]
            }
            for one in selectors.papers_of(file)
        ],
        "empty": {
            "title": _("Aucune pièce"),
            "text": _("Les pièces apportées à l’introduction apparaissent ici."),
        },
    }
