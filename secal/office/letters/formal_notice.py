"""The last formal notice (dernière mise en demeure / laatste ingebrekestelling): without it no constraint and
no summons (law of 27 June 1969, art. 40 § 1)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from secal.office.formatting import date_text
from secal.office.letters import clauses, wording
from secal.office.letters.checking import require_lines, require_party, require_payment, require_text
from secal.office.letters.errors import part_missing


def prepare(data: Mapping[str, Any]) -> dict[str, Any]:
    """Everything the layout prints, in the active language. Raises LetterError for what is missing."""
    require_text(data, "file_number")
    require_party(data, "addressee")
    require_payment(data.get("payment"))
    lines = require_lines(data)
    if not any(map(str.strip, data.get("contest_address") or [])):
        raise part_missing("contest_address")
    account = wording.account(lines)
    return {
        "institution": wording.institution("onss"),
        "running": wording.running_head(data["file_number"], data["payment"]),
        "addressee": wording.party(data["addressee"]),
        "heading": _("Dernière mise en demeure"),
        "reference": _reference(data),
        "opening": [
            _("À ce jour, vous devez à l’ONSS les sommes suivantes."),
            _("Leur total est de %(total)s.") % {"total": account["total"]},
        ],
        "account": {"heading": _("Justification comptable"), **account},
        "clause": {
            "heading": _("Ce qui suit si vous ne réagissez pas"),
            "text": clauses.in_words(clauses.NOTICE_CLAUSE)[0],
            "basis": clauses.in_words(clauses.LEGAL_BASIS)[0],
        },
        "payment": wording.payment(data["payment"], account["total"]),
        "contest": {
            "heading": _("Vous n’êtes pas d’accord"),
            "paragraphs": clauses.in_words(*clauses.HOW_TO_CONTEST),
            "address": list(data["contest_address"]),
        },
        "terms": {
            "heading": _("Vous ne pouvez pas payer en une fois"),
            "paragraphs": clauses.in_words(*clauses.HOW_TO_ASK_FOR_TERMS),
        },
        "data_protection": {"heading": _("Vos données"), "paragraphs": clauses.data_protection()},
        "version": _("Version du texte légal : %(version)s")
        % {"version": clauses.clause_version("formal_notice")},
    }


def _reference(data: Mapping[str, Any]) -> list[list[str]]:
    channel = {
        "registered_paper": _("Envoi recommandé"),
        "registered_receipt": _("Envoi recommandé avec accusé de réception"),
        "e_box": _("Envoi par l’e-Box"),
    }[data["channel"]]
    number = data.get("notice_number", "")
    return [
        [_("Date"), date_text(data["dated"])],
        [_("Dossier"), data["file_number"]],
        *([[_("Mise en demeure"), number]] if number else []),
        [_("Communication structurée"), wording.communication_text(data["payment"])],
        [_("Mode d’envoi"), channel],
    ]
