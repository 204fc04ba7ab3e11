"""The pages of quarterly reviews: the list, one with its lines to answer, confirmation, evidence."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from secal.access.actors import Actor, current_actor
from secal.access.policy import Facts, decide, may
from secal.access.roles import Plane
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen
from secal.register import evidence, tables
from secal.register.matters import CONFIRMED_REVIEW, REVIEW
from secal.register.models import Review, ReviewLine, Verdict
from secal.register.selectors import reviews as selectors
from secal.register.selectors.reviews import Standing
from secal.register.services import reviews as services
from secal.register.wording import days_text, quarter_text, right_text

A_PAGE = 50
FIELD = "ligne-"
KEEP_REST = "conserver"
"""The lines that a page shows without an answer, sent with the button that keeps them all."""


@require_GET
@screen("register.matrix")
def reviews(request: HttpRequest) -> HttpResponse:
    """All reviews, and the way to open the quarter's."""
    found = selectors.reviews(on=today())
    context = {
        "table": tables.reviews(found),
        "overdue": [line for line in found if line.overdue],
        "may_open": may("review.open") and selectors.may_open(on=today()),
    }
    return page(request, "register/reviews.html", context)


@require_POST
@screen("review.open")
def open_review(request: HttpRequest) -> HttpResponse:
    """Freeze what is in force today."""
    try:
        made = services.open_review(on=today())
    except DomainError as error:
        messages.error(request, error.text(_))
        return redirect("register:reviews")
    messages.success(request, _("La révision est ouverte : chaque droit en vigueur y attend une réponse."))
    return redirect("register:review", made.pk)


@require_http_methods(["GET", "POST"])
@screen("register.matrix", of=REVIEW)
def review(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """One review: its lines, fifty a page, each with its answer or the two to choose from."""
    standing = _known(review_id)
    if request.method == "POST":
        return _answered(request, standing)
    return _review_page(request, standing, {})


def _review_page(
    request: HttpRequest, standing: Standing, typed: Mapping[uuid.UUID, Verdict], *, status: int = 200
) -> HttpResponse:
    """A page of the lines; with what was typed and could not be kept, where there is such."""
    review_id = standing.review.pk
    actor = current_actor()
    left = request.GET.get("reste") == "1"
    lines = Paginator(selectors.lines(review_id, unanswered=left), A_PAGE).get_page(request.GET.get("page"))
    shown = [_line(actor, standing.review, line, typed.get(line.pk, "")) for line in lines.object_list]
    confirming = decide(actor, "review.confirm", Facts(prepared_by=standing.review.opened_by_id))
    context: dict[str, Any] = {
        "standing": standing,
        "review": standing.review,
        "title": quarter_text(standing.review.period),
        "status": tables.review_status(standing),
        "facts": tables.review_facts(standing),
        "figures": tables.review_figures(standing),
        "lines": lines,
        "shown": shown,
        "answerable": any(line["open"] for line in shown),
        "unanswered": any(line["waits"] for line in shown),
        "left": left,
        "may_confirm": confirming.permitted and standing.review.confirmed_by_id is None,
    }
    return page(request, "register/review.html", context, status=status)


@require_POST
@screen("review.confirm", of=REVIEW)
def confirm(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """The second person."""
    _known(review_id)
    try:
        services.confirm(review_id, on=today())
    except DomainError as error:
        messages.error(request, error.text(_))
    else:
        messages.success(
            request,
            _("Révision confirmée. Le gestionnaire des utilisateurs voit au registre les droits à terminer."),
        )
    return redirect("register:review", review_id)


@require_GET
@screen("register.matrix", of=CONFIRMED_REVIEW)
def proof(request: HttpRequest, review_id: uuid.UUID) -> HttpResponse:
    """The evidence of a confirmed review, made from its frozen lines."""
    found = _known(review_id).review
    if found.confirmed_by_id is None:
        raise Http404
    pdf = evidence.document(found, selectors.frozen(found), language=get_language() or "fr")
    headers = {"Content-Disposition": f'attachment; filename="droits-{found.period:%Y-%m}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


def _known(review_id: uuid.UUID) -> Standing:
    standing = selectors.review(review_id, on=today())
    if standing is None:
        raise Http404
    return standing


def _answered(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Keep the answers that came; lines without one stay as they are, unless the reader keeps them all."""
    found = standing.review
    try:
        verdicts = {
            uuid.UUID(name.removeprefix(FIELD)): Verdict(str(value))
            for name, value in request.POST.items()
            if name.startswith(FIELD)
        }
        keep_rest = "tous" in request.POST
        shown = [uuid.UUID(value) for value in request.POST.getlist(KEEP_REST) if keep_rest]
    except ValueError:
        messages.error(request, _("Cette page est périmée : rechargez-la."))
        return redirect("register:review", found.pk)
    rest = found.lines.filter(pk__in=shown, verdict="").values_list("pk", flat=True)
    wanted = dict.fromkeys(rest, Verdict.KEEP) | verdicts
    try:
        changed = services.answer(found.pk, wanted, on=today())
    except DomainError as error:
        messages.error(request, error.text(_))
        return _review_page(request, _known(found.pk), wanted, status=422)
    messages.success(request, _("Réponses gardées : %(n)s.") % {"n": changed})
    return redirect(_onwards(request, found))


def _onwards(request: HttpRequest, found: Review) -> str:
    """Where the reader goes on: the first page, from this one, with a right that waits for them; else here.

    Of the rights without an answer alone, this page already holds the next ones.
    """
    address = reverse("register:review", args=[found.pk])
    here = Paginator(found.lines.order_by("place"), A_PAGE).get_page(request.GET.get("page"))
    if request.GET.get("reste") == "1":
        return f"{address}?reste=1&page={here.number}"
    waiting = selectors.waiting(current_actor(), found)
    first = waiting.filter(place__gt=here.start_index() - 1).first() or waiting.first()
    number = (first.place - 1) // A_PAGE + 1 if first else here.number
    return f"{address}?page={number}"


def _line(actor: Actor, found: Review, line: ReviewLine, typed: str) -> dict[str, Any]:
    """A line with its words; `open` when the reader may answer it, with what they typed or what is kept."""
    answer = typed or line.verdict
    is_open = may("review.answer") and selectors.answers(actor, found, line)
    is_open = is_open and line.decided_by_id in (None, actor.id)
    return {
        "line": line,
        "field": f"{FIELD}{line.pk}",
        "kind": line.get_kind_display(),
        "plane": Plane(line.plane).label,
        "right": right_text(line.kind, line.what),
        "days": days_text(line.valid_from, line.valid_until),
        "open": is_open,
        "waits": is_open and not line.verdict,
        "own": line.holder_id == actor.id,
        "status": _verdict(line),
        "keeps": answer == Verdict.KEEP,
        "ends": answer == Verdict.END,
    }


def _verdict(line: ReviewLine) -> dict[str, Any]:
    if not line.verdict:
        return {"state": "neutral", "word": _("sans réponse")}
    state = "late" if line.verdict == Verdict.END else "good"
    return {"state": state, "word": str(Verdict(line.verdict).label)}
