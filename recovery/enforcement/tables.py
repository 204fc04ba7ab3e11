"""Tables and lists of facts of this room's pages."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from recovery.cases.models import Mandate, Title
from recovery.cases.wording import arrondissement_text
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState, Transmission
from recovery.enforcement.rules import SILENCE_DAYS, money_alarm
from recovery.enforcement.selectors.distribution import Held
from recovery.enforcement.selectors.extracts import title_amount
from recovery.enforcement.services.transmission import Skipped
from recovery.enforcement.wording import SKIPPED
from secal.law.onss import remittance_parameters
from secal.office.formatting import date_text

LANGUAGES = {"fr": "FR", "nl": "NL", "de": "DE", "en": "EN"}
PROPOSAL_SHAPES = {
    ProposalState.PROPOSED: "attention",
    ProposalState.APPROVED: "good",
    ProposalState.REFUSED: "late",
    ProposalState.LAPSED: "neutral",
}


def inbox(titles: Sequence[Title], *, on: date) -> dict[str, Any]:
    """Titles that wait for an office. Each has `waiting_since`."""
    return {
        "caption": _("Titres à confier"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Titre")},
            {"label": _("Débiteur")},
            {"label": _("Arrondissement")},
            {"label": _("Langue"), "kind": "code"},
            {"label": _("Montant"), "kind": "money"},
            {"label": _("Attend depuis"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": title.number, "url": reverse("enforcement:distribute", args=[title.pk])},
                    str(title.file.employer),
                    arrondissement_text(title.file.employer.arrondissement),
                    LANGUAGES.get(title.file.language, title.file.language),
                    title_amount(title),
                    {"value": _since(title), "hint": days(on, _since(title))},
                ]
            }
            for title in titles
        ],
        "empty": {
            "title": _("Aucun titre n’attend"),
            "text": _("Les titres que l’ONSS transmet et ceux que les études rendent arrivent ici."),
        },
    }


def board(mandates: Sequence[Mandate], held: Mapping[Any, Held], *, on: date) -> dict[str, Any]:
    """Running mandates, each with `last_act_at` and `silent_from`."""
    return {
        "caption": _("Mandats en cours"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Titre")},
            {"label": _("Débiteur")},
            {"label": _("Étude")},
            {"label": _("Dernier acte"), "kind": "date"},
            {"label": _("Silence"), "kind": "status"},
            {"label": _("Chez l’huissier"), "kind": "money"},
            {"label": _("Versement"), "kind": "status"},
        ],
        "rows": [_board_row(mandate, held.get(mandate.file.book_id), on) for mandate in mandates],
        "empty": {
            "title": _("Aucun mandat en cours"),
            "text": _(
                "Confiez un titre à une étude : son mandat paraît ici "
                "jusqu’à ce qu’elle le rende ou le clôture."
            ),
            "url": reverse("enforcement:inbox"),
            "action": _("Titres à confier"),
        },
    }


def preview_going(titles: Sequence[Title]) -> dict[str, Any]:
    return {
        "caption": _("Seront transmis"),
        "columns": [
            {"label": _("Titre")},
            {"label": _("Débiteur")},
            {"label": _("Décerné le"), "kind": "date"},
            {"label": _("Montant"), "kind": "money"},
        ],
        "rows": [
            {"cells": [title.number, str(title.file.employer), title.issued_on, title_amount(title)]}
            for title in titles
        ],
        "empty": {
            "title": _("Aucun titre ne part"),
            "text": _("Aucun des titres cochés ne peut être transmis : voyez pourquoi ci-dessous."),
        },
    }


def preview_skipped(skipped: Sequence[Skipped]) -> dict[str, Any]:
    return {
        "caption": _("Ne seront pas transmis"),
        "columns": [{"label": _("Titre")}, {"label": _("Débiteur")}, {"label": _("Pourquoi")}],
        "rows": [
            {"cells": [line.title.number, str(line.title.file.employer), str(SKIPPED[line.code])]}
            for line in skipped
        ],
    }


def transmissions(listed: Sequence[Transmission]) -> dict[str, Any]:
    """Each with `sent`, how many titles it carried."""
    return {
        "caption": _("Transmissions au concessionnaire"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Transmission")},
            {"label": _("Titres"), "kind": "number"},
            {"label": _("Par")},
            {"label": _("Sous-traitant")},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": date_text(row.transmitted_on),
                        "url": reverse("enforcement:transmission", args=[row.pk]),
                    },
                    row.sent,  # type: ignore[attr-defined]
                    row.transmitted_by.display_name,
                    row.processor,
                ]
            }
            for row in listed
        ],
        "empty": {
            "title": _("Rien n’a encore été transmis"),
            "text": _("Choisissez des contraintes décernées : elles partent ensemble au concessionnaire."),
            "url": reverse("enforcement:to_transmit"),
            "action": _("Contraintes à transmettre"),
        },
    }


def proposals(listed: Sequence[IrrecoverabilityProposal]) -> dict[str, Any]:
    return {
        "caption": _("Propositions à décider"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Dossier")},
            {"label": _("Débiteur")},
            {"label": _("Proposée par")},
            {"label": _("Le"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": row.file.number, "url": reverse("enforcement:decide", args=[row.pk])},
                    str(row.file.employer),
                    row.proposed_by.display_name,
                    row.proposed_on,
                ]
            }
            for row in listed
        ],
        "empty": {
            "title": _("Aucune proposition n’attend"),
            "text": _("Les agents de perception proposent l’irrécouvrabilité depuis la page d’un dossier."),
        },
    }


def proposal_status(proposal: IrrecoverabilityProposal) -> dict[str, Any]:
    state = ProposalState(proposal.state)
    return {"state": PROPOSAL_SHAPES[state], "word": state.label}


def days(on: date, since: date) -> str:
    """How long ago, in whole days."""
    count = (on - since).days
    return ngettext("%(n)d jour", "%(n)d jours", count) % {"n": count}


def _since(title: Title) -> date:
    since: date = title.waiting_since  # type: ignore[attr-defined]
    return since


def _board_row(mandate: Any, held: Held | None, on: date) -> dict[str, Any]:
    last = timezone.localdate(mandate.last_act_at) if mandate.last_act_at else None
    silence = (on - mandate.silent_from).days
    return {
        "cells": [
            mandate.title.number,
            str(mandate.file.employer),
            mandate.office.name,
            {"value": last, "hint": "" if last else _("aucun acte depuis le mandat")},
            {
                "value": {
                    "state": "attention" if silence > SILENCE_DAYS else "neutral",
                    "word": days(on, mandate.silent_from),
                }
            },
            held.amount if held else None,
            _remittance(held, on),
        ]
    }


def _remittance(held: Held | None, on: date) -> dict[str, Any]:
    """The alarm on money held, with the day until which it may be (Judicial Code art. 522/1)."""
    if held is None or held.oldest_on is None:
        return {"value": None}
    parameters = remittance_parameters(on=held.oldest_on)
    state, until = money_alarm(held.amount, held.oldest_on, on=on, parameters=parameters)
    words = {
        "underway": _("à verser avant le %(day)s"),
        "attention": _("aurait dû être versé le %(day)s"),
        "late": _("délai dépassé le %(day)s : compte spécial obligatoire"),
    }
    return (
        {"value": {"state": state, "word": words[state] % {"day": date_text(until)}}}
        if state
        else {"value": None}
    )
