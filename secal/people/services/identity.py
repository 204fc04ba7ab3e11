"""Writing proposals about who somebody is, and what an approved one changes in the rows of persons.

Who proposes, who decides and which files are concerned is for the room above to say.
"""

import uuid
from dataclasses import dataclass
from datetime import date

from secal.access.actors import current_actor
from secal.people.designations import Merge, Numbers, as_text, digest
from secal.people.identifiers import niss_index
from secal.people.models import (
    IdentityOutcome,
    IdentityProposal,
    OutcomeCode,
    PaymentAccount,
    Person,
    ProposalKind,
    ProposalState,
    RegistrationKind,
)
from secal.people.services.acts import record_act
from secal.vault.keystore import create_key

DECIDED = ["state", "decided_by", "decided_on"]
SEALED = ["stated", "reason", "paper"]


@dataclass(frozen=True, slots=True)
class Proof:
    """Why the identity is to change, and the paper that shows it, as bytes."""

    reason: str
    paper: bytes
    paper_type: str


def record_proposal(numbers: Numbers, proof: Proof, *, on: date) -> IdentityProposal:
    """Keep, sealed, what the registrar at work asks for."""
    proposal = IdentityProposal(
        key_id=create_key("person"),
        kind=ProposalKind.MERGE if isinstance(numbers, Merge) else ProposalKind.CORRECTION,
        stated_bi=digest(numbers),
        paper_type=proof.paper_type,
        proposed_by_id=current_actor().id,
        proposed_on=on,
    )
    proposal.seal_value("stated", as_text(numbers))
    proposal.seal_value("reason", proof.reason)
    proposal.seal_value("paper", proof.paper)
    proposal.save(force_insert=True)
    return proposal


def record_decision(proposal: IdentityProposal, state: ProposalState, *, on: date) -> None:
    """Who decided what. A refused proposal keeps nothing of what was typed."""
    proposal.state = state
    proposal.decided_by_id = current_actor().id
    proposal.decided_on = on
    proposal.save(update_fields=DECIDED)
    if state == ProposalState.REFUSED:
        forget_what_was_typed(proposal)


def record_outcome(
    proposal: IdentityProposal,
    code: OutcomeCode,
    *,
    person: uuid.UUID | None = None,
    emptied: uuid.UUID | None = None,
) -> None:
    """What it came to. One that concerns nobody keeps nothing of what was typed."""
    IdentityOutcome.objects.create(proposal=proposal, code=code, person_id=person, emptied_id=emptied)
    if person is None:
        forget_what_was_typed(proposal)


def forget_what_was_typed(proposal: IdentityProposal) -> None:
    for column in SEALED:
        setattr(proposal, column, None)
    proposal.save(update_fields=SEALED)


def correct_niss(person: Person, niss: str, *, proposal: IdentityProposal) -> None:
    """Give the person this NISS (eleven digits). The old one stays in their history, sealed."""
    record_act(RegistrationKind.IDENTIFIER_CORRECTED, person=person.pk, proposal=proposal)
    person.niss_bi = niss_index(niss)
    person.seal_value("niss", niss)
    person.save(update_fields=["niss", "niss_bi"])


def empty_into(kept: Person, emptied: Person, *, proposal: IdentityProposal) -> None:
    """Mark one row as the same person as the other: from now on nobody finds it.

    What only the emptied row held is taken over: a NISS, a first account, birth, address. The database
    carries over who registered the emptied one.
    """
    for person in (kept, emptied):
        record_act(RegistrationKind.PERSONS_MERGED, person=person.pk, proposal=proposal)
    niss = emptied.open_value("niss")
    birth_place, address = emptied.open_value("birth_place"), emptied.open_value("address")
    emptied.niss_bi = None
    emptied.merged_into = kept
    emptied.save(update_fields=["niss_bi", "merged_into"])
    if niss and kept.niss_bi is None:
        kept.niss_bi = niss_index(niss)
        kept.seal_value("niss", niss)
    kept.birth_date = kept.birth_date or emptied.birth_date
    if kept.birth_place is None:
        kept.seal_value("birth_place", birth_place)
    if kept.address is None:
        kept.seal_value("address", address)
    kept.save()
    _take_accounts_over(kept, emptied)


def _take_accounts_over(kept: Person, emptied: Person) -> None:
    """Only where the one who remains has none: a merging never changes where money goes."""
    if kept.accounts.exists():
        return
    for account in PaymentAccount.objects.filter(person=emptied).select_related("person"):
        iban = account.open_value("iban")
        account.person = kept
        account.seal_value("iban", iban)
        account.save()
