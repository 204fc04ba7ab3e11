"""The decision. Pure: it knows the actor, the act and facts about the object; it reads nothing by itself.

Selectors and services put the facts together. Facts only ever take away what the tables give. An emergency
access stands in for the assignment and for nothing else.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from secal.access.actors import Actor
from secal.access.commitments import refusal
from secal.access.policy.acts import ACTS, ANY_CHARGE, CHARGES, MISSIONS_OF_ROLE, SERVICE_ACTS
from secal.access.roles import Role

Words = str | Promise

APPROVALS_OF_PROTECTED = 2
"""How many others must have agreed that somebody opens the file of a protected person."""


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
    actor_recused: bool = False
    """The actor declared a conflict of interest in this file."""
    protected: bool = False
    """One of the persons is protected: a colleague, or somebody well known."""
    approved_by: frozenset[uuid.UUID] = frozenset()
    """Whose approvals to open this protected file are in force for the actor."""
    prepared_by: uuid.UUID | None = None
    """Who prepared what is now to be approved."""
    emergency_until: datetime | None = None
    """The end of the actor's emergency access to this file; it replaces the assignment only."""
    at: datetime | None = None
    """The moment at which the question is asked; without it no emergency access counts."""

    @property
    def in_emergency(self) -> bool:
        return self.emergency_until is not None and self.at is not None and self.at < self.emergency_until


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes, or why not: the reason as a code and in words, and who could do it instead."""

    permitted: bool
    reason: str = ""
    message: Words = ""
    who_may: Words = ""
    hidden: bool = False
    """True when even the existence of the object may not be told."""


PERMIT = Decision(permitted=True)
NO_FACTS = Facts()

NO_SUCH_ACT = Decision(
    False, "no_such_act", _("Cet acte n’est prévu pour personne."), _("Personne : aucun rôle ne le permet.")
)
OTHER_JOB = Decision(
    False,
    "service_has_other_job",
    _("Ce service n’est pas chargé de cette tâche."),
    _("Le service dont c’est la tâche."),
)
NOT_COMMITTED = Decision(False, refusal.REASON, refusal.MESSAGE, refusal.WHO_MAY)
NOT_CHARGED = Decision(
    False,
    "not_charged",
    _("Vous n’êtes pas expressément chargé de la mission dont relève cet acte."),
    _("Un collègue chargé de cette mission ; le gestionnaire des utilisateurs enregistre une charge."),
)
REGISTERED = Decision(
    False,
    "registered_by_actor",
    _("Vous avez enregistré cette personne ou ce dossier : vous ne pouvez jamais le consulter."),
    _("Un gestionnaire qui n’a rien enregistré dans ce dossier."),
)
PARTY = Decision(
    False, "actor_is_party", _("Vous êtes partie à ce dossier."), _("Un gestionnaire étranger au dossier.")
)
RECUSED = Decision(
    False,
    "actor_recused",
    _("Vous vous êtes récusé dans ce dossier : il ne vous est plus ouvert."),
    _("Le second signataire de la section l’attribue à un autre gestionnaire."),
)
NOT_ASSIGNED = Decision(
    False,
    "not_assigned",
    _("Ce dossier ne vous est pas attribué."),
    _("Le second signataire de votre section peut vous l’attribuer."),
    hidden=True,
)
PROTECTED = Decision(
    False,
    "protected_person",
    _("Une des personnes de ce dossier est protégée : deux accords sont nécessaires pour l’ouvrir."),
    _("Un second signataire et le coordinateur de la sécurité, s’ils donnent tous deux leur accord."),
)
SAME_PERSON = Decision(
    False,
    "same_person",
    _("Qui prépare n’approuve pas : un second agent doit le faire."),
    _("Un second signataire qui n’a pas préparé cet acte."),
)


def decide(actor: Actor, act: str, facts: Facts = NO_FACTS) -> Decision:
    """Whether `actor` may do `act`, and in words why not and who could."""
    if actor.is_service:
        if act in SERVICE_ACTS.get(actor.name, frozenset()):
            return PERMIT
        return OTHER_JOB
    if act not in ACTS:
        return NO_SUCH_ACT
    if not actor.committed and act not in refusal.MAY_BEFORE:
        return NOT_COMMITTED
    roles = ACTS[act] & actor.roles
    if not roles:
        return _role_missing(act)
    if not any(_is_charged(actor, role, act) for role in roles):
        return NOT_CHARGED
    return _decide_on_object(actor, facts)


def _role_missing(act: str) -> Decision:
    may = ", ".join(sorted(str(role.label) for role in ACTS[act]))
    return Decision(False, "role_missing", _("Votre rôle ne permet pas cet acte."), f"{may}.")


def _is_charged(actor: Actor, role: Role, act: str) -> bool:
    """Whether a charge of the actor covers this act done in this role (12/057 §7)."""
    if act in ANY_CHARGE or role not in MISSIONS_OF_ROLE:
        return True
    missions = MISSIONS_OF_ROLE[role]
    return bool(missions & CHARGES.get(act, missions) & actor.missions)


def _decide_on_object(actor: Actor, facts: Facts) -> Decision:
    """In the order in which a refusal is told: what can never be mended first."""
    if facts.registered_by_actor:
        return REGISTERED
    if facts.actor_is_party:
        return PARTY
    if facts.needs_assignment and facts.assigned_to != actor.id and not facts.in_emergency:
        return NOT_ASSIGNED
    if facts.actor_recused:
        return RECUSED
    if facts.protected and len(facts.approved_by - {actor.id}) < APPROVALS_OF_PROTECTED:
        return PROTECTED
    if facts.prepared_by == actor.id:
        return SAME_PERSON
    return PERMIT
