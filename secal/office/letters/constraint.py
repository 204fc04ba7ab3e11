"""The constraint (contrainte / dwangbevel): order to pay within 24 hours, its accounting justification and
the copy of the enforceable roll, in one document (law of 27 June 1969, art. 40 §§ 3 to 5)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from secal.office.formatting import date_text
from secal.office.letters import clauses, roll, wording
from secal.office.letters.checking import (
    require_authority,
    require_lines,
    require_party,
    require_payment,
    require_text,
)
from secal.office.letters.errors import part_missing, roll_later


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the layout prints, in the active language. Raises LetterError for what is missing."""
    _check(data)
    account = wording.account(data["lines"])
    total = account["total"]
    return {
        "institution": wording.institution("onss"),
        "running": wording.running_head(data["file_number"], data["payment"]),
        "heading": _("Contrainte"),
        "reference": [
            [_("Contrainte"), data["constraint_number"]],
            [_("Date"), date_text(data["dated"])],
            [_("Dossier"), data["file_number"]],
            [_("Communication structurée"), wording.communication_text(data["payment"])],
        ],
        "debtor_heading": _("Débiteur"),
        "debtor": wording.party(data["debtor"]),
        "title": {
            "heading": _("Titre exécutoire"),
            "paragraphs": [
                _(
                    "Rôle spécial %(number)s, rendu exécutoire le %(day)s par %(name)s, %(capacity)s "
                    "(%(delegation)s)."
                )
                % _roll_values(data["roll"]),
                _("Une copie de ce rôle est annexée."),
            ],
            "basis": clauses.in_words(clauses.LEGAL_BASIS)[0],
        },
        "order": {
            "heading": _("Ordre de payer"),
            "text": clauses.in_words(clauses.ORDER_TO_PAY, total=total)[0],
            "note": clauses.in_words(clauses.COSTS_AND_PART_PAYMENTS)[0],
        },
        "account": {"heading": _("Justification comptable"), **account},
        "payment": wording.payment(data["payment"], total),
        "opposition": {
            "heading": _("Comment former opposition"),
            "paragraphs": clauses.in_words(*clauses.OPPOSITION, court=data["court"]),
        },
        "issued": {"heading": _("Contrainte décernée"), "terms": wording.authority(data["issued"])},
        "data_protection": {
            "heading": _("Vos données"),
            "paragraphs": clauses.data_protection(data["processor"]),
        },
        "version": _("Version du texte légal : %(version)s")
        % {"version": clauses.clause_version("constraint")},
        "annex_heading": _("Annexe – Copie du rôle spécial exécutoire"),
        "roll": roll.section(data["roll"]),
    }


def _check(data: Mapping[str, Any]) -> None:
    require_text(data, "file_number", "court", "processor")
    require_text(data, "constraint_number", part="number")
    require_party(data, "debtor")
    require_lines(data)
    require_payment(data.get("payment"))
    require_authority(data, "issued")
    copy = data.get("roll")
    if not copy:
        raise part_missing("roll")
    require_authority(copy, "enforceable")
    if copy["enforceable"]["on"] > data["dated"]:
        raise roll_later()


def _roll_values(copy: Mapping[str, Any]) -> dict[str, str]:
    signed = copy["enforceable"]
    return {
        "number": copy["roll_number"],
        "day": date_text(signed["on"]),
        "name": signed["name"],
        "capacity": signed["capacity"],
        "delegation": signed["delegation"],
    }
