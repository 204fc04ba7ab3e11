"""What solvency adds to the office: a menu line, its part of the file page, words, an ear for new files."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.policy import decide, may
from secal.cases.event_words import register_words
from secal.cases.milestones import on_file_activated, on_file_closed
from secal.cases.models import AlimonyFile, FileState
from secal.cases.panels import board
from secal.cases.selectors import facts_about
from secal.office import keeping, menu
from secal.office.clock import today
from secal.office.keeping import Kept
from secal.office.panels import Action, Panel
from secal.solvency import tables
from secal.solvency.models import Reexamination, ReviewOutcome, SolvencyReview, Suspension
from secal.solvency.selectors import calendar_line, history_of
from secal.solvency.services import schedule_first_review, take_off_calendar
from secal.solvency.suspensions import current_suspensions, is_suspended, proposed_suspension
from secal.solvency.wording import EVENTS


def panel(file: AlimonyFile) -> dict[str, Any] | None:
    """The calendar and the history; nothing for a file that was never in recovery."""
    line, reviews = calendar_line(file), history_of(file)
    if line is None and not reviews:
        return None
    suspensions = current_suspensions(file) if reviews else []
    return {
        "file": file,
        "line": line,
        "suspension": tables.suspension_facts(suspensions[0]) if suspensions else None,
        "suspended": is_suspended(suspensions, on=today()),
        "history": tables.history(reviews),
    }


def actions(file: AlimonyFile) -> list[Action]:
    if file.state != FileState.ACTIVE:
        return []
    line = calendar_line(file)
    if proposed_suspension(file) is not None and may("suspension.decide"):
        url = reverse("solvency:suspension", args=[file.pk])
        return [Action(_("Approuver la suspension"), url, primary=True)]
    permission = decide(current_actor(), "solvency.review", facts_about(file.pk, "solvency.review"))
    return [
        Action(
            _("Examiner la solvabilité"),
            reverse("solvency:review", args=[file.pk]),
            primary=line is not None and line.brought_back_on is not None,
            reason=permission.message,
        )
    ]


menu.register(menu.MenuLine(menu.WORK, 40, _("Examens de solvabilité"), "solvency:calendar", "solvency.list"))
board.register_panel(Panel("solvency", _("Solvabilité"), "solvency/panel.html", panel, order=60))
board.register_actions(actions)
keeping.keep(
    Kept(SolvencyReview, unit="alimony_file", by="file", title=_("Examen de solvabilité")),
    Kept(Suspension, unit="alimony_file", by="file", title=_("Suspension du recouvrement")),
    Kept(Reexamination, unit="alimony_file", by="file", title=_("Calendrier des examens")),
)
register_words(EVENTS, {"outcome": lambda code: str(ReviewOutcome(code).label)})
on_file_activated.register(schedule_first_review)
on_file_closed.register(take_off_calendar)
