"""Tables and facts of the retention pages, as `templates/README.md` wants them. No names of parties."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.retention.models import Certificate, ErasureItem, ErasureList, ItemState, ListState
from audit.retention.selectors import DueLine, WatchedList
from audit.retention.wording import REASONS, STEPS, ground_words, kind_words
from secal.access.roles import Role
from secal.office.formatting import datetime_text, number_text

LIST_SHAPES = {
    ListState.PROPOSED: "attention",
    ListState.APPROVED: "underway",
    ListState.RUNNING: "underway",
    ListState.DONE: "good",
    ListState.REJECTED: "neutral",
}
ITEM_SHAPES = {
    ItemState.WAITING: "neutral",
    ItemState.ERASING: "underway",
    ItemState.ERASED: "good",
    ItemState.KEPT_BACK: "attention",
    ItemState.RESIDUE: "late",
}


def list_status(row: ErasureList) -> dict[str, Any]:
    return {"state": LIST_SHAPES[ListState(row.state)], "word": ListState(row.state).label}


def due(lines: Iterable[DueLine]) -> dict[str, Any]:
    """What has to go, why and since when."""
    return {
        "caption": _("À effacer"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro"), "kind": "code"},
            {"label": _("Nature")},
            {"label": _("Motif")},
            {"label": _("À effacer depuis"), "kind": "date"},
            {"label": _("Liste"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    line.unit.number,
                    kind_words(line.kind),
                    ground_words(line.kind, line.unit.ground),
                    line.unit.since,
                    _on_list(line),
                ]
            }
            for line in lines
        ],
        "empty": {
            "title": _("Rien à effacer"),
            "text": _("Aucun dossier n’a dépassé le terme de sa conservation."),
        },
    }


def lists(rows: Iterable[ErasureList]) -> dict[str, Any]:
    """Lists, newest first."""
    return {
        "caption": _("Listes d’effacement"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Liste"), "kind": "code"},
            {"label": _("État"), "kind": "status"},
            {"label": _("Établie le"), "kind": "date"},
            {"label": _("Dossiers"), "kind": "number"},
            {"label": _("Effacés"), "kind": "number"},
            {"label": _("Approbations"), "kind": "number"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": row.number, "url": reverse("retention:list", args=[row.pk])},
                    list_status(row),
                    row.made_on,
                    getattr(row, "units", 0),
                    getattr(row, "erased", 0),
                    getattr(row, "approved", 0),
                ]
            }
            for row in rows
        ],
        "empty": {
            "title": _("Aucune liste encore"),
            "text": _("Le service établit chaque nuit la liste de ce qui ne peut plus être conservé."),
        },
    }


def items(rows: Iterable[ErasureItem]) -> dict[str, Any]:
    """What a list names, and what came of each."""
    return {
        "caption": _("Dossiers de la liste"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro"), "kind": "code"},
            {"label": _("Nature")},
            {"label": _("Motif")},
            {"label": _("À effacer depuis"), "kind": "date"},
            {"label": _("État"), "kind": "status"},
            {"label": _("Certificat"), "kind": "code"},
        ],
        "rows": [
            {
                "cells": [
                    row.number,
                    kind_words(row.unit_kind),
                    ground_words(row.unit_kind, row.ground),
                    row.due_since,
                    _item_status(row),
                    _certificate_cell(row),
                ]
            }
            for row in rows
        ],
    }


def certificates(rows: Iterable[Certificate]) -> dict[str, Any]:
    """Certificates, newest first."""
    return {
        "caption": _("Certificats d’effacement"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Certificat"), "kind": "code"},
            {"label": _("Dossier"), "kind": "code"},
            {"label": _("Nature")},
            {"label": _("Effacé le"), "kind": "date"},
            {"label": _("Liste"), "kind": "code"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": row.number, "url": reverse("retention:certificate", args=[row.pk])},
                    row.item.number,
                    kind_words(row.item.unit_kind),
                    row.made_at,
                    {
                        "value": row.item.list.number,
                        "url": reverse("retention:list", args=[row.item.list_id]),
                    },
                ]
            }
            for row in rows
        ],
        "empty": {
            "title": _("Aucun certificat encore"),
            "text": _("Un certificat est délivré quand un dossier est effacé et que rien n’en reste."),
        },
    }


def alarms(rows: Iterable[ErasureItem]) -> list[dict[str, Any]]:
    """Where something was found after an erasure: table and column, never what."""
    return [
        {
            "title": _("Des données du dossier %(number)s restent") % {"number": row.number},
            "text": _("La recherche en a trouvé ici : %(places)s. Aucun certificat n’est délivré.")
            % {"places": _places(row.scan.get("where", []))},
            "url": reverse("retention:list", args=[row.list_id]),
            "action": row.list.number,
        }
        for row in rows
    ]


def approvals(watched: WatchedList) -> list[dict[str, Any]]:
    """Each approval with its capacity, and what is still to come."""
    given = [
        {
            "label": str(Role(one.role).label),
            "value": _("%(name)s, le %(at)s") % {"name": one.user.display_name, "at": datetime_text(one.at)},
        }
        for one in watched.approvals
    ]
    taken = {one.role for one in watched.approvals}
    if watched.row.state != ListState.PROPOSED:
        return given
    wanted = [Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR]
    return given + [
        {"label": str(role.label), "value": _("attendue")} for role in wanted if role.value not in taken
    ]


def facts(watched: WatchedList, units: int) -> list[dict[str, Any]]:
    """Of the list itself."""
    rows: list[dict[str, Any]] = [
        {"label": _("Établie le"), "date": watched.row.made_on},
        {"label": _("Établie par"), "value": _("le travail de nuit, jamais par qui approuve")},
        {"label": _("Dossiers"), "value": number_text(units)},
    ]
    if watched.row.reject_reason:
        rows.append({"label": _("Motif du rejet"), "value": watched.row.reject_reason})
    return rows


def blocked(watched: WatchedList) -> str:
    """Why the reader may not approve; "" when they may."""
    if watched.approved_by_me:
        return _("Vous avez approuvé cette liste. Une seconde personne doit l’approuver.")
    if watched.role_taken:
        return _("Cette liste a déjà été approuvée dans votre qualité : l’autre approbation manque.")
    return ""


def _on_list(line: DueLine) -> dict[str, Any]:
    if line.on_list:
        return {"state": "underway", "word": _("sur une liste")}
    return {"state": "neutral", "word": _("à la prochaine liste")}


def _item_status(row: ErasureItem) -> dict[str, Any]:
    word = str(ItemState(row.state).label)
    hint = ""
    if row.state == ItemState.KEPT_BACK:
        hint = str(REASONS.get(row.reason, row.reason))
    elif row.state == ItemState.ERASING:
        done = [str(words) for step, words in STEPS.items() if step in row.steps]
        hint = done[-1] if done else ""
    elif row.state == ItemState.RESIDUE:
        hint = _places(row.scan.get("where", []))
    return {"value": {"state": ITEM_SHAPES[ItemState(row.state)], "word": word}, "hint": hint}


def _certificate_cell(row: ErasureItem) -> Any:
    certificate = getattr(row, "certificate", None)
    if certificate is None:
        return ""
    return {"value": certificate.number, "url": reverse("retention:certificate", args=[certificate.pk])}


def _places(where: Sequence[dict[str, Any]]) -> str:
    told = [
        ngettext("%(table)s.%(column)s (%(n)d ligne)", "%(table)s.%(column)s (%(n)d lignes)", place["rows"])
        % {"table": place["table"], "column": place["column"], "n": place["rows"]}
        for place in where[:10]
    ]
    return ", ".join(told)
