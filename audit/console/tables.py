"""Tables of the console's pages, as `templates/README.md` wants them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from audit.console.codes import act_text, kind_status, purpose_text
from audit.console.obligations import Proof
from audit.console.selectors import Line
from audit.console.wording import RESULTS


def log(lines: Sequence[Line]) -> dict[str, Any]:
    """Who, what, about whom, when, why: newest first."""
    return {
        "caption": _("Lignes du journal"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Quand"), "kind": "date"},
            {"label": _("Qui")},
            {"label": _("Nature"), "kind": "status"},
            {"label": _("Quoi")},
            {"label": _("Au sujet de")},
            {"label": _("Pourquoi")},
        ],
        "rows": [{"cells": _cells(line)} for line in lines],
        "empty": {
            "title": _("Aucune ligne"),
            "text": _("Rien dans le journal ne répond à ces critères. La recherche y est inscrite."),
        },
    }


def _cells(line: Line) -> list[Any]:
    row = line.row
    return [
        row.at,
        {"value": line.who or _("personne"), "hint": ", ".join(filter(None, [row.capacity, row.section]))},
        kind_status(row.kind),
        {"value": act_text(row.act), "hint": ", ".join(row.fields)},
        {"value": line.subject or line.file, "hint": line.file if line.subject else ""},
        {"value": purpose_text(row.purpose), "hint": row.reason},
    ]


def proofs(rows: Sequence[Proof]) -> dict[str, Any]:
    """Each row with its result and how many tests carry it."""
    return {
        "caption": _("Obligations"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Référence"), "kind": "code"},
            {"label": _("Obligation")},
            {"label": _("Preuve"), "kind": "status"},
            {"label": _("Tests"), "kind": "number"},
        ],
        "rows": [
            {
                "cells": [
                    proof.ref,
                    _(proof.text),
                    {"value": {"state": RESULTS[proof.result][0], "word": _(RESULTS[proof.result][1])}},
                    len(proof.tests),
                ]
            }
            for proof in rows
        ],
    }
