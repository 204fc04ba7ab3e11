"""The menu of tasks. Each room registers its lines; a person sees those whose act the policy permits."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor
from secal.access.policy import decide

WORK, MONEY, OVERSIGHT, REGISTER, ADMINISTRATION = 1, 2, 8, 9, 10
GROUP_TITLES = {
    WORK: _("Mon travail"),
    MONEY: _("Paiements"),
    OVERSIGHT: _("Contrôle"),
    REGISTER: _("Registre des utilisateurs"),
    ADMINISTRATION: _("Administration"),
}


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One task in the menu: shown to whoever may do `act`."""

    group: int
    order: int
    title: str | Promise
    url_name: str
    act: str
    count: Callable[[], int] | None = None


_lines: list[MenuLine] = []


def register(line: MenuLine) -> None:
    if line not in _lines:
        _lines.append(line)


def for_request(request: HttpRequest) -> list[dict[str, Any]]:
    """The menu for the person asking: groups with their lines; the current page marked."""
    actor = getattr(request, "actor", None)
    if actor is None:
        return []
    allowed = lines_of(actor)
    return [
        {"title": GROUP_TITLES[group], "items": [_item(line, request) for line in lines]}
        for group, lines in groupby(allowed, key=lambda line: line.group)
    ]


def lines_of(actor: Actor) -> list[MenuLine]:
    """The tasks of this person, in their order; the first is their home."""
    return sorted(
        (line for line in _lines if decide(actor, line.act).permitted),
        key=lambda line: (line.group, line.order),
    )


def _item(line: MenuLine, request: HttpRequest) -> dict[str, Any]:
    url = reverse(line.url_name)
    return {
        "title": line.title,
        "url": url,
        "current": request.path == url,
        "count": line.count() if line.count else None,
    }
