"""The pages of giving a file up: the clerk proposes, the directorate decides."""

import uuid
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from recovery.cases.dues import amount_due
from recovery.cases.matters import RECOVERY_FILE
from recovery.cases.models import RecoveryFile
from recovery.cases.selectors import get_file, identity
from recovery.enforcement import tables
from recovery.enforcement.forms import ProposalForm, RefusalForm
from recovery.enforcement.matters import PROPOSAL
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from recovery.enforcement.selectors import irrecoverability as selectors
from recovery.enforcement.services import irrecoverability as service
from secal.access.actors import current_actor
from secal.access.policy import Facts
from secal.access.policy import decide as ask
from secal.kernel.errors import DomainError
from secal.ledger.selectors import employer_figures
from secal.office.clock import today
from secal.office.screens import page, screen

A_PAGE = 50
FIELDS = ("file", "employer", "ledger", "deeds")


@require_http_methods(["GET", "POST"])
@screen("irrecoverable.propose", of=RECOVERY_FILE)
def propose(request: HttpRequest, file_id: uuid.UUID) -> HttpResponse:
    """Propose to give a file up, with a deed as evidence."""
    file = get_file(file_id, act="irrecoverable.propose", fields=FIELDS)
    deeds = selectors.deeds_of(file)
    form = ProposalForm(request.POST or None, deeds=deeds)
    if request.method == "POST" and form.is_valid():
        answers = form.cleaned_data
        try:
            service.propose(
                file_id=file_id,
                reasons=answers["reasons"],
                evidence_id=uuid.UUID(answers["evidence"]),
                on=today(),
            )
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, _("Proposition enregistrée : la direction du recouvrement décide."))
            return redirect("arrears:page", file_id)
    obstacle = service.what_stands_in_the_way(file)
    context = {
        "file": file,
        "identity": _identity(file),
        "figures": _figures(file),
        "form": form,
        "deeds": deeds,
        "obstacle": obstacle.text(_) if obstacle else "",
    }
    return page(request, "enforcement/propose.html", context)


@require_GET
@screen("irrecoverable.approve")
def proposals(request: HttpRequest) -> HttpResponse:
    """Proposals that wait for a decision, oldest first."""
    lines = Paginator(selectors.pending_proposals(), A_PAGE).get_page(request.GET.get("page"))
    shown = list(lines.object_list)
    selectors.log_proposals(shown)
    return page(request, "enforcement/proposals.html", {"lines": lines, "table": tables.proposals(shown)})


@require_http_methods(["GET", "POST"])
@screen("irrecoverable.approve", of=PROPOSAL)
def decide(request: HttpRequest, proposal_id: uuid.UUID) -> HttpResponse:
    """Approve, or refuse with a motive."""
    proposal = selectors.proposal_to_decide(proposal_id)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = _decided(request.POST.get("step", ""), proposal_id, form.cleaned_data["motive"])
        except DomainError as error:
            form.refuse(error)
        else:
            messages.success(request, told)
            return redirect("enforcement:proposals")
    obstacle = service.what_stands_in_the_way(proposal.file)
    facts = Facts(file=proposal.file_id, prepared_by=proposal.proposed_by_id)
    context = {
        "proposal": proposal,
        "waiting": proposal.state == ProposalState.PROPOSED,
        "identity": _identity(proposal.file),
        "figures": _figures(proposal.file),
        "status": tables.proposal_status(proposal),
        "opened": selectors.opened(proposal),
        "facts": _facts(proposal),
        "form": form,
        "blocked": ask(current_actor(), "irrecoverable.approve", facts).message,
        "obstacle": obstacle.text(_) if obstacle else "",
    }
    return page(request, "enforcement/decide.html", context)


def _decided(step: str, proposal_id: uuid.UUID, motive: str) -> str:
    """Do what was chosen and say so; anything but approving refuses, and asks a motive."""
    if step == "approve":
        service.approve(proposal_id=proposal_id, on=today())
        return _(
            "Dossier déclaré irrécouvrable. Il se termine quand l’intervention de l’huissier est clôturée."
        )
    service.refuse(proposal_id=proposal_id, motive=motive, on=today())
    return _("Proposition refusée : le recouvrement continue.")


def _identity(file: RecoveryFile) -> dict[str, Any]:
    return identity(file, url=reverse("arrears:page", args=[file.pk]))


def _figures(file: RecoveryFile) -> list[dict[str, Any]]:
    figures = employer_figures(file.book)
    return [
        {
            "label": _("Reste dû avec les intérêts à ce jour"),
            "amount": amount_due(file, on=today()).due,
            "strong": True,
        },
        {"label": _("Reste dû, comptabilisé"), "amount": figures.open},
        {"label": _("Payé"), "amount": figures.paid},
        {"label": _("Chez l’huissier"), "amount": figures.held},
    ]


def _facts(proposal: IrrecoverabilityProposal) -> list[dict[str, Any]]:
    document = reverse("arrears:document", args=[proposal.file_id, proposal.evidence_id])
    facts: list[dict[str, Any]] = [
        {"label": _("Proposée le"), "date": proposal.proposed_on},
        {"label": _("Par"), "value": proposal.proposed_by.display_name},
        {
            "label": _("Pièce"),
            "value": selectors.opened(proposal).evidence,
            "url": document,
            "action": _("Ouvrir la pièce"),
        },
    ]
    if proposal.decided_on:
        facts.append({"label": _("Décidée le"), "date": proposal.decided_on})
    if proposal.decided_by:
        facts.append({"label": _("Décidée par"), "value": proposal.decided_by.display_name})
    return facts
