"""Who is at work, as the log writes it. Set once a unit of work, by whoever opens the transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LogContext:
    """The columns of a log row that do not depend on the act: person, capacity, section, request."""

    actor: UUID | None
    capacity: str
    section: str
    request: str


NOBODY = LogContext(actor=None, capacity="", section="", request="")
_current: ContextVar[LogContext] = ContextVar("log_context", default=NOBODY)
_database: ContextVar[str] = ContextVar("log_database", default="default")


def current() -> LogContext:
    return _current.get()


@contextmanager
def logging_as(context: LogContext) -> Iterator[None]:
    """Rows written inside carry this context."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)


def database() -> str:
    """The database connection through which rows are written: that of the transaction at work."""
    return _database.get()


@contextmanager
def writing_through(alias: str) -> Iterator[None]:
    """Rows written inside share the transaction of this connection: they stand or fall with it."""
    token = _database.set(alias)
    try:
        yield
    finally:
        _database.reset(token)
