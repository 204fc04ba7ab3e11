"""What enforcement adds to the office: menu lines, a part of the file page, words, an ear for money."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from recovery.cases.event_words import register_words
from recovery.cases.milestones import on_debt_recorded, on_mandate_ended
from recovery.cases.models import RecoveryFile
from recovery.cases.panels import board
from recovery.enforcement import tables
from recovery.enforcement.models import ProposalState
from recovery.enforcement.selectors.distribution import waiting_count
from recovery.enforcement.selectors.irrecoverability import last_proposal, pending_count
from recovery.enforcement.selectors.transmission import issued_count
from recovery.enforcement.services import outcome
from recovery.enforcement.services.irrecoverability import what_stands_in_the_way
from recovery.enforcement.wording import EVENTS
from secal.access.policy import may
from secal.ledger.moments import on_collected, on_receipts_allocated, on_receipts_put_back
from secal.office import menu
from secal.office.menu import WORK, MenuLine
from secal.office.panels import Action, Panel


def register() -> None:
    """Called once when the room is made ready."""
    for line in (
        MenuLine(WORK, 10, _("Titres à confier"), "enforcement:inbox", "mandate.view", count=waiting_count),
        MenuLine(WORK, 11, _("Mandats en cours"), "enforcement:mandates", "mandate.view"),
        MenuLine(
            WORK,
            10,
            _("Contraintes à transmettre"),
            "enforcement:to_transmit",
            "title.transmit",
            count=issued_count,
        ),
        MenuLine(WORK, 11, _("Transmissions"), "enforcement:transmissions", "title.transmit"),
        MenuLine(
            WORK,
            12,
            _("Irrécouvrabilités à décider"),
            "enforcement:proposals",
            "irrecoverable.approve",
            count=pending_count,
        ),
    ):
        menu.register(line)
    register_words(EVENTS)
    board.register_panel(
        Panel("ending", _("Fin du recouvrement"), "enforcement/panel.html", _panel, order=30)
    )
    board.register_actions(_actions)
    on_mandate_ended.register(outcome.after_mandate)
    on_debt_recorded.register(outcome.after_debt)
    on_receipts_allocated.register(outcome.after_receipts)
    on_receipts_put_back.register(outcome.after_receipts)
    on_collected.register(outcome.after_collections)


def _panel(file: RecoveryFile) -> dict[str, Any] | None:
    """How the recovery came out and what was proposed; nothing while neither is there."""
    proposal = last_proposal(file)
    if proposal is None and not file.outcome:
        return None
    decidable = (
        proposal is not None and proposal.state == ProposalState.PROPOSED and may("irrecoverable.approve")
    )
    return {
        "file": file,
        "proposal": proposal,
        "status": tables.proposal_status(proposal) if proposal else None,
        "decidable": decidable,
    }


def _actions(file: RecoveryFile) -> list[Action]:
    """The clerk's way to propose, with the reason when it is shut."""
    if file.outcome or file.ended_on or not may("irrecoverable.propose"):
        return []
    obstacle = what_stands_in_the_way(file)
    return [
        Action(
            _("Proposer l’irrécouvrabilité"),
            reverse("enforcement:propose", args=[file.pk]),
            reason=obstacle.text() if obstacle else "",
        )
    ]
