"""Closing a file: the officer in charge proposes, a second person confirms or sends it back (article 11)."""

import uuid
from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from secal.access.actors import current_actor
from secal.access.policy import require
from secal.cases import events
from secal.cases.closing import Answer
from secal.cases.closing_selectors import answer_on
from secal.cases.errors import CaseError
from secal.cases.milestones import obstacles_to_closing, on_file_closed
from secal.cases.models import (
    AlimonyFile,
    Closure,
    ClosureGround,
    EventKind,
    FileState,
    WorkKind,
)
from secal.cases.selectors import facts_about
from secal.cases.states import CLOSURE_TRANSITIONS, move_closure, move_file
from secal.cases.timeline import add_event, ask_work, finish_all_work, finish_work
from secal.kernel.errors import DomainError

WRITTEN = ["state", "decided_by", "decided_on", "explanation"]
"""What deciding writes in a closure; the rest stays as it was proposed."""


@dataclass(frozen=True, slots=True)
class Study:
    """What stands for and against closing a file on a ground."""

    ground: ClosureGround
    answer: Answer
    obstacles: tuple[DomainError, ...]

    @property
    def allowed(self) -> bool:
        return self.answer.allowed and not self.obstacles


def study(file: AlimonyFile, *, ground: ClosureGround, on: date, renounced_on: date | None = None) -> Study:
    """Look at a file without writing. Raises CaseError when it is not in collection, or the day is wrong."""
    if file.state != FileState.ACTIVE:
        raise CaseError(
            "closure.not_active",
            _("Seul un dossier en recouvrement se clôture. Rechargez la page du dossier."),
        )
    _check_day(file, ground, renounced_on, on)
    return Study(ground, answer_on(file, ground=ground, on=on), tuple(obstacles_to_closing(file, on=on)))


def propose_closure(
    *, file_id: uuid.UUID, ground: ClosureGround, on: date, renounced_on: date | None = None
) -> Closure:
    """Ask a second person to close the file. Raises Refused, CaseError."""
    file = _locked(file_id)
    state, act = CLOSURE_TRANSITIONS["propose", None]
    actor = require(act, facts_about(file.pk, act))
    answer = _allowed(study(file, ground=ground, on=on, renounced_on=renounced_on))
    closure = Closure(
        file=file,
        ground=ground,
        renounced_on=renounced_on,
        state=state,
        explanation=answer.explanation.to_dict(),
        proposed_by_id=actor.id,
        proposed_on=on,
    )
    try:
        with transaction.atomic():
            closure.save(force_insert=True)
    except IntegrityError as error:
        raise CaseError(
            "closure.proposed_already", _("La clôture de ce dossier attend déjà d’être approuvée.")
        ) from error
    ask_work(file, kind=WorkKind.APPROVE_CLOSURE, source=closure.pk, since=on, due_on=on)
    _tell(file, "closure_proposed", on, ground)
    events.closure_proposed(file=file.pk)
    return closure


def close_file(*, closure_id: uuid.UUID, on: date) -> AlimonyFile:
    """Confirm what another person proposed: the file is closed, and what still runs in it ends.

    The conditions are looked at once more. Raises Refused (never by who proposed it), CaseError.
    """
    file, closure = _decide(closure_id, "approve", on)
    answer = _allowed(
        study(file, ground=ClosureGround(closure.ground), on=on, renounced_on=closure.renounced_on)
    )
    closure.explanation = answer.explanation.to_dict()
    closure.save(update_fields=WRITTEN)
    move_file(file, "close")
    file.closed_on = on
    file.save()
    finish_all_work(file, on=on)
    on_file_closed.reached(file, on=on)
    _tell(file, "file_closed", on, ClosureGround(closure.ground))
    events.file_closed(file=file.pk)
    return file


def return_closure(*, closure_id: uuid.UUID, on: date) -> Closure:
    """Send a proposal back: the file stays open. Raises Refused, CaseError."""
    file, closure = _decide(closure_id, "return", on)
    closure.save(update_fields=WRITTEN)
    finish_work(kind=WorkKind.APPROVE_CLOSURE, source=closure.pk, on=on)
    _tell(file, "closure_returned", on, ClosureGround(closure.ground))
    events.closure_returned(file=file.pk)
    return closure


def _decide(closure_id: uuid.UUID, action: str, on: date) -> tuple[AlimonyFile, Closure]:
    """The file and its closure, locked and moved; not saved yet."""
    file = _locked(Closure.objects.values_list("file", flat=True).get(pk=closure_id))
    closure = Closure.objects.select_for_update(of=("self",)).get(pk=closure_id)
    act = next(act for (name, _state), (_to, act) in CLOSURE_TRANSITIONS.items() if name == action)
    require(act, replace(facts_about(file.pk, act), prepared_by=closure.proposed_by_id))
    move_closure(closure, action)
    closure.decided_by_id = current_actor().id
    closure.decided_on = on
    return file, closure


def _locked(file_id: uuid.UUID) -> AlimonyFile:
    return AlimonyFile.objects.select_for_update(no_key=True).get(pk=file_id)


def _allowed(seen: Study) -> Answer:
    if seen.obstacles:
        raise seen.obstacles[0]
    if not seen.answer.allowed:
        raise CaseError(
            "closure.conditions",
            _("Les conditions de ce motif ne sont pas toutes remplies : le détail les montre."),
            "ground",
        )
    return seen.answer


def _check_day(file: AlimonyFile, ground: ClosureGround, renounced_on: date | None, on: date) -> None:
    if ground != ClosureGround.RENUNCIATION:
        if renounced_on is not None:
            raise CaseError(
                "closure.day_for_nothing", _("Seule une renonciation a une date."), "renounced_on"
            )
    elif renounced_on is None or not file.opened_on <= renounced_on <= on:
        raise CaseError(
            "closure.renunciation_day",
            _("Indiquez le jour de la renonciation : entre l’ouverture du dossier et aujourd’hui."),
            "renounced_on",
        )


def _tell(file: AlimonyFile, code: str, on: date, ground: ClosureGround) -> None:
    add_event(file, kind=EventKind.DECISION, code=code, on=on, params={"ground": ground.value})
