"""The month's payment run on the screen: prepare, look through, approve, follow to the bank's last word."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from secal.access.policy import decide
from secal.advances.forms.runs import PrepareForm
from secal.advances.matters import RUN, RUN_LINE
from secal.advances.models import AdvanceRun, RunLine
from secal.advances.rules.candidates import WORDS
from secal.advances.selectors import runs as selectors
from secal.advances.services import runs
from secal.advances.services.runs import RunError
from secal.advances.views.run_steps import RUN_SHAPES, RunSteps, reason_words
from secal.kernel.periods import Month
from secal.office.clock import today
from secal.office.formatting import month_text
from secal.office.job_views import following, is_live
from secal.office.jobs import request_job
from secal.office.screens import page, screen

RUNS_A_PAGE = 24


@require_GET
@screen("run.view")
def run_list(request: HttpRequest) -> HttpResponse:
    return _list_page(request, PrepareForm(on=today()))


@require_POST
@screen("run.prepare")
def prepare(request: HttpRequest) -> HttpResponse:
    """Begin a month's run; a month that has an open one leads to it."""
    form = PrepareForm(request.POST, on=today())
    if not form.is_valid():
        return _list_page(request, form, status=422)
    run = runs.prepare(month=form.cleaned_data["month"], execution_on=form.cleaned_data["execution_on"])
    if run.prepared_by_id != request.actor.id:  # type: ignore[attr-defined]
        messages.info(
            request,
            _("La liste de ce mois est déjà ouverte : %(name)s l’a préparée. La voici.")
            % {"name": run.prepared_by.display_name},
        )
    return redirect("advances:run", run.pk)


def _list_page(request: HttpRequest, form: PrepareForm, status: int = 200) -> HttpResponse:
    listed = Paginator(selectors.list_runs(), RUNS_A_PAGE).get_page(request.GET.get("page"))
    may_prepare = decide(request.actor, "run.prepare").permitted  # type: ignore[attr-defined]
    context = {
        "runs": listed,
        "table": _runs_table(listed.object_list),
        "form": form if may_prepare else None,
    }
    return page(request, "advances/run_list.html", context, status=status)


def _runs_table(listed: Any) -> dict[str, Any]:
    return {
        "caption": _("Listes de paiement"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Mois")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Paiements"), "kind": "number"},
            {"label": _("Montant"), "kind": "money"},
            {"label": _("Exécution"), "kind": "date"},
            {"label": _("Préparée par")},
            {"label": _("Approuvée par")},
        ],
        "rows": [
            {
                "cells": [
                    {"value": run_title(run), "url": reverse("advances:run", args=[run.pk])},
                    {"value": {"state": RUN_SHAPES[run.state], "word": run.get_state_display()}},
                    run.count,
                    run.total,
                    run.execution_on,
                    run.prepared_by.display_name,
                    run.approved_by.display_name if run.approved_by else "–",
                ]
            }
            for run in listed
        ],
        "empty": {
            "title": _("Aucune liste de paiement"),
            "text": _("Préparez la première liste du mois : les avances dues y sont calculées une à une."),
        },
    }


def run_title(run: AdvanceRun) -> str:
    if run.number == 1:
        return month_text(run.month)
    return _("%(month)s, complément %(number)s") % {"month": month_text(run.month), "number": run.number - 1}


@require_GET
@screen("run.view", of=RUN)
def run_page(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The run as a list of steps, one of which is the next."""
    run = _run_or_404(run_id)
    context = RunSteps(run, request.actor).context()  # type: ignore[attr-defined]
    context |= {"run": run, "run_title": run_title(run), "live": is_live(request)}
    return following(request, page(request, "advances/run.html", context), working=context["working"])


@require_POST
@screen("run.approve", of=RUN)
def approve(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    _run_or_404(run_id)
    try:
        runs.approve(run_id=run_id)
    except RunError as error:
        messages.error(request, error.text())
    else:
        messages.success(request, _("Liste approuvée : elle part à la banque."))
    return redirect("advances:run", run_id)


@require_POST
@screen("run.cancel", of=RUN)
def cancel(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    _run_or_404(run_id)
    try:
        runs.cancel(run_id=run_id)
    except RunError as error:
        messages.error(request, error.text())
    else:
        messages.success(
            request, _("Liste abandonnée : rien n’est payé. Une nouvelle liste peut être préparée.")
        )
    return redirect("advances:run", run_id)


@require_POST
@screen("run.send", of=RUN)
def send_again(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Ring for the sending again; the message is the same one, the bank takes it once."""
    _run_or_404(run_id)
    job = request_job("advances.send", str(run_id))
    return redirect("office:job", job.pk)


@require_POST
@screen("report.ask", of=RUN)
def ask_reports(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """Read the bank's mailbox now rather than at the next quarter of an hour."""
    _run_or_404(run_id)
    job = request_job("ledger.collect", f"{timezone.localtime():%Y-%m-%dT%H:%M:%S} {run_id}")
    return redirect("office:job", job.pk)


@require_GET
@screen("run.view", of=RUN)
def lines(request: HttpRequest, run_id: uuid.UUID) -> HttpResponse:
    """The lines of a run, a page at a time, outliers first."""
    run = _run_or_404(run_id)
    show = request.GET.get("show", "payable")
    if show not in selectors.VIEWS:
        raise Http404
    reason = request.GET.get("reason", "")
    exclusion = reason if reason in WORDS else ""
    found = Paginator(selectors.lines_of(run, show=show, exclusion=exclusion), selectors.LINES_A_PAGE)
    shown = found.get_page(request.GET.get("page"))
    selectors.log_lines_shown(shown.object_list)
    context = {
        "run": run,
        "run_title": run_title(run),
        "shown": shown,
        "show": show,
        "filters": _line_filters(show, exclusion),
        "table": _lines_table(run, shown.object_list, show),
    }
    return page(request, "advances/run_lines.html", context)


def _line_filters(show: str, exclusion: str) -> list[dict[str, Any]]:
    words = {
        "payable": _("À payer"),
        "outliers": _("Écarts de plus de 20 %"),
        "excluded": _("Exclusions"),
        "rejected": _("Refus de la banque"),
    }
    groups = [
        {
            "label": _("Montrer"),
            "choices": [
                {"label": words[name], "url": f"?show={name}", "current": name == show}
                for name in selectors.VIEWS
            ],
        }
    ]
    if show == "excluded":
        choices = [{"label": _("Toutes"), "url": "?show=excluded", "current": not exclusion}]
        choices += [
            {"label": _(WORDS[code][0]), "url": f"?show=excluded&reason={code}", "current": code == exclusion}
            for code in WORDS
        ]
        groups.append({"label": _("Motif"), "choices": choices})
    return groups


def _lines_table(run: AdvanceRun, listed: Any, show: str) -> dict[str, Any]:
    before = month_text((Month.of(run.month) + -1).first_day)
    return {
        "caption": _("Lignes de la liste"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Dossier")},
            {"label": _("Avance"), "kind": "money"},
            {"label": before, "kind": "money"},
            {"label": _("État"), "kind": "status"},
            {"label": _("Motif")},
        ],
        "rows": [
            {
                "cells": [
                    _file_cell(run, line),
                    line.amount,
                    line.previous,
                    {"value": {"state": LINE_SHAPES[line.state], "word": line.get_state_display()}},
                    reason_words(line.exclusion)[0] or "–",
                ]
            }
            for line in listed
        ],
        "empty": {
            "title": _("Rien à montrer ici"),
            "text": _("Aucune ligne de cette liste ne correspond à ce choix."),
        },
    }


def _file_cell(run: AdvanceRun, line: RunLine) -> Any:
    if line.right is None:
        return _("dossier effacé")
    url = reverse("advances:run_line", args=[run.pk, line.pk])
    return {"value": line.right.file.number, "url": url}


LINE_SHAPES = {
    "candidate": "underway",
    "excluded": "neutral",
    "instructed": "underway",
    "paid": "good",
    "rejected": "late",
    "dropped": "neutral",
}


@require_GET
@screen("run.view", of=RUN_LINE)
def line_page(request: HttpRequest, run_id: uuid.UUID, line_id: uuid.UUID) -> HttpResponse:
    """How one advance was reckoned, step by step; for whoever may open the file."""
    line = selectors.get_line(line_id)
    if line is None or line.run_id != run_id:
        raise Http404
    reason, remedy = reason_words(line.exclusion)
    context = {
        "line": line,
        "run": line.run,
        "run_title": run_title(line.run),
        "reason": reason,
        "remedy": remedy,
    }
    return page(request, "advances/run_line.html", context)


def _run_or_404(run_id: uuid.UUID) -> AdvanceRun:
    run = selectors.get_run(run_id)
    if run is None:
        raise Http404
    return run
