"""The decision on an application: what the office's own rule proposes, confirmed by the officer."""

import uuid
from datetime import date
from functools import lru_cache

from secal.advances.models import Outcome, RightState
from secal.advances.rules.decision import (
    ChildFacts,
    ChildProposal,
    DecisionFacts,
    DecisionParameters,
    decide_on_advances,
    rights_when_granted,
)
from secal.advances.selectors.decisions import decision_parameters
from secal.cases.models import EventKind, FileState
from secal.config.demo.seed.story import FileStory, World, new_term, tell
from secal.kernel.money import ZERO
from secal.kernel.periods import Month
from secal.kernel.reckoning.eligibility import TermHistory

REFUSAL = "Le créancier n’est pas domicilié en Belgique : la condition de l’article 6 n’est pas remplie."


def decide(world: World, story: FileStory, complete_on: date, day: date) -> None:
    """What the rule of the office proposes on the facts, decided as proposed by the officer in charge."""
    proposal = decide_on_advances(_facts(story, complete_on, day), _parameters_on(story.received_on, day))
    outcome = Outcome(proposal.outcome)
    decision = world.inventor.uuid()
    refused = outcome is Outcome.REFUSED
    world.loader.add(
        "advances.AdvanceDecision",
        id=decision,
        application_id=story.application,
        outcome=outcome.value,
        proposed=outcome.value,
        motive=world.loader.seal("advances.AdvanceDecision", "motive", decision, story.key_id, REFUSAL)
        if refused
        else None,
        decided_on=day,
        effect_on=proposal.letter.effect_on,
        appeal_until=proposal.letter.appeal_until,
        decided_by_id=story.officer.pk,
        explanation=proposal.explanation.to_dict(),
    )
    story.decided_on = day
    story.state = FileState.REFUSED if refused else FileState.ACTIVE
    children = rights_when_granted(proposal) if outcome is Outcome.GRANTED else ()
    _give_rights(world, story, decision, children)
    monthly = sum((child.advance.advance for child in children), ZERO)
    tell(
        world,
        story,
        EventKind.DECISION,
        f"decision_{outcome.value}",
        day,
        story.officer,
        rights=len(children),
        amount=str(monthly),
    )
    if not refused:
        _take_over(world, story, day)


def _facts(story: FileStory, complete_on: date, day: date) -> DecisionFacts:
    places = {child.beneficiary: str(place) for place, child in enumerate(story.children, start=1)}
    return DecisionFacts(
        on=day,
        received_on=story.received_on,
        complete_on=complete_on,
        asks_advances=story.asks_advances,
        creditor_in_belgium=story.creditor_in_belgium,
        own_means=story.means,
        terms=tuple(
            TermHistory(
                key=f"{term.month:%m/%Y} – {places[term.beneficiary]}",
                due_on=term.due_on,
                due=term.amount,
                paid=term.paid,
            )
            for term, _child in story.terms
        ),
        children=tuple(
            ChildFacts(key=place, born_on=child.person.birth_date, term_due=child.amount)
            for child, place in zip(story.children, places.values(), strict=True)
        ),
    )


@lru_cache(maxsize=4096)
def _parameters_on(received_on: date, day: date) -> DecisionParameters:
    return decision_parameters(received_on, on=day)


def _give_rights(
    world: World, story: FileStory, decision: uuid.UUID, proposed: tuple[ChildProposal, ...]
) -> None:
    for place in proposed:
        child = story.children[int(place.key) - 1]
        if place.period is None or place.period.last is None:
            continue
        child.right = world.inventor.uuid()
        child.right_from, child.right_until = place.period.first, place.period.last
        world.loader.add(
            "advances.AdvanceRight",
            id=child.right,
            decision_id=decision,
            file_id=story.id,
            beneficiary_id=child.beneficiary,
            from_on=child.right_from,
            until_on=child.right_until,
            state=(RightState.RUNNING if place.period.last >= world.today else RightState.ENDED).value,
        )


def _take_over(world: World, story: FileStory, day: date) -> None:
    """The office collects from now on: arrears and the terms since the application come into the book."""
    for month in Month.range(Month.of(story.received_on), Month.of(day)):
        story.terms += [(new_term(world, child, month), child) for child in story.children]
    booked = ZERO
    for term, _child in story.terms:
        story.claims[term.id] = story.book.charge(
            term, received_on=story.received_on, on=day, actor=story.officer.pk
        )
        booked += term.unpaid
    tell(
        world,
        story,
        EventKind.MONEY,
        "arrears_taken_over",
        day,
        story.officer,
        amount=str(booked),
        terms=len(story.terms),
    )
