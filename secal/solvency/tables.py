"""Tables and facts of the solvency pages, as `templates/README.md` wants them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from secal.access.policy import may
from secal.solvency.models import (
    Reexamination,
    ReviewOutcome,
    SolvencyReview,
    Suspension,
    SuspensionState,
)
from secal.solvency.rules import InventoryLine, balance
from secal.solvency.selectors import calendar_parameters
from secal.solvency.services import Conclusion
from secal.solvency.wording import KINDS

SHAPES = {
    ReviewOutcome.POSITIVE: "good",
    ReviewOutcome.NEGATIVE: "late",
    ReviewOutcome.FACILITIES: "underway",
}
SUSPENSION_SHAPES = {
    SuspensionState.PROPOSED: "attention",
    SuspensionState.APPROVED: "good",
    SuspensionState.RETURNED: "late",
}


def shape_of(outcome: str) -> dict[str, Any]:
    """The outcome as word and shape."""
    return {"state": SHAPES[ReviewOutcome(outcome)], "word": ReviewOutcome(outcome).label}


def history(reviews: Sequence[SolvencyReview]) -> dict[str, Any]:
    """Every review, latest first, each with its page."""
    return {
        "caption": _("Examens précédents"),
        "columns": [
            {"label": _("Date"), "kind": "date"},
            {"label": _("Conclusion"), "kind": "status"},
            {"label": _("Suite")},
            {"label": _("Par")},
            {"label": _("Examen suivant"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": review.reviewed_on,
                        "url": reverse("solvency:past", args=[review.file_id, review.pk]),
                    },
                    shape_of(review.outcome),
                    review.get_procedure_display(),
                    review.reviewed_by.display_name,
                    review.next_review_on,
                ]
            }
            for review in reviews
        ],
        "empty": {
            "title": _("Aucun examen encore"),
            "text": _("Le premier examen fixera la suite du recouvrement et la date du suivant."),
        },
    }


def inventory(lines: Sequence[InventoryLine]) -> dict[str, Any]:
    """Means, then charges, with what is left."""
    sums = balance(lines)
    ordered = sorted(lines, key=lambda line: line.is_charge)
    return {
        "caption": _("Ressources et charges par mois"),
        "columns": [
            {"label": _("Nature")},
            {"label": _("Précision")},
            {"label": _("Source")},
            {"label": _("Ressources"), "kind": "money"},
            {"label": _("Charges"), "kind": "money"},
        ],
        "rows": [
            {
                "cells": [
                    str(KINDS[line.kind]),
                    line.label,
                    line.source,
                    None if line.is_charge else line.amount,
                    line.amount if line.is_charge else None,
                ]
            }
            for line in ordered
        ],
        "totals": [
            {"cells": [_("Total"), "", "", sums.means, sums.charges]},
            {"cells": [_("Reste par mois"), "", "", sums.left, None]},
        ],
        "empty": {
            "title": _("Aucune ressource ni charge relevée"),
            "text": _("La motivation dit alors sur quoi repose la conclusion."),
        },
    }


def conclusion_facts(conclusion: Conclusion) -> list[dict[str, Any]]:
    return [
        {"label": _("Conclusion"), "status": shape_of(conclusion.outcome)},
        {"label": _("Suite"), "value": conclusion.procedure.label},
        {"label": _("Examen suivant"), "date": conclusion.next_review_on},
        {"label": _("Motivation"), "value": conclusion.reasons},
    ]


def review_facts(review: SolvencyReview) -> list[dict[str, Any]]:
    return [
        {"label": _("Examiné le"), "date": review.reviewed_on},
        {"label": _("Par"), "value": review.reviewed_by.display_name},
        {"label": _("Suite"), "value": review.get_procedure_display()},
        {"label": _("Examen suivant"), "date": review.next_review_on},
    ]


def suspension_facts(suspension: Suspension) -> list[dict[str, Any]]:
    """Who proposed it, who decided, and from when it holds."""
    state = SuspensionState(suspension.state)
    facts: list[dict[str, Any]] = [
        {"label": _("Suspension"), "status": {"state": SUSPENSION_SHAPES[state], "word": state.label}},
        {"label": _("Proposée par"), "value": suspension.proposed_by.display_name},
        {"label": _("Proposée le"), "date": suspension.proposed_on},
    ]
    if suspension.decided_by is not None:
        facts += [
            {"label": _("Décidée par"), "value": suspension.decided_by.display_name},
            {"label": _("Décidée le"), "date": suspension.decided_on},
        ]
    if suspension.effective_on is not None:
        facts.append({"label": _("Prend effet le"), "date": suspension.effective_on})
    return facts


def usual_delays(on: date) -> list[dict[str, Any]]:
    """The office's usual delay after each outcome, for the form's hint."""
    return [
        {"outcome": outcome.label, "months": calendar_parameters(outcome, on=on).months.value}
        for outcome in ReviewOutcome
    ]


def calendar(lines: Sequence[Reexamination]) -> dict[str, Any]:
    """Who is to be examined when; whoever may not examine is led to the file."""
    page = "solvency:review" if may("solvency.review") else "files:page"
    return {
        "caption": _("Calendrier des examens"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Dossier")},
            {"label": _("Débiteur")},
            {"label": _("À examiner"), "kind": "deadline"},
            {"label": _("Dernière conclusion"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": line.file.number, "url": reverse(page, args=[line.file_id])},
                    str(line.file.debtor),
                    line.due_on,
                    shape_of(line.review.outcome) if line.review else None,
                ]
            }
            for line in lines
        ],
        "empty": {
            "title": _("Aucun examen prévu"),
            "text": _("Un examen se prévoit quand un dossier qui vous est attribué passe en recouvrement."),
        },
    }
