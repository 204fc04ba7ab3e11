"""Extract of the special roll (rôle spécial / bijzonder kohier): once enforceable, the title itself
(law of 27 June 1969, art. 40 § 2)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from secal.office.formatting import date_text
from secal.office.letters import clauses, wording
from secal.office.letters.checking import require_authority, require_lines, require_party, require_text


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """The extract as a paper of its own, in the active language. Raises LetterError for what is missing."""
    return {
        "institution": wording.institution("onss"),
        "heading": _("Extrait du rôle spécial"),
        "running": wording.running_head(data.get("file_number", ""), data.get("payment")),
        "roll": section(data),
        "data_protection": {
            "heading": _("Vos données"),
            "paragraphs": clauses.data_protection(data.get("processor", "")),
        },
    }


def section(data: Mapping[str, Any]) -> dict[str, Any]:
    """The roll itself: printed alone as an extract, and copied behind a constraint."""
    require_text(data, "file_number")
    require_text(data, "roll_number", part="number")
    require_party(data, "debtor")
    lines = require_lines(data)
    require_text(data, "drawn_by", "drawn_on", part="drawn_by")
    require_authority(data, "enforceable")
    return {
        "reference": [
            [_("Rôle spécial"), data["roll_number"]],
            [_("Dossier"), data["file_number"]],
            [_("Dressé le"), date_text(data["drawn_on"])],
            [_("Dressé par"), data["drawn_by"]],
        ],
        "debtor_heading": _("Débiteur"),
        "debtor": wording.party(data["debtor"]),
        "account": {"heading": _("Sommes portées au rôle"), **wording.account(lines)},
        "enforceable": {
            "heading": _("Rendu exécutoire"),
            "terms": wording.authority(data["enforceable"]),
            "note": _("Le rôle rendu exécutoire vaut titre exécutoire."),
            "basis": clauses.in_words(clauses.LEGAL_BASIS)[0],
        },
    }
