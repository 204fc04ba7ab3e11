"""The styled error pages. Each says what happened, what is safe, what to do, and an incident number."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.log import events
from secal.access.errors import Refused
from secal.access.policy import ACTS, may
from secal.access.roles import PLANE_OF_ROLE, Plane
from secal.office.right_words import right_text

GRANTABLE = frozenset({"role_missing", "not_charged"})
"""Refusals for want of a right that somebody can be given; the others depend on the object."""


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, "400", 400)


OTHER_WAY = {"protected_person": ("protection.ask", "files:protected-ask")}
"""Where somebody may still ask for what was refused: the act that it takes, and its page."""


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: names the missing right, who has it, and who can grant it, when the policy said so."""
    if not isinstance(exception, Refused):
        return _page(request, "403", 403)
    context = {
        "refusal": exception,
        "missing_right": right_text(exception.act),
        "other_way": _other_way(exception.reason),
        "grantor": _grantor(exception, request) if exception.reason in GRANTABLE else "",
    }
    return _page(request, "403", 403, **context)


def _other_way(reason: str) -> str:
    act, page = OTHER_WAY.get(reason, ("", ""))
    return reverse(page) if act and may(act) else ""


def _grantor(refusal: Refused, request: HttpRequest) -> str:
    """Who gives somebody the role that this act needs, in a sentence or two: nobody gives rights in their own
    plane, and nobody can be given those of another plane than theirs."""
    planes = {PLANE_OF_ROLE[role] for role in ACTS.get(refusal.act, ())}
    actor = getattr(request, "actor", None)
    if actor is None or actor.plane is None or actor.plane in planes:
        return _giver(planes, excluded=False)
    excluded = _(
        "Votre domaine (%(plane)s) exclut ce droit : tant que vous y êtes, personne ne peut vous l’accorder."
    )
    return f"{excluded % {'plane': Plane(actor.plane).label}} {_giver(planes, excluded=True)}"


def _giver(planes: set[Plane], *, excluded: bool) -> str:
    if planes - {Plane.USER_ADMINISTRATION, Plane.OVERSIGHT}:
        if excluded:
            return _("À d’autres, il est accordé par le gestionnaire des utilisateurs.")
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
