"""The one table that says which role may do which act, and the one place that decides. Deny by default.

`decide` is pure: it knows the actor, the act and facts about the object; it reads nothing by itself.
Selectors and services put the facts together and call `require`.
"""

import uuid
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor, current_actor
from secal.access.errors import Refused
from secal.access.roles import Role

CASEWORK = frozenset({Role.CASE_OFFICER, Role.APPROVER})
OFFICE = frozenset(Role) - {Role.BAILIFF}
WATCHERS = frozenset({Role.DATA_PROTECTION_OFFICER, Role.SECURITY_COORDINATOR})
ONSS = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE, Role.ROLL_SIGNATORY})
RECOVERY = ONSS | {Role.CONCESSION_OPERATOR}
LEDGER_OF_EMPLOYERS = frozenset({Role.ARREARS_CLERK, Role.RECOVERY_DIRECTORATE})

ACTS: dict[str, frozenset[Role]] = {
    "office.home": OFFICE,
    "office.search": CASEWORK | RECOVERY,
    "office.law": OFFICE,
    "job.view_own": OFFICE,
    "job.view": CASEWORK,
    "application.register": frozenset({Role.REGISTRAR}),
    "application.list_own": frozenset({Role.REGISTRAR}),
    "worklist.view": CASEWORK,
    "file.list": CASEWORK,
    "file.open": CASEWORK,
    "file.assign": frozenset({Role.APPROVER}),
    "file.propose_closure": frozenset({Role.CASE_OFFICER}),
    "file.close": frozenset({Role.APPROVER}),
    "person.identify": CASEWORK,
    "advance.decide": frozenset({Role.CASE_OFFICER}),
    "run.view": CASEWORK,
    "run.prepare": frozenset({Role.CASE_OFFICER}),
    "run.approve": frozenset({Role.APPROVER}),
    "run.cancel": CASEWORK,
    "run.send": CASEWORK,
    "report.ask": CASEWORK,
    "statement.import": frozenset({Role.CASE_OFFICER, Role.ARREARS_CLERK}),
    "ledger.view": CASEWORK | LEDGER_OF_EMPLOYERS,
    "receipt.view": CASEWORK | LEDGER_OF_EMPLOYERS,
    "receipt.match": frozenset({Role.CASE_OFFICER, Role.ARREARS_CLERK}),
    "solvency.review": frozenset({Role.CASE_OFFICER}),
    "solvency.list": CASEWORK,
    "recovery.list": RECOVERY,
    "recovery.open": RECOVERY,
    "recovery.ledger": LEDGER_OF_EMPLOYERS,
    "employer.register": frozenset({Role.ARREARS_CLERK}),
    "debt.record": frozenset({Role.ARREARS_CLERK}),
    "notice.send": frozenset({Role.ARREARS_CLERK}),
    "roll.view": ONSS,
    "roll.draw": frozenset({Role.ARREARS_CLERK}),
    "roll.sign": frozenset({Role.ROLL_SIGNATORY}),
    "constraint.issue": frozenset({Role.ROLL_SIGNATORY}),
    "title.transmit": frozenset({Role.RECOVERY_DIRECTORATE}),
    "opposition.record": frozenset({Role.RECOVERY_DIRECTORATE}),
    "mandate.view": frozenset({Role.CONCESSION_OPERATOR}),
    "mandate.give": frozenset({Role.CONCESSION_OPERATOR}),
    "irrecoverable.propose": frozenset({Role.ARREARS_CLERK}),
    "irrecoverable.approve": frozenset({Role.RECOVERY_DIRECTORATE}),
    "delegation.record": frozenset({Role.USER_REGISTRAR}),
    "portal.list": frozenset({Role.BAILIFF}),
    "portal.open": frozenset({Role.BAILIFF}),
    "act.record": frozenset({Role.BAILIFF}),
    "payment.record": frozenset({Role.BAILIFF}),
    "deed.upload": frozenset({Role.BAILIFF}),
    "mandate.close": frozenset({Role.BAILIFF}),
    "log.search": WATCHERS,
    "log.history": WATCHERS,
    "erasure.view": WATCHERS,
    "erasure.approve": WATCHERS,
    "obligations.view": frozenset({Role.DATA_PROTECTION_OFFICER}),
}
"""Every act of the office and of the portal, and the roles that may do it. An act that is not here is refused
to everyone."""

SERVICE_ACTS: dict[str, frozenset[str]] = {
    "service:solvency": frozenset({"solvency.bring_back"}),
    "service:terms": frozenset({"term.make_due"}),
    "service:advances": frozenset(
        {"run.compute", "run.send", "run.confirm", "payment.order", "payment.send"}
    ),
    "service:bank": frozenset({"statement.import", "report.collect", "run.confirm"}),
    "service:sweeper": frozenset({"job.sweep"}),
    "service:log": frozenset({"log.prepare"}),
    "service:seed": frozenset({"seed.load"}),
    "service:assignment": frozenset({"file.assign"}),
    "service:enforcement": frozenset({"recovery.settle"}),
    "service:retention": frozenset({"erasure.list", "erasure.run"}),
    "service:collection": frozenset({"collection.book"}),
}
"""What each background identity may do: its own job and nothing else."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What the policy must know about the object of an act."""

    file: uuid.UUID | None = None
    subject: uuid.UUID | None = None
    assigned_to: uuid.UUID | None = None
    """The officer in charge of the file; None when the act needs no file."""
    needs_assignment: bool = False
    registered_by_actor: bool = False
    """The actor once did a registration act on this file or one of its persons (12/057 §22)."""
    actor_is_party: bool = False
    prepared_by: uuid.UUID | None = None
    """Who prepared what is now to be approved."""


@dataclass(frozen=True, slots=True)
class Decision:
    permitted: bool
    reason: str = ""
    message: str | Promise = ""
    who_may: str | Promise = ""
    hidden: bool = False


PERMIT = Decision(permitted=True)
NO_FACTS = Facts()


def decide(actor: Actor, act: str, facts: Facts = NO_FACTS) -> Decision:
    """Whether `actor` may do `act`, and in words why not and who could."""
    if actor.is_service:
        if act in SERVICE_ACTS.get(actor.name, frozenset()):
            return PERMIT
        return Decision(False, "service_has_other_job", _("Ce service n’est pas chargé de cette tâche."))
    roles = ACTS.get(act, frozenset())
    if not roles & actor.roles:
        return Decision(
            False,
            "role_missing",
            _("Votre rôle ne permet pas cet acte."),
            who_may=", ".join(sorted(str(role.label) for role in roles)) + ".",
        )
    return _decide_on_object(actor, facts)


def _decide_on_object(actor: Actor, facts: Facts) -> Decision:
    if facts.registered_by_actor:
        return Decision(
            False,
            "registered_by_actor",
            _("Vous avez enregistré cette personne ou ce dossier : vous ne pouvez jamais le consulter."),
            who_may=_("Un gestionnaire qui n’a rien enregistré dans ce dossier."),
        )
    if facts.actor_is_party:
        return Decision(
            False,
            "actor_is_party",
            _("Vous êtes partie à ce dossier."),
            who_may=_("Un gestionnaire étranger au dossier."),
        )
    if facts.needs_assignment and facts.assigned_to != actor.id:
        return Decision(
            False,
            "not_assigned",
            _("Ce dossier ne vous est pas attribué."),
            who_may=_("Le second signataire de votre section peut vous l’attribuer."),
            hidden=True,
        )
    if facts.prepared_by is not None and facts.prepared_by == actor.id:
        return Decision(
            False,
            "same_person",
            _("Qui prépare n’approuve pas : un second agent doit le faire."),
            who_may=_("Un second signataire qui n’a pas préparé cet acte."),
        )
    return PERMIT


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
