"""A screen: a view inside the office's site, behind login, with the act that the policy must permit."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from secal.access.errors import Refused
from secal.access.policy import Facts, require
from secal.access.way_back import page_of
from secal.office.site import site

View = Callable[..., HttpResponse]

OPEN_TO_ALL = "open"
"""The act of the few pages that need no login (login itself, health, language)."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What the address of a page names, and whose it may be. The table of permissions tells it.

    whose   in words: who reaches which of them. What is not theirs answers as what does not exist: 404.
    common  everybody who may do the act reaches all of them.
    """

    kind: str
    title: str | Promise
    whose: str | Promise
    common: bool = False


def screen(act: str, *, of: Matter | None = None) -> Callable[[View], View]:
    """Declare a view as a screen: the act that it needs, and what its address names. No view without one: a
    test walks every address.

    The role is checked here; what depends on the object (assignment, separation) is checked by the
    selector or service that knows the object. An object that the view does not find is a refusal like one
    that is somebody else's: the same answer, and a row in the security log.
    """

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if act == OPEN_TO_ALL:
                return view(request, *args, **kwargs)
            if getattr(request, "actor", None) is None:
                return redirect_to_login(page_of(request))
            # A refusal names the file that was asked for.
            require(act, Facts(file=kwargs.get("file_id")))
            try:
                return view(request, *args, **kwargs)
            except Http404 as lost:
                raise not_found(act, kwargs.get("file_id")) from lost

        guarded.act = act  # type: ignore[attr-defined]
        guarded.of = of  # type: ignore[attr-defined]
        return guarded

    return decorate


def not_found(act: str, file: uuid.UUID | None) -> Refused:
    """There is nothing at this address, or nothing of theirs: nobody learns which."""
    return Refused(act, "not_found", _("Il n’y a rien à cette adresse."), file=file, hidden=True)


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the office's frame, rendered at once: inside the transaction that logged its reads."""
    response = TemplateResponse(request, template, {**site.each_context(request), **context}, status=status)
    return response.render()
