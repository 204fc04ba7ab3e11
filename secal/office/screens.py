"""A screen: a view inside the office's site, behind login, with the act that the policy must permit."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.cache import never_cache

from secal.access.policy import Facts, require
from secal.office.site import site

View = Callable[..., HttpResponse]

OPEN_TO_ALL = "open"
"""The act of the few pages that need no login (login itself, health, language)."""


def screen(act: str) -> Callable[[View], View]:
    """Declare a view as a screen. No view without one: a test walks every address.

    The role is checked here; what depends on the object (assignment, separation) is checked by the
    selector or service that knows the object.
    """

    def decorate(view: View) -> View:
        @never_cache
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if act != OPEN_TO_ALL:
                if getattr(request, "actor", None) is None:
                    return redirect_to_login(request.path)
                # A refusal names the file that was asked for.
                require(act, Facts(file=kwargs.get("file_id")))
            return view(request, *args, **kwargs)

        guarded.act = act  # type: ignore[attr-defined]
        return guarded

    return decorate


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """A page in the office's frame, rendered at once: inside the transaction that logged its reads."""
    response = TemplateResponse(request, template, {**site.each_context(request), **context}, status=status)
    return response.render()
