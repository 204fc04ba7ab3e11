"""The evidence of a quarterly review of rights: who held what, what two watchers said of it, and when."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from secal.office.formatting import date_text, number_text
from secal.office.letters import wording
from secal.office.letters.checking import require_text
from secal.office.letters.errors import part_missing


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the layout prints, in the active language. Raises LetterError for what lacks."""
    require_text(data, "review", "sha256")
    for part in ("opened", "confirmed"):
        if not data.get(part):
            raise part_missing(part)
        require_text(data[part], "who", part=part)
    if not data.get("groups"):
        raise part_missing("groups")
    rows = [row for group in data["groups"] for row in group["rows"]]
    ended = sum(1 for row in rows if row["ends"])
    return {
        "institution": wording.institution("secal"),
        "running": [data["review"]],
        "heading": _("Révision des droits d’accès"),
        "opening": _(
            "Chaque droit en vigueur à l’ouverture de la révision, et ce que deux personnes en ont décidé : "
            "le coordinateur de la sécurité a répondu, le délégué à la protection des données a confirmé."
        ),
        "reference": [
            [_("Trimestre"), data["review"]],
            [_("Ouverte"), _by(data["opened"])],
            [_("Confirmée"), _by(data["confirmed"])],
            [_("Droits revus"), _count(len(rows))],
            [_("À conserver"), _count(len(rows) - ended)],
            [_("À terminer"), _count(ended)],
        ],
        "columns": [_("Personne"), _("Droit"), _("Jours"), _("Réponse")],
        "groups": [
            {"plane": group["plane"], "rows": [_row(row) for row in group["rows"]]}
            for group in data["groups"]
        ],
        "controllers": {
            "heading": _("Responsables du traitement"),
            "paragraphs": [
                _(
                    "Le registre des utilisateurs sert deux responsables : le SPF Finances pour le service "
                    "des créances alimentaires, et l’Office national de sécurité sociale pour le "
                    "recouvrement des arriérés de cotisations."
                ),
                _("Ce document ne nomme que des membres du personnel, dans leur fonction."),
            ],
        },
        "manifest": {
            "heading": _("Empreinte"),
            "text": _("Empreinte SHA-256 des lignes figées de cette révision :"),
            "sha256": data["sha256"],
        },
    }


def _by(part: Mapping[str, Any]) -> str:
    return _("le %(on)s, par %(who)s") % {"on": date_text(part["on"]), "who": part["who"]}


def _row(row: Mapping[str, Any]) -> list[str]:
    verdict = _("à terminer") if row["ends"] else _("à conserver")
    first, last = date_text(row["first"]), date_text(row["last"])
    days = _("du %(first)s au %(last)s") if row["last"] else _("depuis le %(first)s")
    return [
        _("%(name)s, %(section)s") % {"name": row["name"], "section": row["section"]},
        row["right"],
        days % {"first": first, "last": last},
        _("%(verdict)s (%(by)s)") % {"verdict": verdict, "by": row["by"]},
    ]


def _count(number: int) -> str:
    return number_text(number, get_language())
