"""The page of a file, its papers, and the receipts of what was recorded."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from recovery.portal import selectors, tables
from recovery.portal.pages import page
from recovery.portal.views.common import identity, now
from secal.office.clock import today
from secal.office.screens import screen

ENDINGS = {"application/pdf": "pdf"}


@require_GET
@screen("portal.open")
def file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """All that recovery needs of a file, and the acts that are possible."""
    room = selectors.open_room(file_id, now=now())
    bar = {**identity(room.file), "next_step": tables.next_step(room.next)}
    context: dict[str, Any] = {
        "file": room.file,
        "room": room,
        "identity": bar,
        "build_up": tables.build_up(room.due),
        "debtor": tables.debtor(room.debtor),
        "titles": [tables.title(one, on=today()) for one in room.titles],
        "acts": tables.acts(room),
        "payments": tables.payments(room.payments),
        "documents": tables.documents(room),
        "to_serve": any(one.title.served_at is None for one in room.titles),
        "opposed": [one.title for one in room.titles if one.title.opposed],
        "remit_by": room.remit_by,
    }
    return page(request, "portal/file.html", context)


@require_GET
@screen("portal.open")
def document(request: HttpRequest, file_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """One paper, to be saved: never shown inside a page of ours. Its name is made by us."""
    found = selectors.take_document(file_id, document_id)
    if found is None:
        raise Http404
    paper, content = found
    name = f"{paper.file.number}-{paper.kind}-{paper.made_on:%Y%m%d}.{ENDINGS.get(paper.media_type, 'bin')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=paper.media_type, headers=headers)


@require_GET
@screen("portal.open")
def act_done(request: HttpRequest, file_id: uuid.UUID, act_id: uuid.UUID) -> HttpResponse:
    """The receipt of an act: its number, and what was recorded."""
    found = selectors.open_act(file_id, act_id)
    if found is None:
        raise Http404
    opened, told = found
    context = {
        "file": opened,
        "identity": identity(opened),
        "told": told,
        "facts": tables.act_facts(told),
        "deeds": tables.deeds(told),
    }
    return page(request, "portal/act_done.html", context)


@require_GET
@screen("portal.open")
def payment_done(request: HttpRequest, file_id: uuid.UUID, payment_id: uuid.UUID) -> HttpResponse:
    """The receipt of a payment, and whether the office has booked it."""
    found = selectors.open_payment(file_id, payment_id)
    if found is None:
        raise Http404
    opened, payment = found
    context = {
        "file": opened,
        "identity": identity(opened),
        "payment": payment,
        "facts": tables.payment_facts(payment),
    }
    return page(request, "portal/payment_done.html", context)
