"""Asking the policy for whoever is at work."""

from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.policy.decision import NO_FACTS, Facts, decide


def may(act: str, facts: Facts = NO_FACTS) -> bool:
    """For menus and buttons."""
    return decide(current_actor(), act, facts).permitted


def require(act: str, facts: Facts = NO_FACTS) -> Actor:
    """The current actor, if the act is permitted. Raises Refused, which the unit of work logs."""
    actor = current_actor()
    decision = decide(actor, act, facts)
    if not decision.permitted:
        raise Refused(
            act,
            decision.reason,
            decision.message,
            who_may=decision.who_may,
            file=facts.file,
            subject=facts.subject,
            hidden=decision.hidden,
        )
    return actor
