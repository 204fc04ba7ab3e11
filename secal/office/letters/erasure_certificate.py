"""The certificate of erasure: proof that a file is gone, in numbers and dates only."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from secal.office.formatting import date_text, datetime_text, number_text
from secal.office.letters import wording
from secal.office.letters.checking import require_text
from secal.office.letters.errors import dates_disordered, one_approver, part_missing, residue


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the layout prints, in the active language. Raises LetterError for what lacks or is false."""
    _check(data)
    scan = data["scan"]
    return {
        "institution": wording.institution(data["institution"]),
        "running": [data["certificate_number"]],
        "heading": _("Certificat d’effacement"),
        "opening": _(
            "Ce certificat ne contient que des numéros, des dates et qui a approuvé. Il ne nomme pas la "
            "personne dont les données ont été effacées."
        ),
        "reference": _reference(data),
        "approvals": {
            "heading": _("Approbations"),
            "columns": [_("Par"), _("En qualité de"), _("Quand")],
            "rows": [[a["who"], a["capacity"], datetime_text(a["at"])] for a in data["approvals"]],
        },
        "erased": {
            "heading": _("Ce qui a été effacé"),
            "columns": [_("Table de la base"), _("Lignes")],
            "rows": [[row["table"], _count(row["rows"])] for row in data["erased"]],
            "total": [_("Total"), _count(sum(row["rows"] for row in data["erased"]))],
            "terms": [[_("Clés détruites"), _count(data["keys_destroyed"])]],
        },
        "scan": {
            "heading": _("Recherche de traces"),
            "terms": [
                [_("Faite le"), datetime_text(scan["at"])],
                [_("Colonnes fouillées"), _count(scan["columns"])],
                [_("Traces trouvées"), _count(scan["hits"])],
            ],
        },
        "dates": _dates(data),
        "manifest": {
            "heading": _("Manifeste"),
            "text": _("Empreinte SHA-256 du manifeste de cet effacement :"),
            "sha256": data["manifest_sha256"],
        },
    }


def _check(data: Mapping[str, Any]) -> None:
    require_text(data, "certificate_number", "unit_number", part="number")
    require_text(data, "ground", "manifest_sha256")
    approvals = data.get("approvals") or []
    if not approvals:
        raise part_missing("approvals")
    if len({approval["who"] for approval in approvals}) < 2:
        raise one_approver()
    if not data.get("erased"):
        raise part_missing("erased")
    if data["scan"]["hits"]:
        raise residue(data["scan"]["hits"])
    if not data["logical_on"] <= data["keys_gone_on"] <= data["backups_gone_on"]:
        raise dates_disordered()


def _reference(data: Mapping[str, Any]) -> list[list[str]]:
    kind = {
        "recovery_file": _("Dossier de recouvrement"),
        "alimony_file": _("Dossier de créances alimentaires"),
    }[data["unit_kind"]]
    return [
        [_("Certificat"), data["certificate_number"]],
        [_("Date"), date_text(data["dated"])],
        [kind, data["unit_number"]],
        [_("Motif"), data["ground"]],
        [_("À effacer depuis le"), date_text(data["due_since"])],
    ]


def _dates(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "heading": _("Les trois dates de l’effacement"),
        "columns": [_("Effacement"), _("Ce que cela veut dire"), _("Date")],
        "rows": [
            [
                _("Logique"),
                _("Les lignes sont effacées et les clés qui les chiffraient sont détruites."),
                date_text(data["logical_on"]),
            ],
            [
                _("Cryptographique"),
                _(
                    "La dernière sauvegarde des clés disparaît : les copies chiffrées ne peuvent plus "
                    "être lues."
                ),
                date_text(data["keys_gone_on"]),
            ],
            [
                _("Physique"),
                _("La dernière sauvegarde qui contient encore ces lignes disparaît."),
                date_text(data["backups_gone_on"]),
            ],
        ],
        "note": _(
            "Jusqu’à la dernière date, une ancienne sauvegarde contient encore des index chiffrés et les "
            "noms gardés pour la recherche : qui la lirait pourrait y retrouver un nom, ou vérifier un "
            "numéro déjà connu avec la clé des index."
        ),
    }


def _count(number: int) -> str:
    return number_text(number, get_language())
