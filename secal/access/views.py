"""The doors: the login page, the way to the identity provider and back, the card, and the way out."""

import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audit.log import events as log
from audit.log.context import LogContext, logging_as
from secal.access import oidc, seats, selectors
from secal.access.actors import Actor
from secal.access.eid import card as identity_card
from secal.access.eid import channel
from secal.access.errors import Refused
from secal.access.identities import LEVEL, Proven
from secal.access.provider import ProviderUnavailable
from secal.access.seats import ENDED

View = Callable[[HttpRequest], HttpResponse]
trouble = structlog.get_logger(__name__)


def open_to_all(view: View) -> View:
    """The few pages that need no login say so: the walk over every address looks for `act`."""
    guarded = never_cache(view)
    guarded.act = "open"  # type: ignore[attr-defined]
    return guarded


@open_to_all
@require_GET
def login(request: HttpRequest) -> HttpResponse:
    """A button for each door. Says nothing about who has an account."""
    wanted = _wanted(request)
    if getattr(request, "actor", None) is not None:
        return redirect(wanted)
    return _login_page(request, ended=request.session.pop(ENDED, "") if ENDED in request.session else "")


@open_to_all
@require_GET
def begin(request: HttpRequest) -> HttpResponse:
    """Off to the identity provider. A link, not a form: the page's policy lets forms go nowhere else."""
    try:
        return HttpResponseRedirect(oidc.begin(request, wanted=_wanted(request)))
    except ProviderUnavailable as error:
        return _unavailable(request, error)


@open_to_all
@require_GET
def callback(request: HttpRequest) -> HttpResponse:
    """Back from the identity provider: a session for an active user who has a role today, else a refusal."""
    try:
        proven = oidc.complete(request)
    except oidc.LoginRefused as refusal:
        return _refused(request, refusal.code)
    except ProviderUnavailable as error:
        return _unavailable(request, error)
    return _enter(request, proven)


@open_to_all
@require_GET
def card(request: HttpRequest) -> HttpResponse:
    """The second door: the identity card itself, as the proxy hands it over. There is none elsewhere."""
    if not channel.is_door(request):
        raise Refused("access.login", "card.channel", "", hidden=True)
    try:
        proven = identity_card.complete(request, wanted=_wanted(request), now=timezone.now())
    except identity_card.CardRefused as refusal:
        return _refused(request, refusal.code)
    return _enter(request, proven)


@open_to_all
@require_GET
def confirm(request: HttpRequest) -> HttpResponse:
    """The card once more, for somebody at work who wants to do what needs it fresh."""
    if getattr(request, "actor", None) is None:
        return redirect("access:login")
    if channel.is_door(request):
        return redirect(f"{reverse('access:card')}?{urlencode({'next': _wanted(request)})}")
    try:
        return HttpResponseRedirect(oidc.begin(request, wanted=_wanted(request), afresh=True))
    except ProviderUnavailable as error:
        return _unavailable(request, error)


def _enter(request: HttpRequest, proven: Proven) -> HttpResponse:
    """Let in whom a door proved, if they may work here today and nobody else is at work in this browser."""
    at_work = getattr(request, "actor", None)
    if at_work is not None and at_work.niss_bi != proven.niss_bi:
        return _refused(request, "login.somebody_else", user=at_work.id)
    try:
        seat = seats.open_seat(
            proven.subject, niss_bi=proven.niss_bi, authenticated_at=proven.authenticated_at
        )
    except seats.SeatRefused as refusal:
        return _refused(request, refusal.code, user=refusal.user_id)
    return _let_in(request, seat, proven)


@open_to_all
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out: the session is destroyed and the browser asked to forget what it kept."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        _log("access.logout", actor, log.record_logout)
    request.session.flush()
    response = redirect("access:login")
    seats.leave(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _let_in(request: HttpRequest, seat: seats.Seat, proven: Proven) -> HttpResponse:
    """Seated: the cookie, a fresh browser session, and the login in the log."""
    seats.enter(seat.token)
    actor = selectors.actor_of(seat.user_id)
    request.session.flush()
    request.session[LEVEL] = proven.level
    _log("access.login", actor, log.record_login)
    response = redirect(proven.wanted)
    seats.give(response, seat)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            actor.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


def _log(act: str, actor: Actor, record: Callable[[str], None]) -> None:
    """A row of the security log about a session, with its holder as actor."""
    with logging_as(LogContext(actor=actor.id, capacity=actor.capacity, section=actor.section, request="")):
        record(act)


def _refused(request: HttpRequest, code: str, *, user: uuid.UUID | None = None) -> HttpResponse:
    """The same page whatever the reason; the reason is for the security log."""
    log.record_refusal("access.login", reason=code, subject=user)
    return render(request, "access/refused.html", status=403)


def _unavailable(request: HttpRequest, error: ProviderUnavailable) -> HttpResponse:
    trouble.warning("identity_provider_unavailable", cause=str(error))
    return _login_page(request, unavailable=True, status=503)


def _login_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    words = {"wanted": _wanted(request), "card_door": channel.address(), **context}
    return render(request, "access/login.html", words, status=status)


def _wanted(request: HttpRequest) -> str:
    """The page asked for before the login, if it is one of ours."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)
