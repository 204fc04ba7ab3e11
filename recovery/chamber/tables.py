"""Tables and facts of this room's pages, as `templates/README.md` wants them."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from recovery.chamber.models import (
    Departure,
    HoldDecision,
    Member,
    ReceivedList,
    ReceivedOutcome,
    Release,
)
from recovery.chamber.register import PortalUser
from recovery.chamber.selectors import Freshness
from recovery.chamber.wording import reason_text
from secal.access.roles import Role
from secal.office.formatting import date_text, datetime_text, number_text

SHAPES = {
    ReceivedOutcome.ACCEPTED: "good",
    ReceivedOutcome.REFUSED: "late",
    ReceivedOutcome.HELD: "attention",
}


def messages(rows: Iterable[ReceivedList]) -> dict[str, Any]:
    """Every message and what came of it, newest first."""
    return {
        "caption": _("Messages reçus"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro")},
            {"label": _("Contenu")},
            {"label": _("Reçu")},
            {"label": _("Suite"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": _number(row), "url": reverse("chamber:message", args=[row.pk])},
                    row.get_kind_display(),
                    datetime_text(row.received_at),
                    {"value": status(row), "hint": reason_text(row.reason) if row.reason else ""},
                ]
            }
            for row in rows
        ],
        "empty": {
            "title": _("Aucun message encore"),
            "text": _("Le portail s’ouvre avec la première liste acceptée."),
        },
    }


def departures(rows: Iterable[Departure]) -> dict[str, Any]:
    """Who loses access because of a message, and whether it is done."""
    return {
        "caption": _("Départs"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Personne")},
            {"label": _("Étude")},
            {"label": _("Motif")},
            {"label": _("Accès"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": row.user.display_name, "url": reverse("register:entry", args=[row.user_id])},
                    row.user.office.name if row.user.office else "",
                    row.get_cause_display(),
                    {
                        "value": _retired(row),
                        "hint": _("nommé individuellement : n’attend personne") if row.individual else "",
                    },
                ]
            }
            for row in rows
        ],
        "empty": {
            "title": _("Personne"),
            "text": _("Ce message ne retire l’accès de personne."),
        },
    }


def members(rows: Iterable[Member]) -> dict[str, Any]:
    """On the list and not in our register: by the Chamber's own numbers."""
    return {
        "caption": _("Sur la liste, sans accès au portail"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro à la Chambre"), "kind": "code"},
            {"label": _("Qualité")},
            {"label": _("Étude"), "kind": "code"},
            {"label": _("Depuis"), "kind": "date"},
        ],
        "rows": [
            {"cells": [row.number, row.get_capacity_display(), row.office_number, row.valid_from]}
            for row in rows
        ],
        "empty": {
            "title": _("Personne"),
            "text": _("Tous ceux qui sont sur la liste ont accès au portail."),
        },
    }


def users(rows: Sequence[PortalUser], caption: str, empty: str) -> dict[str, Any]:
    """Users of the portal, with the day on which each last came."""
    return {
        "caption": caption,
        "caption_hidden": True,
        "columns": [
            {"label": _("Personne")},
            {"label": _("Étude")},
            {"label": _("Désigné depuis"), "kind": "date"},
            {"label": _("Dernière venue")},
        ],
        "rows": [
            {
                "cells": [
                    {"value": row.name, "url": reverse("register:entry", args=[row.id])},
                    row.office,
                    row.since,
                    date_text(row.last_seen_on) if row.last_seen_on else _("jamais"),
                ]
            }
            for row in rows
        ],
        "empty": {"title": _("Personne"), "text": empty},
    }


def figures(found: Freshness, *, held: int, proposals: int) -> list[dict[str, Any]]:
    """How old the list is, whether bailiffs come in, and what waits."""
    last = datetime_text(found.last_accepted_at) if found.last_accepted_at else _("jamais")
    return [
        {"label": _("Dernière liste acceptée"), "value": last, "strong": True},
        {"label": _("Portail"), "value": _("ouvert") if found.open else _("fermé")},
        {"label": _("Listes retenues"), "value": number_text(held)},
        {"label": _("Propositions"), "value": number_text(proposals)},
    ]


def facts(row: ReceivedList) -> list[dict[str, Any]]:
    """A message: no data of persons."""
    told: list[dict[str, Any]] = [
        {"label": _("Suite"), "status": status(row)},
        {"label": _("Contenu"), "value": row.get_kind_display()},
        {"label": _("Voie"), "value": row.get_channel_display()},
        {"label": _("Fait"), "value": datetime_text(row.made_at)},
        {"label": _("Reçu"), "value": datetime_text(row.received_at)},
        {"label": _("Empreinte"), "value": row.digest[:16]},
    ]
    if row.decision:
        told.insert(1, {"label": _("Décision"), "value": row.get_decision_display()})
    return told


def agreements(given: Release | None) -> list[dict[str, Any]]:
    """Who let a held list go, in which role."""
    if given is None:
        return [{"label": _("Premier accord"), "value": _("attendu")}]
    told = [_agreement(_("Premier accord"), given.first_by.display_name, given.first_role)]
    if given.second_by:
        told.append(_agreement(_("Second accord"), given.second_by.display_name, given.second_role))
    else:
        told.append({"label": _("Second accord"), "value": _("attendu")})
    return told


def status(row: ReceivedList) -> dict[str, Any]:
    outcome = ReceivedOutcome(row.outcome)
    state = "neutral" if row.decision else SHAPES[outcome]
    return {"state": state, "word": outcome.label}


def _agreement(label: str, name: str, role: str) -> dict[str, Any]:
    return {"label": label, "value": name, "hint": str(Role(role).label)}


def _retired(row: Departure) -> dict[str, Any]:
    if row.overtaken:
        return {"state": "neutral", "word": _("gardé : désigné à nouveau depuis")}
    if row.carried_out_at is not None:
        return {"state": "neutral", "word": _("retiré")}
    decision = row.list.decision if row.list else ""
    if row.individual or decision == HoldDecision.RELEASED or not _is_held(row):
        return {"state": "late", "word": _("pas encore retiré")}
    if decision:
        return {"state": "neutral", "word": _("non exécuté")}
    return {"state": "attention", "word": _("attend la décision")}


def _is_held(row: Departure) -> bool:
    return row.list is not None and row.list.outcome == ReceivedOutcome.HELD


def _number(row: ReceivedList) -> str:
    return _("sans numéro") if row.sequence is None else str(row.sequence)
