"""Giving a file up: one agent proposes with a deed as evidence, another decides (17/006 §7).

Not while an opposition is pending (the judge may still say what is due), nor while a bailiff holds money of
the debtor (something is still being collected). The only writer of proposals.
"""

import uuid
from datetime import date

from recovery.cases.models import Document, DocumentKind, FileEventKind, Outcome, RecoveryFile, Title
from recovery.cases.selectors import get_file
from recovery.cases.timeline import add_event
from recovery.enforcement import events
from recovery.enforcement.errors import (
    already_out,
    money_at_bailiff,
    motive_missing,
    no_evidence,
    opposition_pending,
    proposal_pending,
    reasons_missing,
)
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from recovery.enforcement.selectors.irrecoverability import proposal_to_decide
from recovery.enforcement.services.outcome import end_if_reached, set_outcome
from recovery.enforcement.states import move
from secal.access.actors import current_actor
from secal.access.policy import Facts, require
from secal.kernel.errors import DomainError
from secal.ledger.selectors import held_by_bailiff

SHORTEST_REASONS = 20
"""Characters. Shorter reasons explain nothing."""


def propose(
    *, file_id: uuid.UUID, reasons: str, evidence_id: uuid.UUID | None, on: date
) -> IrrecoverabilityProposal:
    """Propose to give a file up.

    Raises Refused; EndingError proposal.outcome, .twice, .opposition, .held, .reasons, .evidence.
    """
    file = get_file(file_id, act="irrecoverable.propose", fields=("file", "employer", "ledger"), lock=True)
    obstacle = what_stands_in_the_way(file)
    if obstacle is not None:
        raise obstacle
    if IrrecoverabilityProposal.objects.filter(file=file, state=ProposalState.PROPOSED).exists():
        raise proposal_pending()
    reasons = reasons.strip()
    if len(reasons) < SHORTEST_REASONS:
        raise reasons_missing(SHORTEST_REASONS)
    deeds = Document.objects.filter(file=file, kind=DocumentKind.DEED)
    evidence = deeds.filter(pk=evidence_id).first() if evidence_id else None
    if evidence is None:
        raise no_evidence()
    proposal = IrrecoverabilityProposal(
        file=file, evidence=evidence, proposed_on=on, proposed_by_id=current_actor().id
    )
    proposal.seal_value("reasons", reasons)
    proposal.save()
    add_event(file, kind=FileEventKind.END, code="irrecoverability_proposed", on=on)
    events.irrecoverability_proposed(file=file.pk)
    return proposal


def approve(*, proposal_id: uuid.UUID, on: date) -> IrrecoverabilityProposal:
    """Declare the file irrecoverable, as a person who did not propose it; it ends with the intervention.

    Raises Refused (same_person for the proposer), EndingError proposal.decided, .outcome, .opposition, .held.
    """
    proposal = _held(proposal_id)
    obstacle = what_stands_in_the_way(proposal.file)
    if obstacle is not None:
        raise obstacle
    _decide(proposal, "approve", on=on)
    add_event(proposal.file, kind=FileEventKind.END, code="file_irrecoverable", on=on)
    set_outcome(proposal.file, Outcome.IRRECOVERABLE, on=on)
    events.irrecoverability_decided(file=proposal.file_id)
    end_if_reached(proposal.file_id)
    return proposal


def refuse(*, proposal_id: uuid.UUID, motive: str, on: date) -> IrrecoverabilityProposal:
    """Send the proposal back with the reason: the recovery goes on.

    Raises Refused; EndingError proposal.decided, proposal.motive.
    """
    proposal = _held(proposal_id)
    motive = motive.strip()
    if len(motive) < SHORTEST_REASONS:
        raise motive_missing(SHORTEST_REASONS)
    proposal.seal_value("motive", motive)
    _decide(proposal, "refuse", on=on)
    add_event(proposal.file, kind=FileEventKind.END, code="irrecoverability_refused", on=on)
    events.irrecoverability_decided(file=proposal.file_id)
    return proposal


def what_stands_in_the_way(file: RecoveryFile) -> DomainError | None:
    """Why the file cannot be given up now; None when it can."""
    if file.outcome or file.ended_on:
        return already_out()
    if Title.objects.filter(file=file, opposed_on__isnull=False, opposition_decided_on=None).exists():
        return opposition_pending()
    held = held_by_bailiff(file.book_id)
    return money_at_bailiff(held) if held > 0 else None


def _held(proposal_id: uuid.UUID) -> IrrecoverabilityProposal:
    """The proposal with its file locked, for whoever may decide on it."""
    found = proposal_to_decide(proposal_id)
    require("irrecoverable.approve", Facts(file=found.file_id, prepared_by=found.proposed_by_id))
    RecoveryFile.objects.select_for_update(no_key=True).get(pk=found.file_id)
    return (
        IrrecoverabilityProposal.objects.select_for_update(no_key=True, of=("self",))
        .select_related("file__book", "file__employer")
        .get(pk=proposal_id)
    )


def _decide(proposal: IrrecoverabilityProposal, action: str, *, on: date) -> None:
    move(proposal, action)
    proposal.decided_on = on
    proposal.decided_by_id = current_actor().id
    proposal.save()
