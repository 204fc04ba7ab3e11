"""Who acts now. Set once by the unit of work; services ask for it and can never be told it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID, uuid5

from audit.log.context import LogContext, logging_as
from secal.access.roles import Mission, Plane, Role

SERVICE_NAMESPACE = UUID("4f0c2a35-6a55-5a70-9d7e-2f7f1d9c0b11")


class NoActor(RuntimeError):
    """A service was called outside a unit of work."""


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or a named service identity at work."""

    id: UUID
    name: str
    plane: Plane | None
    roles: frozenset[Role]
    section: str
    language: str = "fr"
    niss_bi: bytes | None = None
    employer_bi: bytes | None = None
    """Their national number, as the files of persons and those of employers index it."""
    office: UUID | None = None
    """The bailiff's office of somebody who works in the portal."""
    missions: frozenset[Mission] = frozenset()
    """What the person is expressly charged with today (12/057 §7)."""
    is_service: bool = False
    committed: bool = False
    """Whether the person accepted the texts in force (12/057 §26, 17/006 §16)."""

    @property
    def capacity(self) -> str:
        return "service" if self.is_service else "+".join(sorted(role.value for role in self.roles))

    @property
    def user_id(self) -> UUID | None:
        """The user row behind the actor; None for a service."""
        return None if self.is_service else self.id


def service_actor(name: str) -> Actor:
    """The identity under which a background job works, for example "service:solvency"."""
    return Actor(
        id=uuid5(SERVICE_NAMESPACE, name),
        name=f"service:{name}",
        plane=None,
        roles=frozenset(),
        section="",
        is_service=True,
    )


_current: ContextVar[Actor | None] = ContextVar("actor", default=None)


def current_actor() -> Actor:
    """The actor of this unit of work. Raises NoActor outside one."""
    actor = _current.get()
    if actor is None:
        raise NoActor("no unit of work is open: nobody acts")
    return actor


def actor_or_none() -> Actor | None:
    return _current.get()


@contextmanager
def set_actor(actor: Actor, *, request: str) -> Iterator[None]:
    """Only secal.access.unit_of_work calls this."""
    token = _current.set(actor)
    try:
        with logging_as(
            LogContext(actor=actor.id, capacity=actor.capacity, section=actor.section, request=request)
        ):
            yield
    finally:
        _current.reset(token)
