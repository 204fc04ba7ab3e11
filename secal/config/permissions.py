"""The table of permissions: every address of both sites with its rule, read off the tables of addresses.

What a page needs is said where the page is written (`secal.office.screens.screen`); who may do it, in the
policy. This module only brings the two together. Pages of libraries have their rule here, in words.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from inspect import getclosurevars
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.policy import ACTS, CHARGES, SENSITIVE_ACTS
from secal.access.roles import Role
from secal.config.settings.sites import SERVED
from secal.office.page_rules import PageRule
from secal.office.screens import OPEN_TO_ALL

REFUSED, HIDDEN = "403", "404"

LIBRARIES: Mapping[str, Promise] = {
    "admin": _("Cadre du site : à qui est entré, et sans aucune donnée ; aucun modèle n’y est inscrit."),
    "set_language": _("Choix de la langue : un témoin de connexion, aucune donnée."),
    "prometheus-django-metrics": _("Compteurs techniques, sans aucune donnée."),
}
"""The rule of libraries' pages, by the name or the namespace of their addresses."""


def rules() -> tuple[PageRule, ...]:
    """Every address of every site, in the order of the sites' tables. The worker, which serves nobody, is the
    office once more."""
    return tuple(
        _rule(site.name, name, route, pattern)
        for site in SERVED
        for name, route, pattern in addresses(site.urls)
    )


def addresses(urls: str) -> Iterator[tuple[str, str, URLPattern]]:
    """Each line of a site's table: its name with its namespace, its whole route, and the line itself."""
    yield from _lines(get_resolver(urls), "", "/")


def as_json(found: Sequence[PageRule]) -> str:
    """The rules as JSON, words in French, a line an address: what the accepted table holds. Empty values are
    left out."""
    with translation.override("fr"):
        lines = [
            json.dumps(
                {key: _plain(value) for key, value in asdict(rule).items() if value}, ensure_ascii=False
            )
            for rule in found
        ]
    return "[\n" + ",\n".join(lines) + "\n]"


def _lines(resolver: URLResolver, space: str, prefix: str) -> Iterator[tuple[str, str, URLPattern]]:
    for line in resolver.url_patterns:
        route = prefix + str(line.pattern)
        if isinstance(line, URLResolver):
            yield from _lines(line, line.namespace or space, route)
        else:
            yield f"{space}:{line.name or ''}".strip(":"), route, line


def _rule(site: str, name: str, route: str, pattern: URLPattern) -> PageRule:
    view: Any = pattern.callback
    act = getattr(view, "act", "")
    of = getattr(view, "of", None)
    remark = "" if act else LIBRARIES.get(name, LIBRARIES.get(name.split(":")[0], ""))
    guarded = act not in ("", OPEN_TO_ALL)
    return PageRule(
        site=site,
        name=name,
        route=route,
        act=act,
        methods=_methods(view) if act else (),
        roles=tuple(role for role in Role if guarded and role in ACTS.get(act, ())),
        missions=tuple(sorted(str(mission.value) for mission in CHARGES.get(act, ()))),
        kind=of.kind if of else "",
        title=of.title if of else "",
        whose=of.whose if of else "",
        without_right=REFUSED if guarded else "",
        not_theirs=HIDDEN if of and not of.common else "",
        step_up=act in SENSITIVE_ACTS,
        remark=remark,
    )


def _methods(view: Any) -> tuple[str, ...]:
    """What a page lets itself be asked; none when it names no methods. Nothing is called: Django's decorators
    keep their list beside the view that they wrap."""
    while view is not None:
        named = getclosurevars(view).nonlocals.get("request_method_list")
        if named is not None:
            return tuple(sorted(named))
        view = getattr(view, "__wrapped__", None)
    return ()


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Promise | Role) else value
