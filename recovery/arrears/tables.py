"""Tables and facts of the pages of recovery, as `templates/README.md` wants them."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from recovery.arrears.models import Debt, FormalNotice, Opposition, RollState, SpecialRoll
from recovery.arrears.selectors import Owed
from recovery.cases.models import (
    SEIZURES,
    Act,
    Document,
    Mandate,
    MandateState,
    RecoveryFile,
    Title,
    TitleState,
)
from recovery.cases.selectors import status
from recovery.cases.wording import arrondissement_text, quarter_text
from secal.kernel.money import total
from secal.ledger.models import Head
from secal.ledger.selectors import EmployerFigures

TITLE_SHAPES = {
    TitleState.ISSUED: "neutral",
    TitleState.TRANSMITTED: "underway",
    TitleState.MANDATED: "underway",
    TitleState.SERVED: "attention",
    TitleState.CLOSED: "good",
}
ROLL_SHAPES = {RollState.DRAWN: "attention", RollState.ENFORCEABLE: "good", RollState.WITHDRAWN: "neutral"}
MANDATE_SHAPES = {
    MandateState.RUNNING: "underway",
    MandateState.HANDED_BACK: "neutral",
    MandateState.CLOSED: "good",
}


def files(lines: Iterable[RecoveryFile]) -> dict[str, Any]:
    return {
        "caption": _("Dossiers de recouvrement"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro")},
            {"label": _("Débiteur")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Ouvert le"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {"value": file.number, "url": reverse("arrears:page", args=[file.pk])},
                    str(file.employer),
                    status(file),
                    file.opened_on,
                ]
            }
            for file in lines
        ],
        "empty": {
            "title": _("Aucun dossier"),
            "text": _("Un dossier s’ouvre avec la première dette enregistrée d’un employeur."),
        },
    }


def debts(found: Sequence[Debt], figures: EmployerFigures) -> dict[str, Any]:
    """Each quarter with its heads, what is open, and when it lapses."""
    by_quarter = {line.quarter: line for line in figures.quarters}
    lapses = {debt.quarter: _lapses_on(debt) for debt in found}
    rows = []
    for quarter, line in by_quarter.items():
        parts = {part.head: part.due for part in line.parts}
        rows.append(
            {
                "cells": [
                    quarter_text(quarter) if quarter else "–",
                    parts.get(Head.SOCIAL),
                    parts.get(Head.SURCHARGE),
                    parts.get(Head.INTEREST),
                    parts.get(Head.COSTS),
                    line.paid,
                    line.open,
                    lapses.get(quarter) if quarter else None,
                ]
            }
        )
    return {
        "caption": _("Dettes comptabilisées par trimestre"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Trimestre")},
            *[
                {"label": label, "kind": "money"}
                for label in (
                    _("Cotisations"),
                    _("Majoration"),
                    _("Intérêts"),
                    _("Frais"),
                    _("Payé"),
                    _("Reste dû"),
                )
            ],
            {"label": _("Prescrit après le"), "kind": "date"},
        ],
        "rows": rows,
        "empty": {"title": _("Aucune dette"), "text": _("Enregistrez un trimestre impayé.")},
    }


def owed(lines: Sequence[Owed]) -> dict[str, Any]:
    """The accounting justification of a notice to be sent."""
    return {
        "caption": _("Justification comptable"),
        "columns": _account_columns(),
        "rows": [
            {"cells": [quarter_text(line.debt.quarter), line.head.label, line.amount]} for line in lines
        ],
        "totals": [{"cells": [_("Total"), "", total(line.amount for line in lines)]}],
    }


def roll_lines(roll: SpecialRoll) -> dict[str, Any]:
    lines = list(roll.lines.all())
    return {
        "caption": _("Sommes portées au rôle"),
        "columns": _account_columns(),
        "rows": [
            {
                "cells": [
                    quarter_text(line.charge.debt.quarter),
                    line.charge.get_head_display(),
                    line.amount,
                ]
            }
            for line in lines
        ],
        "totals": [{"cells": [_("Total"), "", total(line.amount for line in lines)]}],
    }


def notices(found: Sequence[FormalNotice], *, may_record: bool) -> dict[str, Any]:
    """The notices with their month, and what of them is contested."""
    return {
        "caption": _("Mises en demeure"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro")},
            {"label": _("Envoyée le"), "kind": "date"},
            {"label": _("Montant"), "kind": "money"},
            {"label": _("Délai jusqu’au"), "kind": "date"},
            {"label": _("Contestations")},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": notice.number,
                        "url": _next_act(notice) if may_record else "",
                    },
                    notice.sent_on,
                    total(line.amount for line in notice.lines.all()),
                    notice.last_day,
                    _contests(notice),
                ]
            }
            for notice in found
        ],
        "empty": {
            "title": _("Aucune mise en demeure"),
            "text": _("Avant tout rôle, le débiteur reçoit une dernière mise en demeure et son délai court."),
        },
    }


def rolls(found: Sequence[SpecialRoll], *, may_open: bool, with_file: bool = False) -> dict[str, Any]:
    columns = [{"label": _("Numéro")}]
    if with_file:
        columns += [{"label": _("Dossier")}, {"label": _("Débiteur")}]
    columns += [
        {"label": _("État"), "kind": "status"},
        {"label": _("Établi le"), "kind": "date"},
        {"label": _("Montant"), "kind": "money"},
    ]
    return {
        "caption": _("Rôles spéciaux"),
        "caption_hidden": True,
        "columns": columns,
        "rows": [
            {
                "cells": [
                    {
                        "value": roll.number,
                        "url": reverse("arrears:roll", args=[roll.file_id, roll.pk]) if may_open else "",
                    },
                    *([roll.file.number, str(roll.file.employer)] if with_file else []),
                    roll_status(roll),
                    roll.drawn_on,
                    total(line.amount for line in roll.lines.all()),
                ]
            }
            for roll in found
        ],
        "empty": {
            "title": _("Aucun rôle"),
            "text": _("Un rôle s’établit quand le délai d’une mise en demeure est écoulé."),
        },
    }


def _next_act(notice: FormalNotice) -> str:
    """What the clerk records of a notice: its presentation, then what the debtor contests."""
    name = "arrears:contest" if notice.last_day else "arrears:presentation"
    return reverse(name, args=[notice.file_id, notice.pk])


def roll_status(roll: SpecialRoll) -> dict[str, Any]:
    return {"state": ROLL_SHAPES[RollState(roll.state)], "word": roll.get_state_display()}


def titles(found: Sequence[Title], *, may_oppose: bool) -> dict[str, Any]:
    return {
        "caption": _("Titres"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Numéro")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Décernée le"), "kind": "date"},
            {"label": _("Signifiée le"), "kind": "date"},
            {"label": _("Opposition jusqu’au"), "kind": "date"},
            {"label": _("Opposition")},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": title.number,
                        "url": reverse("arrears:opposition", args=[title.file_id, title.pk])
                        if may_oppose and title.served_at
                        else "",
                    },
                    {
                        "state": TITLE_SHAPES[TitleState(title.state)],
                        "word": title.get_state_display(),
                    },
                    title.issued_on,
                    timezone.localdate(title.served_at) if title.served_at else None,
                    title.opposition_until,
                    _opposed(title),
                ]
            }
            for title in found
        ],
        "empty": {
            "title": _("Aucun titre"),
            "text": _("La contrainte se décerne sur un rôle rendu exécutoire."),
        },
    }


def oppositions(found: Sequence[Opposition], *, may_decide: bool) -> dict[str, Any]:
    return {
        "caption": _("Oppositions"),
        "columns": [
            {"label": _("Titre")},
            {"label": _("Faite le"), "kind": "date"},
            {"label": _("Effet"), "kind": "status"},
            {"label": _("Décision"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": row.title.number,
                        "url": reverse("arrears:decision", args=[row.title.file_id, row.pk])
                        if may_decide and row.effective and row.decided_on is None
                        else "",
                    },
                    row.filed_on,
                    opposition_status(row),
                    row.decided_on,
                ]
            }
            for row in found
        ],
    }


def opposition_status(row: Opposition) -> dict[str, Any]:
    if not row.effective:
        return {"state": "neutral", "word": _("sans effet")}
    if row.decided_on is None:
        return {"state": "late", "word": _("exécution bloquée")}
    return {"state": "good", "word": _("tranchée")}


def mandates(found: Sequence[Mandate]) -> dict[str, Any]:
    return {
        "caption": _("Mandats"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Étude")},
            {"label": _("Titre")},
            {"label": _("État"), "kind": "status"},
            {"label": _("Donné le"), "kind": "date"},
            {"label": _("Terminé le"), "kind": "date"},
        ],
        "rows": [
            {
                "cells": [
                    row.office.name,
                    row.title.number,
                    {"state": MANDATE_SHAPES[MandateState(row.state)], "word": row.get_state_display()},
                    row.given_on,
                    timezone.localdate(row.ended_at) if row.ended_at else None,
                ]
            }
            for row in found
        ],
    }


def acts(found: Sequence[Act]) -> dict[str, Any]:
    return {
        "caption": _("Actes d’huissier"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Acte")},
            {"label": _("Titre")},
            {"label": _("Date"), "kind": "date"},
            {"label": _("Arrondissement")},
            {"label": _("Frais"), "kind": "money"},
            {"label": _("Effet")},
        ],
        "rows": [
            {
                "cells": [
                    row.get_kind_display(),
                    row.title.number,
                    timezone.localdate(row.acted_at),
                    arrondissement_text(row.place),
                    row.costs,
                    _effect(row),
                ]
            }
            for row in found
        ],
    }


def documents(found: Sequence[Document]) -> dict[str, Any]:
    return {
        "caption": _("Pièces"),
        "caption_hidden": True,
        "columns": [
            {"label": _("Pièce")},
            {"label": _("Titre")},
            {"label": _("Date"), "kind": "date"},
            {"label": _("Taille")},
        ],
        "rows": [
            {
                "cells": [
                    {
                        "value": row.get_kind_display(),
                        "url": reverse("arrears:document", args=[row.file_id, row.pk]),
                    },
                    row.title.number if row.title else "",
                    row.made_on,
                    _("%(size)s Ko") % {"size": -(-row.size // 1024)},
                ]
            }
            for row in found
        ],
        "empty": {"title": _("Aucune pièce"), "text": _("Mises en demeure, rôles, contraintes et exploits.")},
    }


def _account_columns() -> list[dict[str, Any]]:
    return [
        {"label": _("Trimestre")},
        {"label": _("Nature")},
        {"label": _("Montant"), "kind": "money"},
    ]


def _contests(notice: FormalNotice) -> str:
    contested = sum(1 for line in notice.lines.all() if line.contested_on)
    warnings = sum(1 for contest in notice.contests.all() if not contest.effective)
    told = []
    if contested:
        told.append(_("lignes écartées du rôle : %(n)s") % {"n": contested})
    if warnings:
        told.append(_("sans forme légale : %(n)s") % {"n": warnings})
    return " ; ".join(told)


def _opposed(title: Title) -> str:
    if title.opposed:
        return _("pendante : exécution bloquée")
    return _("tranchée") if title.opposition_decided_on else ""


def _effect(act: Act) -> str:
    title = act.title
    if act.kind not in SEIZURES or not title.opposed or title.opposed_on is None:
        return ""
    return _("effet conservatoire") if timezone.localdate(act.acted_at) < title.opposed_on else ""


def _lapses_on(debt: Debt) -> date | None:
    days = [charge.claim.limitation_on for charge in debt.charges.all()]
    return min((day for day in days if day is not None), default=None)
