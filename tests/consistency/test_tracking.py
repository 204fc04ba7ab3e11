"""Every table keeps its past, by history or by the configuration log, or says here why it need not."""

import re
from pathlib import Path

import pytest
from auditlog.registry import auditlog
from django.apps import apps
from django.db import models

from secal.access.history import BulkWriteRefused, TrackedManager, TrackedQuerySet

ROOT = Path(__file__).resolve().parents[2]
STAYS = "its rows are only ever added to: the table is its own past"
BOOKED = "what is booked stays; a correction is an entry of its own"
STATES = "each change of state leaves a row of its own or an event of the file"
NOT_TRACKED = {
    "access": {"Commitment": STAYS},
    "advances": {
        "AdvanceDecision": STAYS,
        "AdvanceRight": STAYS,
        "AdvanceRun": STATES,
        "RunChange": STAYS,
        "RunLine": STATES,
    },
    "arrears": {"Contest": STAYS, "ContestLine": STAYS, "DebtCharge": BOOKED, "RollLine": STAYS},
    "cases": {
        "Assignment": "dated rows: who was in charge, from when until when",
        "Attachment": STAYS,
        "CaseEvent": STAYS,
        "EmergencyAccess": "asked, answered and reviewed once each; the database keeps it so",
        "FileOpening": "a view: nothing writes it",
        "FilePermission": "a row while the assignment runs; assignments are dated rows",
        "MonthlyTerm": "made once from its title, and bound to what was booked",
        "Statement": STAYS,
        "PersonProtection": "dated rows: who protected whom from when, and who lifted it",
        "ProtectedOpening": "asked once and agreed to once from each side; the database keeps it so",
        "Recusal": STAYS,
        "WorkItem": "what is to be done, not what is so; done work stays with its day",
    },
    "chamber": {
        "Alarm": STATES,
        "Departure": "written once, and once more with the moment when access ended",
        "Member": "the Chamber's list as it stands; every message that changed it stays",
        "Proposal": STATES,
        "ReceivedList": STAYS,
        "Release": "two agreements in one row, each written once",
    },
    "enforcement": {"Transmission": STAYS, "TransmittedTitle": STAYS},
    "files": {
        "DraftPaper": "not sent yet: thrown away or turned into an application",
        "IntakeDraft": "not sent yet: thrown away or turned into an application",
    },
    "ledger": {
        "Allocation": BOOKED,
        "BankMessage": STAYS,
        "BankMovement": STAYS,
        "BankStatement": STAYS,
        "Book": BOOKED,
        "Claim": BOOKED,
        "Collection": BOOKED,
        "JournalEntry": BOOKED,
        "PaymentFile": STATES,
        "PaymentInstruction": STATES,
        "Posting": BOOKED,
        "Receipt": STATES,
    },
    "office": {"Job": "work of the program: how far it is, not what was decided"},
    "people": {"IdentityOutcome": STAYS, "IdentityProposal": STATES, "RegistrationAct": STAYS},
    "portal": {
        "CollectedPayment": STAYS,
        "FollowUp": "what the office's worker still has to do of a bailiff's act, which stays",
        "JudgeLeave": STAYS,
    },
    "recovery_cases": {
        "Act": STAYS,
        "Document": STAYS,
        "FileEvent": STAYS,
        "MandatePermission": "a row while the mandate runs; the mandate keeps its own history",
    },
    "register": {
        "Review": "opened and confirmed once, by two persons whom its row names",
        "ReviewLine": "frozen when the review opens; its answer is signed and stays once confirmed",
    },
    "retention": {
        "Certificate": STAYS,
        "ErasureApproval": STAYS,
        "ErasureItem": STATES,
        "ErasureList": STATES,
        "ListChange": STAYS,
    },
    "solvency": {
        "Reexamination": "a day of the calendar, made from the last signed review",
        "SolvencyReview": STAYS,
    },
}
"""Models without history, by room, with the reason."""

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith(("secal.", "recovery.", "audit."))
    and not model.__name__.startswith("Historical")
]
BY_HISTORY = [model for model in OURS if hasattr(model._meta, "simple_history_manager_attribute")]
TRACKED = [model for model in OURS if model in BY_HISTORY or auditlog.contains(model)]


def test_there_is_something_to_track() -> None:
    assert len(BY_HISTORY) >= 7
    assert len(TRACKED) >= 11


def test_nothing_is_tracked_twice() -> None:
    assert not [model for model in BY_HISTORY if auditlog.contains(model)]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.label)
def test_every_model_is_tracked_or_says_why_not(model: type[models.Model]) -> None:
    reason = NOT_TRACKED.get(model._meta.app_label, {}).get(model.__name__)
    assert (model in TRACKED) is (reason is None), "track it, or give the reason here; never both"


@pytest.mark.parametrize("model", TRACKED, ids=lambda model: model._meta.label)
def test_no_manager_of_a_tracked_model_writes_past_its_history(model: type[models.Model]) -> None:
    assert isinstance(model._default_manager, TrackedManager)
    for manager in model._meta.managers:
        assert isinstance(manager.all(), TrackedQuerySet), manager.name
        for write in (
            lambda rows: rows.update(pk=None),
            lambda rows: rows.bulk_create([]),
            lambda rows: rows.bulk_update([], []),
        ):
            with pytest.raises(BulkWriteRefused):
                write(manager)
            with pytest.raises(BulkWriteRefused):
                write(manager.all())


def test_the_managers_that_do_not_refuse_are_used_by_those_who_write_the_past_too() -> None:
    """Django keeps a plain manager beside ours; writing through it would be the way round."""
    round_about = re.compile(r"_base_manager\b[^\n]*\.(update|bulk_create|bulk_update|_update|_raw_delete)\(")
    may = {"secal/access/history.py"}
    found = {
        str(path.relative_to(ROOT))
        for folder in ("secal", "recovery", "audit")
        for path in (ROOT / folder).rglob("*.py")
        if round_about.search(path.read_text())
    }
    assert found <= may
