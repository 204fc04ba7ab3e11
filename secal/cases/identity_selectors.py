"""Reading proposals about identity, for those who register: what is to decide, and the paper with it."""

import uuid

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor
from secal.access.errors import Refused
from secal.access.policy import require
from secal.cases import events
from secal.people.models import IdentityProposal, ProposalKind, ProposalState

DECIDE = {
    ProposalKind.CORRECTION: "person.decide_correction",
    ProposalKind.MERGE: "person.decide_merge",
}


def proposals_for(actor: Actor) -> QuerySet[IdentityProposal]:
    """Everybody's that are to decide, and one's own; sealed values stay out. The outcome is not there."""
    return (
        IdentityProposal.objects.filter(Q(state=ProposalState.PROPOSED) | Q(proposed_by=actor.id))
        .select_related("proposed_by")
        .defer("stated", "reason", "paper")
        .order_by("-proposed_on", "pk")
    )


def proposal_to_decide(proposal_id: uuid.UUID, kind: ProposalKind) -> IdentityProposal:
    """One that another registrar made and nobody decided, with its paper. Raises Refused (hidden) for others.
    Logs the read."""
    actor = require(DECIDE[kind])
    proposal = (
        IdentityProposal.objects.filter(pk=proposal_id, kind=kind, state=ProposalState.PROPOSED)
        .exclude(proposed_by=actor.id)
        .select_related("proposed_by")
        .first()
    )
    if proposal is None:
        raise Refused(
            DECIDE[kind],
            "no_such_proposal",
            _("Il n’y a pas de proposition à décider à cette adresse."),
            hidden=True,
        )
    events.identity_paper_read(DECIDE[kind], proposal=proposal.pk)
    return proposal
