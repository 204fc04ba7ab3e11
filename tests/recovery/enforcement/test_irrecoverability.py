"""Giving a file up: one proposes with a deed, another decides; not while something may still come."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from recovery.cases.models import DocumentKind, FileEvent, Outcome, RecoveryFile, Title
from recovery.enforcement.errors import EndingError
from recovery.enforcement.models import IrrecoverabilityProposal, ProposalState
from recovery.enforcement.services.irrecoverability import approve, propose, refuse
from secal.access.errors import Refused
from secal.access.models import User
from secal.access.roles import Role
from secal.access.unit_of_work import acting_as
from tests.changing import change
from tests.conftest import also
from tests.recovery.enforcement.conftest import (
    DECIDED_ON,
    ENDED_ON,
    PROPOSED_ON,
    REASONS,
    at_bailiff,
    collected,
    deed,
    ended,
    paid,
    proposed,
)
from tests.recovery.stories import People, made_file, serve

AsUser = Callable[[User], AbstractContextManager[None]]
Log = Callable[..., list[dict[str, Any]]]
ClientFor = Callable[[User], Client]


@pytest.fixture
def file(staff: People) -> RecoveryFile:
    return at_bailiff(staff).file


def test_a_proposal_is_sealed_and_rests_on_a_deed(
    staff: People, file: RecoveryFile, as_user: AsUser, security_log: Log
) -> None:
    proposal = proposed(staff, file)
    assert REASONS.encode() not in bytes(proposal.reasons)
    assert proposal.open_value("reasons") == REASONS
    assert FileEvent.objects.filter(file=file, code="irrecoverability_proposed").exists()
    assert security_log(kind="WRITE", act="irrecoverable.propose", file=file.pk)
    other = deed(staff, made_file(staff))
    notice = deed(staff, file, kind=DocumentKind.OTHER)
    change(proposal, state=ProposalState.LAPSED, decided_on=PROPOSED_ON)
    wrong: list[tuple[str, Any, str]] = [
        (REASONS, other.pk, "proposal.evidence"),
        (REASONS, notice.pk, "proposal.evidence"),
        (REASONS, None, "proposal.evidence"),
        ("rien", proposal.evidence_id, "proposal.reasons"),
    ]
    with as_user(staff.clerk):
        for reasons, evidence, code in wrong:
            with pytest.raises(EndingError) as refusal:
                propose(file_id=file.pk, reasons=reasons, evidence_id=evidence, on=PROPOSED_ON)
            assert refusal.value.code == code


@pytest.mark.obligation("17/006 §7")
def test_the_approved_file_ends_when_the_intervention_is_closed(
    staff: People, file: RecoveryFile, as_user: AsUser, security_log: Log
) -> None:
    proposal = proposed(staff, file)
    with as_user(staff.directorate):
        approve(proposal_id=proposal.pk, on=DECIDED_ON)
    file.refresh_from_db()
    assert (file.outcome, file.outcome_on, file.ended_on) == (Outcome.IRRECOVERABLE, DECIDED_ON, None)
    ended(staff, file.mandates.get())
    file.refresh_from_db()
    assert file.ended_on == ENDED_ON
    codes = list(
        FileEvent.objects.filter(file=file, kind="end").order_by("at").values_list("code", flat=True)
    )
    assert codes == ["irrecoverability_proposed", "file_irrecoverable", "file_ended"]
    assert security_log(kind="WRITE", act="irrecoverable.approve", file=file.pk)
    assert security_log(kind="WRITE", act="recovery.end", file=file.pk)


def test_who_proposes_never_approves_in_service_and_database(
    staff: People, file: RecoveryFile, as_user: AsUser, security_log: Log
) -> None:
    """Even somebody who bears both roles."""
    proposal = proposed(staff, file)
    also(staff.clerk, Role.RECOVERY_DIRECTORATE)
    with pytest.raises(Refused), as_user(staff.clerk):
        approve(proposal_id=proposal.pk, on=DECIDED_ON)
    assert security_log(kind="DENY", act="irrecoverable.approve", reason="same_person", actor=staff.clerk.pk)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.PROPOSED
    with pytest.raises(IntegrityError, match="who_proposes_does_not_approve"), transaction.atomic():
        change(proposal, state=ProposalState.APPROVED, decided_on=DECIDED_ON, decided_by_id=staff.clerk.pk)
    with pytest.raises(IntegrityError, match="nobody approved"), transaction.atomic():
        change(file, outcome=Outcome.IRRECOVERABLE, outcome_on=DECIDED_ON)


def test_neither_clerk_nor_operator_approves_and_nobody_else_proposes(
    staff: People, file: RecoveryFile, as_user: AsUser, security_log: Log
) -> None:
    proposal = proposed(staff, file)
    for user in (staff.clerk, staff.operator, staff.signatory):
        with pytest.raises(Refused), as_user(user):
            approve(proposal_id=proposal.pk, on=DECIDED_ON)
        assert security_log(kind="DENY", act="irrecoverable.approve", actor=user.pk)
    for user in (staff.directorate, staff.operator, staff.bailiff):
        with pytest.raises(Refused), as_user(user):
            propose(file_id=file.pk, reasons=REASONS, evidence_id=proposal.evidence_id, on=PROPOSED_ON)
        assert security_log(kind="DENY", act="irrecoverable.propose", actor=user.pk)
    assert IrrecoverabilityProposal.objects.get().state == ProposalState.PROPOSED
    assert RecoveryFile.objects.get(pk=file.pk).outcome == ""


def test_a_refusal_has_its_motive_and_the_recovery_goes_on(
    staff: People, file: RecoveryFile, as_user: AsUser
) -> None:
    proposal = proposed(staff, file)
    with as_user(staff.directorate):
        with pytest.raises(EndingError) as refusal:
            refuse(proposal_id=proposal.pk, motive="non", on=DECIDED_ON)
        assert refusal.value.code == "proposal.motive"
        refuse(proposal_id=proposal.pk, motive="Le gérant détient un immeuble.", on=DECIDED_ON)
        with pytest.raises(EndingError) as again:
            approve(proposal_id=proposal.pk, on=DECIDED_ON)
        assert again.value.code == "proposal.decided"
    assert RecoveryFile.objects.get(pk=file.pk).outcome == ""
    with pytest.raises(IntegrityError, match="made once and decided once"), transaction.atomic():
        change(proposal, decided_on=ENDED_ON)
    proposed(staff, file)  # another may follow


def test_nothing_is_given_up_while_an_opposition_pends(
    staff: People, file: RecoveryFile, as_user: AsUser
) -> None:
    title = serve(staff, file.mandates.get())
    proposal = proposed(staff, file)
    opposed = title.served_at.date()  # type: ignore[union-attr]
    with acting_as(staff.directorate.pk):
        change(Title.objects.get(pk=title.pk), opposed_on=opposed)
    with as_user(staff.directorate), pytest.raises(EndingError) as refusal:
        approve(proposal_id=proposal.pk, on=DECIDED_ON)
    assert refusal.value.code == "proposal.opposition"


def test_nothing_is_given_up_while_the_bailiff_holds_money(
    staff: People, file: RecoveryFile, as_user: AsUser
) -> None:
    collected(file, Decimal("10.00"))
    evidence = deed(staff, file)
    with as_user(staff.clerk), pytest.raises(EndingError) as refusal:
        propose(file_id=file.pk, reasons=REASONS, evidence_id=evidence.pk, on=PROPOSED_ON)
    assert refusal.value.code == "proposal.held"


def test_a_proposal_lapses_when_the_debtor_pays(staff: People, file: RecoveryFile, settings: Any) -> None:
    proposal = proposed(staff, file)
    paid(file, Decimal("20000.00"), account=settings.ONSS_IBAN, on=ENDED_ON)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.decided_by) == (ProposalState.LAPSED, None)
    assert RecoveryFile.objects.get(pk=file.pk).outcome == Outcome.PAID


def test_the_two_pages_from_proposal_to_decision(
    staff: People, file: RecoveryFile, client_for: ClientFor
) -> None:
    evidence = deed(staff, file)
    address = reverse("enforcement:propose", args=[file.pk])
    clerk, directorate = client_for(staff.clerk), client_for(staff.directorate)
    assert "carence.pdf" in clerk.get(address).content.decode()
    assert (
        "20 caractères" in clerk.post(address, {"evidence": evidence.pk, "reasons": "rien"}).content.decode()
    )
    assert clerk.post(address, {"evidence": evidence.pk, "reasons": REASONS}).status_code == 302
    proposal = IrrecoverabilityProposal.objects.get()
    listed = directorate.get(reverse("enforcement:proposals")).content.decode()
    decision = reverse("enforcement:decide", args=[proposal.pk])
    assert decision in listed
    shown = directorate.get(decision).content.decode()
    assert REASONS in shown and "Déclarer irrécouvrable" in shown
    assert "pourquoi la proposition" in directorate.post(decision, {"step": "refuse"}).content.decode()
    assert directorate.post(decision, {"step": "approve"}).status_code == 302
    assert RecoveryFile.objects.get(pk=file.pk).outcome == Outcome.IRRECOVERABLE
    assert "Déclarer irrécouvrable" not in directorate.get(decision).content.decode()
    page = clerk.get(reverse("arrears:page", args=[file.pk])).content.decode()
    assert "éclaré irrécouvrable" in page


def test_an_unknown_proposal_is_not_found(staff: People, file: RecoveryFile, client_for: ClientFor) -> None:
    assert client_for(staff.directorate).get(reverse("enforcement:decide", args=[file.pk])).status_code == 404
