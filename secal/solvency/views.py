"""The solvency pages: a review with its check before signing, a past review, and the calendar."""

import uuid
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from secal.access.actors import current_actor
from secal.access.policy import Facts, decide
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import FileState
from secal.cases.selectors import get_file, identity
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen
from secal.solvency import selectors, tables
from secal.solvency.forms import LINES, LineFormSet, ReviewForm
from secal.solvency.models import ReviewOutcome
from secal.solvency.rules import NEGATIVE, balance
from secal.solvency.services import Conclusion, Findings, conclude, record_review
from secal.solvency.suspensions import decide_suspension, effective_day, proposed_suspension

A_PAGE = 50


@require_http_methods(["GET", "POST"])
@screen("solvency.review", of=ALIMONY_FILE)
def review(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Fill in, check, sign: the check page carries the answers; nothing is kept before it is signed."""
    room = selectors.review_room(file_id)
    form = ReviewForm(request.POST or None)
    lines = LineFormSet(request.POST or None, initial=_lines_before(room), prefix="line")
    step = request.POST.get("step", "")
    if step in ("check", "sign") and all([form.is_valid(), lines.is_valid()]):
        findings = form.findings(list(lines.forms))
        try:
            if step == "sign":
                return _sign(request, file_id, findings)
            return _check_page(request, room, form, lines, conclude(findings, on=today()))
        except DomainError as error:
            form.refuse(error.field, error.text(_))
    return _form_page(request, room, form, lines)


@require_GET
@screen("file.open", of=ALIMONY_FILE)
def past(request: HttpRequest, file_id: uuid.UUID, review_id: uuid.UUID) -> HttpResponse:
    """What one review found, as it was signed."""
    opened = selectors.past_review(file_id, review_id)
    if opened is None:
        raise Http404
    signed = opened.review
    context = {
        "identity": identity(signed.file, url=reverse("files:page", args=[file_id])),
        "review": signed,
        "reasons": opened.reasons,
        "status": tables.shape_of(signed.outcome),
        "facts": tables.review_facts(signed),
        "inventory": tables.inventory(opened.inventory),
    }
    return page(request, "solvency/past.html", context)


@require_http_methods(["GET", "POST"])
@screen("suspension.decide", of=ALIMONY_FILE)
def suspension(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The second signatory reads the review that proposes a suspension, and approves or sends back."""
    file = get_file(file_id, act="suspension.decide", purpose="solvency", fields=selectors.FIELDS)
    waiting = proposed_suspension(file)
    # What waited when the file was closed is not decided any more.
    if waiting is None or file.state != FileState.ACTIVE:
        if request.method == "POST":
            messages.warning(request, _("Cette suspension n’attend plus de décision."))
            return redirect("files:page", file_id=file.pk)
        raise Http404
    if request.method == "POST":
        approve = request.POST.get("decision") == "approve"
        try:
            decide_suspension(suspension_id=waiting.pk, approve=approve, on=today())
        except DomainError as error:
            messages.error(request, error.text(_))
        else:
            told = (
                _("La suspension est approuvée.")
                if approve
                else _("La proposition est renvoyée au gestionnaire.")
            )
            messages.success(request, told)
        return redirect("files:page", file_id=file.pk)
    opened = selectors.past_review(file.pk, waiting.review_id)
    if opened is None:
        raise Http404
    permission = decide(current_actor(), "suspension.decide", Facts(prepared_by=waiting.proposed_by_id))
    context = {
        "file": file,
        "identity": identity(file, url=reverse("files:page", args=[file.pk])),
        "facts": [*tables.review_facts(opened.review), *tables.suspension_facts(waiting)],
        "reasons": opened.reasons,
        "inventory": tables.inventory(opened.inventory),
        "refused": permission.message,
        "who_may": permission.who_may,
        "effective_on": effective_day(today()),
    }
    return page(request, "solvency/suspension.html", context)


@require_GET
@screen("solvency.list")
def calendar(request: HttpRequest) -> HttpResponse:
    """When each debtor of one's files is looked at again, soonest first."""
    lines = Paginator(selectors.calendar(), A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_calendar(shown)
    return page(request, "solvency/calendar.html", {"lines": lines, "table": tables.calendar(shown)})


def _sign(request: HttpRequest, file_id: uuid.UUID, findings: Findings) -> HttpResponse:
    signed = record_review(file_id=file_id, findings=findings, on=today())
    messages.success(request, _("L’examen est signé ; le débiteur sera réexaminé à la date prévue."))
    return redirect("solvency:past", file_id, signed.pk)


def _form_page(request: HttpRequest, room: selectors.Room, form: ReviewForm, lines: Any) -> HttpResponse:
    context = {
        **_room_context(room),
        "form": form,
        "lines": lines,
        "history": tables.history(room.history),
        "usual": tables.usual_delays(today()),
        "active": room.file.state == FileState.ACTIVE,
    }
    return page(request, "solvency/review.html", context)


def _check_page(
    request: HttpRequest, room: selectors.Room, form: ReviewForm, lines: Any, conclusion: Conclusion
) -> HttpResponse:
    answers = [
        (name, value)
        for name in request.POST
        if name not in ("csrfmiddlewaretoken", "step", "next_review_on")
        for value in request.POST.getlist(name)
    ]
    answers.append(("next_review_on", conclusion.next_review_on.isoformat()))
    context = {
        **_room_context(room),
        "answers": answers,
        "conclusion": conclusion,
        "status": tables.shape_of(conclusion.outcome),
        "facts": tables.conclusion_facts(conclusion),
        "inventory": tables.inventory(conclusion.inventory),
        "suspension_on": _suspension_on(conclusion.outcome, today()),
    }
    return page(request, "solvency/check.html", context)


def _room_context(room: selectors.Room) -> dict[str, Any]:
    last = room.last
    return {
        "file": room.file,
        "identity": identity(room.file, url=reverse("files:page", args=[room.file.pk])),
        "last": last,
        "last_status": tables.shape_of(last.review.outcome) if last else None,
        "last_balance": balance(last.inventory) if last and last.inventory else None,
        "reexamination": room.reexamination,
    }


def _lines_before(room: selectors.Room) -> list[dict[str, Any]]:
    """The lines of the last review, to be confirmed or corrected, and room for more."""
    known = room.last.inventory if room.last else ()
    filled = [
        {
            "kind": line.kind,
            "label": line.label,
            "amount": f"{line.amount:.2f}".replace(".", ","),
            "source": line.source,
        }
        for line in known
    ]
    return filled + [{} for _empty in range(max(LINES - len(filled), 2))]


def _suspension_on(outcome: ReviewOutcome, on: date) -> date | None:
    return effective_day(on) if outcome == NEGATIVE else None
