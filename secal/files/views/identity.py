"""Correcting a NISS and merging two persons, for registrars: one proposes, another types the numbers again.

No page shows anything about a person, and every answer is the same whatever the numbers lead to.
"""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from secal.access.actors import Actor, current_actor
from secal.cases.identity_selectors import proposal_to_decide, proposals_for
from secal.cases.matters import IDENTITY_PROPOSAL
from secal.cases.services.identity import approve_identity, propose_identity, refuse_identity
from secal.files.forms.identity import FORMS, ProofForm
from secal.kernel.errors import DomainError
from secal.office.clock import today
from secal.office.screens import page, screen
from secal.people.models import IdentityProposal, ProposalKind, ProposalState

PER_PAGE = 25
STATES = {
    ProposalState.PROPOSED: "attention",
    ProposalState.APPROVED: "good",
    ProposalState.REFUSED: "late",
}
ENDINGS = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}
ADDRESSES = {
    ProposalKind.CORRECTION: ("files:decide-correction", "files:correction-paper"),
    ProposalKind.MERGE: ("files:decide-merge", "files:merge-paper"),
}


@require_GET
@screen("person.propose_correction")
def identities(request: HttpRequest) -> HttpResponse:
    """What is to decide, and what I proposed."""
    actor = current_actor()
    proposals = Paginator(proposals_for(actor), PER_PAGE).get_page(request.GET.get("page"))
    table = {
        "caption": _("Propositions"),
        "columns": [
            {"label": _("Proposée le"), "kind": "date"},
            {"label": _("Objet")},
            {"label": _("Proposée par")},
            {"label": _("État"), "kind": "status"},
        ],
        "rows": [_row(proposal, actor) for proposal in proposals],
        "empty": {
            "title": _("Aucune proposition"),
            "text": _("Une proposition apparaît ici jusqu’à ce qu’un second agent la décide."),
        },
    }
    return page(request, "files/identities.html", {"table": table, "proposals": proposals})


@require_http_methods(["GET", "POST"])
@screen("person.propose_correction")
def propose_correction(request: HttpRequest) -> HttpResponse:
    return _propose(request, ProposalKind.CORRECTION)


@require_http_methods(["GET", "POST"])
@screen("person.propose_merge")
def propose_merge(request: HttpRequest) -> HttpResponse:
    return _propose(request, ProposalKind.MERGE)


@require_http_methods(["GET", "POST"])
@screen("person.decide_correction", of=IDENTITY_PROPOSAL)
def decide_correction(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    return _decide(request, proposal_id, ProposalKind.CORRECTION)


@require_http_methods(["GET", "POST"])
@screen("person.decide_merge", of=IDENTITY_PROPOSAL)
def decide_merge(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    return _decide(request, proposal_id, ProposalKind.MERGE)


@require_GET
@screen("person.decide_correction", of=IDENTITY_PROPOSAL)
def correction_paper(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    return _paper(proposal_to_decide(proposal_id, ProposalKind.CORRECTION))


@require_GET
@screen("person.decide_merge", of=IDENTITY_PROPOSAL)
def merge_paper(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    return _paper(proposal_to_decide(proposal_id, ProposalKind.MERGE))


def _propose(request: HttpRequest, kind: ProposalKind) -> HttpResponse:
    typed = request.POST if request.method == "POST" else None
    form = FORMS[kind](typed)
    proof = ProofForm(typed, request.FILES if request.method == "POST" else None)
    # Both are judged, so that all faults are told at once.
    if request.method == "POST" and all([form.is_valid(), proof.is_valid()]):
        propose_identity(form.numbers(), proof.proof(), on=today())
        messages.success(request, _("La proposition est enregistrée. Un second agent la décide."))
        return redirect("files:identities")
    context = {"form": form, "proof": proof, "title": ProposalKind(kind).label}
    faulty = bool(form.errors or proof.errors)
    return page(request, "files/identity_propose.html", context, status=422 if faulty else 200)


def _decide(request: HttpRequest, proposal_id: uuid.UUID, kind: ProposalKind) -> HttpResponse:
    proposal = proposal_to_decide(proposal_id, kind)
    approving = request.method == "POST" and request.POST.get("decision") == "approve"
    form = FORMS[kind](request.POST if approving else None)
    if request.method == "POST" and not approving:
        refuse_identity(proposal.pk, on=today())
        messages.success(request, _("La proposition est refusée. Rien n’est changé."))
        return redirect("files:identities")
    if approving and form.is_valid():
        try:
            approve_identity(proposal.pk, typed=form.numbers(), on=today())
            messages.success(
                request,
                _("Votre accord est enregistré. Le service fait le changement et en informe le traitement."),
            )
            return redirect("files:identities")
        except DomainError as error:
            form.refuse(error)
    context = {
        "form": form,
        "title": kind.label,
        "facts": _facts(proposal),
        "paper_url": reverse(ADDRESSES[kind][1], args=[proposal.pk]),
    }
    return page(request, "files/identity_decide.html", context, status=422 if form.errors else 200)


def _paper(proposal: IdentityProposal) -> HttpResponse:
    """The paper, to be saved: never shown inside a page of ours, since others made it."""
    headers = {"Content-Disposition": f'attachment; filename="piece.{ENDINGS[proposal.paper_type]}"'}
    return HttpResponse(proposal.open_bytes("paper"), content_type=proposal.paper_type, headers=headers)


def _facts(proposal: IdentityProposal) -> list[dict[str, Any]]:
    return [
        {"label": _("Proposée par"), "value": proposal.proposed_by.display_name},
        {"label": _("Proposée le"), "date": proposal.proposed_on},
        {"label": _("Motif"), "value": proposal.open_value("reason")},
    ]


def _row(proposal: IdentityProposal, actor: Actor) -> dict[str, Any]:
    kind, state = ProposalKind(proposal.kind), ProposalState(proposal.state)
    mine = proposal.proposed_by_id == actor.id
    url = "" if mine else reverse(ADDRESSES[kind][0], args=[proposal.pk])
    return {
        "cells": [
            {"value": proposal.proposed_on, "url": ""},
            {"value": kind.label, "url": url, "hint": _("Décider") if url else ""},
            proposal.proposed_by.display_name,
            {"state": STATES[state], "word": state.label},
        ]
    }
