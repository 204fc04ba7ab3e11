"""Receipts: those that wait, one receipt with its payer, and matching by hand in two steps."""

import uuid
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from secal.access.policy import may
from secal.kernel.errors import DomainError
from secal.kernel.explanation import Explanation, Inputs
from secal.kernel.identifiers import format_iban, format_ogm
from secal.ledger import selectors
from secal.ledger.forms import MatchForm
from secal.ledger.guards import BookIdentity
from secal.ledger.matters import RECEIPT
from secal.ledger.models import Account, Head, Owner, WaitingReason
from secal.ledger.selectors import OpenedReceipt, Spread, Suggestion
from secal.ledger.services import receipts as services
from secal.office.clock import today
from secal.office.formatting import month_text
from secal.office.screens import page, screen

RECEIPTS_A_PAGE = 50
COLUMNS = [
    {"label": gettext_lazy("Payeur")},
    {"label": gettext_lazy("Valeur"), "kind": "date"},
    {"label": gettext_lazy("Montant"), "kind": "money"},
    {"label": gettext_lazy("Communication du payeur")},
    {"label": gettext_lazy("Attend parce que")},
    {"label": gettext_lazy("A déjà payé pour")},
]


@require_GET
@screen("receipt.view")
def waiting(request: HttpRequest) -> HttpResponse:
    """Money that came in and could not be matched, oldest first."""
    shown = Paginator(selectors.receipts_waiting(), RECEIPTS_A_PAGE).get_page(request.GET.get("page"))
    table = {
        "caption": _("Paiements à rapprocher"),
        "caption_hidden": True,
        "columns": COLUMNS,
        "rows": [_row(one) for one in selectors.opened(list(shown))],
        "empty": {
            "title": _("Rien n’attend"),
            "text": _("Chaque paiement reçu porte la communication d’un dossier et a été imputé."),
            "url": reverse("ledger:import") if may("statement.import") else "",
            "action": _("Importer un extrait"),
        },
    }
    return page(request, "ledger/waiting.html", {"table": table, "shown": shown})


@require_GET
@screen("receipt.view", of=RECEIPT)
def receipt(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """One receipt: its payer, and how it was spread or why it waits."""
    one, identity = _found(pk)
    return _receipt_page(request, one, identity, MatchForm())


@require_POST
@screen("receipt.match", of=RECEIPT)
def match(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """First shows the file of the communication and how the money would be spread; saves when confirmed."""
    one, identity = _found(pk)
    form = MatchForm(request.POST)
    if one.receipt.book is not None:
        messages.warning(request, _("Ce paiement vient d’être rapproché : il n’attend plus."))
        return redirect("ledger:receipt", pk=pk)
    if not form.is_valid():
        return _receipt_page(request, one, identity, form)
    try:
        book, found = selectors.book_to_match(form.cleaned_data["ogm"])
        if request.POST.get("confirmed"):
            services.match_receipt(receipt_id=pk, ogm_or_book=book, on=today())
            messages.success(request, _("Paiement rapproché et imputé."))
            return redirect("ledger:receipt", pk=pk)
    except DomainError as error:
        form.refuse(error)
        return _receipt_page(request, one, identity, form)
    context = {
        "one": one,
        "found": found,
        "ogm": book.communication,
        "summary": [
            *_summary(one),
            {"label": _("Communication du dossier"), "value": format_ogm(book.communication)},
        ],
        "parts": parts_of(selectors.spread_preview(one.receipt, book)),
    }
    return page(request, "ledger/match.html", context)


@require_POST
@screen("receipt.match", of=RECEIPT)
def put_back(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Undo a wrong match: the entry is reversed and the receipt waits again."""
    _found(pk)
    try:
        services.put_back(receipt_id=pk, on=today())
    except DomainError as error:
        messages.error(request, error.text(_))
    else:
        messages.success(request, _("L’imputation est contre-passée ; le paiement attend d’être rapproché."))
    return redirect("ledger:receipt", pk=pk)


def parts_of(spread: Spread) -> list[dict[str, Any]]:
    """For the allocation component: each head in order, then what is left over."""
    parts: list[dict[str, Any]] = [{"label": label, "amount": amount} for label, amount in spread.parts]
    if spread.excess > 0:
        parts.append({"label": Account.SUSPENSE.label, "amount": spread.excess})
    return parts


def _found(pk: uuid.UUID) -> tuple[OpenedReceipt, BookIdentity | None]:
    found = selectors.open_receipt(pk)
    if found is None:
        raise Http404
    return found


def _receipt_page(
    request: HttpRequest, one: OpenedReceipt, identity: BookIdentity | None, form: MatchForm
) -> HttpResponse:
    spread = selectors.spreads_of([one.receipt.pk]).get(one.receipt.pk)
    context = {
        "one": one,
        "found": identity,
        "form": form,
        "summary": _summary(one),
        "parts": parts_of(spread) if spread else [],
        "explanation": _told(one) if one.receipt.explanation else None,
        "suggestions": [{"ogm": found.ogm, "words": _suggestion(found)} for found in one.suggestions],
        "may_match": may("receipt.match"),
    }
    return page(request, "ledger/receipt.html", context, status=422 if form.errors else 200)


def _told(one: OpenedReceipt) -> Explanation:
    """The stored reckoning, with its claims and owners in words instead of identifiers."""
    names = {
        str(claim.pk): f"{Head(claim.head).label} {month_text(claim.period) if claim.period else ''}".strip()
        for claim in selectors.claims_of(one.receipt.pk)
    }
    return _in_words(Explanation.from_dict(one.receipt.explanation), names)


def _in_words(node: Explanation, names: dict[str, str]) -> Explanation:
    inputs = dict(node.inputs)
    if "claim" in inputs:
        inputs["claim"] = names.get(str(inputs["claim"]), "")
    if inputs.get("owner") in Owner.values:
        inputs["owner"] = str(Owner(str(inputs["owner"])).label)
    return replace(
        node, inputs=Inputs(inputs), children=tuple(_in_words(child, names) for child in node.children)
    )


def _row(one: OpenedReceipt) -> dict[str, Any]:
    first = one.suggestions[0] if one.suggestions else None
    return {
        "cells": [
            {
                "value": one.remitter_name or _("Payeur inconnu"),
                "url": reverse("ledger:receipt", args=[one.receipt.pk]),
                "hint": _account(one),
            },
            one.receipt.value_on,
            one.receipt.amount,
            one.remittance,
            _reason(one),
            {"value": format_ogm(first.ogm), "hint": _times(first)} if first else "",
        ]
    }


def _summary(one: OpenedReceipt) -> list[dict[str, Any]]:
    return [
        {"label": _("Payeur"), "value": one.remitter_name, "hint": _account(one)},
        {"label": _("Montant"), "amount": one.receipt.amount},
        {"label": _("Valeur"), "date": one.receipt.value_on},
        {"label": _("Communication du payeur"), "value": one.remittance or _ogm(one)},
        *([{"label": _("Attend parce que"), "value": _reason(one)}] if one.receipt.waiting_reason else []),
    ]


def _reason(one: OpenedReceipt) -> str:
    return str(WaitingReason(one.receipt.waiting_reason).label)


def _ogm(one: OpenedReceipt) -> str:
    return format_ogm(one.receipt.movement.ogm) if one.receipt.movement.ogm else ""


def _account(one: OpenedReceipt) -> str:
    return format_iban(one.remitter_iban) if one.remitter_iban else ""


def _suggestion(found: Suggestion) -> str:
    return f"{format_ogm(found.ogm)} — {_times(found)}"


def _times(found: Suggestion) -> str:
    return ngettext("%(n)d paiement de ce compte", "%(n)d paiements de ce compte", found.times) % {
        "n": found.times
    }
