"""The texts to accept, what one has accepted, and each of those texts as it was."""

import hashlib
import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from secal.access.commitments import selectors
from secal.access.commitments.services import Proof, give_commitment
from secal.access.commitments.texts import LANGUAGES, Text
from secal.access.identities import LEVEL
from secal.access.models import Commitment, CommitmentKind
from secal.kernel.errors import DomainError
from secal.office import screens
from secal.office.clock import today
from secal.office.commitments import tables
from secal.office.commitments.forms import CommitmentForm
from secal.office.screens import Matter, screen

BEFORE = {"menu": [], "running_jobs": [], "may_search": False}
"""The frame of somebody to whom nothing opens yet: nothing in it leads anywhere."""
OWN = Matter("commitment", gettext_lazy("Un engagement"), gettext_lazy("De chacun les siens."))


@require_http_methods(["GET", "HEAD", "POST"])
@screen("commitment.view")
def commitments(request: HttpRequest) -> HttpResponse:
    """The texts still to accept, one after the other, and what was accepted before."""
    refused = None
    if request.method == "POST":
        refused = _take_down(request)
        if refused is None:
            messages.success(request, _("Votre engagement est enregistré."))
            return _onward(request)
    texts = selectors.to_give(_language(), today())
    given = selectors.own()
    context = {
        "title": _("Avant de commencer") if texts else _("Mes engagements"),
        "to_give": [_offer(text, given, refused) for text in texts],
        "given": tables.given(given),
        "wanted": _wanted(request),
        **(BEFORE if texts else {}),
    }
    return _page(request, "commitments/mine.html", context, status=422 if refused else 200)


@require_safe
@screen("commitment.view", of=OWN)
def text(request: HttpRequest, commitment_id: uuid.UUID) -> HttpResponse:
    """One text as it was accepted."""
    commitment = selectors.own_one(commitment_id)
    context = {
        "title": CommitmentKind(commitment.kind).label,
        "text": selectors.text_of(commitment),
        "facts": tables.facts(commitment),
        **(BEFORE if selectors.to_give(_language(), today()) else {}),
    }
    return _page(request, "commitments/text.html", context)


def _take_down(request: HttpRequest) -> CommitmentForm | None:
    """The form, if it was refused: it says why."""
    form = CommitmentForm(request.POST)
    if form.is_valid():
        answers = form.cleaned_data
        try:
            give_commitment(
                kind=CommitmentKind(answers["kind"]),
                version=answers["version"],
                language=answers["language"],
                digest=bytes.fromhex(answers["digest"]),
                proof=_proof(request),
                on=today(),
            )
        except DomainError as error:
            form.add_error("agreed", str(error))
    return None if form.is_valid() else form


def _proof(request: HttpRequest) -> Proof:
    """The login behind this request: its session, and what was proved at the door."""
    token = request.COOKIES[settings.SEAT_COOKIE_NAME]
    return Proof(request.session.get(LEVEL, ""), hashlib.sha256(token.encode()).digest())


def _offer(text: Text, given: list[Commitment], refused: CommitmentForm | None) -> dict[str, Any]:
    """A text with its box, and the version that the reader accepted before."""
    before = [one.version for one in given if one.kind == text.kind and one.version < text.version]
    return {
        "text": text,
        "before": max(before, default=None),
        "form": CommitmentForm.under(text, refused=refused),
    }


def _onward(request: HttpRequest) -> HttpResponse:
    """To the next text; after the last one to the page asked for."""
    wanted = _wanted(request)
    if selectors.to_give(_language(), today()):
        return redirect(f"{reverse('commitments:mine')}?{urlencode({'next': wanted})}")
    return redirect(wanted)


def _wanted(request: HttpRequest) -> str:
    """The page asked for before the gate, if it is one of ours; else the first page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if safe else reverse(settings.LOGIN_REDIRECT_URL)


def _language() -> str:
    """The language of the screen, in which the texts are read."""
    language = (get_language() or "")[:2]
    return language if language in LANGUAGES else LANGUAGES[0]


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """In the frame of the site that is asked: the portal has no menu and no pages of the office's."""
    if settings.SITE.admits_portal:
        return TemplateResponse(request, template, context, status=status).render()
    return screens.page(request, template, context, status=status)
