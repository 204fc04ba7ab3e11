"""What the pages of one file share: the moment, the door of a form, the round of fill in, check and send."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from recovery.cases.models import Mandate, RecoveryFile
from recovery.cases.selectors import get_mandated_file, identity, own_running_mandates
from recovery.portal.pages import page
from secal.kernel.errors import DomainError

KEPT_OUT = ("csrfmiddlewaretoken", "step")
now = timezone.localtime


@dataclass(frozen=True, slots=True)
class Desk:
    """A file opened for a form, with the mandates under which the office may act."""

    file: RecoveryFile
    mandates: list[Mandate]

    @property
    def context(self) -> dict[str, Any]:
        return file_context(self.file)


def desk(file_id: uuid.UUID, act: str) -> Desk:
    """Raises Refused, hidden, for a file that is not mandated to the office."""
    file = get_mandated_file(file_id, act=act, fields=("number", "name", "titles"))
    return Desk(file, list(own_running_mandates(file)))


def file_context(file: RecoveryFile) -> dict[str, Any]:
    """A file opened through the door, with its identity bar: without the bailiff, who is the reader."""
    bar = identity(file, url=reverse("portal:file", args=[file.pk]), bailiff=False)
    return {"file": file, "identity": bar}


def round_of(
    request: HttpRequest,
    form: Any,
    *,
    template: str,
    context: dict[str, Any],
    check: Callable[[], dict[str, Any]],
    send: Callable[[], HttpResponse],
) -> HttpResponse:
    """Fill in, check the answers, send. The check page carries the answers; nothing is kept before it is
    sent.

    check   what the page before sending shows; send: record, and where to go. Both may raise DomainError.
    """
    step = request.POST.get("step", "")
    if step in ("check", "send") and form.is_valid():
        try:
            if step == "send":
                return send()
            answers = [
                (name, value)
                for name in request.POST
                if name not in KEPT_OUT
                for value in request.POST.getlist(name)
            ]
            return page(request, "portal/check.html", {**context, "answers": answers, **check()})
        except DomainError as error:
            form.refuse(error)
    return page(request, template, {**context, "form": form})
