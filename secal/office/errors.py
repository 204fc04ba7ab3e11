"""The styled error pages. Each says what happened, what is safe, what to do, and an incident number."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from audit.log import events
from secal.access.errors import Refused
from secal.access.policy import ACTS
from secal.access.roles import PLANE_OF_ROLE, Plane
from secal.office.act_words import act_text

GRANTABLE = frozenset({"role_missing", "not_charged"})
"""Refusals for want of a right that somebody can be given; the others depend on the object."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: names the missing right, who has it, and who can grant it, when the policy said so."""
    if not isinstance(exception, Refused):
        return _page(request, "403", 403)
    context = {
        "refusal": exception,
        "missing_right": act_text(exception.act),
        "grantor": _grantor(exception.act) if exception.reason in GRANTABLE else "",
    }
    return _page(request, "403", 403, **context)


def _grantor(act: str) -> str:
    """Who gives somebody the role that this act needs, in a sentence: nobody gives rights in their own
    plane."""
    planes = {PLANE_OF_ROLE[role] for role in ACTS.get(act, ())}
    if planes - {Plane.USER_ADMINISTRATION, Plane.OVERSIGHT}:
        return _(
            "Un droit est accordé par le gestionnaire des utilisateurs, à la demande "
            "de votre chef de section."
        )
    if Plane.USER_ADMINISTRATION in planes:
        return _("Le coordinateur de la sécurité désigne les gestionnaires des utilisateurs.")
    return _(
        "Personne dans le bureau n’accorde ce droit : les deux surveillants sont inscrits à l’installation, "
        "par l’administrateur de la base de données."
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from a page of ours: a refusal like any other, so it is logged."""
    events.record_refusal("request", reason="csrf")
    return _page(request, "403_csrf", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "404", 404)


def too_many(request: HttpRequest, *, retry_after: int) -> HttpResponse:
    """429: says after how many seconds to try again."""
    response = _page(request, "429", 429, retry_after=retry_after)
    response.headers["Retry-After"] = str(retry_after)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it is the database that does not answer."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return _page(request, "503", 503)
    return _page(request, "500", 500)


def _page(request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
    return render(request, f"errors/{name}.html", context, status=status)
