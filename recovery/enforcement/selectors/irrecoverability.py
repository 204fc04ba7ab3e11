"""Reading proposals to give a file up: for who proposes and who decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from recovery.cases.models import Document, DocumentKind, RecoveryFile
from recovery.cases.selectors import get_file, without_own
from recovery.enforcement import events
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from secal.access.actors import current_actor
from secal.access.errors import Refused
from secal.access.policy import decide, require
from secal.vault.fields import SealedModel, prefetch_keys

NO_SUCH_PROPOSAL = _("Cette proposition n’existe pas.")
SHOWN = ("number", "name")
FIELDS = ("file", "employer", "reasons", "deeds")


@dataclass(frozen=True, slots=True)
class Deed:
    """A deed that may serve as evidence, with its name opened."""

    document: Document
    name: str


@dataclass(frozen=True, slots=True)
class OpenedProposal:
    """A proposal with its sealed parts opened."""

    proposal: IrrecoverabilityProposal
    reasons: str
    motive: str
    evidence: str


def pending_proposals() -> QuerySet[IrrecoverabilityProposal]:
    """Proposals that wait for a decision, oldest first. Raises Refused. The caller logs what it shows."""
    require("irrecoverable.approve")
    pending = without_own(_pending().select_related("file__employer", "proposed_by"))
    return pending.order_by("proposed_on", "pk")


def pending_count() -> int:
    """For the menu."""
    if not decide(current_actor(), "irrecoverable.approve").permitted:
        return 0
    return without_own(_pending()).count()


def log_proposals(proposals: Sequence[IrrecoverabilityProposal]) -> None:
    """These lines are about to be shown."""
    lines = [(proposal.file.employer_id, proposal.file_id) for proposal in proposals]
    events.lines_read("irrecoverable.approve", lines=lines, fields=SHOWN)


def proposal_to_decide(proposal_id: uuid.UUID) -> IrrecoverabilityProposal:
    """One proposal through the door of its file. Raises Refused, hidden when there is none such."""
    require("irrecoverable.approve")
    proposal = (
        IrrecoverabilityProposal.objects.select_related("proposed_by", "decided_by", "evidence")
        .filter(pk=proposal_id)
        .first()
    )
    if proposal is None:
        raise Refused(
            "irrecoverable.approve", "no_such_proposal", NO_SUCH_PROPOSAL, file=proposal_id, hidden=True
        )
    proposal.file = get_file(proposal.file_id, act="irrecoverable.approve", fields=FIELDS)
    proposal.evidence.file = proposal.file
    return proposal


def opened(proposal: IrrecoverabilityProposal) -> OpenedProposal:
    """With its sealed parts; the door has logged that they are shown."""
    return OpenedProposal(
        proposal=proposal,
        reasons=proposal.open_value("reasons"),
        motive=proposal.open_value("motive") if proposal.motive else "",
        evidence=proposal.evidence.open_value("name"),
    )


def deeds_of(file: RecoveryFile) -> list[Deed]:
    """The bailiffs' deeds of a file opened through its door, newest first."""
    deeds = list(
        Document.objects.filter(file=file, kind=DocumentKind.DEED)
        .select_related("file")
        .defer("content")
        .order_by("-made_on", "pk")
    )
    prefetch_keys(list[SealedModel](deeds))
    return [Deed(deed, deed.open_value("name")) for deed in deeds]


def last_proposal(file: RecoveryFile) -> IrrecoverabilityProposal | None:
    """The latest proposal of a file, nothing opened."""
    return (
        IrrecoverabilityProposal.objects.filter(file=file)
        .select_related("proposed_by", "decided_by")
        .order_by("-proposed_on", "-pk")
        .first()
    )


def _pending() -> QuerySet[IrrecoverabilityProposal]:
    return IrrecoverabilityProposal.objects.filter(state=ProposalState.PROPOSED)
