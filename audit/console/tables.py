"""Tables of the console's pages, as `templates/README.md` wants them."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from audit.console.codes import capacity_text, kind_status, purpose_text
from audit.console.field_words import field_text
from audit.console.obligations import Proof
from audit.console.reasons import reason_text
from audit.console.selectors import Line
from audit.console.wording import RESULTS
from secal.access.roles import Mission, Role
from secal.office.act_words import act_text
from secal.office.page_rules import PageRule


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
    capacity = capacity_text(row.capacity)
    return [
        row.at,
        {"value": line.who or _("personne"), "hint": ", ".join(filter(None, [capacity, row.section]))},
        kind_status(row.kind),
        {"value": act_text(row.act), "hint": ", ".join(field_text(name) for name in row.fields)},
        {"value": line.subject or line.file, "hint": line.file if line.subject else ""},
        {"value": purpose_text(row.purpose), "hint": reason_text(row.reason)},
    ]


def rights(rules: Sequence[PageRule]) -> dict[str, Any]:
    """Each address with what it needs, who may, and what the others get."""
    return {
        "caption": _("Droits par page"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Page")},
            {"label": _("Acte")},
            {"label": _("Rôles d’accès")},
            {"label": _("De qui")},
            {"label": _("Réponse aux autres")},
        ],
        "rows": [{"cells": _rule_cells(rule)} for rule in rules],
        "empty": {
            "title": _("Aucune page"),
            "text": _("Ce rôle n’atteint aucune page de ces sites."),
        },
    }


def _rule_cells(rule: PageRule) -> list[Any]:
    step_up = _("carte présentée à nouveau") if rule.step_up else ""
    missions = [str(Mission(mission).label) for mission in rule.missions]
    charge = _("charge : %(missions)s") % {"missions": ", ".join(missions)} if missions else ""
    return [
        {"value": rule.route, "hint": ", ".join(rule.methods)},
        {"value": act_text(rule.act) if rule.roles else _("sans droit"), "hint": step_up or rule.act},
        {
            "value": _roles(rule.roles) or rule.remark or _("à tous"),
            "hint": charge,
        },
        {"value": rule.title or "–", "hint": rule.whose},
        _answers(rule),
    ]


def _roles(roles: Sequence[Role]) -> str:
    """The roles by name; the whole office in one word."""
    if set(roles) == set(Role):
        return _("tous les rôles")
    if set(roles) == set(Role) - {Role.BAILIFF}:
        return _("tous les rôles, sauf celui d’huissier")
    return ", ".join(str(role.label) for role in roles)


def _answers(rule: PageRule) -> str:
    """What whoever lacks the right gets, and whoever has it but not for this object."""
    if not rule.without_right:
        return "–"
    if not rule.not_theirs:
        return _("refus motivé (%(code)s)") % {"code": rule.without_right}
    return _("refus motivé (%(code)s) ; introuvable (%(hidden)s) si ce n’est pas le sien") % {
        "code": rule.without_right,
        "hidden": rule.not_theirs,
    }


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
