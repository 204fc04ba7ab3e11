"""What decisions add to the file page: the decision with its rights, and the act of deciding."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.policy import decide
from secal.advances import wording
from secal.advances.models import Outcome
from secal.advances.selectors.decisions import rights_of, taken_on
from secal.advances.views.decisions import rights_table, shape_of
from secal.cases.event_words import register_words
from secal.cases.models import AlimonyFile, FileState
from secal.cases.panels import board
from secal.cases.selectors import facts_about
from secal.office.explaining import add_words
from secal.office.panels import Action, Panel


def register() -> None:
    """Called once when the room is made ready."""
    register_words(wording.EVENTS)
    add_words(steps=wording.STEPS, remarks=wording.REMARKS, facts=wording.FACTS)
    board.register_panel(
        Panel("decision", _("Décision et droits"), "advances/decision_panel.html", _decision_panel, order=20)
    )
    board.register_actions(_actions)


def _decision_panel(file: AlimonyFile) -> dict[str, Any] | None:
    taken = taken_on(file)
    if taken is None:
        return None
    return {
        "file": file,
        "decision": taken,
        "status": shape_of(Outcome(taken.outcome)),
        "rights": rights_table(rights_of(file)),
    }


def _actions(file: AlimonyFile) -> list[Action]:
    if file.state != FileState.TO_DECIDE:
        return []
    permission = decide(current_actor(), "advance.decide", facts_about(file.pk, "advance.decide"))
    return [
        Action(
            _("Décider sur la demande"),
            reverse("advances:decide", args=[file.pk]),
            primary=True,
            reason=permission.message,
        )
    ]
