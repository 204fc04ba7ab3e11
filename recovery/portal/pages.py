"""A page of the portal, in the family's look and without anything of the office's site."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse


def page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """Rendered at once: inside the transaction that knows who acts and that logged what is shown."""
    return TemplateResponse(request, template, context, status=status).render()
