"""The door: the login page, the way to the identity provider and back, and the way out."""

import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from audit.log import events as log
from secal.access import oidc, seats, selectors
from secal.access.actors import Actor
from secal.access.models import User
from secal.access.provider import ProviderUnavailable
from secal.access.sessions import ENDED, log_session

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
    """One button. Says nothing about who has an account."""
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
    if settings.SITE.needs_door:
        return _seat(request, proven)
    user = User.objects.filter(subject=proven.subject).first()
    if user is None:
        return _refused(request, "login.unknown_person")
    actor = selectors.actor_or_none(user.pk)
    if actor is None:
        return _refused(request, "login.no_role" if user.is_active else "login.inactive", user=user.pk)
    if selectors.admitted(actor) is None:
        return _refused(request, "login.other_site", user=user.pk)
    auth.login(request, user, backend="secal.access.backends.SessionOnlyBackend")
    return _let_in(request, actor, proven.wanted)


@open_to_all
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Out: the session is destroyed and the browser asked to forget what it kept."""
    actor = getattr(request, "actor", None)
    if actor is not None:
        log_session("access.logout", actor, log.record_logout)
    auth.logout(request)
    response = redirect("access:login")
    seats.leave(request, response)
    response.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return response


def _seat(request: HttpRequest, proven: oidc.Proven) -> HttpResponse:
    """A seat at the portal, which the database itself knows."""
    try:
        seat = seats.open_seat(proven.subject)
    except seats.SeatRefused as refusal:
        return _refused(request, refusal.code, user=refusal.user_id)
    seats.enter(seat.token)
    actor = selectors.actor_of(seat.user_id)
    auth.logout(request)
    response = _let_in(request, actor, proven.wanted)
    seats.give(response, seat)
    return response


def _let_in(request: HttpRequest, actor: Actor, wanted: str) -> HttpResponse:
    log_session("access.login", actor, log.record_login)
    response = redirect(wanted)
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            actor.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite="Lax",
        )
    return response


def _refused(request: HttpRequest, code: str, *, user: uuid.UUID | None = None) -> HttpResponse:
    """The same page whatever the reason; the reason is for the security log."""
    log.record_refusal("access.login", reason=code, subject=user)
    return render(request, "access/refused.html", status=403)


def _unavailable(request: HttpRequest, error: ProviderUnavailable) -> HttpResponse:
    trouble.warning("identity_provider_unavailable", cause=str(error))
    return _login_page(request, unavailable=True, status=503)


def _login_page(request: HttpRequest, *, status: int = 200, **context: Any) -> HttpResponse:
    return render(request, "access/login.html", {"wanted": _wanted(request), **context}, status=status)


def _wanted(request: HttpRequest) -> str:
    """The page asked for before the login, if it is one of ours."""
    wanted = request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return reverse(settings.LOGIN_REDIRECT_URL)
