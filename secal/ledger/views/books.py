"""The book of a file: its lines with the running balance, what is still due, and the proof of both."""

import re
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from secal.kernel.identifiers import format_ogm
from secal.kernel.money import ZERO, total
from secal.ledger import selectors
from secal.ledger.debts import EmployerFigures
from secal.ledger.matters import BOOK
from secal.ledger.models import Account, Book, BookKind, EntryKind, Head
from secal.ledger.rules import OpenClaim
from secal.ledger.selectors import BookLine
from secal.ledger.views.receipts import parts_of
from secal.office.screens import page, screen

MOST_SPREADS = 12
OF_RECEIPTS = (EntryKind.RECEIPT, EntryKind.REMITTANCE)
_YEAR = re.compile(r"\d{4}", re.ASCII)

COLUMNS = [
    {"label": gettext_lazy("N°"), "kind": "number"},
    {"label": gettext_lazy("Date"), "kind": "date"},
    {"label": gettext_lazy("Écriture")},
    {"label": gettext_lazy("Dû"), "kind": "money"},
    {"label": gettext_lazy("Payé"), "kind": "money"},
    {"label": gettext_lazy("Avance versée"), "kind": "money"},
    {"label": gettext_lazy("Solde dû"), "kind": "money"},
]
CLAIM_COLUMNS = [
    {"label": gettext_lazy("Créance")},
    {"label": gettext_lazy("Rang"), "kind": "number"},
    {"label": gettext_lazy("Mois"), "kind": "month"},
    {"label": gettext_lazy("Échéance"), "kind": "date"},
    {"label": gettext_lazy("Reste dû"), "kind": "money"},
]
QUARTER_COLUMNS = [
    {"label": gettext_lazy("Trimestre")},
    {"label": gettext_lazy("Créance")},
    {"label": gettext_lazy("Dû"), "kind": "money"},
    {"label": gettext_lazy("Payé"), "kind": "money"},
    {"label": gettext_lazy("Reste dû"), "kind": "money"},
]


@require_GET
@screen("ledger.view", of=BOOK)
def book(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The book's page; filters hide lines and never change a balance."""
    found, identity = selectors.open_book_page(pk)
    kind = _kind(request.GET.get("kind", ""))
    year = _year(request.GET.get("year", ""))
    lines = selectors.book_lines(found, kind=kind, year=year)
    latest = selectors.book_lines(found, limit=1)
    receipts = dict.fromkeys(
        line.source for line in lines if line.kind in OF_RECEIPTS and line.source and not line.reversed_by
    )
    spreads = selectors.spreads_of([source for source in receipts if source][:MOST_SPREADS])
    context = {
        "found": identity,
        "ogm": format_ogm(found.communication),
        "figures": _figures(found),
        "quarters": _quarters(selectors.employer_figures(found)) if found.kind == BookKind.EMPLOYER else None,
        "filters": _filters(found, kind, year),
        "table": _table(lines, opening=kind is None),
        "claims": _claims(selectors.open_claims(found)),
        "spreads": [
            {"receipt": pk, "spread": spread, "parts": parts_of(spread)} for pk, spread in spreads.items()
        ],
        "check": selectors.book_check(found, lines_balance=latest[0].balance if latest else ZERO),
    }
    return page(request, "ledger/book.html", context)


def _kind(text: str) -> EntryKind | None:
    return EntryKind(text) if text in EntryKind.values else None


def _year(text: str) -> int | None:
    return int(text) if _YEAR.fullmatch(text) else None


def _figures(book: Book) -> list[dict[str, Any]]:
    figures = selectors.book_figures(book)
    between = (
        {"label": Account.HELD.label, "amount": figures.held}
        if book.kind == BookKind.EMPLOYER
        else {"label": _("Avances versées"), "amount": figures.advances_paid}
    )
    return [
        {"label": _("Reste dû par le débiteur"), "amount": figures.arrears, "strong": True},
        between,
        {"label": _("Récupéré"), "amount": figures.recovered},
        {"label": Account.SUSPENSE.label, "amount": figures.unallocated},
    ]


def _quarters(figures: EmployerFigures) -> dict[str, Any]:
    """An employer's debt: a line a quarter and head, with the sum of all."""
    return {
        "caption": _("Dette par trimestre"),
        "caption_hidden": True,
        "columns": QUARTER_COLUMNS,
        "rows": [
            {"cells": [_quarter_text(quarter.quarter), part.head.label, part.due, part.paid, part.open]}
            for quarter in figures.quarters
            for part in quarter.parts
        ],
        "totals": [{"cells": [_("Total"), None, figures.due, figures.paid, figures.open]}],
        "empty": {"title": _("Rien n’est dû"), "text": _("Aucune dette n’est encore enregistrée.")},
    }


def _quarter_text(quarter: date | None) -> str:
    if quarter is None:
        return ""
    return _("%(number)s/%(year)s") % {"number": (quarter.month + 2) // 3, "year": quarter.year}


def _filters(book: Book, kind: EntryKind | None, year: int | None) -> list[dict[str, Any]]:
    kinds = selectors.book_kinds(book)
    return [
        {
            "label": _("Écritures"),
            "choices": [
                {
                    "label": _("Toutes"),
                    "url": _url(None, year),
                    "current": kind is None,
                    "count": sum(kinds.values()),
                },
                *(
                    {
                        "label": one.label,
                        "url": _url(one, year),
                        "current": one == kind,
                        "count": kinds[one.value],
                    }
                    for one in EntryKind
                    if one.value in kinds
                ),
            ],
        },
        {
            "label": _("Année"),
            "choices": [
                {"label": _("Toutes"), "url": _url(kind, None), "current": year is None},
                *(
                    {"label": str(one), "url": _url(kind, one), "current": one == year}
                    for one in selectors.book_years(book)
                ),
            ],
        },
    ]


def _url(kind: EntryKind | None, year: int | None) -> str:
    parts = [f"kind={kind.value}"] if kind else []
    parts += [f"year={year}"] if year else []
    return "?" + "&".join(parts)


def _table(lines: Sequence[BookLine], *, opening: bool) -> dict[str, Any]:
    """Newest first; the opening balance stands under the oldest line, the totals at the foot."""
    rows = [_row(line) for line in lines]
    if lines and opening:
        rows.append(
            {
                "cells": [None, None, _("Solde d’ouverture"), "", "", "", lines[-1].balance_before],
                "strong": True,
            }
        )
    totals = [
        None,
        None,
        _("Total des lignes affichées"),
        total(line.due for line in lines),
        total(line.paid for line in lines),
        total(line.advance for line in lines),
        lines[0].balance if lines and opening else "",
    ]
    return {
        "caption": _("Écritures du dossier, la plus récente d’abord"),
        "caption_hidden": True,
        "columns": COLUMNS,
        "rows": rows,
        "totals": [{"cells": totals}],
        "empty": {
            "title": _("Aucune écriture"),
            "text": _("Rien n’est encore dû dans ce dossier, ou le filtre ne retient aucune écriture."),
        },
    }


def _row(line: BookLine) -> dict[str, Any]:
    is_receipt = line.effect in OF_RECEIPTS and line.source is not None
    return {
        "cells": [
            line.number,
            line.value_on,
            {
                "value": EntryKind(line.kind).label,
                "url": reverse("ledger:receipt", args=[line.source]) if is_receipt else "",
                "hint": _hint(line),
            },
            line.due or "",
            line.paid or "",
            line.advance or "",
            line.balance,
        ]
    }


def _hint(line: BookLine) -> str:
    if line.reverses is not None:
        return _("annule l’écriture %(number)s") % {"number": line.reverses}
    if line.reversed_by is not None:
        return _("annulée par l’écriture %(number)s") % {"number": line.reversed_by}
    return str(_("dont reçu en trop, à rembourser")) if line.excess > 0 else ""


def _claims(claims: Sequence[OpenClaim]) -> dict[str, Any]:
    return {
        "caption": _("Ce qui reste dû, dans l’ordre d’imputation"),
        "caption_hidden": True,
        "columns": CLAIM_COLUMNS,
        "rows": [
            {"cells": [Head(claim.head).label, claim.rank, claim.period, claim.due_on, claim.open]}
            for claim in claims
        ],
        "totals": [{"cells": [_("Total"), None, None, None, total(claim.open for claim in claims)]}]
        if claims
        else [],
        "empty": {"title": _("Plus rien n’est dû"), "text": _("Toutes les créances du dossier sont payées.")},
    }
