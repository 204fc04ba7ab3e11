"""Deciding on an application: the act that opens the collection, grants advances, or refuses (art. 9)."""

import uuid
from datetime import date

from secal.access.actors import current_actor
from secal.advances import events
from secal.advances.errors import motive_missing, no_child, not_decidable
from secal.advances.models import AdvanceDecision, AdvanceRight, Outcome
from secal.advances.rules.decision import ChildProposal, DecisionProposal, rights_when_granted
from secal.advances.selectors.decisions import Study, study
from secal.cases.milestones import on_file_activated
from secal.cases.models import Application, ApplicationState, EventKind
from secal.cases.services import take_over, turn_down
from secal.cases.timeline import add_event
from secal.kernel.money import total

SHORTEST_MOTIVE = 20
"""Characters. Shorter motives explain nothing."""

ACTIONS = {
    (ApplicationState.COMPLETE, Outcome.GRANTED): take_over,
    (ApplicationState.COMPLETE, Outcome.COLLECTED): take_over,
    (ApplicationState.COMPLETE, Outcome.REFUSED): turn_down,
}
"""What each outcome makes of a file. A state that is not here cannot be decided."""


def decide_advance(*, file_id: uuid.UUID, outcome: Outcome, motive: str, on: date) -> AdvanceDecision:
    """Decide as the officer in charge; refusing what was asked or departing from the proposal needs motive.

    Writes the decision, the rights of each child, the new state, the timeline and the log; the file's
    activation is told to whoever waits for it. Raises Refused, DecisionError, CaseError.
    """
    seen = study(file_id, on=on, lock=True)
    action = ACTIONS.get((ApplicationState(seen.application.state), outcome))
    if action is None or seen.proposal is None:
        raise not_decidable(seen.application.get_state_display())
    motive = motive.strip()
    if needs_motive(outcome, seen.proposal, seen.application) and len(motive) < SHORTEST_MOTIVE:
        raise motive_missing(SHORTEST_MOTIVE)
    children = rights_when_granted(seen.proposal) if outcome == Outcome.GRANTED else ()
    if outcome == Outcome.GRANTED and not children:
        raise no_child()
    file = action(seen.file, on=on)
    decision = _write(seen, seen.proposal, outcome, motive, on)
    _give_rights(decision, seen, children)
    params: dict[str, object] = {"rights": len(children)}
    if children:
        params["amount"] = str(total(child.advance.advance for child in children))
    add_event(file, kind=EventKind.DECISION, code=f"decision_{outcome}", on=on, params=params)
    events.application_decided(file=file.pk, creditor=file.creditor_id)
    if outcome != Outcome.REFUSED:
        on_file_activated.reached(file, on=on)
    return decision


def needs_motive(outcome: str, proposal: DecisionProposal, application: Application) -> bool:
    """A refusal of anything that was asked is motivated, and so is a departure from the proposal."""
    refused = outcome == Outcome.REFUSED or (outcome == Outcome.COLLECTED and application.asks_advances)
    return refused or outcome != proposal.outcome


def _write(
    seen: Study, proposal: DecisionProposal, outcome: Outcome, motive: str, on: date
) -> AdvanceDecision:
    decision = AdvanceDecision(
        application=seen.application,
        outcome=outcome,
        proposed=proposal.outcome,
        decided_on=on,
        effect_on=proposal.letter.effect_on,
        appeal_until=proposal.letter.appeal_until,
        decided_by_id=current_actor().id,
        explanation=proposal.explanation.to_dict(),
    )
    decision.seal_value("motive", motive)
    decision.save()
    return decision


def _give_rights(decision: AdvanceDecision, seen: Study, children: tuple[ChildProposal, ...]) -> None:
    places = {str(place): child for place, child in enumerate(seen.children, start=1)}
    AdvanceRight.objects.bulk_create(
        AdvanceRight(
            decision=decision,
            file=seen.file,
            beneficiary=places[child.key],
            from_on=child.period.first,
            until_on=child.period.last,
        )
        for child in children
        if child.period is not None and child.period.last is not None
    )
