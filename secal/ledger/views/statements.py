"""Bank statements: the list, the import, and one statement with its movements."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from secal.access.policy import may
from secal.kernel.errors import DomainError
from secal.kernel.identifiers import format_iban, format_ogm
from secal.ledger import selectors
from secal.ledger.forms import StatementForm
from secal.ledger.matters import STATEMENT
from secal.ledger.models import BankMovement, BankStatement, MovementState
from secal.ledger.services.receipts import import_statement
from secal.office.clock import today
from secal.office.screens import page, screen

STATEMENTS_A_PAGE, MOVEMENTS_A_PAGE = 50, 100
STATE_SHAPES = {
    MovementState.MATCHED: "good",
    MovementState.WAITING: "attention",
    MovementState.PAYMENT: "neutral",
}

LIST_COLUMNS = [
    {"label": gettext_lazy("Extrait")},
    {"label": gettext_lazy("Jusqu’au"), "kind": "date"},
    {"label": gettext_lazy("Solde d’ouverture"), "kind": "money"},
    {"label": gettext_lazy("Solde de clôture"), "kind": "money"},
    {"label": gettext_lazy("Mouvements"), "kind": "number"},
    {"label": gettext_lazy("En attente"), "kind": "number"},
    {"label": gettext_lazy("Importé par")},
]
MOVEMENT_COLUMNS = [
    {"label": gettext_lazy("Ligne"), "kind": "number"},
    {"label": gettext_lazy("Comptabilisé le"), "kind": "date"},
    {"label": gettext_lazy("Valeur"), "kind": "date"},
    {"label": gettext_lazy("Communication")},
    {"label": gettext_lazy("Montant"), "kind": "money"},
    {"label": gettext_lazy("État"), "kind": "status"},
]


@require_GET
@screen("receipt.view")
def statements(request: HttpRequest) -> HttpResponse:
    """The statements taken, newest first."""
    shown = Paginator(selectors.statements(), STATEMENTS_A_PAGE).get_page(request.GET.get("page"))
    table = {
        "caption": _("Extraits importés"),
        "caption_hidden": True,
        "columns": LIST_COLUMNS,
        "rows": [_list_row(statement) for statement in shown],
        "empty": {
            "title": _("Aucun extrait importé"),
            "text": _(
                "Importez l’extrait camt.053 du jour : les paiements des débiteurs s’imputent d’eux-mêmes."
            ),
            "url": reverse("ledger:import") if may("statement.import") else "",
            "action": _("Importer un extrait"),
        },
    }
    context = {
        "table": table,
        "shown": shown,
        "may_import": may("statement.import"),
        "to_examine": _messages_table(),
    }
    return page(request, "ledger/statements.html", context)


@require_http_methods(["GET", "POST"])
@screen("statement.import")
def take(request: HttpRequest) -> HttpResponse:
    """The import of a statement file: whole, or refused with the place that is wrong."""
    form = StatementForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            statement = import_statement(content=form.content(), on=today())
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Extrait %(number)s importé.") % {"number": statement.statement_id})
            return redirect("ledger:statement", pk=statement.pk)
    return page(request, "ledger/import.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@screen("receipt.view", of=STATEMENT)
def statement(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One statement: what became of each of its movements."""
    found = selectors.statements().filter(pk=pk).first()
    if found is None:
        raise Http404
    shown = Paginator(selectors.statement_movements(found), MOVEMENTS_A_PAGE).get_page(
        request.GET.get("page")
    )
    table = {
        "caption": _("Mouvements"),
        "caption_hidden": True,
        "columns": MOVEMENT_COLUMNS,
        "rows": [_movement_row(movement) for movement in shown],
        "empty": {"title": _("Aucun mouvement"), "text": _("La banque n’a rien comptabilisé ce jour-là.")},
    }
    context = {"statement": found, "summary": _summary(found), "table": table, "shown": shown}
    return page(request, "ledger/statement.html", context)


def _messages_table() -> dict[str, Any] | None:
    """What the bank sent and the service could not book; None when there is nothing of the kind."""
    unsettled = selectors.messages_to_examine()
    if not unsettled:
        return None
    return {
        "caption": _("Messages de la banque à examiner"),
        "columns": [
            {"label": _("Reçu le"), "kind": "date"},
            {"label": _("Message")},
            {"label": _("Référence")},
            {"label": _("État"), "kind": "status"},
        ],
        "rows": [
            {
                "cells": [
                    message.received_at,
                    message.kind,
                    message.reference,
                    {"state": "late", "word": message.get_state_display()},
                ]
            }
            for message in unsettled
        ],
    }


def _list_row(statement: BankStatement) -> dict[str, Any]:
    return {
        "cells": [
            {"value": statement.statement_id, "url": reverse("ledger:statement", args=[statement.pk])},
            statement.until_on,
            statement.opening,
            statement.closing,
            statement.taken,  # type: ignore[attr-defined]
            statement.waiting,  # type: ignore[attr-defined]
            _imported_by(statement),
        ]
    }


def _movement_row(movement: BankMovement) -> dict[str, Any]:
    """A communication stands for a file: a matched one is told on the page of the receipt, to whom the file
    is given."""
    receipt = getattr(movement, "receipt", None)
    matched = receipt is not None and receipt.book_id is not None
    words = format_ogm(movement.ogm) if movement.ogm and not matched else movement.end_to_end_id
    state = MovementState(movement.state)
    return {
        "cells": [
            {"value": movement.line, "url": reverse("ledger:receipt", args=[receipt.pk]) if receipt else ""},
            movement.booked_on,
            movement.value_on,
            words,
            movement.amount,
            {"value": {"state": STATE_SHAPES[state], "word": state.label}},
        ]
    }


def _summary(statement: BankStatement) -> list[dict[str, Any]]:
    return [
        {"label": _("Compte"), "value": format_iban(statement.account_iban)},
        {"label": _("Jusqu’au"), "date": statement.until_on},
        {"label": _("Solde d’ouverture"), "amount": statement.opening},
        {"label": _("Solde de clôture"), "amount": statement.closing},
        {"label": _("Importé par"), "value": _imported_by(statement)},
    ]


def _imported_by(statement: BankStatement) -> str:
    who = statement.imported_by
    return who.display_name if who is not None else _("relevé automatique")
