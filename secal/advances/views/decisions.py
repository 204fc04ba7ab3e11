"""The pages of a decision: the proposal with every step, and the decision taken."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from secal.advances.forms.decisions import DecisionForm
from secal.advances.models import AdvanceDecision, Outcome
from secal.advances.rules.decision import ChildProposal, DecisionProposal
from secal.advances.selectors import decisions as selectors
from secal.advances.services.decisions import decide_advance
from secal.advances.wording import REMARKS
from secal.cases.matters import ALIMONY_FILE
from secal.cases.models import ApplicationState
from secal.cases.selectors import identity, missing_items
from secal.kernel.errors import DomainError
from secal.kernel.reckoning import wording as kernel_wording
from secal.office.clock import today
from secal.office.explaining import told
from secal.office.screens import page, screen

SHAPES = {Outcome.GRANTED: "good", Outcome.COLLECTED: "attention", Outcome.REFUSED: "late"}


@require_http_methods(["GET", "POST"])
@screen("advance.decide", of=ALIMONY_FILE)
def decide(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """What the law says of this application, step by step; the officer confirms it or decides otherwise."""
    seen = selectors.study(file_id, on=today())
    if seen.application.state in (ApplicationState.GRANTED, ApplicationState.REFUSED):
        return redirect("advances:decision", file_id)
    proposed = seen.proposal.outcome if seen.proposal else None
    form = DecisionForm(request.POST or None, initial={"outcome": proposed})
    if request.method == "POST" and seen.proposal and form.is_valid():
        try:
            decide_advance(file_id=file_id, on=today(), **form.cleaned_data)
        except DomainError as error:
            form.refuse(error.field, error.text(_))
        else:
            messages.success(request, _("La décision est enregistrée."))
            return redirect("advances:decision", file_id)
    context = {
        "seen": seen,
        "identity": identity(seen.file, url=reverse("files:page", args=[file_id])),
        "form": form,
        "missing": missing_items(seen.application),
        **(_proposal_context(seen.proposal, seen) if seen.proposal else {}),
    }
    return page(request, "advances/decide.html", context)


@require_GET
@screen("file.open", of=ALIMONY_FILE)
def decision(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """The decision taken, as it was reckoned on its day."""
    taken = selectors.decision_of(file_id)
    if taken is None:
        raise Http404
    file = taken.application.file
    context = {
        "decision": taken,
        "motive": taken.open_value("motive"),
        "status": shape_of(taken.outcome),
        "departs": taken.outcome != taken.proposed,
        "identity": identity(file, url=reverse("files:page", args=[file_id])),
        "explanation": told(taken.explanation),
        "rights": rights_table(selectors.rights_of(file)),
        "facts": _facts_of(taken),
    }
    return page(request, "advances/decision.html", context)


def _proposal_context(proposal: DecisionProposal, seen: selectors.Study) -> dict[str, Any]:
    words = {**kernel_wording.REMARKS, **REMARKS}
    return {
        "proposal": proposal,
        "status": shape_of(proposal.outcome),
        "grounds": [_(words[ground]) for ground in proposal.grounds],
        "explanation": told(proposal.explanation),
        "children": _children_table(proposal.children, seen),
        "counted": _counted_table(proposal, seen),
    }


def shape_of(outcome: str) -> dict[str, Any]:
    """The outcome as word and shape."""
    return {"state": SHAPES[Outcome(outcome)], "word": Outcome(outcome).label}


def _children_table(children: tuple[ChildProposal, ...], seen: selectors.Study) -> dict[str, Any]:
    names = {str(place): child.child for place, child in enumerate(seen.children, start=1)}
    words = {**kernel_wording.REMARKS, **REMARKS}
    return {
        "caption": _("Avances par enfant"),
        "columns": [
            {"label": _("Enfant")},
            {"label": _("Né le"), "kind": "date"},
            {"label": _("Terme mensuel"), "kind": "money"},
            {"label": _("Avance mensuelle"), "kind": "money"},
            {"label": _("Du"), "kind": "date"},
            {"label": _("Au"), "kind": "date"},
            {"label": _("Droit"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    str(names[child.key]),
                    names[child.key].birth_date,
                    child.advance.term.due,
                    child.advance.advance if child.open else 0,
                    child.period.first if child.period else None,
                    child.period.last if child.period else None,
                    {
                        "value": {"state": "good", "word": _("ouvert")}
                        if child.open
                        else {"state": "late", "word": _("pas ouvert")},
                        "hint": " ".join(_(words[ground]) for ground in child.grounds),
                    },
                ]
            }
            for child in children
        ],
    }


def _counted_table(proposal: DecisionProposal, seen: selectors.Study) -> dict[str, Any]:
    names = {str(place): str(child.child) for place, child in enumerate(seen.children, start=1)}
    return {
        "caption": _("Termes impayés comptés dans les douze mois avant la demande"),
        "columns": [
            {"label": _("Échéance"), "kind": "date"},
            {"label": _("Enfant")},
            {"label": _("Dû"), "kind": "money"},
            {"label": _("Payé"), "kind": "money"},
            {"label": _("Impayé"), "kind": "money"},
        ],
        "rows": [
            {"cells": [term.due_on, names[selectors.place_of(term)], term.due, term.paid, term.unpaid]}
            for term in proposal.counted
        ],
        "empty": {
            "title": _("Aucun terme impayé dans la période"),
            "text": _("Le relevé de la demande ne montre aucun défaut de paiement dans les douze mois."),
        },
    }


def rights_table(rights: list[Any]) -> dict[str, Any]:
    """Rights as a table: child, period, state."""
    return {
        "caption": _("Droits aux avances"),
        "columns": [
            {"label": _("Enfant")},
            {"label": _("Du"), "kind": "date"},
            {"label": _("Au"), "kind": "date"},
            {"label": _("État")},
        ],
        "rows": [
            {
                "cells": [
                    str(right.beneficiary.child),
                    right.from_on,
                    right.until_on,
                    right.get_state_display(),
                ]
            }
            for right in rights
        ],
        "empty": {
            "title": _("Aucune avance"),
            "text": _("La décision n’ouvre pas de droit aux avances."),
        },
    }


def _facts_of(taken: AdvanceDecision) -> list[dict[str, Any]]:
    return [
        {"label": _("Décidée le"), "date": taken.decided_on},
        {"label": _("Par"), "value": taken.decided_by.display_name},
        {
            "label": _("Prise d’effet"),
            "date": taken.effect_on,
            "hint": _("art. 9 §2 : troisième jour ouvrable"),
        },
        {
            "label": _("Recours jusqu’au"),
            "date": taken.appeal_until,
            "hint": _("art. 9 §3 : juge des saisies"),
        },
    ]
