"""Correcting a NISS, merging two persons: one registrar proposes, another decides, a service carries it out.

Neither registrar sees a person: each types the numbers from the paper. Whoever types a number that the office
knows is barred from that person for ever, like any registrar. The answer is the same whatever comes of it;
casework finds it in its files. Nobody comes to themselves, by number or by place.
"""

import uuid
from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from secal.access.actors import current_actor
from secal.access.policy import Facts, require
from secal.cases import events
from secal.cases.errors import decided_already, typed_differently
from secal.cases.models import AlimonyFile, Beneficiary, EventKind, FileState, WorkKind
from secal.cases.timeline import add_event, ask_work
from secal.office.jobs import request_job
from secal.people.designations import Correction, Designation, Merge, Numbers, Place, digest, from_text
from secal.people.identifiers import niss_index
from secal.people.models import (
    IdentityOutcome,
    IdentityProposal,
    OutcomeCode,
    Person,
    ProposalKind,
    ProposalState,
    RegistrationKind,
)
from secal.people.services import meet, record_act
from secal.people.services.identity import (
    Proof,
    correct_niss,
    empty_into,
    record_decision,
    record_outcome,
    record_proposal,
)

SETTLING = "cases.identity"
"""The job that carries an approved proposal out (secal.cases.jobs)."""

ACTS = {
    ProposalKind.CORRECTION: ("person.propose_correction", "person.decide_correction"),
    ProposalKind.MERGE: ("person.propose_merge", "person.decide_merge"),
}


def propose_identity(numbers: Numbers, proof: Proof, *, on: date) -> IdentityProposal:
    """Ask another registrar to correct a NISS or to merge two persons. Raises Refused."""
    kind = ProposalKind.MERGE if isinstance(numbers, Merge) else ProposalKind.CORRECTION
    require(ACTS[kind][0], Facts(actor_is_party=_is_about_actor(numbers)))
    _meet(numbers)
    proposal = record_proposal(numbers, proof, on=on)
    events.identity_proposed(ACTS[kind][0], proposal=proposal.pk)
    return proposal


def approve_identity(proposal_id: uuid.UUID, *, typed: Numbers, on: date) -> IdentityProposal:
    """Agree, with the numbers typed once more. Raises Refused (never by who proposed it), CaseError."""
    proposal = _to_decide(proposal_id, actor_is_party=_is_about_actor(typed))
    _meet(typed)
    if digest(typed) != bytes(proposal.stated_bi or b""):
        raise typed_differently()
    record_decision(proposal, ProposalState.APPROVED, on=on)
    request_job(SETTLING, str(proposal.pk), requested=False)
    events.identity_decided(ACTS[ProposalKind(proposal.kind)][1], proposal=proposal.pk)
    return proposal


def refuse_identity(proposal_id: uuid.UUID, *, on: date) -> IdentityProposal:
    """Do not agree: nothing changes, and what was typed is forgotten. Raises Refused, CaseError."""
    proposal = _to_decide(proposal_id, actor_is_party=False)
    record_decision(proposal, ProposalState.REFUSED, on=on)
    events.identity_decided(ACTS[ProposalKind(proposal.kind)][1], proposal=proposal.pk)
    return proposal


def settle_identity(proposal_id: uuid.UUID, *, on: date) -> None:
    """Carry an approved proposal out, or say in the files concerned why not. Repeatable. Raises Refused."""
    require("identity.settle")
    proposal = IdentityProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    settled = IdentityOutcome.objects.filter(proposal=proposal).exists()
    if proposal.state != ProposalState.APPROVED or settled:
        return
    numbers = from_text(proposal.open_value("stated"))
    if isinstance(numbers, Merge):
        _settle_merge(proposal, numbers, on)
    else:
        _settle_correction(proposal, numbers, on)
    events.identity_settled(proposal=proposal.pk)


def _to_decide(proposal_id: uuid.UUID, *, actor_is_party: bool) -> IdentityProposal:
    # Read before it is held: whoever proposed it cannot take hold of it, the database sees to that.
    proposal = IdentityProposal.objects.get(pk=proposal_id)
    act = ACTS[ProposalKind(proposal.kind)][1]
    require(act, Facts(prepared_by=proposal.proposed_by_id, actor_is_party=actor_is_party))
    proposal = IdentityProposal.objects.select_for_update(of=("self",)).get(pk=proposal_id)
    if proposal.state != ProposalState.PROPOSED:
        raise decided_already()
    return proposal


def _meet(numbers: Numbers) -> None:
    """Whoever types numbers becomes a registrar of whom they designate, if anybody: they are not told."""
    for designation in _designations(numbers):
        if designation.niss:
            meet(designation.niss, file=None)
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT cases_meet_party(%s, %s, %s, %s, %s)",
                    [
                        designation.file_number,
                        designation.place,
                        designation.born,
                        uuid.uuid4(),
                        current_actor().id,
                    ],
                )


def _designations(numbers: Numbers) -> tuple[Designation, ...]:
    if isinstance(numbers, Correction):
        return numbers.person, Designation(niss=numbers.niss)
    return numbers.kept, numbers.emptied


def _is_about_actor(numbers: Numbers) -> bool:
    own = current_actor().niss_bi
    return own is not None and any(
        niss_index(designation.niss) == own for designation in _designations(numbers) if designation.niss
    )


def _settle_correction(proposal: IdentityProposal, numbers: Correction, on: date) -> None:
    person = _find(numbers.person)
    if person is None:
        record_outcome(proposal, OutcomeCode.NOBODY)
        return
    if _stops_at_their_own(proposal, [person], on):
        return
    other = Person.objects.filter(niss_bi=niss_index(numbers.niss)).exclude(pk=person.pk).first()
    if other is not None:
        record_outcome(proposal, OutcomeCode.TAKEN, person=person.pk)
        _ask_to_examine(proposal, _files_of([person.pk, other.pk]), OutcomeCode.TAKEN, on)
        return
    correct_niss(person, numbers.niss, proposal=proposal)
    record_outcome(proposal, OutcomeCode.DONE, person=person.pk)
    for file in _files_of([person.pk]):
        add_event(file, kind=EventKind.INTAKE, code="niss_corrected", on=on)


def _settle_merge(proposal: IdentityProposal, numbers: Merge, on: date) -> None:
    kept, emptied = _find(numbers.kept), _find(numbers.emptied)
    if kept is None or emptied is None:
        record_outcome(proposal, OutcomeCode.NOBODY)
        return
    if _stops_at_their_own(proposal, [kept, emptied], on):
        return
    if kept.pk == emptied.pk:
        record_outcome(proposal, OutcomeCode.SAME_PERSON, person=kept.pk)
        return
    files = list(_files_of([emptied.pk]).select_for_update(no_key=True))
    shared = _files_of([kept.pk]).filter(pk__in=[file.pk for file in files])
    if shared.exists():
        record_outcome(proposal, OutcomeCode.SAME_FILE, person=kept.pk, emptied=emptied.pk)
        _ask_to_examine(proposal, shared, OutcomeCode.SAME_FILE, on)
        return
    empty_into(kept, emptied, proposal=proposal)
    for file in files:
        _name_in(file, kept, emptied, proposal)
        add_event(file, kind=EventKind.INTAKE, code="persons_merged", on=on)
    record_outcome(proposal, OutcomeCode.DONE, person=kept.pk, emptied=emptied.pk)


def _stops_at_their_own(proposal: IdentityProposal, found: Sequence[Person], on: date) -> bool:
    """Nothing changes when somebody found is who proposed or decided: they may have been meant by a place,
    and only here it shows whose that is."""
    agreed = [user.niss_bi for user in (proposal.proposed_by, proposal.decided_by) if user is not None]
    own = [person.pk for person in found if person.niss_bi is not None and person.niss_bi in agreed]
    if own:
        record_outcome(proposal, OutcomeCode.OWN, person=own[0])
        _ask_to_examine(proposal, _files_of(own), OutcomeCode.OWN, on)
        events.identity_of_ones_own(proposal=proposal.pk)
    return bool(own)


def _name_in(file: AlimonyFile, kept: Person, emptied: Person, proposal: IdentityProposal) -> None:
    """The file names the one who remains. What is booked stays as it was booked."""
    record_act(RegistrationKind.PERSONS_MERGED, file=file.pk, proposal=proposal)
    file.creditor_id = kept.pk if file.creditor_id == emptied.pk else file.creditor_id
    file.debtor_id = kept.pk if file.debtor_id == emptied.pk else file.debtor_id
    file.save()
    for line in Beneficiary.objects.filter(title__file=file, child=emptied):
        line.child = kept
        line.save()


def _find(designation: Designation) -> Person | None:
    """The person, locked; None when the designation leads to nobody or to several."""
    persons = Person.objects.select_for_update(no_key=True)
    if designation.niss:
        return persons.filter(niss_bi=niss_index(designation.niss)).first()
    file = AlimonyFile.objects.filter(number=designation.file_number).first()
    if file is None:
        return None
    if designation.place == Place.CHILD:
        children = Beneficiary.objects.filter(title__file=file, child__birth_date=designation.born)
        found = list(children.values_list("child", flat=True)[:2])
    else:
        found = [file.creditor_id if designation.place == Place.CREDITOR else file.debtor_id]
    return persons.get(pk=found[0]) if len(found) == 1 else None


def _files_of(persons: Iterable[uuid.UUID]) -> QuerySet[AlimonyFile]:
    """The files in which one of them is a party, by number."""
    wanted = list(persons)
    children = Beneficiary.objects.filter(child__in=wanted).values("title__file")
    return AlimonyFile.objects.filter(
        Q(creditor__in=wanted) | Q(debtor__in=wanted) | Q(pk__in=children)
    ).order_by("number")


def _ask_to_examine(
    proposal: IdentityProposal, files: QuerySet[AlimonyFile], code: OutcomeCode, on: date
) -> None:
    """One task for the officer in charge of the oldest open file concerned, and a line in each of them."""
    open_files = list(files.exclude(state__in=[FileState.CLOSED, FileState.REFUSED]))
    for file in open_files:
        add_event(file, kind=EventKind.INTAKE, code="identity_unclear", on=on, params={"why": code.value})
    for file in open_files[:1]:
        ask_work(file, kind=WorkKind.EXAMINE_IDENTITY, source=proposal.pk, since=on, due_on=on)
