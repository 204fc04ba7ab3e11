"""The page of a file, its papers, and the receipts of what was recorded."""

import uuid
from typing import TypeVar

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from recovery.cases.matters import MANDATED_FILE
from recovery.portal import selectors, tables
from recovery.portal.pages import page
from recovery.portal.views.common import file_context, now
from secal.office.clock import today
from secal.office.screens import screen

ENDINGS = {"application/pdf": "pdf"}
Answer = TypeVar("Answer")


@require_GET
@screen("portal.open", of=MANDATED_FILE)
def file(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """All that recovery needs of a file, and the acts that are possible."""
    room = selectors.open_room(file_id, now=now())
    context = file_context(room.file)
    context["identity"]["next_step"] = tables.next_step(room.next, file_id=room.file.pk)
    context |= {
        "room": room,
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
@screen("portal.open", of=MANDATED_FILE)
def document(request: HttpRequest, file_id: uuid.UUID, document_id: uuid.UUID) -> HttpResponse:
    """One paper, to be saved: never shown inside a page of ours. Its name is made by us."""
    paper, content = _found(selectors.take_document(file_id, document_id))
    name = f"{paper.file.number}-{paper.kind}-{paper.made_on:%Y%m%d}.{ENDINGS.get(paper.media_type, 'bin')}"
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=paper.media_type, headers=headers)


@require_GET
@screen("portal.open", of=MANDATED_FILE)
def act_done(request: HttpRequest, file_id: uuid.UUID, act_id: uuid.UUID) -> HttpResponse:
    """The receipt of an act: its number, and what was recorded."""
    opened, told = _found(selectors.open_act(file_id, act_id))
    shown = {"told": told, "facts": tables.act_facts(told), "deeds": tables.deeds(told)}
    return page(request, "portal/act_done.html", {**file_context(opened), **shown})


@require_GET
@screen("portal.open", of=MANDATED_FILE)
def payment_done(request: HttpRequest, file_id: uuid.UUID, payment_id: uuid.UUID) -> HttpResponse:
    """The receipt of a payment, and whether the office has booked it."""
    opened, payment = _found(selectors.open_payment(file_id, payment_id))
    shown = {"facts": tables.payment_facts(payment)}
    return page(request, "portal/payment_done.html", {**file_context(opened), **shown})


def _found(answer: Answer | None) -> Answer:
    """What a selector found. Raises Http404 when it found nothing."""
    if answer is None:
        raise Http404
    return answer
