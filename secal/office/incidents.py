"""The incident number of the request being answered: eight hexadecimal digits."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_number: ContextVar[str] = ContextVar("incident", default="00000000")


def current() -> str:
    return _number.get()


@contextmanager
def numbered(number: str) -> Iterator[None]:
    token = _number.set(number)
    try:
        yield
    finally:
        _number.reset(token)
