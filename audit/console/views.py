"""The console's pages: overview, search of the log, history, changes of configuration, obligations."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from audit.console import finding, obligations, past, selectors, tables
from audit.console.forms import HistoryForm, SearchForm
from audit.console.wording import PARTS, SITES
from audit.log.reading import Criteria
from secal.access.roles import Role
from secal.office import attention
from secal.office.clock import today
from secal.office.page_rules import PageRule, page_rules
from secal.office.screens import page, screen

A_PAGE = 50


@require_GET
@screen("log.search")
def overview(request: HttpRequest) -> HttpResponse:
    """The last thirty days in numbers, and what waits."""
    seen = selectors.overview(on=today())
    due_url, certificates_url = _address("retention:due"), _address("retention:certificates")
    figures: list[dict[str, Any]] = [
        {"label": _("Refus aujourd’hui"), "value": seen.refusals_today, "strong": True},
        *[
            {
                "label": _("À effacer : %(kind)s") % {"kind": unit.title},
                "value": number,
                "url": due_url,
                "action": _("Voir la liste"),
            }
            for unit, number in seen.due
        ],
    ]
    figures += [
        {
            "label": matter.title,
            "value": matter.count(),
            "url": reverse(matter.url_name),
            "action": _("Voir la liste"),
        }
        for matter in attention.of_whom_is_at_work()
    ]
    context = {"figures": figures, "days": seen.days, "week": seen.week, "certificates_url": certificates_url}
    return page(request, "console/overview.html", context)


@require_http_methods(["GET", "POST"])
@screen("log.search")
def search(request: HttpRequest) -> HttpResponse:
    """A question and a page of its answer; several persons of one name are first told apart."""
    form = SearchForm(request.POST or None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        context |= _answer(form)
    return page(request, "console/search.html", context)


@require_http_methods(["GET", "POST"])
@screen("log.history")
def history(request: HttpRequest) -> HttpResponse:
    """Every change of a file, each as what was and what is."""
    form = HistoryForm(request.POST or None)
    seen = None
    if form.is_bound and form.is_valid():
        seen = past.of_unit(form.cleaned_data["number"], why=form.reason())
        if seen is None:
            form.add_error(
                "number", _("Aucun dossier ne porte ce numéro. Un dossier effacé n’a plus d’histoire.")
            )
    return page(request, "console/history.html", {"form": form, "past": seen})


@require_GET
@screen("log.history")
def configuration(request: HttpRequest) -> HttpResponse:
    """Changes of users, roles and reference data, newest first."""
    lines = Paginator(past.configuration(), A_PAGE).get_page(request.GET.get("page"))
    context = {"lines": lines, "changes": past.told(lines.object_list)}
    return page(request, "console/configuration.html", context)


@require_GET
@screen("permissions.view")
def rights(request: HttpRequest) -> HttpResponse:
    """Every page of both sites with its rule, or those that one role reaches."""
    rules = page_rules()
    role = next((one for one in Role if one.value == request.GET.get("role")), None)
    shown = [rule for rule in rules if role is None or role in rule.roles]
    sites = dict.fromkeys(rule.site for rule in shown)
    context = {
        "filters": _role_filters(rules, role),
        "parts": [
            {
                "title": _(SITES[site]),
                "table": tables.rights([rule for rule in shown if rule.site == site]),
            }
            for site in sites
        ],
    }
    return page(request, "console/rights.html", context)


@require_GET
@screen("obligations.view")
def compliance(request: HttpRequest) -> HttpResponse:
    """Every obligation with what the last run of its tests showed."""
    proofs = selectors.last_proofs()
    context: dict[str, Any] = {"proofs": proofs}
    if proofs is not None:
        parts = {row.ref: row.part for row in obligations.rows()}
        context |= {
            "at": datetime.fromisoformat(proofs.at),
            "other_version": proofs.version != settings.VERSION,
            "version": settings.VERSION,
            "figures": [
                {"label": label, "value": sum(proof.result == result for proof in proofs.obligations)}
                for result, label in (
                    (obligations.PASSED, _("Prouvées")),
                    (obligations.FAILED, _("En échec")),
                    (obligations.NONE, _("Sans preuve")),
                )
            ],
            "parts": [
                {
                    "title": _(title),
                    "table": tables.proofs([row for row in proofs.obligations if parts[row.ref] == part]),
                }
                for part, title in PARTS.items()
            ],
        }
    return page(request, "console/obligations.html", context)


def _answer(form: SearchForm) -> dict[str, Any]:
    """A page of rows; or whom the text may mean; or that it means nobody."""
    chosen: finding.Found | None = form.cleaned_data["chosen"]
    text = form.cleaned_data["about"]
    if chosen is None and text:
        found = finding.find(text, why=form.reason())
        if len(found) != 1:
            return {"choices": found, "nobody": not found, "asked": _asked(form)}
        chosen = found[0]
    criteria = chosen.criteria(**form.others()) if chosen else Criteria(**form.others())
    shown = selectors.search(criteria, why=form.reason(), after=form.cleaned_data["after"])
    after = f"{shown.after.at.isoformat()}|{shown.after.id}" if shown.after else ""
    return {
        "table": tables.log(shown.lines),
        "after": after,
        "asked": [*_asked(form), ("chosen", chosen.token if chosen else "")],
    }


def _role_filters(rules: Sequence[PageRule], current: Role | None) -> list[dict[str, Any]]:
    """A choice for each role, with how many pages it reaches."""
    choices = [{"label": _("Tous"), "url": "?", "current": current is None, "count": len(rules)}]
    choices += [
        {
            "label": role.label,
            "url": f"?role={role.value}",
            "current": role is current,
            "count": sum(role in rule.roles for rule in rules),
        }
        for role in Role
    ]
    return [{"label": _("Rôle d’accès"), "choices": choices}]


def _asked(form: SearchForm) -> list[tuple[str, str]]:
    """The question as hidden fields, for the next page or the choice of a person."""
    return [
        (name, str(form.data.get(name, "")))
        for name in form.fields
        if name not in ("chosen", "after") and form.data.get(name)
    ]


def _address(name: str) -> str:
    """The page of another room, where this office has it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
